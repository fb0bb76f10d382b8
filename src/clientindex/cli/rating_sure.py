"""The centres surest and least sure of their star, and how far the next cut points are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.cli.rating_names import (
    FIRST,
    name_route,
    read_flag,
    shorten,
    write_between,
    write_chance,
    write_distance,
    write_number,
    write_star,
)
from clientindex.cli.rating_reasons import tell_absent
from clientindex.results import StarDoubt, Unavailable

if TYPE_CHECKING:
    from typing import Any

    import pandas as pd

    from clientindex.cli.rated import Rated

TITLES = ["centre", "name", "n", "index", "star", "P(star)", "at most one off", "up", "down"]
LEGEND = (
    "P(star): that the star is the right one, {route}. Up, down: points of the index to the next "
    "cut points, in brackets in standard errors (SE). n below {small}: marked with !, the "
    "error itself is hardly known there."
)


def tell_sure(rated: Rated) -> bool:
    """Print the centres surest and least sure of their star; return whether there are any."""
    result = rated.take("star_doubt", StarDoubt)
    if isinstance(result, Unavailable):
        tell_absent("Surest and least sure stars", result, rated.methodology)
        return False
    frame = join_intervals(result, rated)
    given = frame[frame["withheld"] == ""].sort_values(
        [f"p_star_{result.leading}", "centre"], ascending=[False, True], kind="stable"
    )
    n = min(FIRST, len(given))
    print_words(f"Surest of their star (first {n} of {len(given)} centres)")
    _tell(given.head(n), result)
    print_words(f"Least sure of their star (first {n} of {len(given)} centres)")
    _tell(given.tail(n).iloc[::-1], result)
    print_words(LEGEND.format(route=name_route(result.leading), small=result.small_sample))
    return len(given) > 0


def join_intervals(result: StarDoubt, rated: Rated) -> pd.DataFrame:
    """Return the centres with the interval of the index beside the doubt of the star."""
    ends = rated.stars.frame[["centre", "ci_low", "ci_high"]]
    return result.centres.merge(ends, on="centre", how="left", validate="one_to_one")


def _tell(frame: pd.DataFrame, result: StarDoubt) -> None:
    rows = [_write(row, result.leading) for row in list_rows(frame)]
    print_table(TITLES, rows, keys=1)


def _write(row: Any, route: str) -> list[str]:
    small = "!" if read_flag(row.small_n) else ""
    return [
        row.centre,
        shorten(row.name),
        f"{write_number(row.n, '.0f')}{small}",
        write_between(row.estimate, row.ci_low, row.ci_high),
        write_star(row.star),
        write_chance(getattr(row, f"p_star_{route}")),
        write_chance(row.p_within_one),
        write_distance(row.points_up, row.errors_up),
        write_distance(row.points_down, row.errors_down),
    ]
