"""The command ``clientindex passports``: a page of every centre as PDF."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from clientindex.cli.common import edition_argument, find_edition, tell_errors, tell_files
from clientindex.cli.options import (
    languages_option,
    make_output_option,
    make_regions_option,
    threads_option,
)

if TYPE_CHECKING:
    from pathlib import Path

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
@make_regions_option("the centres of this region")
@languages_option
@make_output_option("passports")
@threads_option
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
    tell_files(
        "passports", done, gone="of centres that are gone", seconds=time.perf_counter() - started
    )
