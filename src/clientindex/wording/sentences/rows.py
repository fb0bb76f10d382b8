"""Rows of a frame as plain mappings, and the interval of a row in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.wording.words import Wording

Row = dict[str, Any]


def list_rows(frame: pd.DataFrame) -> list[Row]:
    """Return the rows in order; names of columns become text."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def say_interval(row: Row, level: float, *, wording: Wording, digits: int = 1) -> str:
    """Write the interval of a row with its level, or say that there is none."""
    if math.isnan(row["ci_low"]) or math.isnan(row["ci_high"]):
        return wording.text("sentence.interval.none")
    ends = wording.interval(row["ci_low"], row["ci_high"], digits)
    return wording.text("sentence.interval.some", level=wording.percent(level), interval=ends)
