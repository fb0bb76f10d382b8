"""``clientindex compare``: two methodologies on the same answers in a few tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from clientindex.cli.csv_frames import make_folder, write_results
from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.cli.rating_names import (
    FIRST,
    shorten,
    write_between,
    write_chance,
    write_number,
    write_q,
    write_star,
)
from clientindex.cli.reporter import make_reporter
from clientindex.pipeline.compare import compare_on_edition
from clientindex.results import COUNTRY
from clientindex.wording import load_wording
from clientindex.wording.methodology_changes import tell_changes

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from clientindex.pipeline.compare import Comparison
    from clientindex.results.methodology_comparison import MethodologyComparison

ACTING, IDLE = ("index", "stars"), ("other", "text")
ERRORS = {
    "exact": "Errors are those of the difference of two weighted sums of the same answers.",
    "delta": "Errors are those of the difference by the delta method, on the same answers.",
    "bound": "Errors are the largest that they could be.",
}
LIMITS = (
    "Shows what the methodologies do to these answers. Cannot show which of the two measures "
    "service better. Where the star rule changes, stars change without any change of the index."
)


def run_compare(
    old: Path, new: Path, edition: Path, *, csv: Path | None, document: Path | None
) -> None:
    """Compare, print, and write the files that are asked for.

    Raises
    ------
    ClientIndexError
        For wrong settings, faulty data, methodologies without a common indicator, or a folder that
        cannot be written.
    """
    for folder in (csv, document):
        if folder is not None:
            make_folder(folder)
    with make_reporter() as reporter:
        comparison = compare_on_edition(old, new, edition, reporter=reporter)
    tell_comparison(comparison)
    if csv is not None:
        n_files = write_results({"comparison": comparison.result}, csv)
        click.echo(f"\n{n_files} CSV files of the comparison in {csv}")
    if document is not None:
        _write_document(comparison, document)


def tell_comparison(comparison: Comparison) -> None:
    """Print the whole comparison."""
    result = comparison.result
    n = len(result.centres)
    print_words(
        f"{result.edition}: methodology {result.before_id} against {result.after_id} on the same "
        f"answers; {n} centres; computed now, not kept"
    )
    for tell in (_tell_changes, _tell_stars, _tell_index, _tell_order, _tell_parts, _tell_centres):
        click.echo("")
        tell(result)
    _tell_left_out(result)
    print_words(LIMITS)


def _tell_changes(result: MethodologyComparison) -> None:
    wording = load_wording("en")
    changes = tell_changes(result, wording, effects=ACTING)
    if changes:
        rows = [[row.what, row.before, row.after] for row in changes]
        print_table(["what acts on scores and stars", "before", "after"], rows)
    else:
        print_words("The settings that act on scores and stars are the same in both.")
    idle = tell_changes(result, wording, effects=IDLE)
    if idle:
        names = "; ".join(dict.fromkeys(row.what for row in idle))
        print_words(f"Other differences ({len(idle)}), which change no star: {names}.")


def _tell_stars(result: MethodologyComparison) -> None:
    gained, lost, same = (result.count(name) for name in ("gained", "lost", "same"))
    print_words(f"Stars: {gained} centres gain, {lost} lose, {same} keep theirs.")
    withheld, starred = (result.count(name) for name in ("newly_withheld", "newly_starred"))
    if withheld or starred:
        print_words(
            f"Stars that {result.before_id} gives and {result.after_id} withholds: {withheld}; the "
            f"other way round: {starred}."
        )
    before, after = (result.find(f"wrong_stars_{side}") for side in ("before", "after"))
    if before == before and after == after:
        print_words(
            f"Stars expected to be wrong by the chance of the survey alone: {before:.0f} by "
            f"{result.before_id}, {after:.0f} by {result.after_id}."
        )
    table = result.transitions.pivot_table(
        index="star_before", columns="star_after", values="n", aggfunc="sum", sort=False
    )
    shown = [name for name in table.columns if table[name].any()]
    rows = [
        [str(key), *(f"{table.loc[key, name]:.0f}" for name in shown)]
        for key in table.index
        if table.loc[key].any()
    ]
    print_words(f"Stars by {result.before_id} (down) and by {result.after_id} (across):")
    print_table(["before", *(f"now {name}" for name in shown)], rows, keys=1)


def _tell_index(result: MethodologyComparison) -> None:
    if "other_scale" in set(result.left_out["reason"]):
        print_words("The indices are on different scales: only places and stars are compared.")
        return
    if not result.find("largest_difference") > 0:
        print_words("The index changes for no centre.")
        return
    print_words(
        f"Index: {result.find('mean_difference'):+.2f} points on average, "
        f"{result.find('largest_difference'):.1f} at most for a centre."
    )
    tested, changed = result.count("tested"), result.count("gained") + result.count("lost")
    if not tested:
        print_words("Whether that exceeds the chance of the survey cannot be said: no errors.")
        return
    said = (
        f"Beyond the chance of who answered (false discovery rate {result.fdr:.0%}): "
        f"{result.count('up')} centres up, {result.count('down')} down, of {tested}."
    )
    if changed:
        flagged = result.count("changed_stars_flagged")
        said += f" Of the {changed} whose stars change, {flagged} are among these."
    print_words(f"{said} {ERRORS[result.errors]}")


def _tell_order(result: MethodologyComparison) -> None:
    tau = result.find("kendall_tau")
    if tau != tau:
        print_words("Order of centres: there are no two centres to rank.")
        return
    print_words(
        f"Order of centres: Kendall's tau {tau:.3f}; {result.find('reversed_pairs'):.1%} of pairs "
        f"reversed; a centre moves by {result.find('mean_rank_shift'):.1f} places on average, by "
        f"{result.count('largest_rank_shift')} at most."
    )


def _tell_parts(result: MethodologyComparison) -> None:
    titles = ["centres", "index before", "after", "change", "gain", "lose", "up", "down"]
    for by in dict.fromkeys(result.parts["by"]):
        if by == COUNTRY:
            continue
        own = result.parts[result.parts["by"] == by]
        rows = [[row.part, *_write_part(row)] for row in list_rows(own)]
        print_table([str(by), *titles], rows, keys=1)
    print_words("gain, lose: stars; up, down: centres whose index changes beyond chance.")


def _write_part(row: Any) -> list[str]:
    means = [write_number(value) for value in (row.mean_before, row.mean_after)]
    apart = write_number(row.difference, "+z.2f")
    counts = [f"{value}" for value in (row.gained, row.lost, row.up, row.down)]
    return [f"{row.n_centres}", *means, apart, *counts]


def _tell_centres(result: MethodologyComparison) -> None:
    """Print the centres whose stars change, those surest of the new star first."""
    changed = result.centres[result.centres["stars_gained"].fillna(0) != 0]
    if changed.empty:
        print_words("No centre has other stars.")
        return
    order = ["p_star_after", "centre"]
    first = changed.sort_values(order, ascending=[False, True], kind="stable").head(FIRST)
    more = f", the {FIRST} surest of the new star" if len(changed) > FIRST else ""
    print_words(f"Centres whose stars change (centres: {len(changed)}){more}")
    titles = ["centre", "name", "before", "after", "change", "q", "stars", "P before", "P after"]
    print_table(titles, _write_centres(first), keys=1)


def _write_centres(frame: pd.DataFrame) -> list[list[str]]:
    return [
        [
            row.centre,
            shorten(row.name),
            write_number(row.before),
            write_number(row.after),
            write_between(row.difference, row.ci_low, row.ci_high, "+z.1f"),
            write_q(row.q_value),
            f"{write_star(row.star_before)} -> {write_star(row.star_after)}",
            write_chance(row.p_star_before),
            write_chance(row.p_star_after),
        ]
        for row in list_rows(frame)
    ]


def _tell_left_out(result: MethodologyComparison) -> None:
    """Print what is bounded or left out, and why."""
    wording = load_wording("en")
    for row in list_rows(result.left_out):
        if row.statistic == "std_error":
            print_words(wording.text(f"compare.reason.{row.reason}"))
        elif row.statistic == "parts":
            print_words(f"Left out: {row.subject} has {row.detail} values, too many for a table.")
        elif row.statistic == "indicator":
            print_words(
                f"Nobody answered {row.subject!r}: the rule of {row.detail} for missing answers "
                "stands in for it."
            )


def _write_document(comparison: Comparison, folder: Path) -> None:
    # Rendering takes a second to import; tables do without it.
    from clientindex.pipeline.compare_pages import write_pages

    with make_reporter() as reporter:
        written = write_pages(comparison, folder, reporter=reporter)
    click.echo("\nsummary page:")
    for path in written:
        click.echo(f"  {path}")
