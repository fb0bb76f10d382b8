"""Exact answers: which stars stand under all weights within the band, which change first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from clientindex.cli.footnotes import ABSENT
from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.cli.rating_names import FIRST, shorten, write_between, write_star
from clientindex.cli.weights_names import (
    tell_absent,
    tell_left_out,
    write_band,
    write_moved,
    write_smallest_band,
    write_stars,
)
from clientindex.results import Unavailable, WeightBounds

if TYPE_CHECKING:
    from clientindex.cli.rated import Rated

TITLE = "Exact bounds"
MOVES = {
    "both": "weights of groups and of indicators move",
    "groups": "weights of groups move",
    "indicators": "weights of indicators move",
}
KNOWN_BY = {
    "cut_points": "Cut points are stated, so this is exact.",
    "bounds": "Cut points follow the indices, so this is a lower bound: other stars may stand too.",
    "none": "Cut points are found in the indices, so nothing exact can be said of stars.",
}
LEGEND = (
    "Index: now, with the smallest and largest that weights within {band} give it. Loses, wins: "
    "the smallest band in which a lower, a higher star becomes possible; never: not within "
    "+-100%. Moved: the smallest share of the weight of groups that must move before the star is "
    "at the nearer cut point."
)
LIMITS = (
    "Shows what weights can do at the worst and at the best. Cannot show how likely such weights "
    "are."
)
TITLES = ["index", "star", "within the band", "loses", "wins", "moved"]


def tell_bounds(rated: Rated) -> bool:
    """Print exact bounds; return whether they are known."""
    result = rated.take("weight_bounds", WeightBounds)
    if isinstance(result, Unavailable):
        tell_absent(TITLE, result, rated)
        return False
    band = write_band(result.band_pct)
    print_words(f"{TITLE} ({len(result.frame)} centres; {MOVES[result.moves]} within {band})")
    print_words(say_certain(result))
    order = result.frame.sort_values(["smallest_band_pct", "rank"], kind="stable")
    first = order.dropna(subset=["smallest_band_pct"]).head(FIRST)
    if len(first):
        names = rated.stars.frame.set_index("centre")["name"]
        print_words(f"Stars that change first ({len(first)} of {len(result.frame)})")
        rows = [
            [row.centre, shorten(names[row.centre]), *write_bounds(row, result)]
            for row in list_rows(first)
        ]
        print_table(["centre", "name", *TITLES], rows, keys=2)
    print_words(LEGEND.format(band=band))
    _tell_swaps(result)
    tell_left_out(result.left_out, rated)
    print_words(LIMITS)
    return len(result.frame) > 0


def count_certain(frame: pd.DataFrame) -> tuple[int, int]:
    """Return how many stars stand within the band, and of how many that is known."""
    known = frame["certain"].dropna()
    return int(known.sum()), len(known)


def say_certain(result: WeightBounds) -> str:
    """Say how many stars cannot change within the band."""
    if result.stars_by == "none":
        return KNOWN_BY["none"]
    certain, known = count_certain(result.frame)
    lost = int((result.frame["star_low"] < result.frame["star"]).sum())
    won = int((result.frame["star_high"] > result.frame["star"]).sum())
    return (
        f"{certain} of {known} stars stand under every weighting within "
        f"{write_band(result.band_pct)}; {lost} may be lost, {won} gained. "
        f"{KNOWN_BY[result.stars_by]}"
    )


def write_changes(row: Any, result: WeightBounds) -> list[str]:
    """Write the smallest bands in which a star is lost and won; dashes where they are unknown."""
    if result.stars_by != "cut_points":
        return [ABSENT, ABSENT]
    return [write_smallest_band(band) for band in (row.loses_band_pct, row.wins_band_pct)]


def write_bounds(row: Any, result: WeightBounds) -> list[str]:
    """Write what weights can do to a centre."""
    outer = "" if row.reached else " (outer)"
    return [
        f"{write_between(row.estimate, row.lower, row.upper, 'z.1f')}{outer}",
        write_star(row.star),
        write_stars(row.star_low, row.star_high),
        *write_changes(row, result),
        ABSENT if pd.isna(row.l1_groups) else write_moved(row.l1_groups),
    ]


def _tell_swaps(result: WeightBounds) -> None:
    beside = result.swaps[result.swaps["neighbours"]]
    if beside.empty:
        return
    loose = int((beside["smallest_band_pct"] <= result.band_pct).sum())
    print_words(
        f"Of {len(beside)} pairs of neighbours in the ranking, {loose} can come level within "
        f"{write_band(result.band_pct)}: their order rests on weights."
    )
