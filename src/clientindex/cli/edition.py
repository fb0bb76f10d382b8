"""The command ``clientindex edition``: next year's files, and the lock of a published edition."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from clientindex.cli.common import edition_argument, find_edition, show_path, tell_errors

if TYPE_CHECKING:
    from clientindex.pipeline.lock_edition import LockStatus

YEAR_RANGE = click.IntRange(2000, 2100)

NEW_HELP = """Make the files of a next edition from those of a former one.

    ID is the name of the new edition, usually its year. Its file stands beside the former one, with
    the comments and the order of that one; dates are moved on, and what belonged to the former year
    only is emptied. Nothing is overwritten.

    \b
      clientindex edition new 2027 --from 2026
      clientindex edition new pilot-2027 --from pilot-2026 --year 2027 --methodology-copy
"""

LOCK_HELP = """Lock an edition as it was published.

    Run it after report, when the documents are published. The lock stands beside the edition and
    belongs into version control. From then on a change of data, methodology or settings is refused
    until a note stands under 'revisions' in the edition; once that revision is published, lock the
    edition again.
"""

STATUS_HELP = """Tell whether an edition is locked, and what differs from its lock.

    Exit code 1 when anything of the edition, its results or its documents differs.
"""


@click.group("edition")
def edition() -> None:
    """Make next year's edition, lock a published one."""


@edition.command("new", help=NEW_HELP)
@click.argument("new_id", metavar="ID")
@click.option("--from", "former", required=True, metavar="EDITION", help="The former edition.")
@click.option("--year", type=YEAR_RANGE, help="Year of the edition, where its id is no year.")
@click.option(
    "--methodology-copy", is_flag=True, help="Make a methodology file of its own, to be changed."
)
@tell_errors
def new(new_id: str, *, former: str, year: int | None, methodology_copy: bool) -> None:
    """Make the files and tell what to do next."""
    from clientindex.edition.next_edition import make_next_edition

    made = make_next_edition(
        find_edition(former), new_id=new_id, year=year, copy_methodology=methodology_copy
    )
    for path in made.files:
        click.echo(f"made {show_path(path)}")
    click.echo("next:")
    for number, step in enumerate(made.steps, 1):
        click.echo(f"  {number}. {step}")


@edition.command("lock", help=LOCK_HELP)
@edition_argument
@tell_errors
def lock(edition: str) -> None:
    """Lock and tell where the lock is."""
    from clientindex.pipeline.lock_edition import lock_edition

    done = lock_edition(find_edition(edition))
    what = f"revision {done.lock.revision}" if done.lock.revision else "first publication"
    state = "locked" if done.written else "locked already, nothing has changed"
    click.echo(f"{done.lock.edition}: {what} of {done.lock.published}, {state}")
    click.echo(f"lock: {show_path(done.path)}")


@edition.command("status", help=STATUS_HELP)
@edition_argument
@tell_errors
def status(edition: str) -> None:
    """Tell the state of the lock."""
    from clientindex.pipeline.lock_edition import tell_status

    found = tell_status(find_edition(edition))
    for line in _tell_status(found):
        click.echo(line)
    if found.changes or found.files:
        sys.exit(1)


def _tell_status(found: LockStatus) -> list[str]:
    if found.lock is None:
        return [f"not locked: {show_path(found.path)} is absent"]
    lock = found.lock
    what = f"revision {lock.revision}" if lock.revision else "first publication"
    lines = [f"locked: {what} of {lock.published}, {show_path(found.path)}"]
    if found.noted:
        lines.append("a new note of revision is in the edition: changes are allowed")
    for title, differences in (
        ("the edition", found.changes),
        ("results, documents and tables", found.files),
        ("the program (no change of the edition)", found.code),
    ):
        lines.append(f"{title}: {len(differences) or 'nothing'} differs from the lock")
        lines += [f"  - {difference}" for difference in differences]
    return lines
