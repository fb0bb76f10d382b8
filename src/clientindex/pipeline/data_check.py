"""Read and check the data of an edition, experts' judgements against one another too."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from clientindex.intake import IntakeReport, run_intake
from clientindex.intake.log import FaultLog

if TYPE_CHECKING:
    from clientindex.edition import Edition
    from clientindex.methodology import Methodology


def check_data(edition: Edition, methodology: Methodology) -> IntakeReport:
    """Run intake, and warn of experts whose pairwise judgements contradict each other.

    How far judgements contradict each other is a statistic, which intake does not compute.

    Returns
    -------
    IntakeReport
    """
    report = run_intake(edition, methodology)
    if report.experts is None or not report.experts.judgements:
        return report
    # Statistics take a second to import.
    from clientindex.sensitivity.weight_sources import warn_inconsistent

    log = FaultLog()
    warn_inconsistent(report.experts, log, limit=methodology.weight_sources.consistency_limit)
    return replace(report, faults=(*report.faults, *log.faults))
