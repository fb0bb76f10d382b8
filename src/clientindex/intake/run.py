"""Run intake: read every file of an edition, check everything, return tables or faults."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from clientindex.edition import MeasureSource
from clientindex.errors import IntakeError
from clientindex.hashing import hash_if_there
from clientindex.intake.checklist import Checklist, read_checklist
from clientindex.intake.codes import CODES
from clientindex.intake.cross_checks import (
    report_flat_indicators,
    report_register_gaps,
    report_unchecked_centres,
    report_unmatched_visits,
)
from clientindex.intake.english_names import read_english_names
from clientindex.intake.experts import read_experts
from clientindex.intake.leave_out import Reading, leave_out_files
from clientindex.intake.log import FaultLog
from clientindex.intake.margins import read_margins, report_unmatched_margins
from clientindex.intake.measures import MeasureCollector
from clientindex.intake.needs import report_unmatched_inputs
from clientindex.intake.open_table import open_table
from clientindex.intake.options import check_source
from clientindex.intake.register import (
    ANY_CENTRE,
    Register,
    make_register,
    read_attributes,
    read_register,
)
from clientindex.intake.roles import CentreList, RoleFinder, open_roles
from clientindex.intake.schema import check_tables
from clientindex.intake.survey import Survey, SurveyCollector
from clientindex.intake.tables import InputFile, IntakeTables

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    import pandas as pd

    from clientindex.edition import ChecklistSource, Edition, SurveySource
    from clientindex.edition.sources import TableFile
    from clientindex.intake.counted import Count
    from clientindex.intake.expert_answers import ExpertAnswers
    from clientindex.intake.faults import DataFault
    from clientindex.methodology import Methodology

MAX_QUOTED = 10
"""Faults quoted in the message of an error; the fault table holds all of them."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IntakeReport:
    """The outcome of intake.

    Attributes
    ----------
    tables : IntakeTables or None
        None when any fault is an error.
    faults : tuple of DataFault
        All faults of all files, errors and warnings, in the order found.
    experts : ExpertAnswers or None
        Experts' answers that have no fault, whatever other files have.
    """

    tables: IntakeTables | None
    faults: tuple[DataFault, ...]
    experts: ExpertAnswers | None = None

    @property
    def has_errors(self) -> bool:
        """Whether any fault stops the run."""
        return any(fault.severity == "error" for fault in self.faults)


def run_intake(
    edition: Edition, methodology: Methodology, *, count: Count | None = None
) -> IntakeReport:
    """Read and check all input files of an edition.

    Parameters
    ----------
    edition : Edition
        Names the files and how to read them.
    methodology : Methodology
        The codebook to check against.
    count : callable, optional
        Counts the files of single answers instead of keeping the answers.

    Returns
    -------
    IntakeReport
        With every fault of every file; nothing raises because of the data.
    """
    desk = _Desk(edition, methodology)
    report_unmatched_inputs(edition, methodology, desk.log)
    register = desk.read_register()
    centres = register.centres if register is not None else ANY_CENTRE
    survey = desk.read_survey(centres, count)
    measures = desk.read_measures(centres)
    checklist = desk.read_checklist(edition.data.checklist, centres)
    second = desk.read_checklist(edition.data.second_checklist, centres)
    if desk.survey_is_whole:
        report_flat_indicators(survey, desk.codebook, desk.log)
    if register is not None and desk.survey_is_whole:
        report_register_gaps(register, survey, desk.log)
    if register is not None and checklist is not None:
        report_unchecked_centres(register, checklist.centres, desk.log)
    if second is not None:
        report_unmatched_visits(
            checklist or Checklist(), second, desk.name_of(edition.data.second_checklist), desk.log
        )
    margins = desk.read_margins(register, survey)
    experts = desk.read_experts()
    tables = desk.make_tables(
        register,
        survey,
        checklist=checklist or Checklist(),
        second=second or Checklist(),
        margins=margins,
        measures=measures,
        experts=experts,
    )
    report = IntakeReport(tables=None, faults=desk.log.faults, experts=experts)
    if tables is None or report.has_errors:
        return report
    check_tables(tables, methodology)
    return replace(report, tables=tables)


