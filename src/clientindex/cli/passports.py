"""The command ``clientindex passports``: a page of every centre as PDF."""

from __future__ import annotations

import time
from pathlib import Path

import click

from clientindex.cli.common import edition_argument, find_edition, show_path, tell_errors

HELP = """Write the passport of every centre: one A4 page as PDF.

    Computes the edition first, as report does. A page has the stars with their probabilities, the
    index with its interval and number of answers, ranks, groups and indicators by survey and
    checklist, the change since the previous edition and what would move the stars. Files that are
    there and made from the same results are kept, so that a run that was stopped goes on where it
    ended.

    \b
      clientindex passports demo
      clientindex passports demo --centre R25-009 --language ru
      clientindex passports demo --region "Приморский край" --output out
    """


@click.command("passports", help=HELP)
@edition_argument
@click.option(
    "--centre", multiple=True, metavar="CODE", help="Only this centre; may be given several times."
)
@click.option(
    "--region",
    multiple=True,
    metavar="NAME",
    help="Only the centres of this region, named as in the register; may be given several times.",
)
@click.option(
    "--language",
    default="",
    metavar="LIST",
    help="Languages, for example ru,en; those of the edition unless given.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Where to write; passports/ in the edition's output unless given.",
)
@tell_errors
def passports(
    edition: str,
    *,
    centre: tuple[str, ...],
    region: tuple[str, ...],
    language: str,
    output: Path | None,
) -> None:
    """Write passports and tell where they are."""
    started = time.perf_counter()
    from clientindex.cli.reporter import count_pages, make_reporter
    from clientindex.pipeline.passports import make_passports
    from clientindex.pipeline.run import run_edition

    path = find_edition(edition)
    with make_reporter() as reporter:
        outcome = run_edition(path, reporter=reporter)
    with count_pages("passports") as tell:
        done = make_passports(
            outcome.edition,
            centres=centre,
            regions=region,
            languages=language,
            folder=output,
            tell=tell,
        )
    click.echo(f"passports: {show_path(done.folder)}")
    deleted = f", {done.deleted} of centres that are gone deleted" if done.deleted else ""
    click.echo(
        f"{done.written} written, {done.kept} kept{deleted} ({time.perf_counter() - started:.1f} s)"
    )
