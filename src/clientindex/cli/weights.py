"""The command ``clientindex weights``: what weights and methods do to stars, in a few screens."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from clientindex.cli.common import edition_argument, find_edition, tell_errors

PARTS = (
    "importance",
    "sources",
    "stability",
    "bounds",
    "variants",
    "sobol",
    "together",
    "leave-out",
)
"""Parts of the output, in their order; --what takes any of them."""

HELP = """Tell what weights and methods do to index, stars and ranks.

    Prints what to know first: which weights matter, which stars stand under every weighting within
    the band, which choice of method moves most stars, and what doubt about stars is made of. Writes
    nothing but the files that are asked for. Numbers are those of the documents: the results of the
    last run are read where they are up to date, and computed where not.

    With --what shows parts in full: importance (of weights), sources (where weights could come
    from), stability (under random weights), bounds (exact ones), variants (of the method), sobol
    (shares of variance), together (sampling, weights and method at once) and leave-out. With
    --region shows the centres of one region instead, and with --centre what would move the star of
    one centre. The settings of all of it (band, draws, alternatives) are in the methodology.

    \b
      clientindex weights demo
      clientindex weights demo --what importance --what bounds
      clientindex weights demo --centre R60-001 --figures figures
    """

FIGURES_HELP = (
    "Write the figures of weights and methods to this folder, as PNG and SVG in both languages: of "
    "the whole, or of the region or centre that is shown."
)


@click.command("weights", help=HELP)
@edition_argument
@click.option(
    "--what",
    multiple=True,
    type=click.Choice(PARTS),
    metavar="PART",
    help=f"Show this part in full; may be given several times. Parts: {', '.join(PARTS)}.",
)
@click.option("--region", metavar="NAME", help="Show the centres of this region instead.")
@click.option("--centre", metavar="ID", help="Show what would move the star of this centre.")
@click.option(
    "--csv",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Write every number of every result to this folder, as CSV in UTF-8.",
)
@click.option("--figures", type=click.Path(path_type=Path), metavar="FOLDER", help=FIGURES_HELP)
@tell_errors
def weights(
    edition: str,
    *,
    what: tuple[str, ...],
    region: str | None,
    centre: str | None,
    csv: Path | None,
    figures: Path | None,
) -> None:
    """Tell what weights and methods do to index, stars and ranks."""
    from threadpoolctl import threadpool_limits

    path = find_edition(edition)
    with threadpool_limits(limits=1):
        from clientindex.cli.rating_sections import Asked
        from clientindex.cli.weights_sections import run_weights

        asked = Asked(what=what, region=region, centre=centre, csv=csv, figures=figures)
        code = run_weights(path, asked)
    if code:
        sys.exit(code)
