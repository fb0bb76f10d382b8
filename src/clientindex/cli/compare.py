"""The command ``clientindex compare``: what a new methodology does, on the same answers."""

from __future__ import annotations

from pathlib import Path

import click

from clientindex.cli.common import find_edition, tell_errors

HELP = """Tell what methodology NEW changes against methodology OLD.

    Scores one edition by both methodology files, on the same answers, and prints what differs in
    the files, stars gained and lost, how the order of centres changes, regions and kinds of
    centres, the centres whose stars change, and whether an index changes by more than the chance of
    who answered. The edition's own methodology plays no part. Nothing is kept but what is asked
    for.

    \b
      clientindex compare methodology/2026.yml methodology/2027.yml --edition demo
      clientindex compare old.yml new.yml --edition demo --document out --csv out
    """


@click.command("compare", help=HELP)
@click.argument("old", type=click.Path(path_type=Path), metavar="OLD")
@click.argument("new", type=click.Path(path_type=Path), metavar="NEW")
@click.option(
    "--edition",
    required=True,
    metavar="EDITION",
    help="Edition whose answers both are applied to: a path, or a name in editions/.",
)
@click.option(
    "--csv",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Write every difference and every number to this folder, as CSV in UTF-8.",
)
@click.option(
    "--document",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Write a summary page in Russian and English to this folder, as HTML, PDF and DOCX.",
)
@tell_errors
def compare(old: Path, new: Path, *, edition: str, csv: Path | None, document: Path | None) -> None:
    """Tell what a new methodology does."""
    from threadpoolctl import threadpool_limits

    path = find_edition(edition)
    with threadpool_limits(limits=1):
        from clientindex.cli.compare_sections import run_compare

        run_compare(old, new, path, csv=csv, document=document)
