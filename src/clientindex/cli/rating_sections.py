"""``clientindex rating``: index, stars and how sure they are in a few tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from clientindex.cli.csv_frames import make_folder, write_results
from clientindex.cli.options import refuse
from clientindex.cli.rating_accuracy import tell_accuracy
from clientindex.cli.rating_case_mix import tell_case_mix
from clientindex.cli.rating_centre import tell_centre
from clientindex.cli.rating_change import tell_change
from clientindex.cli.rating_cuts import tell_cuts
from clientindex.cli.rating_errors import tell_errors
from clientindex.cli.rating_nearest import require_centre, require_region
from clientindex.cli.rating_ranks import tell_ranks
from clientindex.cli.rating_region import tell_region
from clientindex.cli.rating_regions import tell_regions
from clientindex.cli.rating_rule import tell_rule, tell_stars
from clientindex.cli.rating_shrinkage import tell_shrinkage
from clientindex.cli.rating_study import read_rating
from clientindex.cli.rating_sure import tell_sure
from clientindex.cli.rating_unusual import tell_unusual
from clientindex.cli.rating_weights import tell_weights
from clientindex.cli.study import FAULTY_DATA

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    from clientindex.cli.rating_study import Rated

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for: a part of the results, and folders for files."""

    what: tuple[str, ...] = ()
    region: str | None = None
    centre: str | None = None
    csv: Path | None = None
    figures: Path | None = None


def run_rating(path: Path, asked: Asked) -> int:
    """Print index, stars and how sure they are, and return the exit code.

    What is not defined is said with its reason; faulty data (1) when nobody has an index.

    Raises
    ------
    click.BadParameter
        If options exclude each other, or the region or centre is not there.
    EditionError
        If a folder for files cannot be written.
    """
    check_asked(asked)
    rated = read_rating(path, check=lambda register: check_register(register, asked))
    _tell(rated, asked)
    _write_files(rated, asked)
    return 0 if rated.stars.frame["estimate"].notna().any() else FAULTY_DATA


def check_asked(asked: Asked) -> None:
    """Refuse what is wrong before anything is read."""
    given = {"--what": asked.what, "--region": asked.region, "--centre": asked.centre}
    named = [option for option, value in given.items() if value]
    if len(named) > 1:
        refuse(f"{' and '.join(named)} exclude each other; ask for one at a time", option=named[0])
    for folder in (asked.csv, asked.figures):
        if folder is not None:
            make_folder(folder)


def check_register(register: pd.DataFrame, asked: Asked) -> None:
    """Refuse a region or a centre that is not there, before anything is computed."""
    if asked.region is not None:
        require_region(asked.region, register)
    if asked.centre is not None:
        require_centre(asked.centre, register)


def _tell(rated: Rated, asked: Asked) -> None:
    """Print a region, a centre, or the parts that were asked for in their own order."""
    if asked.region is not None:
        click.echo("")
        tell_region(rated, asked.region)
    elif asked.centre is not None:
        click.echo("")
        tell_centre(rated, asked.centre)
    else:
        for name, tell in SECTIONS.items():
            if name in asked.what or not asked.what:
                click.echo("")
                tell(rated)


def _write_files(rated: Rated, asked: Asked) -> None:
    if asked.csv is not None:
        n_files = write_results(rated.results, asked.csv)
        click.echo(f"\n{n_files} CSV files of all results in {asked.csv}")
    if asked.figures is not None:
        # Figures take a second to import; tables do without them.
        from clientindex.cli.rating_figures import write_figures

        told = write_figures(rated, asked.figures, region=asked.region, centre=asked.centre)
        click.echo(f"\n{told}")
