"""One survey file, counted: its parts in order, and the checks that need all of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from clientindex.counts import PairAccumulator
from clientindex.intake.answers import list_reasons
from clientindex.intake.log import FaultLog, Place, ReadingError
from clientindex.intake.open_table import describe_no_rows, describe_none_kept
from clientindex.streaming.ages import AgeTally
from clientindex.streaming.facts import RowFacts
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
    facts : RowFacts
    ids : IdRecords
    segments : frozenset of str
        Segments of its rows.
    layout : RowLayout or None
        Where its rows stand, of what is no file.
    """

    name: str
    sha256: str
    counts: PairCounts | None
    facts: RowFacts
    ids: IdRecords
    segments: frozenset[str]
    layout: RowLayout | None = None

    @property
    def is_broken(self) -> bool:
        """Whether a fault hides rows or a column of the file: its counts are not used."""
        return self.facts.log.is_broken([self.name])

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
        self._facts, self._ids = RowFacts(), IdRecords()

    def add(self, part: SurveyPart, *, relative: bool) -> None:
        """Add the next part; `relative` says that its rows are numbered from its own start.

        Where the reading of a part before it was cut, nobody knows where its rows stand, and its
        faults are not told.
        """
        shift = self._facts.n_records if relative else 0
        facts = part.facts
        if self._facts.is_cut:
            facts = replace(facts, log=FaultLog(), ages=AgeTally())
        self._counts.add(part.counts)
        self._ids += part.ids.move(shift)
        self._facts = self._facts.followed_by(facts, shift=shift)

    def add_counts(self, counts: PairCounts) -> None:
        """Add counts of rows whose part has none."""
        self._counts.add(counts)

    @property
    def n_expected(self) -> int:
        """Respondents that the counts must have, by what the parts say of their rows."""
        return self._facts.n_kept - self._facts.n_left_out

    def add_fault(self, log: FaultLog) -> None:
        """Add faults of the file as a whole, unless one that cut its reading is told."""
        if not self._facts.is_cut:
            self._facts = self._facts.followed_by(RowFacts(log=log))

    def finish(self, sha256: str) -> CountedFile:
        """Check what only the whole file can tell, and return it."""
        facts, log = self._facts, self._facts.log
        if not facts.is_cut:
            facts.ages.report(log, file=self._name, decimal=self._source.decimal)
        if not facts.n_kept and not log.is_broken([self._name]):
            fault = self._describe_nothing()
            log.add(fault.code, Place(file=self._name, row=fault.row), fault.trouble)
        counts = self._counts.total()
        return CountedFile(
            name=self._name,
            sha256=sha256,
            counts=counts,
            facts=replace(facts, no_answer=_order(facts.no_answer, self._methodology)),
            ids=self._ids,
            segments=frozenset(counts.units["segment"]),
        )

    def _describe_nothing(self) -> ReadingError:
        if not self._facts.n_rows:
            return describe_no_rows()
        return describe_none_kept(self._source, self._facts.filtered)


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
