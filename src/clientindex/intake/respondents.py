"""Read files with one row a respondent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.intake.answers import DECLARED, AnswerColumn, read_answers
from clientindex.intake.leave_out import ROW_FAULTS
from clientindex.intake.log import FaultLog, Place, Trouble
from clientindex.intake.numbers import advise_number, parse_numbers
from clientindex.intake.raw import make_blank
from clientindex.intake.repeats import RepeatRule, report_repeats
from clientindex.intake.roles import CentreList, RoleFinder, find_centres, find_label_column
from clientindex.intake.segments import find_segments
from clientindex.intake.tables import Responses
from clientindex.intake.traits import (
    combine_traits,
    combine_weights,
    read_traits,
    read_weights,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from clientindex.edition import SurveySource
    from clientindex.intake.raw import RawTable, TextColumn
    from clientindex.methodology import Methodology

NO_ANSWER_KEYS = ["segment", "indicator", "reason"]

FEW_CELLS = 2**16
"""Cells that are numbered by a table, whatever the number of rows."""

REPEATED_RESPONDENT = RepeatRule(
    code="E-RESPONDENT-TWICE",
    allowed="every respondent once in a segment and period",
    advice="Delete the repeated row. If ids restart in every file or centre, make them differ, "
    "for example by a prefix.",
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RespondentBatch:
    """Rows of one file of respondents, N rows.

    Attributes
    ----------
    table : RawTable
        For its name and row numbers.
    centre, period, channel, day : TextColumn
        Empty where unknown.
    respondent : TextColumn or None
        Ids; None where the file has none.
    duration : float64 ndarray of shape (N,)
        Seconds; NaN where unknown.
    segment : int8 ndarray of shape (N,)
        Position in the methodology; -1 = fault.
    codes : uint8 ndarray of shape (N, K)
    traits : dict of str to TextColumn
        Traits that the edition names.
    weight : float64 ndarray of shape (N,) or None
    no_answer : DataFrame
    n_left_out : int
        Rows that are not in the batch because of a fault.
    """

    table: RawTable
    centre: TextColumn
    segment: NDArray[np.int8]
    period: TextColumn
    channel: TextColumn
    day: TextColumn
    duration: NDArray[np.float64]
    respondent: TextColumn | None
    codes: NDArray[np.uint8]
    traits: dict[str, TextColumn]
    weight: NDArray[np.float64] | None
    no_answer: pd.DataFrame
    n_left_out: int = 0


def read_respondents(
    finder: RoleFinder,
    source: SurveySource,
    methodology: Methodology,
    *,
    centres: CentreList,
    leave_out: bool = False,
    check_ages: bool = True,
) -> RespondentBatch:
    """Read rows of one file of single answers and log their faults.

    Missing answers are category 0; their reasons are counted by segment and indicator.

    Parameters
    ----------
    finder : RoleFinder
    source : SurveySource
    methodology : Methodology
    centres : CentreList
    leave_out : bool
        Whether rows with a fault that goes with the row are left out; else they stay, and the run
        must not go on.
    check_ages : bool
        False for rows that are a piece of the file, see :func:`read_traits`.
    """
    n_rows = len(finder.table)
    with finder.log.watch(n_rows, ROW_FAULTS) as wrong:
        centre = find_centres(finder, centres)
        segment = find_segments(finder, source, methodology)
        period = find_label_column(finder, "period")
        channel = find_label_column(finder, "channel")
        respondent = _find_respondents(finder)
        answers = _read_indicators(finder, source, methodology)
        day, duration = find_label_column(finder, "day"), _find_durations(finder)
        traits = read_traits(finder, source, check_ages=check_ages)
        weight = read_weights(finder)
    kept = ~wrong if leave_out and wrong.any() else slice(None)

    def take(column: TextColumn) -> TextColumn:
        return column if isinstance(kept, slice) else column.take(kept).compact()

    rows = finder.table.rows[kept]
    return RespondentBatch(
        table=finder.table if isinstance(kept, slice) else finder.table.name_rows(rows),
        centre=take(make_blank(n_rows) if centre is None else centre),
        segment=segment[kept],
        period=take(period),
        channel=take(channel),
        day=take(day),
        duration=duration[kept],
        respondent=None if respondent is None else take(respondent),
        codes=_put_together(answers, methodology, n_rows)[kept],
        traits={name: take(column) for name, column in traits.items()},
        weight=None if weight is None else weight[kept],
        no_answer=_count_missing(answers, segment[kept], kept, methodology),
        n_left_out=n_rows - len(rows),
    )


def _find_respondents(finder: RoleFinder) -> TextColumn | None:
    column = finder.find("respondent", needed=False)
    if column is None:
        trouble = Trouble(
            read=f"no column {finder.name_of('respondent')!r}",
            allowed="a column of respondent ids",
            advice="Name it in the edition ('columns: {respondent: ...}') if the file has one.",
        )
        finder.log.add("W-RESPONDENT-NONE", Place(file=finder.table.file), trouble)
        return None
    finder.log.add_rows(
        "W-RESPONDENT-EMPTY",
        finder.table,
        column=column.name,
        at=column.is_empty,
        describe=lambda _row: Trouble(
            read="an empty cell", allowed="the respondent's id", advice="Fill in the id."
        ),
    )
    return column


def _find_durations(finder: RoleFinder) -> NDArray[np.float64]:
    """Return the seconds of every interview; NaN where the file does not say."""
    column = finder.find("duration", needed=False)
    if column is None:
        return np.full(len(finder.table), np.nan)
    seconds = parse_numbers(column, decimal=finder.table.decimal)
    finder.log.add_rows(
        "E-DURATION",
        finder.table,
        column=column.name,
        at=~column.is_empty & ~(seconds >= 0),
        describe=lambda row: Trouble(
            read=column.show(row),
            allowed="seconds that the interview took, a number from 0, or an empty cell",
            advice=advise_number(column.text_at(row), decimal=finder.table.decimal),
        ),
    )
    return seconds


def _read_indicators(
    finder: RoleFinder, source: SurveySource, methodology: Methodology
) -> dict[str, AnswerColumn]:
    """Return the answers to every indicator that the file has."""
    found = {}
    for key in methodology.indicator_keys:
        column = finder.find_heading(source.indicators.get(key, key))
        if column is not None:
            found[key] = read_answers(finder, column, methodology.scale_of(key))
    return found


def _put_together(
    answers: Mapping[str, AnswerColumn], methodology: Methodology, n_rows: int
) -> NDArray[np.uint8]:
    """Return the categories of all indicators, shape (N, K)."""
    keys = methodology.indicator_keys
    codes = np.zeros((n_rows, len(keys)), dtype=np.uint8)
    for position, key in enumerate(keys):
        if key in answers:
            codes[:, position] = answers[key].category
    return codes


def _count_missing(
    answers: Mapping[str, AnswerColumn],
    segment: NDArray[np.int8],
    kept: NDArray[np.bool_] | slice,
    methodology: Methodology,
) -> pd.DataFrame:
    """Count every reason of a missing answer in every segment; `segment` is that of `kept` rows."""
    keys = np.array(methodology.segment_keys, dtype=object)
    n_segments = len(keys)
    asked = np.bincount(segment + 1, minlength=n_segments + 1)[1:]
    parts = []
    for indicator, column in answers.items():
        width = len(column.reasons) + 1
        cell = (segment + 1).astype(np.int64) * width + (column.reason[kept] + 1)
        n = np.bincount(cell, minlength=(n_segments + 1) * width).reshape(-1, width)[1:, 1:]
        reasons = np.array(column.reasons, dtype=object)
        told = (asked[:, None] > 0) & ((n > 0) | (reasons != DECLARED))
        row, place = np.nonzero(told)
        names = np.full(len(row), indicator, dtype=object)
        parts.append((keys[row], names, reasons[place], n[told], asked[row]))
    columns = (*NO_ANSWER_KEYS, "n", "n_asked")
    if not any(len(part[0]) for part in parts):
        return combine_no_answer([])
    stacked = [np.concatenate(found) for found in zip(*parts, strict=True)]
    return pd.DataFrame(dict(zip(columns, stacked, strict=True)))


def report_repeated_respondents(
    batches: Sequence[RespondentBatch], methodology: Methodology, log: FaultLog
) -> None:
    """Log every respondent who stands twice in one segment and period, whatever the file."""
    names = np.array([*methodology.segment_keys, ""], dtype=object)
    keys = pd.DataFrame(
        {
            "segment": names[np.concatenate([b.segment for b in batches])],
            "period": np.concatenate([b.period.texts() for b in batches]),
            "respondent": np.concatenate([_list_ids(b) for b in batches]),
        },
        dtype="str",
    )
    report_repeats(
        keys,
        [batch.table for batch in batches],
        log,
        rule=REPEATED_RESPONDENT,
        columns=["" if b.respondent is None else b.respondent.name for b in batches],
    )


def _list_ids(batch: RespondentBatch) -> NDArray[np.object_]:
    """Return the id of every row, "" where it is unknown."""
    if batch.respondent is None:
        return np.full(len(batch.table), "", dtype=object)
    return batch.respondent.texts()


def combine_responses(batches: Sequence[RespondentBatch], methodology: Methodology) -> Responses:
    """Put the batches of all files together; rows keep the order of the files.

    Returns
    -------
    Responses
        Units sorted by centre, segment, period and channel as text; without channels where no file
        has them.
    """
    centre, centres = _unite([b.centre for b in batches])
    period, periods = _unite([b.period for b in batches])
    segments = np.array(methodology.segment_keys, dtype=object)
    order = np.argsort(np.argsort(segments))
    segment = order[np.concatenate([b.segment for b in batches])]
    channel, channels = _unite([b.channel for b in batches])
    cell = (centre * len(segments) + segment) * len(periods) + period
    n_cells = len(centres) * len(segments) * len(periods) * len(channels)
    distinct, unit_of = number_cells(cell * len(channels) + channel, n_cells)
    rest, channel_at = np.divmod(distinct, len(channels))
    rest, period_at = np.divmod(rest, len(periods))
    centre_at, segment_at = np.divmod(rest, len(segments))
    units = pd.DataFrame(
        {
            "centre": centres[centre_at],
            "segment": np.sort(segments)[segment_at],
            "period": periods[period_at],
            "channel": channels[channel_at],
        },
        dtype="str",
    )
    if not any(channels):
        units = units.drop(columns="channel")
    sizes = [len(b.table) for b in batches]
    return Responses(
        units=units,
        unit_of=unit_of.astype(np.int32),
        codes=np.concatenate([b.codes for b in batches]),
        day=_number_days([b.day for b in batches]),
        duration=_keep_known(np.concatenate([b.duration for b in batches])),
        traits=combine_traits([b.traits for b in batches], sizes),
        weight=combine_weights([b.weight for b in batches], sizes),
    )


def number_cells(
    cells: NDArray[np.int64], n_cells: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the distinct cells in order, and of every row the position of its cell.

    `cells` of shape (N,) are numbers below `n_cells`.
    """
    if n_cells > max(FEW_CELLS, len(cells)):
        return np.unique(cells, return_inverse=True)
    present = np.flatnonzero(np.bincount(cells, minlength=n_cells))
    place = np.zeros(n_cells, dtype=np.int64)
    place[present] = np.arange(len(present))
    return present, place[cells]


