"""The command ``clientindex rap``: the checklist of a reproducible publication."""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clientindex.cli.common import find_edition, show_path, tell_errors
from clientindex.errors import EditionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clientindex.reproduction.rap import RapItem

HELP = """Print the checklist of a reproducible publication.

    Every item is answered from what is in the repository: pass, fail or not applicable, with what
    was found, the checklist that asks for it, and what to do. Call it in the folder of the
    repository or of an unpacked replication pack. Without EDITION, items about an edition are left
    out. Exit code 1 when an item fails.

    \b
      clientindex rap demo
      clientindex rap demo --csv rap.csv
    """


@click.command("rap", help=HELP)
@click.argument("edition", metavar="[EDITION]", default="")
@click.option(
    "--csv",
    "table",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the checklist as CSV too.",
)
@tell_errors
def rap(edition: str, *, table: Path | None) -> None:
    """Check, print, and end with 1 when an item fails."""
    from clientindex.pipeline.self_check import check_publication

    items = check_publication(Path.cwd(), find_edition(edition) if edition else None)
    tell_items(items)
    if table is not None:
        write_items(items, table)
        click.echo(f"checklist: {show_path(table)}")
    if any(item.state == "fail" for item in items):
        sys.exit(1)


def tell_items(items: Sequence[RapItem]) -> None:
    """Print the items as a table, what to do on those that failed, and how many there are."""
    from clientindex.cli.plain_tables import print_table, print_words
    from clientindex.reproduction.rap.sources import SOURCES

    rows = [
        [
            item.state.upper() if item.state == "fail" else item.state,
            item.question,
            item.evidence,
            item.source,
        ]
        for item in items
    ]
    print_table(["state", "question", "what was found", "source"], rows)
    for item in items:
        if item.remedy:
            print_words(f"{item.key}: {item.remedy}")
    states = [item.state for item in items]
    counted = {state: states.count(state) for state in dict.fromkeys(sorted(states, reverse=True))}
    told = ", ".join(f"{n} {state}" for state, n in counted.items())
    click.echo(f"{len(items)} items: {told}")
    for name, full in SOURCES.items():
        click.echo(f"{name}: {full}")


def write_items(items: Sequence[RapItem], path: Path) -> None:
    """Write the items as CSV, one a row.

    Raises
    ------
    EditionError
        If the file cannot be written.
    """
    from clientindex.files import neutralise, write_whole
    from clientindex.reproduction.rap import RapItem

    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([field.name for field in fields(RapItem)])
    for item in items:
        writer.writerow([neutralise(str(value)) for value in asdict(item).values()])
    try:
        write_whole(buffer.getvalue().encode(), path)
    except OSError as exc:
        msg = f"{path}: cannot be written ({exc.strerror}); name a file in a folder that can"
        raise EditionError(msg) from exc
