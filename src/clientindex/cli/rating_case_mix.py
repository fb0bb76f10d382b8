"""Case mix: what traits of clients that a centre cannot choose do to the index and the stars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.cli.rating_names import (
    FIRST,
    name_key,
    shorten,
    write_estimate,
    write_number,
    write_star,
)
from clientindex.cli.rating_reasons import tell_absent, tell_left_out
from clientindex.results import CaseMix, Unavailable

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.cli.rated import Rated

TITLE = "Case mix"
UNKNOWN = "unknown"
LEGEND = (
    "Coefficients: points by which clients of a level answer otherwise than those of the "
    "reference in the same centre, {level:.0%} intervals robust to clustering in centres. "
    "Adjusted: the index were all centres to have the clients of all."
)
LIMITS = (
    "Shows differences between clients inside centres. Cannot tell harder clients from worse "
    "service where a centre treats some clients worse."
)


def tell_case_mix(rated: Rated) -> bool:
    """Print what the case mix does; return whether scores were adjusted."""
    result = rated.take("case_mix", CaseMix)
    if isinstance(result, Unavailable):
        tell_absent(TITLE, result, rated.methodology)
        return False
    published = f"those of {result.published}" if result.published else "the unadjusted ones"
    print_words(f"{TITLE} (published scores: {published})")
    rows = [_write_set(row) for row in list_rows(result.summary)]
    titles = ["set", "traits", "centres", "r", "r of ranks", "SD of changes", "largest change"]
    print_table([*titles, "stars changed"], rows, keys=1)
    _tell_coefficients(result, rated)
    _tell_stars(result)
    print_words(LEGEND.format(level=result.level))
    tell_left_out(result.left_out, rated.methodology, "set", "segment", "trait", "level")
    print_words(LIMITS)
    return len(result.centres) > 0


def _write_set(row: Any) -> list[str]:
    return [
        row.set,
        row.traits,
        f"{row.n_centres}",
        write_number(row.correlation, "z.3f"),
        write_number(row.rank_correlation, "z.3f"),
        write_number(row.difference_sd, "z.2f"),
        write_number(row.largest_difference, "z.2f"),
        f"{row.n_star_changed} of {row.n_starred}",
    ]


def _tell_coefficients(result: CaseMix, rated: Rated) -> None:
    """Print the coefficients that are furthest from 0."""
    frame = result.coefficients.dropna(subset=["estimate"])
    order = frame["estimate"].abs().sort_values(ascending=False, kind="stable").index
    first = frame.reindex(order).head(FIRST)
    if first.empty:
        return
    print_words(f"Largest coefficients (first {len(first)} of {len(frame)})")
    rows = [
        [
            row.set,
            name_key(row.segment, rated.methodology),
            shorten(name_key(row.indicator, rated.methodology)),
            f"{row.trait}: {row.level or UNKNOWN} against {row.reference or UNKNOWN}",
            write_estimate(row, "+z.2f"),
            f"{row.n}",
        ]
        for row in list_rows(first)
    ]
    print_table(["set", "segment", "indicator", "level", "points", "answers"], rows, keys=3)


def _tell_stars(result: CaseMix) -> None:
    """Print the centres whose star the adjustment would change."""
    frame = result.centres
    both = frame["star_unadjusted"].notna() & frame["star_adjusted"].notna()
    changed = frame[both & (frame["star_unadjusted"] != frame["star_adjusted"]).fillna(value=False)]
    if changed.empty:
        print_words("No star would change.")
        return
    print_words(f"Stars that would change (first {min(FIRST, len(changed))} of {len(changed)})")
    tell_adjusted(changed.head(FIRST))


def tell_adjusted(frame: pd.DataFrame) -> None:
    """Print indices and stars without and with adjustment."""
    rows = [
        [
            row.set,
            row.centre,
            _with_error(row.unadjusted, row.unadjusted_error),
            _with_error(row.adjusted, row.adjusted_error),
            _with_error(row.difference, row.difference_error, form="+z.2f"),
            f"{write_star(row.star_unadjusted)} -> {write_star(row.star_adjusted)}",
        ]
        for row in list_rows(frame)
    ]
    titles = ["set", "centre", "unadjusted (SE)", "adjusted (SE)", "difference (SE)", "stars"]
    print_table(titles, rows, keys=2)


def _with_error(value: Any, error: Any, *, form: str = "z.2f") -> str:
    return f"{write_number(value, form)} ({write_number(error, 'z.2f')})"
