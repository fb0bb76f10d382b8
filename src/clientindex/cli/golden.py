"""The commands ``clientindex golden compare`` and ``clientindex golden accept``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from clientindex.cli.common import edition_argument, find_edition, show_path, tell_errors

if TYPE_CHECKING:
    from clientindex.results.verification import Difference

HELP = """Compare numbers with golden results, and accept changed ones.

    Golden results stand in tests/golden/: all values of small tables, sums and a few rows of large
    ones, in full precision. Call it in the folder of the repository, after report.

    \b
      clientindex golden compare demo
      clientindex golden accept demo --why "Intervals of regions use t quantiles"
    """
SHOWN: Final = 200


@click.group("golden", help=HELP)
def golden() -> None:
    """Hold the commands together."""


@golden.command("compare")
@edition_argument
@click.option("--all", "everything", is_flag=True, help=f"List more than {SHOWN} differences.")
@tell_errors
def compare(edition: str, *, everything: bool) -> None:
    """List every difference between a publication and its golden results.

    Exit code 1 when there is one.
    """
    from clientindex.pipeline.golden import compare_golden

    found = compare_golden(find_edition(edition), root=Path.cwd())
    shown = found.differences if everything else found.differences[:SHOWN]
    for difference in shown:
        click.echo(_tell(difference))
    rest = len(found.differences) - len(shown)
    if rest:
        click.echo(f"{rest} more differences; --all lists them")
    size = f"{found.n_values} golden values of {found.n_tables} tables"
    if not found.differences:
        click.echo(f"{size}: no difference")
        return
    click.echo(f"{size}: {len(found.differences)} differences")
    click.echo('Where they are meant: make accept WHY="why numbers changed"')
    sys.exit(1)


@golden.command("accept")
@edition_argument
@click.option(
    "--why", default="", metavar="TEXT", help="Why numbers changed; CHANGELOG.md says so."
)
@tell_errors
def accept(edition: str, *, why: str) -> None:
    """Make what is published the golden results.

    Rewrites the files of tests/golden and says in CHANGELOG.md why and what changed; both or
    neither. Refuses without a reason, when the publication is not current, and when nothing
    changed.
    """
    from clientindex.pipeline.golden import accept_golden

    done = accept_golden(find_edition(edition), why=why, root=Path.cwd())
    click.echo(f"accepted: {done.what}")
    for path in done.files:
        click.echo(f"wrote {show_path(path)}")


def _tell(difference: Difference) -> str:
    """Say where two values differ, in one line."""
    places = (difference.part, difference.row, difference.column)
    where = " | ".join(place for place in places if place)
    values = f"golden {difference.published!r}, now {difference.rebuilt!r}"
    return f"{where}: {values} (tolerance: {difference.tolerance})"
