"""What files of totals share: long rows of centre, segment, period and indicator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.intake.log import FaultLog, Trouble
from clientindex.intake.repeats import RepeatRule, report_repeats
from clientindex.intake.roles import CentreList, RoleFinder, find_centres, find_labels
from clientindex.intake.segments import find_segments
from clientindex.settings import find_nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from clientindex.edition import SurveySource
    from clientindex.intake.raw import RawTable, TextColumn
    from clientindex.methodology import Methodology

UNIT_KEYS = ["centre", "segment", "period"]

REPEATED_TOTAL = RepeatRule(
    code="E-TOTALS-TWICE",
    allowed="one row for a centre, segment, period, indicator (and answer)",
    advice="Delete the repeated row, or add the two if they are parts of one total.",
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TotalsBatch:
    """One file of totals.

    Attributes
    ----------
    data : DataFrame of shape (N, ...)
        One row a total: ``centre``, ``segment``, ``period``, ``indicator`` and the numbers.
    cell : tuple of str
        Columns of `data` that together may occur once.
    table : RawTable
        For the name of the file and the row of each total, N rows.
    column : str
        Heading of the centres.
    no_answer : DataFrame or None
    """

    data: pd.DataFrame
    cell: tuple[str, ...]
    table: RawTable
    column: str
    no_answer: pd.DataFrame | None = None


def read_units(
    finder: RoleFinder, source: SurveySource, methodology: Methodology, *, centres: CentreList
) -> pd.DataFrame:
    """Return centre, segment and period of every row as text; "" where faulty."""
    centre = find_centres(finder, centres)
    segments = np.array([*methodology.segment_keys, ""], dtype=object)
    return pd.DataFrame(
        {
            "centre": "" if centre is None else centre.texts(),
            "segment": segments[find_segments(finder, source, methodology)],
            "period": find_labels(finder, "period"),
        },
        dtype="str",
    )


def find_indicators(
    finder: RoleFinder, names: Mapping[str, str], methodology: Methodology
) -> NDArray[np.intp]:
    """Return the position of every row's indicator, shape (N,); -1 = fault.

    Parameters
    ----------
    finder : RoleFinder
    names : mapping
        Indicator key -> its name in the file.
    methodology : Methodology
    """
    column = finder.find("indicator", needed=True)
    if column is None:
        return np.full(len(finder.table), -1, dtype=np.intp)
    places = {names.get(key, key): at for at, key in enumerate(methodology.indicator_keys)}
    position = column.spread([*(places.get(text, -1) for text in column.distinct), -1])
    finder.log.add_rows(
        "E-INDICATOR",
        finder.table,
        column=column.name,
        at=position < 0,
        describe=lambda row: _describe_stranger(column, row, places),
    )
    return position.astype(np.intp)


def _describe_stranger(column: TextColumn, row: int, places: Mapping[str, int]) -> Trouble:
    near = find_nearest(column.text_at(row), places)
    hint = f"Did you mean {near!r}? " if near else ""
    return Trouble(
        read=column.show(row),
        allowed="an indicator of the methodology",
        advice=f"{hint}Correct the cell, give its name under 'indicators' in the edition, or "
        "delete the row.",
    )


def name_indicators(position: NDArray[np.intp], methodology: Methodology) -> NDArray[np.object_]:
    """Return indicator keys for positions; "" for -1."""
    return np.array([*methodology.indicator_keys, ""], dtype=object)[position]


def report_repeated_totals(batches: Sequence[TotalsBatch], log: FaultLog) -> None:
    """Log every total that stands twice, within a file or in two files of one kind."""
    if batches:
        report_repeats(
            pd.concat([batch.data[list(batch.cell)] for batch in batches], ignore_index=True),
            [batch.table for batch in batches],
            log,
            rule=REPEATED_TOTAL,
            columns=[batch.column for batch in batches],
        )
