"""Read files with one row a centre, indicator and answer, and the number of such answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.intake.answers import EMPTY, read_answers
from clientindex.intake.log import Trouble
from clientindex.intake.numbers import find_whole, parse_numbers
from clientindex.intake.totals import TotalsBatch, find_indicators, name_indicators, read_units

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from clientindex.edition import SurveySource
    from clientindex.intake.raw import TextColumn
    from clientindex.intake.roles import CentreList, RoleFinder
    from clientindex.methodology import Methodology, Scale

CELL = ["centre", "segment", "period", "indicator", "category"]


def read_option_counts(
    finder: RoleFinder, source: SurveySource, methodology: Methodology, *, centres: CentreList
) -> TotalsBatch:
    """Read one file of option counts and log its faults.

    Answers that are a missing code, an empty cell, or that the file declares missing, become
    category 0.
    """
    units = read_units(finder, source, methodology, centres=centres)
    position = find_indicators(finder, source.indicators, methodology)
    answer = finder.find("answer", needed=True, keep_declared=True)
    options = _read_options(finder, answer, position, methodology=methodology)
    indicator = pd.Series(name_indicators(position, methodology), dtype="str")
    rows = units.assign(indicator=indicator, n=_read_counts(finder), **options)
    return TotalsBatch(
        data=rows,
        cell=("centre", "segment", "period", "indicator", "written"),
        table=finder.table,
        column=finder.name_of("centre"),
        no_answer=_count_missing(rows),
    )


def _read_options(
    finder: RoleFinder,
    answer: TextColumn | None,
    position: NDArray[np.intp],
    *,
    methodology: Methodology,
) -> dict[str, NDArray[np.generic]]:
    """Return the category, the reason of a missing one, and a key that equal answers share."""
    n_rows = len(finder.table)
    category = np.zeros(n_rows, dtype=np.int64)
    reason = np.full(n_rows, "", dtype=object)
    if answer is None:
        return {"category": category, "reason": reason, "written": reason}
    for scale, indicators in _group_by_scale(methodology):
        here = np.isin(position, indicators)
        if not here.any():
            continue
        read = read_answers(finder, answer, scale, within=here)
        category[here] = read.category[here]
        reason[here] = np.array([*read.reasons, ""], dtype=object)[read.reason[here]]
    text = answer.spread([*answer.distinct, EMPTY])
    written = np.where(category > 0, category.astype(str).astype(object), text)
    return {"category": category, "reason": reason, "written": written}


def _group_by_scale(methodology: Methodology) -> Iterator[tuple[Scale, list[int]]]:
    """Give every distinct scale with the positions of its indicators."""
    scales = [methodology.scale_of(key) for key in methodology.indicator_keys]
    for first, scale in enumerate(scales):
        if scales.index(scale) == first:
            yield scale, [at for at, other in enumerate(scales) if other == scale]


def _read_counts(finder: RoleFinder) -> NDArray[np.int64]:
    """Return the number of every row; 0 where it is faulty."""
    column = finder.find("n", needed=True)
    if column is None:
        return np.zeros(len(finder.table), dtype=np.int64)
    n = parse_numbers(column, decimal=finder.table.decimal)
    good = find_whole(n)
    finder.log.add_rows(
        "E-COUNT",
        finder.table,
        column=column.name,
        at=~good,
        describe=lambda row: Trouble(
            read=column.show(row),
            allowed="a whole number from 0",
            advice="Correct the cell; write 0 when nobody gave this answer.",
        ),
    )
    return np.where(good, n, 0).astype(np.int64)


def _count_missing(rows: pd.DataFrame) -> pd.DataFrame:
    cell = ["segment", "indicator"]
    rows = rows[(rows["segment"] != "") & (rows["indicator"] != "")]
    asked = rows.groupby(cell)["n"].sum().rename("n_asked")
    missing = rows[rows["reason"] != ""]
    summed = missing.groupby([*cell, "reason"], as_index=False, sort=False)["n"].sum()
    joined: pd.DataFrame = summed.join(asked, on=cell)
    return joined


def combine_option_counts(batches: Sequence[TotalsBatch]) -> pd.DataFrame:
    """Put the files together; missing codes of one cell are added up in category 0."""
    rows = pd.concat([batch.data for batch in batches], ignore_index=True)
    return rows.groupby(CELL)["n"].sum().reset_index()
