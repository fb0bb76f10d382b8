"""Change from the previous edition: means and their parts, stars, and who went up or down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.cli.rating_names import (
    FIRST,
    shorten,
    write_between,
    write_estimate,
    write_number,
    write_q,
    write_star,
)
from clientindex.cli.rating_reasons import tell_absent, tell_left_out
from clientindex.cli.reliability_names import key_rows
from clientindex.results import COUNTRY, EditionChange, Unavailable

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.cli.rated import Rated

MEANS = {
    "mean_change_all": "mean of all centres, as published",
    "mean_change_comparable": "of centres in both, as published",
    "mean_change_service": "of centres in both, under one method",
}
COUNTS = {
    "both": "in both editions",
    "moved": "of these in another region now",
    "new": "new",
    "gone": "gone",
    "renamed": "with another identifier now",
    "merged": "merged",
    "comparable": "with an index in both under one method",
    "tested": "tested",
    "up": "went up (flagged)",
    "down": "went down (flagged)",
    "star_up": "more stars",
    "star_down": "fewer stars",
    "star_same": "the same star",
}
PARTS = {
    "total": "total",
    "method": "method",
    "composition": "which centres and segments",
    "service": "service",
}
FINER = {
    "method_before": "new method, scores before",
    "method_after": "new method, scores now",
    "unscored": "without a score under one method",
    "gone_centres": "centres that are gone",
    "new_centres": "new centres",
    "segments": "segments",
}
LEGEND = (
    "Method: the methodology, on the same answers; service: what comparable centres changed under "
    "one method. Parts sum to the total. {level:.0%} intervals; samples {samples}. Flagged at a "
    "false discovery rate of {fdr:.0%}."
)
LIMITS = (
    "Shows what changed beyond the chance of who answered. Cannot show why; a centre that was "
    "lowest by chance rises by chance."
)


def tell_change(rated: Rated) -> bool:
    """Print the change from the previous edition; return whether it is known."""
    if rated.unread_previous:
        print_words(f"Change from the previous edition: not told. {rated.unread_previous}")
        return False
    result = rated.take("change", EditionChange)
    if isinstance(result, Unavailable):
        tell_absent("Change from the previous edition", result, rated.methodology)
        return False
    print_words(
        f"Change from the previous edition (methodology {result.previous_id}, now "
        f"{result.current_id})"
    )
    found = key_rows(result.summary, "statistic")
    _tell_means(found)
    tell_parts(result, COUNTRY)
    print_words(
        LEGEND.format(level=result.level, samples=result.samples.replace("_", " "), fdr=result.fdr)
    )
    _tell_counts(found)
    _tell_transitions(result)
    _tell_flagged(result.centres, "up")
    _tell_flagged(result.centres, "down")
    _tell_reasons(result, rated)
    print_words(LIMITS)
    return True


def _tell_means(found: dict[Any, Any]) -> None:
    rows = []
    for key, name in MEANS.items():
        row = found.get((key,))
        if row is not None:
            cells = [write_estimate(row, "+z.2f"), write_q(row.p_value), f"{row.n:.0f}"]
            rows.append([name, *cells])
    if rows:
        print_table(["change of the mean index", "points", "p", "centres"], rows, keys=1)


def tell_parts(result: EditionChange, region: str) -> None:
    """Print the parts of the change of the mean index of a region or the country."""
    own = key_rows(result.parts[result.parts["region"] == region], "part")
    rows = []
    for names, indent in ((PARTS, ""), (FINER, "  ")):
        for key, name in names.items():
            row = own.get((key,))
            if row is None or (indent and not row.estimate * row.estimate > 0):
                continue
            rows.append([f"{indent}{name}", write_estimate(row, "+z.2f"), f"{row.n:.0f}"])
    if rows:
        print_table(["part of the change", "points", "centres"], rows, keys=1)


def _tell_counts(found: dict[Any, Any]) -> None:
    rows = [
        [name, f"{found[key,].estimate:.0f}"]
        for key, name in COUNTS.items()
        if (key,) in found and found[key,].estimate == found[key,].estimate
    ]
    if rows:
        print_table(["centres", "how many"], rows, keys=1)


def _tell_transitions(result: EditionChange) -> None:
    """Print how many centres have every pair of stars; empty rows and columns are left out."""
    order = list(dict.fromkeys(result.transitions["star_before"]))
    table = result.transitions.pivot_table(
        index="star_before", columns="star_after", values="n", aggfunc="sum"
    )
    if table.empty or not table.to_numpy().any():
        return
    after = [key for key in dict.fromkeys(result.transitions["star_after"]) if table[key].any()]
    rows = [
        [key, *(f"{table.loc[key, name]:.0f}" for name in after)]
        for key in order
        if table.loc[key].any()
    ]
    print_words("Stars before (down) and now (across):")
    print_table(["before", *(f"now {name}" for name in after)], rows, keys=1)
    found = key_rows(result.summary, "statistic").get(("stuart_maxwell",))
    if found is not None and found.p_value == found.p_value:
        print_words(
            f"Equal shares of stars, Stuart and Maxwell: chi-square {found.estimate:.1f}, "
            f"{found.df:.0f} degrees of freedom, p {write_q(found.p_value)} ({found.n:.0f} centres "
            "with a star in both)."
        )


def _tell_flagged(frame: pd.DataFrame, way: str) -> None:
    own = frame[frame["flagged"] == way].sort_values(
        ["difference", "centre"], ascending=[way == "down", True], kind="stable"
    )
    if own.empty:
        print_words(f"No centre went {way} beyond chance.")
        return
    first = own.head(FIRST)
    print_words(f"Went {way} beyond chance (centres: {len(own)}), largest change first")
    print_table(
        ["centre", "name", "before", "now", "change", "q", "stars"],
        [[row.centre, shorten(row.name), *write_difference(row)] for row in list_rows(first)],
        keys=1,
    )


def write_difference(row: Any) -> list[str]:
    """Write scores under one method, their difference with q, and the stars of a centre."""
    return [
        write_number(row.one_method_before),
        write_number(row.one_method_after),
        write_between(row.difference, row.ci_low, row.ci_high, "+z.1f"),
        write_q(row.q_value),
        f"{_write_side(row.star_before, row.withheld_before)} -> "
        f"{_write_side(row.star_after, row.withheld_after)}",
    ]


def _write_side(star: Any, withheld: str) -> str:
    return withheld.replace("_", " ") if withheld else write_star(star)


def _tell_reasons(result: EditionChange, rated: Rated) -> None:
    """Print why parts, and differences of centres, are missing."""
    names = {**PARTS, **FINER, COUNTRY: "the country"}
    tell_left_out(result.left_out, rated.methodology, "subject", "statistic", names=names)
    without = result.centres[result.centres["reason"] != ""].assign(detail="")
    tell_left_out(without, rated.methodology, "centre")