def _unite(columns: Sequence[TextColumn]) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """Put columns one below the other.

    Returns
    -------
    codes : int64 ndarray of shape (N,)
        Position of every row's text in `texts`.
    texts : object ndarray
        Distinct texts of all rows, sorted; "" of empty cells first.
    """
    held = [column.compact() for column in columns]
    known = {text for column in held for text in column.distinct}
    if any(column.is_empty.any() for column in held):
        known.add("")
    texts = sorted(known)
    place = {text: position for position, text in enumerate(texts)}
    codes = [
        np.array([*(place[text] for text in column.distinct), place.get("", 0)])[column.codes]
        for column in held
    ]
    united = np.concatenate(codes).astype(np.int64) if codes else np.zeros(0, dtype=np.int64)
    return united, np.array(texts, dtype=object)


def _number_days(columns: Sequence[TextColumn]) -> NDArray[np.int32] | None:
    """Return a number for every day in the order of their texts, -1 where unknown."""
    codes, texts = _unite(columns)
    numbers = codes.astype(np.int32) - int(len(texts) > 0 and texts[0] == "")
    return numbers if (numbers >= 0).any() else None


def _keep_known(seconds: NDArray[np.float64]) -> NDArray[np.float64] | None:
    return seconds if np.isfinite(seconds).any() else None


def combine_no_answer(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Add up the counts of missing answers over files.

    ``n_asked`` is everybody in the files that hold the segment and indicator, also where a reason
    occurs in some of these files only.
    """
    filled = [part for part in parts if len(part)]
    if not filled:
        text = {name: pd.Series(dtype="str") for name in NO_ANSWER_KEYS}
        return pd.DataFrame({**text, **{n: pd.Series(dtype="int64") for n in ("n", "n_asked")}})
    table = pd.concat(filled, keys=range(len(filled)), names=["part"]).reset_index("part")
    cell = NO_ANSWER_KEYS[:2]
    asked = table.drop_duplicates(["part", *cell]).groupby(cell)["n_asked"].sum()
    summed = table.groupby(NO_ANSWER_KEYS, as_index=False, sort=False)["n"].sum()
    joined: pd.DataFrame = summed.join(asked, on=cell)
    return joined