class _Desk:
    """Reads the files of one edition and keeps what all of them share."""

    def __init__(self, edition: Edition, methodology: Methodology) -> None:
        self.log = FaultLog()
        self._data = edition.data
        self._leave_out = edition.leave_out
        self._methodology = methodology
        self.codebook = methodology.of_answers or methodology
        """What answers are checked against: the methodology without its measures."""
        named = dict.fromkeys(source.file for source in edition.sources)
        self._names = name_files(tuple(named))
        self._inputs: dict[Path, InputFile] = {}
        self._attributes: pd.DataFrame | None = None
        self._english_names: pd.DataFrame | None = None
        self._readers = Counter(self._names[source.file] for source in edition.sources)

    @property
    def survey_is_whole(self) -> bool:
        """Whether there is a survey, with no file that hides data behind a fault of structure."""
        return bool(self._data.survey) and not self.log.is_broken(
            self._names[source.file] for source in self._data.survey
        )

    def name_of(self, source: TableFile | None) -> str:
        """Return the name of a file as faults tell it."""
        return "" if source is None else self._names[source.file]

    def read_register(self) -> Register | None:
        source = self._data.register_
        finder = None if source is None else self._open(source)
        if finder is None:
            return None
        register = read_register(finder)
        if source is not None:
            self._attributes = read_attributes(finder, register, source.attributes)
        self._english_names = read_english_names(finder, register)
        self._report_extra(finder)
        return register

    def read_survey(self, centres: CentreList, count: Count | None) -> Survey:
        rule = self._leave_out
        collector = SurveyCollector(self.codebook, self.log, leave_out=rule)
        readings = [
            (source, Reading(file=self._names[source.file], entry=entry, log=FaultLog()))
            for entry, source in enumerate(self._data.survey)
        ]
        single = [one for one in readings if one[0].kind == "respondents"]
        if count is not None and single:
            self._count_survey(single, centres, count, collector)
        for source, reading in readings:
            if count is not None and source.kind == "respondents":
                continue
            finder = self._open(source, reading.log)
            if finder is not None:
                collector.read(finder, source, centres=centres)
                finder.report_extra()
        left_out = leave_out_files([reading for _, reading in readings], rule)
        for _, reading in readings:
            self.log.absorb(reading.log)
        if left_out:
            collector.drop_broken()
        used = {source.file for source, reading in readings if reading not in left_out}
        self._list_inputs(used)
        return collector.combine()

    def _list_inputs(self, used: Collection[Path]) -> None:
        """Put the survey's inputs in the order of the edition, those that are left out too."""
        for path in dict.fromkeys(source.file for source in self._data.survey):
            record = self._inputs.pop(path, None)
            sha256 = "" if path in used else hash_if_there(path)
            if sha256:
                record = InputFile(path=path, sha256=sha256, n_rows=0)
            if record is not None:
                self._inputs[path] = record

    def _count_survey(
        self,
        readings: list[tuple[SurveySource, Reading]],
        centres: CentreList,
        count: Count,
        collector: SurveyCollector,
    ) -> None:
        """Have single answers counted file by file."""
        usable = [
            (source, reading)
            for source, reading in readings
            if check_source(source, self.codebook, reading.log, file=reading.file)
        ]
        counted = count(usable, self.codebook, centres, self.log)
        collector.take_counted(counted)
        for record in counted.inputs:
            self._inputs[record.path] = record

    def read_measures(self, centres: CentreList) -> pd.DataFrame | None:
        collector = MeasureCollector(self._methodology, self.log)
        for source in self._data.measures:
            finder = self._open(source)
            if finder is not None:
                collector.read(finder, source, centres=centres)
                self._report_extra(finder)
        return collector.combine()

    def _report_extra(self, finder: RoleFinder) -> None:
        """Warn of columns that nothing uses, unless another source reads the same file."""
        if self._readers[finder.table.file] == 1:
            finder.report_extra()

    def read_checklist(
        self, source: ChecklistSource | None, centres: CentreList
    ) -> Checklist | None:
        finder = None if source is None else self._open(source)
        if source is None or finder is None:
            return None
        checklist = read_checklist(finder, source, self.codebook, centres=centres)
        finder.report_extra()
        return None if self.log.is_broken([finder.table.file]) else checklist

    def read_margins(self, register: Register | None, survey: Survey) -> pd.DataFrame | None:
        source = self._data.margins
        finder = None if source is None else self._open(source)
        if finder is None:
            return None
        scopes: frozenset[str] = frozenset()
        if register is not None:
            scopes = (register.centres.known or scopes) | register.regions
        margins = read_margins(finder, self._methodology, scopes=scopes)
        if self.survey_is_whole and not self.log.is_broken([finder.table.file]):
            report_unmatched_margins(finder, margins, survey)
        finder.report_extra()
        return margins

    def read_experts(self) -> ExpertAnswers | None:
        source = self._data.experts
        if source is None:
            return None
        name = self.name_of(source)
        check_source(source, self._methodology, self.log, file=name)
        answers = read_experts(source, self._methodology, self.log, file=name)
        for record in answers.inputs:
            self._inputs[source.file] = record
        return answers

    def make_tables(
        self,
        register: Register | None,
        survey: Survey,
        *,
        checklist: Checklist,
        second: Checklist,
        margins: pd.DataFrame | None,
        measures: pd.DataFrame | None,
        experts: ExpertAnswers | None,
    ) -> IntakeTables | None:
        """Return all tables, or None when the register could not be read."""
        if register is not None:
            frame = register.sorted_frame()
        elif self._data.register_ is None:
            reported = frozenset() if measures is None else frozenset(measures["centre"]) - {""}
            frame = make_register(survey.list_centres() | reported, self.log)
        else:
            return None
        return IntakeTables(
            register=frame,
            responses=survey.responses,
            tally=survey.tally,
            option_counts=survey.option_counts,
            unit_means=survey.unit_means,
            checklist_items=checklist.items,
            checklist_scores=checklist.scores,
            second_items=second.items,
            second_scores=second.scores,
            no_answer=survey.no_answer,
            margins=margins,
            measures=measures,
            attributes=self._attributes,
            english_names=self._english_names,
            experts=experts,
            inputs=tuple(self._inputs.values()),
        )

    def _open(self, source: TableFile, log: FaultLog | None = None) -> RoleFinder | None:
        """Open a file; its faults go into the log of the intake unless `log` is given."""
        log = self.log if log is None else log
        name = self._names[source.file]
        about = self._methodology if isinstance(source, MeasureSource) else self.codebook
        usable = check_source(source, about, log, file=name)
        opened = open_table(source, log, file=name)
        if opened is None:
            return None
        self._inputs[source.file] = opened.record
        return open_roles(opened.table, source, log) if usable else None


