"""Read files of measures: numbers that centres report, one column an indicator or one row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.intake.log import Trouble
from clientindex.intake.raw import clean_text
from clientindex.intake.repeats import RepeatRule, report_repeats
from clientindex.intake.roles import CentreList, RoleFinder, find_centres
from clientindex.intake.unit_means import read_numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from clientindex.edition import MeasureSource
    from clientindex.intake.log import FaultLog
    from clientindex.intake.raw import RawTable, TextColumn
    from clientindex.methodology import Methodology

MEASURE_COLUMNS = ["centre", "indicator", "value", "std_error", "n"]
_CELL = ["centre", "indicator"]

REPEATED_MEASURE = RepeatRule(
    code="E-TOTALS-TWICE",
    allowed="one value for a centre and measure",
    advice="Delete the repeated row.",
)


class MeasureCollector:
    """Reads files of measures one after another and puts them together."""

    def __init__(self, methodology: Methodology, log: FaultLog) -> None:
        self._methodology = methodology
        self._log = log
        self._batches: list[tuple[pd.DataFrame, RawTable, str]] = []

    def read(self, finder: RoleFinder, source: MeasureSource, *, centres: CentreList) -> None:
        """Read one file and log its faults; cells without a value are left out."""
        centre = find_centres(finder, centres)
        ids = np.full(len(finder.table), "", object) if centre is None else centre.texts()
        read = _read_wide if source.layout == "wide" else _read_long
        rows = read(finder, source, self._methodology, ids)
        places = rows.pop("place").to_numpy(np.intp)
        table = finder.table.name_rows(finder.table.rows[places])
        self._batches.append((rows, table, finder.name_of("centre")))

    def combine(self) -> pd.DataFrame | None:
        """Return all values, sorted by centre and indicator; None without files."""
        if not self._batches:
            return None
        frames = [rows for rows, _, _ in self._batches]
        whole = pd.concat(frames, ignore_index=True)
        report_repeats(
            whole[_CELL],
            [table for _, table, _ in self._batches],
            self._log,
            rule=REPEATED_MEASURE,
            columns=[column for _, _, column in self._batches],
        )
        return whole.sort_values(_CELL, ignore_index=True)


def _read_wide(
    finder: RoleFinder, source: MeasureSource, methodology: Methodology, ids: NDArray[np.object_]
) -> pd.DataFrame:
    parts = [_frame([], [], [], [], [], [])]
    for key in methodology.measure_keys:
        name = source.indicators.get(key, key)
        listed = key in source.indicators or len(methodology.measure_keys) == 1
        column = finder.find_heading(name, needed=listed)
        if column is None:
            continue
        value = read_numbers(finder, column.blank_declared())
        error = _read_side(finder, source.std_errors.get(key), _check_errors)
        n = _read_side(finder, source.sizes.get(key), _check_sizes)
        given = np.flatnonzero(~np.isnan(value))
        keys = np.full(len(given), key, dtype=object)
        parts.append(_frame(ids[given], keys, value[given], error[given], n[given], given))
    return pd.concat(parts, ignore_index=True)


def _read_long(
    finder: RoleFinder, source: MeasureSource, methodology: Methodology, ids: NDArray[np.object_]
) -> pd.DataFrame:
    key = _find_keys(finder, source, methodology)
    column = finder.find("value", needed=True)
    none = np.full(len(finder.table), np.nan)
    value = none if column is None else read_numbers(finder, column)
    sides = [
        none if side is None else read(finder, side)
        for side, read in (
            (finder.find("std_error", needed=False), _check_errors),
            (finder.find("n", needed=False), _check_sizes),
        )
    ]
    given = np.flatnonzero(~np.isnan(value) & (key != ""))
    return _frame(ids[given], key[given], value[given], sides[0][given], sides[1][given], given)


def _find_keys(
    finder: RoleFinder, source: MeasureSource, methodology: Methodology
) -> NDArray[np.object_]:
    """Return the indicator key of every row, "" where faulty."""
    column = finder.find("indicator", needed=True)
    if column is None:
        return np.full(len(finder.table), "", dtype=object)
    names = {clean_text(source.indicators.get(k, k)): k for k in methodology.measure_keys}
    texts = column.texts()
    key = np.array([names.get(text, "") for text in texts], dtype=object)
    finder.log.add_rows(
        "E-INDICATOR",
        finder.table,
        column=column.name,
        at=key == "",
        describe=lambda row: Trouble(
            read=column.show(row),
            allowed="an indicator of kind measure of the methodology",
            advice="Correct the cell, give its name under 'indicators' in the edition, or delete "
            "the row.",
        ),
    )
    return key


def _read_side(
    finder: RoleFinder,
    name: str | None,
    read: Callable[[RoleFinder, TextColumn], NDArray[np.float64]],
) -> NDArray[np.float64]:
    """Return a column beside the values, NaN where there is none."""
    column = None if name is None else finder.find_heading(name)
    return np.full(len(finder.table), np.nan) if column is None else read(finder, column)


def _check_errors(finder: RoleFinder, column: TextColumn) -> NDArray[np.float64]:
    error = read_numbers(finder, column.blank_declared())
    finder.log.add_rows(
        "E-SD",
        finder.table,
        column=column.name,
        at=error < 0,
        describe=lambda row: Trouble(
            read=column.show(row),
            allowed="a standard error from 0, or an empty cell when it is unknown",
            advice="Correct the cell.",
        ),
    )
    return error


def _check_sizes(finder: RoleFinder, column: TextColumn) -> NDArray[np.float64]:
    n = read_numbers(finder, column.blank_declared())
    finder.log.add_rows(
        "E-N",
        finder.table,
        column=column.name,
        at=n < 0,
        describe=lambda row: Trouble(
            read=column.show(row),
            allowed="a number of cases from 0, or an empty cell when it is unknown",
            advice="Correct the cell.",
        ),
    )
    return n


def _frame(
    centre: Sequence[str] | NDArray[np.object_],
    indicator: Sequence[str] | NDArray[np.object_],
    value: Sequence[float] | NDArray[np.float64],
    std_error: Sequence[float] | NDArray[np.float64],
    n: Sequence[float] | NDArray[np.float64],
    place: Sequence[int] | NDArray[np.intp],
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "centre": pd.Series(centre, dtype="str"),
            "indicator": pd.Series(indicator, dtype="str"),
            "value": np.asarray(value, dtype=np.float64),
            "std_error": np.asarray(std_error, dtype=np.float64),
            "n": np.asarray(n, dtype=np.float64),
            "place": np.asarray(place, dtype=np.intp),
        }
    )
