"""The command ``clientindex backtest``: the previous edition rebuilt with today's program."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from clientindex.cli.common import edition_argument, find_edition, show_path, tell_errors
from clientindex.cli.options import threads_option
from clientindex.cli.verify import tell_verification

if TYPE_CHECKING:
    from clientindex.pipeline.backtest import BackTest

HELP = """Rebuild the edition before this one with today's program, and explain what differs.

    What was published of it is compared with the rebuild, cell by cell. What could explain a
    difference is told: inputs, methodology, settings, the program, Python and packages that are
    otherwise than at the publication, and the entries of the changelog that say which numbers they
    changed since.

    \b
      clientindex backtest demo
      clientindex backtest demo --against published/demo-2025

    Exit codes: 0 - nothing differs, or it is explained; 1 - a difference without a cause; 2 - it
    cannot be compared.
    """
NOTES_SHOWN: Final = 12


@click.command("backtest", help=HELP)
@edition_argument
@click.option(
    "--against",
    type=click.Path(exists=True, path_type=Path),
    metavar="PUBLISHED",
    help="What was published of the edition before; its output folder unless given.",
)
@threads_option
@tell_errors
def backtest(edition: str, *, against: Path | None) -> None:
    """Run the back test and tell what it found."""
    from clientindex.cli.reporter import make_reporter
    from clientindex.pipeline.backtest import run_backtest

    with make_reporter() as reporter:
        told = run_backtest(find_edition(edition), against=against, reporter=reporter)
    click.echo(f"back test of {show_path(told.path)}")
    tell_verification(told.found)
    click.echo(_tell_verdict(told))
    for note in told.notes[:NOTES_SHOWN]:
        click.echo(f"  changelog: {note}")
    if len(told.notes) > NOTES_SHOWN:
        click.echo(f"  changelog: {len(told.notes) - NOTES_SHOWN} more entries change numbers")
    if not told.explained:
        sys.exit(1)


def _tell_verdict(told: BackTest) -> str:
    if told.found.passed:
        return "verdict: today's program gives the published numbers"
    kinds = ", ".join(dict.fromkeys(f"{cause.kind} {cause.name}" for cause in told.causes))
    if told.explained:
        return f"verdict: numbers differ; what can explain it: {kinds}"
    return "verdict: numbers differ, and nothing that could change them is otherwise"
