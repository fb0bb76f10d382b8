"""Read and check the data of an edition, experts' judgements against one another too."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from clientindex.intake import IntakeReport, require_tables, run_intake
from clientindex.intake.log import FaultLog
from clientindex.pipeline.counting import make_counter
from clientindex.sensitivity.weight_sources.contradictions import warn_inconsistent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.counts import PairCounts
    from clientindex.edition import Edition
    from clientindex.intake import IntakeTables
    from clientindex.methodology import Methodology
    from clientindex.pipeline.counting import EngineChoice
    from clientindex.streaming.progress import Tell


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CheckedData:
    """The data of an edition.

    Attributes
    ----------
    report : IntakeReport
    counts : PairCounts or None
        Of single answers that were counted and given up; None where they are kept.
    """

    report: IntakeReport
    counts: PairCounts | None

    def require_tables(self) -> IntakeTables:
        """Return the tables; see :func:`clientindex.intake.require_tables`."""
        return require_tables(self.report)


def check_data(
    edition: Edition,
    methodology: Methodology,
    *,
    engine: EngineChoice | None = None,
    folder: Path | None = None,
    tell: Tell | None = None,
) -> CheckedData:
    """Run intake, and warn of experts whose pairwise judgements contradict each other.

    How far judgements contradict each other is a statistic, which intake does not compute.

    Parameters
    ----------
    edition : Edition
    methodology : Methodology
    engine : EngineChoice, optional
        What counts answers that are not kept; this machine unless given.
    folder : Path, optional
        Where counted files are kept and taken over; a temporary one unless given.
    tell : callable, optional
        Is told how far the counting is.

    Returns
    -------
    CheckedData
    """
    with nullcontext(folder) if folder is not None else _make_folder() as place:
        counter = make_counter(edition, engine, folder=place, tell=tell)
        report = run_intake(edition, methodology, count=counter)
    counts = None if counter is None else counter.counts
    return CheckedData(report=_check_experts(report, methodology), counts=counts)


@contextmanager
def _make_folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="clientindex-") as name:
        yield Path(name)


def _check_experts(report: IntakeReport, methodology: Methodology) -> IntakeReport:
    if report.experts is None or not report.experts.judgements:
        return report
    log = FaultLog()
    warn_inconsistent(report.experts, log, limit=methodology.weight_sources.consistency_limit)
    return replace(report, faults=(*report.faults, *log.faults))
