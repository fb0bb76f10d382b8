"""The command ``clientindex regions``: a report of every region as HTML and PDF."""

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

HELP = """Write the report of every region as HTML and PDF.

    Computes the edition first, as report does. A report has the region beside the country, its
    groups of expectations, its centres with stars, index, interval and number of answers, what
    changed since the previous edition, unusual centres, stars that are withheld, and checklists
    with the list of audits. Files that are there and made from the same results are kept, so that a
    run that was stopped goes on where it ended.

    \b
      clientindex regions demo
      clientindex regions demo --region "Приморский край" --language ru
      clientindex regions demo --output out
    """


@click.command("regions", help=HELP)
@edition_argument
@make_regions_option("this region")
@languages_option
@make_output_option("regions")
@threads_option
@tell_errors
def regions(edition: str, *, region: tuple[str, ...], language: str, output: Path | None) -> None:
    """Write reports of regions and tell where they are."""
    started = time.perf_counter()
    from clientindex.cli.reporter import count_pages, make_reporter
    from clientindex.pipeline.regions import make_regions
    from clientindex.pipeline.run import run_edition

    path = find_edition(edition)
    with make_reporter() as reporter:
        outcome = run_edition(path, reporter=reporter)
    with count_pages("reports of regions") as tell:
        done = make_regions(
            outcome.edition, regions=region, languages=language, folder=output, tell=tell
        )
    tell_files(
        "regions",
        done,
        gone="files of regions that are gone",
        seconds=time.perf_counter() - started,
    )
