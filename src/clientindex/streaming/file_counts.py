"""One survey file, counted: its parts in order, and the checks that need all of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from clientindex.counts import PairAccumulator
from clientindex.intake.answers import list_reasons
from clientindex.intake.log import FaultLog, Place
from clientindex.intake.open_table import describe_no_rows, describe_none_kept
from clientindex.streaming.ages import AgeTally
from clientindex.streaming.part import add_no_answer, unite_levels
from clientindex.streaming.respondent_ids import IdRecords

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.counts import PairCounts
    from clientindex.edition import SurveySource
    from clientindex.intake.row_layout import RowLayout
    from clientindex.methodology import Methodology
    from clientindex.streaming.part import SurveyPart


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CountedFile:
    """One file of single answers, counted; see :class:`clientindex.streaming.part.SurveyPart`.

    Attributes
    ----------
    name : str
        Name of the file in faults.
    sha256 : str
        Of its bytes.
    counts : PairCounts or None
        None once they are added to those of the survey.
    segments : frozenset of str
        Segments of its rows.
    layout : RowLayout or None
        Where its rows stand, of what is no file.
    """

    name: str
    sha256: str
    counts: PairCounts | None
    no_answer: pd.DataFrame
    log: FaultLog
    n_rows: int
    n_kept: int
    n_left_out: int
    trait_levels: dict[str, frozenset[str]]
    has_weight: bool | None
    id_heading: str
    ids: IdRecords
    segments: frozenset[str]
    layout: RowLayout | None = None

    @property
    def is_broken(self) -> bool:
        """Whether a fault hides rows or a column of the file: its counts are not used."""
        return self.log.is_broken([self.name])

    def tell_row(self, row: int) -> str:
        """Return where a row stands, in words."""
        if self.layout is None:
            return f"{self.name}, row {row}"
        label, row = self.layout.find(row)
        return f"{self.name}, {label}, row {row}"

    def without_counts(self) -> CountedFile:
        """Return the file without its counts, which need most of the memory."""
        return replace(self, counts=None)


class FileBuilder:
    """Puts the parts of one file together; they come in the order of the file.

    Parameters
    ----------
    source : SurveySource
    name : str
        Name of the file in faults.
    methodology : Methodology
    """

    def __init__(self, source: SurveySource, name: str, methodology: Methodology) -> None:
        self._source, self._name, self._methodology = source, name, methodology
        self._counts = PairAccumulator(methodology.indicator_keys, methodology.n_categories)
        self._log = FaultLog()
        self._no_answer: list[pd.DataFrame] = []
        self._levels: list[dict[str, frozenset[str]]] = []
        self._ages = AgeTally()
        self._ids = IdRecords()
        self._filtered: tuple[str, ...] = ()
        self._n_records = self._n_rows = self._n_kept = self._n_left_out = 0
        self._has_weight: bool | None = None
        self._id_heading = ""

    def add(self, part: SurveyPart, *, relative: bool) -> None:
        """Add the next part; `relative` says that its rows are numbered from its own start."""
        shift = self._n_records if relative else 0
        part.log.shift(shift)
        self._log.merge(part.log)
        self._counts.add(part.counts)
        self._no_answer = [add_no_answer([*self._no_answer, part.no_answer])]
        self._levels = [unite_levels([*self._levels, part.trait_levels])]
        self._ages.add(part.ages, shift=shift)
        self._ids += part.ids.move(shift)
        self._filtered = self._filtered or part.filtered
        self._n_records += part.n_records
        self._n_rows += part.n_rows
        self._n_kept += part.n_kept
        self._n_left_out += part.n_left_out
        if part.has_weight is not None:
            self._has_weight = part.has_weight
            self._id_heading = part.id_heading

    def add_counts(self, counts: PairCounts) -> None:
        """Add counts of rows whose part has none."""
        self._counts.add(counts)

    @property
    def n_expected(self) -> int:
        """Respondents that the counts must have, by what the parts say of their rows."""
        return self._n_kept - self._n_left_out

    def add_fault(self, log: FaultLog) -> None:
        """Add faults of the file as a whole."""
        self._log.merge(log)

    def finish(self, sha256: str) -> CountedFile:
        """Check what only the whole file can tell, and return it."""
        self._ages.report(self._log, file=self._name, decimal=self._source.decimal)
        if not self._n_kept and not self._log.is_broken([self._name]):
            held = self._filtered
            fault = describe_none_kept(self._source, held) if self._n_rows else describe_no_rows()
            self._log.add(fault.code, Place(file=self._name, row=fault.row), fault.trouble)
        counts = self._counts.total()
        return CountedFile(
            name=self._name,
            sha256=sha256,
            counts=counts,
            no_answer=_order(add_no_answer(self._no_answer), self._methodology),
            log=self._log,
            n_rows=self._n_rows,
            n_kept=self._n_kept,
            n_left_out=self._n_left_out,
            trait_levels=unite_levels(self._levels),
            has_weight=self._has_weight,
            id_heading=self._id_heading,
            ids=self._ids,
            segments=frozenset(counts.units["segment"]),
        )


def _order(no_answer: pd.DataFrame, methodology: Methodology) -> pd.DataFrame:
    """Return the rows in the order of one reading of the file: indicators, segments, reasons."""
    reasons = {
        key: {reason: at for at, reason in enumerate(list_reasons(methodology.scale_of(key)))}
        for key in methodology.indicator_keys
    }
    keys = {key: at for at, key in enumerate(methodology.indicator_keys)}
    segments = {key: at for at, key in enumerate(methodology.segment_keys)}
    place = [
        (keys[indicator], segments[segment], reasons[indicator][reason])
        for segment, indicator, reason in zip(
            no_answer["segment"], no_answer["indicator"], no_answer["reason"], strict=True
        )
    ]
    order = sorted(range(len(place)), key=place.__getitem__)
    return no_answer.iloc[order].reset_index(drop=True)