def name_files(paths: tuple[Path, ...]) -> dict[Path, str]:
    """Return the shortest name of every file: with as many folders as tell it from the others.

    Absolute paths would make the fault table differ from machine to machine.

    Examples
    --------
    >>> from pathlib import Path
    >>> list(name_files((Path("/s/a=1/x.csv"), Path("/s/a=2/x.csv"), Path("/s/y.csv"))).values())
    ['a=1/x.csv', 'a=2/x.csv', 'y.csv']
    """
    names: dict[Path, str] = {}
    unnamed, depth = list(dict.fromkeys(paths)), 1
    while unnamed:
        ends = {path: "/".join(path.parts[-depth:]) for path in unnamed}
        counts = Counter(ends.values())
        for path in unnamed:
            if counts[ends[path]] == 1 or depth >= len(path.parts):
                names[path] = ends[path]
        unnamed = [path for path in unnamed if path not in names]
        depth += 1
    return {path: names[path] for path in paths}


def require_tables(report: IntakeReport) -> IntakeTables:
    """Return the tables of a report.

    Raises
    ------
    IntakeError
        If there are errors: how many of each code, and the first ten in words.
    """
    if report.tables is not None:
        return report.tables
    errors = [fault for fault in report.faults if fault.severity == "error"]
    counts = Counter(fault.code for fault in errors)
    lines = [f"The data have {len(errors)} error{'s' if len(errors) > 1 else ''}:"]
    lines += [f"  {code}: {n} - {CODES[code]}" for code, n in counts.most_common()]
    lines += [f"  - {describe_fault(fault)}" for fault in errors[:MAX_QUOTED]]
    if len(errors) > MAX_QUOTED:
        lines.append(f"  ... and {len(errors) - MAX_QUOTED} more in the fault table")
    raise IntakeError("\n".join(lines))


def describe_fault(fault: DataFault) -> str:
    """Return a fault as one sentence."""
    where = [fault.file or "edition"]
    if fault.row is not None:
        where.append(f"row {fault.row}")
    if fault.column:
        where.append(f"column {fault.column!r}")
    words = f"read {fault.read}; allowed: {fault.allowed}. {fault.advice}"
    return f"{', '.join(where)}: {words} [{fault.code}]"
