"""``clientindex rating --centre``: everything that is known of one centre."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.cli.rating_centre_beside import (
    find_centre,
    tell_adjusted,
    tell_change,
    tell_funnel,
    tell_shrunken,
    tell_weighted,
)
from clientindex.cli.rating_centre_parts import tell_score_parts
from clientindex.cli.rating_centre_ranks import tell_centre_ranks
from clientindex.cli.rating_names import (
    ROUTES,
    name_key,
    name_route,
    read_flag,
    say_withheld,
    write_between,
    write_chance,
    write_distance,
    write_number,
    write_star,
)
from clientindex.cli.rating_reasons import tell_absent
from clientindex.results import ALL_SEGMENTS, INDEX, Scores, StarDoubt, Unavailable

if TYPE_CHECKING:
    from clientindex.cli.rated import Rated

SMALL = "small_sample"
LIMITS = (
    "Shows what the answers say of this centre. Cannot show why; numbers of one centre are as sure "
    "as their intervals are narrow."
)


def tell_centre(rated: Rated, centre: str) -> bool:
    """Print the sheet of one centre; return whether it has an index."""
    row = find_centre(rated.stars.frame, centre)
    print_words(f"{row.centre}, {row.name}, {row.region}")
    _tell_index(row, rated)
    for tell in (
        _tell_star,
        tell_centre_ranks,
        tell_score_parts,
        tell_shrunken,
        tell_funnel,
        tell_change,
        tell_weighted,
        tell_adjusted,
    ):
        print_words("")
        tell(rated, centre)
    print_words(LIMITS)
    return bool(row.estimate == row.estimate)


def _tell_index(row: Any, rated: Rated) -> None:
    level, minimum = rated.stars.level, rated.stars.minimum_sample
    error = write_number(row.std_error, "z.2f")
    print_words(
        f"Index {write_between(row.estimate, row.ci_low, row.ci_high, 'z.2f')} ({level:.0%} "
        f"interval, standard error {error}), n = {write_number(row.n, '.0f')}"
    )
    _tell_segments(row.centre, rated)
    if row.withheld:
        few = f" (the methodology asks for {minimum} respondents)" * (row.withheld == SMALL)
        print_words(f"No star: {say_withheld(row.withheld)}{few}.")
        return
    ends = f"{write_star(row.star_low)} to {write_star(row.star_high)}"
    cap = f"; capped by {row.capped_by}, without caps {write_star(row.uncapped)}" * bool(
        row.capped_by
    )
    print_words(f"Star {write_star(row.star)}; at the ends of the interval {ends}{cap}")


def _tell_segments(centre: str, rated: Rated) -> None:
    """Print the index and n of every segment, where there are several."""
    scores = rated.take("scores", Scores)
    if isinstance(scores, Unavailable):
        return
    frame = scores.frame
    own = frame[(frame["centre"] == centre) & (frame["kind"] == INDEX)]
    own = own[own["segment"] != ALL_SEGMENTS]
    if own["segment"].nunique() < 2:
        return
    told = [
        f"{name_key(row.segment, rated.methodology)}: index "
        f"{write_between(row.estimate, row.ci_low, row.ci_high)}, n = {write_number(row.n, '.0f')}"
        for row in list_rows(own)
    ]
    print_words(f"By segment: {'; '.join(told)}")


def _tell_star(rated: Rated, centre: str) -> None:
    """Print the probability of every star by every route, and how far the next cuts are."""
    result = rated.take("star_doubt", StarDoubt)
    if isinstance(result, Unavailable):
        tell_absent("Probability of stars", result, rated.methodology)
        return
    row = find_centre(result.centres, centre)
    own = result.probabilities[result.probabilities["centre"] == centre]
    if row is None or own.empty:
        print_words("Probability of stars: none, as the star is withheld.")
        return
    print_words("Probability that the true star is")
    titles = ["route", *(write_star(star) for star in own["star"])]
    rows = [
        [
            f"{name_route(route)}{'*' if route == result.leading else ''}",
            *(write_chance(p) for p in own[route]),
        ]
        for route in ROUTES
    ]
    print_table(titles, rows, keys=1)
    certain = "certain" if read_flag(row.certain) else "not certain"
    small = (
        f" n is below {result.small_sample}: hardly to be trusted."
        if read_flag(row.small_n)
        else ""
    )
    print_words(
        f"*: leading. The star is {certain} at {result.level:.0%}; at most one star off: "
        f"{write_chance(row.p_within_one)}. To the next cut points: up "
        f"{write_distance(row.points_up, row.errors_up)}, down "
        f"{write_distance(row.points_down, row.errors_down)}.{small}"
    )
