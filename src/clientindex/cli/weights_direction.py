"""The smallest changes of weights that move the star of a centre, and which way they go."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.cli.rating_centre_beside import find_centre
from clientindex.cli.rating_names import form_number, write_star
from clientindex.cli.weights_names import (
    name_part,
    tell_left_out,
    write_moved,
    write_smallest_band,
)
from clientindex.results import ScoreParts, Unavailable, WeightBounds
from clientindex.sensitivity.bounds.direction import Direction, find_directions
from clientindex.sensitivity.bounds.star_range import CUT_POINTS

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.cli.rated import Rated

WAYS = {"loses": "Down to", "wins": "Up to"}
NAMED = 3
"""Weights that are named on either side."""
SAME = 1e-9
FORMS = (".1%", ".2%", ".3%")
LEGEND = (
    "Band: the smallest one in which the star is possible. Moved: the smallest share of the weight "
    "of groups that must go from one to another. Weights are in the index, now -> then."
)


def tell_directions(rated: Rated, centre: str) -> None:
    """Print the smallest changes of weights down and up, with the weights that move."""
    bounds = rated.take("weight_bounds", WeightBounds)
    row = None if isinstance(bounds, Unavailable) else find_centre(bounds.frame, centre)
    if isinstance(bounds, Unavailable) or row is None:
        print_words("Smallest change of weights: not known.")
        return
    print_words("Smallest change of weights that moves the star")
    parts = rated.take("score_parts", ScoreParts)
    found = (
        []
        if isinstance(parts, Unavailable)
        else find_directions(
            centre,
            parts=parts,
            stars=rated.stars,
            bounds=bounds,
            methodology=rated.methodology,
        )
    )
    for direction in found:
        _tell_direction(direction, rated)
    if found:
        print_words(LEGEND)
        return
    if bounds.stars_by != CUT_POINTS:
        print_words("It is not known, as cut points of stars are found in the indices.")
        return
    rows = [
        [told, write_smallest_band(row.loses_band_pct if way == "loses" else row.wins_band_pct)]
        for way, told in (("loses", "a star less"), ("wins", "a star more"))
    ]
    print_table(["star", "possible from"], rows, keys=1)
    nearer = (
        ""
        if math.isnan(row.l1_groups)
        else f"To the nearer cut point {write_moved(row.l1_groups)} of the weight of groups must "
        "move. "
    )
    print_words(
        f"{nearer}Which weights go up and which down is not told, as the index is no single "
        "weighted sum of the centre's scores."
    )
    left_out = bounds.left_out
    tell_left_out(left_out[left_out["centre"].isin([centre, ""])], rated)


def _tell_direction(direction: Direction, rated: Rated) -> None:
    word = WAYS[direction.way]
    head = (
        f"{word} {write_star(direction.star)} (index "
        f"{'under' if direction.way == 'loses' else 'of at least'} "
        f"{form_number(direction.cut, 'z.2f')})"
    )
    if math.isnan(direction.band_pct) and math.isnan(direction.moved):
        print_words(f"{head}: not within +-100%, nor under any weights of groups.")
        return
    print_words(head)
    rows = [
        [
            "band",
            write_smallest_band(direction.band_pct),
            _list_moves(direction.weights, "group", rated, up=True),
            _list_moves(direction.weights, "group", rated, up=False),
        ],
        [
            "",
            "indicators",
            _list_moves(direction.weights, "indicator", rated, up=True),
            _list_moves(direction.weights, "indicator", rated, up=False),
        ],
        [
            "moved",
            write_moved(2 * direction.moved),
            _list_moves(direction.groups, "group", rated, up=True),
            _list_moves(direction.groups, "group", rated, up=False),
        ],
    ]
    print_table(["change", "size", "weights up", "weights down"], rows)


def _list_moves(frame: pd.DataFrame, kind: str, rated: Rated, *, up: bool) -> str:
    """Name the weights that move most one way, with what they are now and then."""
    own = frame[frame["kind"] == kind]
    change = (own["then"] - own["now"]) * (1 if up else -1)
    moved = own[change > SAME].assign(change=change[change > SAME])
    first = moved.sort_values("change", ascending=False, kind="stable").head(NAMED)
    told = [
        f"{name_part(kind, row.key, rated.methodology)} {_write_change(row.now, row.then)}"
        for row in list_rows(first)
    ]
    more = len(moved) - len(first)
    return "; ".join([*told, *([f"{more} more"] if more else [])]) or "-"


def _write_change(now: float, then: float) -> str:
    """Write two weights with as many decimals as tell them apart, three at most."""
    told = [(form_number(now, form), form_number(then, form)) for form in FORMS]
    pair = next((pair for pair in told if pair[0] != pair[1]), told[-1])
    return " -> ".join(pair)
