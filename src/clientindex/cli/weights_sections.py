"""``clientindex weights``: a summary, or what is asked for in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.cli.asked import Answers, Asked, answer
from clientindex.cli.weights_bounds import tell_bounds
from clientindex.cli.weights_centre import tell_centre
from clientindex.cli.weights_importance import tell_importance
from clientindex.cli.weights_leave_out import tell_leave_out
from clientindex.cli.weights_region import tell_region
from clientindex.cli.weights_sobol import tell_sobol
from clientindex.cli.weights_sources import tell_sources
from clientindex.cli.weights_stability import tell_stability
from clientindex.cli.weights_study import WEIGHT_RESULTS, read_weights
from clientindex.cli.weights_summary import tell_summary
from clientindex.cli.weights_together import tell_together
from clientindex.cli.weights_variants import tell_variants

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clientindex.cli.rated import Rated

SECTIONS: dict[str, Callable[[Rated], bool]] = {
    "importance": tell_importance,
    "sources": tell_sources,
    "stability": tell_stability,
    "bounds": tell_bounds,
    "variants": tell_variants,
    "sobol": tell_sobol,
    "together": tell_together,
    "leave-out": tell_leave_out,
}
"""Part -> what prints it and returns whether it has results."""


def run_weights(path: Path, asked: Asked) -> int:
    """Print what weights and methods do; see :func:`clientindex.cli.asked.answer`."""
    answers = Answers(
        read=lambda path, check: read_weights(path, check=check),
        region=tell_region,
        centre=tell_centre,
        parts=SECTIONS,
        whole=lambda rated: tell_summary(rated, tuple(SECTIONS)),
        results=WEIGHT_RESULTS,
        write_figures=_write_figures,
    )
    return answer(path, asked, answers)


def _write_figures(rated: Rated, asked: Asked, folder: Path) -> str:
    # Figures take a second to import; tables do without them.
    from clientindex.cli.weights_figures import write_figures

    return write_figures(rated, folder, region=asked.region, centre=asked.centre)
