"""``clientindex weights``: a summary, or what is asked for in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from clientindex.cli.csv_frames import write_results
from clientindex.cli.rating_sections import Asked, check_asked, check_register
from clientindex.cli.study import FAULTY_DATA
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

    from clientindex.cli.rating_study import Rated

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
    """Print what weights and methods do, and return the exit code.

    What is not defined is said with its reason; faulty data (1) when nobody has an index.

    Raises
    ------
    click.BadParameter
        If options exclude each other, or the region or centre is not there.
    EditionError
        If a folder for files cannot be written.
    """
    check_asked(asked)
    rated = read_weights(path, check=lambda register: check_register(register, asked))
    _tell(rated, asked)
    _write_files(rated, asked)
    return 0 if rated.stars.frame["estimate"].notna().any() else FAULTY_DATA


def _tell(rated: Rated, asked: Asked) -> None:
    """Print a region, a centre, parts in their own order, or the summary."""
    if asked.region is not None:
        click.echo("")
        tell_region(rated, asked.region)
    elif asked.centre is not None:
        click.echo("")
        tell_centre(rated, asked.centre)
    elif asked.what:
        for name, tell in SECTIONS.items():
            if name in asked.what:
                click.echo("")
                tell(rated)
    else:
        click.echo("")
        tell_summary(rated, tuple(SECTIONS))


def _write_files(rated: Rated, asked: Asked) -> None:
    if asked.csv is not None:
        results = {name: rated.results[name] for name in WEIGHT_RESULTS}
        n_files = write_results(results, asked.csv)
        click.echo(f"\n{n_files} CSV files of all results in {asked.csv}")
    if asked.figures is not None:
        # Figures take a second to import; tables do without them.
        from clientindex.cli.weights_figures import write_figures

        told = write_figures(rated, asked.figures, region=asked.region, centre=asked.centre)
        click.echo(f"\n{told}")
