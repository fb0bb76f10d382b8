"""``clientindex rating``: index, stars and how sure they are in a few tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from clientindex.cli.asked import Answers, Asked, answer
from clientindex.cli.rating_accuracy import tell_accuracy
from clientindex.cli.rating_case_mix import tell_case_mix
from clientindex.cli.rating_centre import tell_centre
from clientindex.cli.rating_change import tell_change
from clientindex.cli.rating_cuts import tell_cuts
from clientindex.cli.rating_errors import tell_errors
from clientindex.cli.rating_ranks import tell_ranks
from clientindex.cli.rating_region import tell_region
from clientindex.cli.rating_regions import tell_regions
from clientindex.cli.rating_rule import tell_rule, tell_stars
from clientindex.cli.rating_shrinkage import tell_shrinkage
from clientindex.cli.rating_study import RATING_RESULTS, read_rating
from clientindex.cli.rating_sure import tell_sure
from clientindex.cli.rating_unusual import tell_unusual
from clientindex.cli.rating_weights import tell_weights

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clientindex.cli.rated import Rated

SECTIONS: dict[str, Callable[[Rated], bool]] = {
    "rule": tell_rule,
    "stars": tell_stars,
    "accuracy": tell_accuracy,
    "cuts": tell_cuts,
    "centres": tell_sure,
    "ranks": tell_ranks,
    "regions": tell_regions,
    "unusual": tell_unusual,
    "shrinkage": tell_shrinkage,
    "errors": tell_errors,
    "change": tell_change,
    "weights": tell_weights,
    "case-mix": tell_case_mix,
}
"""Part -> what prints it and returns whether it has results."""


def run_rating(path: Path, asked: Asked) -> int:
    """Print index, stars and how sure they are; see :func:`clientindex.cli.asked.answer`."""
    answers = Answers(
        read=lambda path, check: read_rating(path, check=check),
        region=tell_region,
        centre=tell_centre,
        parts=SECTIONS,
        whole=_tell_whole,
        results=RATING_RESULTS,
        write_figures=_write_figures,
    )
    return answer(path, asked, answers)


def _tell_whole(rated: Rated) -> None:
    first, *others = SECTIONS.values()
    first(rated)
    for tell in others:
        click.echo("")
        tell(rated)


def _write_figures(rated: Rated, asked: Asked, folder: Path) -> str:
    # Figures take a second to import; tables do without them.
    from clientindex.cli.rating_figures import write_figures

    return write_figures(rated, folder, region=asked.region, centre=asked.centre)
