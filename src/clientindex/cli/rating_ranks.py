"""Ranks of the best centres with four intervals, each an answer to a question of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.cli.footnotes import ABSENT
from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.cli.rating_names import (
    FIRST,
    read_flag,
    shorten,
    write_between,
    write_chance,
    write_number,
    write_set,
)
from clientindex.cli.rating_reasons import tell_absent, tell_left_out
from clientindex.results import COUNTRY, RankTable, Unavailable

if TYPE_CHECKING:
    from typing import Any

    import pandas as pd

    from clientindex.cli.rated import Rated

SETS = {
    "rank": "redrawn",
    "posterior": "posterior",
    "marginal": "marginal set",
    "simultaneous": "simultaneous set",
}
TITLES = ["rank", "centre", "name", "index", *SETS.values(), "P(top)", "in the top"]
LEGEND = (
    "Ranks and {level:.0%} intervals. Redrawn: where the rank goes when scores are redrawn with "
    "their errors; no confidence interval. Posterior: the true rank among centres like these. "
    "Marginal set: the true rank of this one centre; simultaneous: of all centres together. "
    "P(top): of a true rank within the first {top} ({share:.0%}); in the top: yes where the "
    "simultaneous sets show it, no where they rule it out."
)
LIMITS = (
    "Shows which ranks the answers leave possible. Cannot show small differences: centres whose "
    "sets overlap are not told apart."
)
TOP: dict[tuple[bool | None, bool | None], str] = {
    (True, True): "yes",
    (True, False): "may be",
    (False, False): "no",
}


def tell_ranks(rated: Rated) -> bool:
    """Print the first ranks of the country; return whether there are any."""
    result = rated.take("ranks", RankTable)
    if isinstance(result, Unavailable):
        tell_absent("Ranks", result, rated.methodology)
        return False
    frame = take_scope(result, COUNTRY, rated)
    tell_scope(frame.head(FIRST), result, scope=COUNTRY, of=len(frame))
    _tell_best(frame)
    tell_legend(result, scope=COUNTRY)
    own = result.left_out
    tell_left_out(own, rated.methodology, "scope", "statistic", names={COUNTRY: "the country"})
    print_words(LIMITS)
    return len(frame) > 0


def take_scope(result: RankTable, scope: str, rated: Rated) -> pd.DataFrame:
    """Return the ranks of the country or a region, with names and indices."""
    own = result.frame[result.frame["scope"] == scope]
    known = rated.stars.frame[["centre", "name", "estimate", "ci_low", "ci_high"]]
    return own.merge(known, on="centre", how="left", validate="one_to_one")


def tell_scope(frame: pd.DataFrame, result: RankTable, *, scope: str, of: int) -> None:
    """Print ranks with their sets, and what the sets are made with."""
    where = "the country" if scope == COUNTRY else scope
    print_words(f"Ranks in {where} (first {len(frame)} of {of} centres with a star)")
    print_table(TITLES, [_write(row) for row in list_rows(frame)], keys=2)
    row: Any = next(list_rows(result.scopes[result.scopes["scope"] == scope]), None)
    if row is not None and row.critical_value == row.critical_value:
        print_words(
            f"Simultaneous sets: differences beyond {row.critical_value:.2f} standard errors tell "
            f"centres apart (after {row.steps} steps)."
        )


def tell_legend(result: RankTable, *, scope: str) -> None:
    """Print what the columns mean."""
    row: Any = next(list_rows(result.scopes[result.scopes["scope"] == scope]), None)
    top = "-" if row is None else f"{row.top_count}"
    print_words(LEGEND.format(level=result.level, top=top, share=result.top_share))


def _tell_best(frame: pd.DataFrame) -> None:
    known = frame.dropna(subset=["possible_best"])
    if len(known):
        print_words(
            f"Shown to be in the top: {int(known['certain_best'].sum())} of {len(known)} centres; "
            f"may be in it: {int(known['possible_best'].sum())}."
        )


def _write(row: Any) -> list[str]:
    return [
        write_number(row.rank, "d"),
        row.centre,
        shorten(row.name),
        write_between(row.estimate, row.ci_low, row.ci_high),
        *(write_set(getattr(row, f"{kind}_low"), getattr(row, f"{kind}_high")) for kind in SETS),
        write_chance(row.p_top),
        say_top(row),
    ]


def say_top(row: Any) -> str:
    """Say whether simultaneous sets put a centre in the top."""
    return TOP.get((read_flag(row.possible_best), read_flag(row.certain_best)), ABSENT)
