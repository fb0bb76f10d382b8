"""``clientindex reliability``: the battery of an edition in a few tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import click

from clientindex.cli.csv_frames import make_folder, write_results
from clientindex.cli.reliability_centres import tell_centres
from clientindex.cli.reliability_items import tell_items
from clientindex.cli.reliability_parts import Part, check_choice, choose_part
from clientindex.cli.reliability_quality import tell_quality
from clientindex.cli.reliability_sets import tell_drops
from clientindex.cli.reliability_tables import tell_consistency, tell_omegas
from clientindex.cli.reporter import make_reporter
from clientindex.cli.study import FAULTY_DATA, load_settings, read_study, tell_unavailable
from clientindex.pipeline.seeds import split_seed
from clientindex.reliability import assess
from clientindex.results import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from clientindex.cli.study import Study
    from clientindex.methodology import Methodology
    from clientindex.reliability import ReliabilityAssessment
    from clientindex.reliability.scopes import Kind

Result = TypeVar("Result")

SUBJECT = "reliability"


def run_battery(path: Path, asked: Mapping[Kind, str | None], *, csv: Path | None) -> int:
    """Print the reliability of an edition and return the exit code.

    What is not defined is said in notes; faulty data (1) when nothing is.

    Raises
    ------
    click.BadParameter
        If the part of the data that was asked for is not there.
    EditionError
        If the folder for the files cannot be written.
    """
    edition, methodology = load_settings(path)
    check_choice(asked, methodology)
    if csv is not None:
        make_folder(csv)
    study = read_study(edition, methodology, subject=SUBJECT)
    part = choose_part(asked, study)
    found = _assess(study)
    told = _tell(found, part, methodology)
    if csv is not None:
        n_files = write_results(found.results(), csv)
        click.echo(f"\n{n_files} CSV files of all parts of the data in {csv}")
    return 0 if any(told) else FAULTY_DATA


def _assess(study: Study) -> ReliabilityAssessment:
    """Compute the results that the bundle of the edition has, and say that it takes a while."""
    message = "reliability of everybody, and of every segment, region and period"
    with make_reporter() as reporter, reporter.step(message):
        return assess(
            study.counts,
            methodology=study.methodology,
            strata=study.strata,
            seed=split_seed(study.edition.seed)[SUBJECT],
            responses=study.responses,
            no_answer=study.no_answer,
        )


def _tell(found: ReliabilityAssessment, part: Part, methodology: Methodology) -> list[bool]:
    """Print all sections of one part of the data; return which of them have results."""
    click.echo(f"Part of the data: {part}")

    def tell(
        title: str, result: Result | Unavailable, write: Callable[[Result, Part, Methodology], bool]
    ) -> bool:
        click.echo("")
        if isinstance(result, Unavailable):
            tell_unavailable(title, result, methodology)
            return False
        return write(result, part, methodology)

    return [
        tell("Internal consistency", found.consistency, tell_consistency),
        tell("Omegas of several factors", found.omegas, tell_omegas),
        tell("Indicators", found.item_analysis, tell_items),
        tell("Reliability of centres", found.centre_reliability, tell_centres),
        tell("Quality of answers", found.answer_quality, tell_quality),
        tell("Changes of the set", found.indicator_sets, tell_drops),
    ]
