"""The command ``clientindex weights``: what weights and methods do to stars, in a few screens."""

from __future__ import annotations

import sys
from typing import Any

import click

from clientindex.cli.common import edition_argument, find_edition, tell_errors
from clientindex.cli.result_options import result_options

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
@result_options(
    PARTS,
    what="Show this part in full",
    centre="Show what would move the star of this centre.",
    figures=FIGURES_HELP,
)
@tell_errors
def weights(edition: str, **asked: Any) -> None:
    """Tell what weights and methods do to index, stars and ranks."""
    from threadpoolctl import threadpool_limits

    path = find_edition(edition)
    with threadpool_limits(limits=1):
        from clientindex.cli.asked import Asked
        from clientindex.cli.weights_sections import run_weights

        code = run_weights(path, Asked(**asked))
    if code:
        sys.exit(code)
