"""Read files with one row a respondent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.intake.answers import DECLARED, AnswerColumn, read_answers
from clientindex.intake.log import FaultLog, Place, Trouble
from clientindex.intake.numbers import advise_number, parse_numbers
from clientindex.intake.repeats import RepeatRule, report_repeats
from clientindex.intake.roles import CentreList, RoleFinder, find_centres, find_labels
from clientindex.intake.segments import find_segments
from clientindex.intake.tables import Responses
from clientindex.intake.traits import (
    combine_traits,
    combine_weights,
    read_traits,
    read_weights,
    report_unweighted,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from clientindex.edition import SurveySource
    from clientindex.intake.raw import RawTable, TextColumn
    from clientindex.methodology import Methodology

NO_ANSWER_KEYS = ["segment", "indicator", "reason"]

REPEATED_RESPONDENT = RepeatRule(
    code="E-RESPONDENT-TWICE",
    allowed="every respondent once in a segment and period",
    advice="Delete the repeated row. If ids restart in every file or centre, make them differ, "
    "for example by a prefix.",
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RespondentBatch:
    """One file of respondents, N rows.

    Attributes
    ----------
    table : RawTable
        For its name and row numbers.
    centre, period, channel, day, respondent : object ndarray of shape (N,)
        Text; "" where unknown.
    duration : float64 ndarray of shape (N,)
        Seconds; NaN where unknown.
    segment : int8 ndarray of shape (N,)
        Position in the methodology; -1 = fault.
    codes : uint8 ndarray of shape (N, K)
    traits : dict of str to TextColumn
        Traits that the edition names.
    weight : float64 ndarray of shape (N,) or None
    no_answer : DataFrame
    respondent_column : str
        Heading of the ids, "" when there is none.
    """

    table: RawTable
    centre: NDArray[np.object_]
    segment: NDArray[np.int8]
    period: NDArray[np.object_]
    channel: NDArray[np.object_]
    day: NDArray[np.object_]
    duration: NDArray[np.float64]
    respondent: NDArray[np.object_]
    codes: NDArray[np.uint8]
    traits: dict[str, TextColumn]
    weight: NDArray[np.float64] | None
    no_answer: pd.DataFrame
    respondent_column: str


def read_respondents(
    finder: RoleFinder, source: SurveySource, methodology: Methodology, *, centres: CentreList
) -> RespondentBatch:
    """Read one file of single answers and log its faults.

    Missing answers are category 0; their reasons are counted by segment and indicator.
    """
    centre = find_centres(finder, centres)
    segment = find_segments(finder, source, methodology)
    period = find_labels(finder, "period")
    channel = find_labels(finder, "channel")
    respondent, heading = _find_respondents(finder)
    codes, no_answer = _read_indicators(finder, source, methodology, segment=segment)
    blank = np.full(len(finder.table), "", dtype=object)
    return RespondentBatch(
        table=finder.table,
        centre=blank if centre is None else centre.texts(),
        segment=segment,
        period=period,
        channel=channel,
        day=find_labels(finder, "day"),
        duration=_find_durations(finder),
        respondent=blank if respondent is None else respondent,
        codes=codes,
        traits=read_traits(finder, source),
        weight=read_weights(finder),
        no_answer=no_answer,
        respondent_column=heading,
    )


def _find_respondents(finder: RoleFinder) -> tuple[NDArray[np.object_] | None, str]:
    column = finder.find("respondent", needed=False)
    if column is None:
        trouble = Trouble(
            read=f"no column {finder.name_of('respondent')!r}",
            allowed="a column of respondent ids",
            advice="Name it in the edition ('columns: {respondent: ...}') if the file has one.",
        )
        finder.log.add("W-RESPONDENT-NONE", Place(file=finder.table.file), trouble)
        return None, ""
    finder.log.add_rows(
        "W-RESPONDENT-EMPTY",
        finder.table,
        column=column.name,
        at=column.is_empty,
        describe=lambda _row: Trouble(
            read="an empty cell", allowed="the respondent's id", advice="Fill in the id."
        ),
    )
    return column.texts(), column.name


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
    finder: RoleFinder,
    source: SurveySource,
    methodology: Methodology,
    *,
    segment: NDArray[np.int8],
) -> tuple[NDArray[np.uint8], pd.DataFrame]:
    keys = methodology.indicator_keys
    codes = np.zeros((len(finder.table), len(keys)), dtype=np.uint8)
    missing = []
    for position, key in enumerate(keys):
        column = finder.find_heading(source.indicators.get(key, key))
        if column is None:
            continue
        answers = read_answers(finder, column, methodology.scale_of(key))
        codes[:, position] = answers.category
        missing.append(_count_missing(answers, segment, key, methodology=methodology))
    return codes, combine_no_answer(missing)


def _count_missing(
    answers: AnswerColumn,
    segment: NDArray[np.int8],
    indicator: str,
    *,
    methodology: Methodology,
) -> pd.DataFrame:
    """Count every reason in every segment that the file holds."""
    n_segments, n_reasons = len(methodology.segment_keys), len(answers.reasons)
    placed = segment >= 0
    asked = np.bincount(segment[placed], minlength=n_segments)
    missing = placed & (answers.reason >= 0)
    cell = segment[missing].astype(np.int64) * n_reasons + answers.reason[missing]
    n = np.bincount(cell, minlength=n_segments * n_reasons)
    frame = pd.DataFrame(
        {
            "segment": np.repeat(np.array(methodology.segment_keys, dtype=object), n_reasons),
            "indicator": indicator,
            "reason": np.tile(np.array(answers.reasons, dtype=object), n_segments),
            "n": n,
            "n_asked": np.repeat(asked, n_reasons),
        }
    )
    return frame[(frame["n_asked"] > 0) & ((frame["n"] > 0) | (frame["reason"] != DECLARED))]


def report_repeated_respondents(
    batches: Sequence[RespondentBatch], methodology: Methodology, log: FaultLog
) -> None:
    """Log every respondent who stands twice in one segment and period, whatever the file."""
    names = np.array([*methodology.segment_keys, ""], dtype=object)
    keys = pd.DataFrame(
        {
            "segment": names[np.concatenate([b.segment for b in batches])],
            "period": np.concatenate([b.period for b in batches]),
            "respondent": np.concatenate([b.respondent for b in batches]),
        },
        dtype="str",
    )
    report_repeats(
        keys,
        [batch.table for batch in batches],
        log,
        rule=REPEATED_RESPONDENT,
        columns=[batch.respondent_column for batch in batches],
    )


def report_unweighted_files(batches: Sequence[RespondentBatch], log: FaultLog) -> None:
    """Warn of files without weights where others have them."""
    report_unweighted([b.weight for b in batches], [b.table for b in batches], log)


def combine_responses(batches: Sequence[RespondentBatch], methodology: Methodology) -> Responses:
    """Put the batches of all files together; rows keep the order of the files.

    Returns
    -------
    Responses
        Units sorted by centre, segment, period and channel as text; without channels where no file
        has them.
    """
    centre, centres = pd.factorize(np.concatenate([b.centre for b in batches]), sort=True)
    period, periods = pd.factorize(np.concatenate([b.period for b in batches]), sort=True)
    segments = np.array(methodology.segment_keys, dtype=object)
    order = np.argsort(np.argsort(segments))
    segment = order[np.concatenate([b.segment for b in batches])]
    channel, channels = pd.factorize(np.concatenate([b.channel for b in batches]), sort=True)
    cell = (centre.astype(np.int64) * len(segments) + segment) * len(periods) + period
    distinct, unit_of = np.unique(cell * len(channels) + channel, return_inverse=True)
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
    if list(channels) == [""]:
        units = units.drop(columns="channel")
    sizes = [len(b.table) for b in batches]
    return Responses(
        units=units,
        unit_of=unit_of.astype(np.int32),
        codes=np.concatenate([b.codes for b in batches]),
        day=_number_days(np.concatenate([b.day for b in batches])),
        duration=_keep_known(np.concatenate([b.duration for b in batches])),
        traits=combine_traits([b.traits for b in batches], sizes),
        weight=combine_weights([b.weight for b in batches], sizes),
    )


def _number_days(days: NDArray[np.object_]) -> NDArray[np.int32] | None:
    """Return a number for every day in the order of their texts, -1 where unknown."""
    codes, _ = pd.factorize(pd.Series(days, dtype="str").replace("", pd.NA), sort=True)
    return codes.astype(np.int32) if (codes >= 0).any() else None


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
