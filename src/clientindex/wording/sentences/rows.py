"""Rows of a frame as plain mappings, and the interval of a row in words."""

from __future__ import annotations

import math
from numbers import Real
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.wording.words import Wording

Row = dict[str, Any]

_ENDS = ("ci_low", "ci_high")


def list_rows(frame: pd.DataFrame) -> list[Row]:
    """Return the rows in order; names of columns become text."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def say_interval(row: Row, level: float, *, wording: Wording, digits: int = 1) -> str:
    """Write the interval of a row with its level, or say that it has no upper end, or is none."""
    if math.isnan(row["ci_low"]) or math.isnan(row["ci_high"]):
        return wording.text("sentence.interval.none")
    if math.isinf(row["ci_high"]):
        low = wording.number(row["ci_low"], digits)
        return wording.text("sentence.interval_open.high", low=low, level=wording.percent(level))
    ends = wording.interval(row["ci_low"], row["ci_high"], digits)
    return wording.text("sentence.interval.some", level=wording.percent(level), interval=ends)


def find_row(frame: pd.DataFrame, **labels: str) -> Row | None:
    """Return the first row with these labels and an estimate, None where there is none."""
    for row in list_rows(frame):
        if all(row[name] == label for name, label in labels.items()) and is_known(row):
            return row
    return None


def is_known(row: Row, name: str = "estimate") -> bool:
    """Return whether a number of a row is there."""
    value = row[name]
    return isinstance(value, Real) and math.isfinite(value)


def is_above(row: Row, limit: float = 0.0) -> bool:
    """Return whether the whole interval of a row lies above a limit."""
    return is_known(row, "ci_low") and row["ci_low"] > limit


def is_below(row: Row, limit: float = 0.0) -> bool:
    """Return whether the whole interval of a row lies below a limit."""
    return is_known(row, "ci_high") and row["ci_high"] < limit


def say_percents(row: Row, level: float, *, wording: Wording, digits: int = 0) -> str:
    """Write the interval of a share in per cent."""
    ends = {name: 100 * row[name] for name in _ENDS}
    return say_interval(ends, level, wording=wording, digits=digits)
