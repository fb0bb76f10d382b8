"""The command ``clientindex rating``: index, stars and how sure they are, in a few screens."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from clientindex.cli.common import edition_argument, find_edition, tell_errors

PARTS = (
    "rule",
    "stars",
    "accuracy",
    "cuts",
    "centres",
    "ranks",
    "regions",
    "unusual",
    "shrinkage",
    "errors",
    "change",
    "weights",
    "case-mix",
)
"""Parts of the output, in their order; --what takes any of them."""

HELP = """Tell index, stars and ranks, and how sure they are.

    Prints how scores and stars are made, who has a star and who has none, how many stars are
    expected to be right, cut points, the centres surest and least sure of their star, ranks with
    confidence sets, regions and who stands out, shrinkage, the check of standard errors, the change
    from the previous edition, and what weights of answers and the case mix do. Writes nothing but
    the files that are asked for. Numbers are those of the documents: the results of the last run
    are read where they are up to date, and computed where not.

    With --what shows some parts only; with --region the centres of one region instead, and with
    --centre everything about one centre.

    \b
      clientindex rating demo --what accuracy --what ranks
      clientindex rating demo --region "Псковская область"
      clientindex rating demo --centre R60-001 --figures figures
    """

FIGURES_HELP = (
    "Write the figures of the rating to this folder, as PNG and SVG in both languages: of the "
    "whole, or of the region or centre that is shown."
)


@click.command("rating", help=HELP)
@edition_argument
@click.option(
    "--what",
    multiple=True,
    type=click.Choice(PARTS),
    metavar="PART",
    help=f"Show this part only; may be given several times. Parts: {', '.join(PARTS)}.",
)
@click.option("--region", metavar="NAME", help="Show the centres of this region instead.")
@click.option("--centre", metavar="ID", help="Show everything about this centre instead.")
@click.option(
    "--csv",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Write every number of every result to this folder, as CSV in UTF-8.",
)
@click.option("--figures", type=click.Path(path_type=Path), metavar="FOLDER", help=FIGURES_HELP)
@tell_errors
def rating(
    edition: str,
    *,
    what: tuple[str, ...],
    region: str | None,
    centre: str | None,
    csv: Path | None,
    figures: Path | None,
) -> None:
    """Tell index, stars and ranks, and how sure they are."""
    from threadpoolctl import threadpool_limits

    path = find_edition(edition)
    with threadpool_limits(limits=1):
        from clientindex.cli.rating_sections import Asked, run_rating

        asked = Asked(what=what, region=region, centre=centre, csv=csv, figures=figures)
        code = run_rating(path, asked)
    if code:
        sys.exit(code)
