"""The command ``clientindex rating``: index, stars and how sure they are, in a few screens."""

from __future__ import annotations

import sys
from typing import Any

import click

from clientindex.cli.common import edition_argument, find_edition, tell_errors
from clientindex.cli.result_options import result_options

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
@result_options(
    PARTS,
    what="Show this part only",
    centre="Show everything about this centre instead.",
    figures=FIGURES_HELP,
)
@tell_errors
def rating(edition: str, **asked: Any) -> None:
    """Tell index, stars and ranks, and how sure they are."""
    from threadpoolctl import threadpool_limits

    path = find_edition(edition)
    with threadpool_limits(limits=1):
        from clientindex.cli.asked import Asked
        from clientindex.cli.rating_sections import run_rating

        code = run_rating(path, Asked(**asked))
    if code:
        sys.exit(code)
