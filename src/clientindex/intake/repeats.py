"""Find what stands twice though it may stand once, within a file and across files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.intake.log import FaultLog, Trouble

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from clientindex.intake.raw import RawTable


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatRule:
    """What may not repeat, and what to do when it does."""

    code: str
    allowed: str
    advice: str


def find_first(keys: pd.DataFrame) -> NDArray[np.intp]:
    """Return for every row the position of the first row with equal keys, shape (N,).

    Examples
    --------
    >>> import pandas as pd
    >>> find_first(pd.DataFrame({"a": ["x", "y", "x"]})).tolist()
    [0, 1, 0]
    """
    group = keys.groupby(list(keys.columns), sort=False, dropna=False).ngroup().to_numpy()
    _, first = np.unique(group, return_index=True)
    return np.asarray(first[group], dtype=np.intp)


def report_repeats(
    keys: pd.DataFrame,
    tables: Sequence[RawTable],
    log: FaultLog,
    *,
    rule: RepeatRule,
    columns: Sequence[str],
) -> None:
    """Log every row whose keys stood before, once a row of the file.

    Parameters
    ----------
    keys : DataFrame of shape (N, ...)
        Rows of all tables, one below the other; a row with an empty key other than ``period`` is
        not compared.
    tables : sequence of RawTable
        Where they come from, N rows together.
    log : FaultLog
    rule : RepeatRule
    columns : sequence of str
        For every table the heading to blame.
    """
    first = find_first(keys)
    repeated = (first != np.arange(len(keys))) & _is_complete(keys)
    start = 0
    for table, column in zip(tables, columns, strict=True):
        here = slice(start, start + len(table))

        def describe(row: int, start: int = start) -> Trouble:
            text = ", ".join(str(part) for part in keys.iloc[start + row] if part != "")
            read = f"{text}; it stands already in {_name_place(tables, int(first[start + row]))}"
            return Trouble(read=read, allowed=rule.allowed, advice=rule.advice)

        at = np.flatnonzero(repeated[here])
        _, once = np.unique(table.rows[at], return_index=True)
        log.add_rows(rule.code, table, column=column, at=at[np.sort(once)], describe=describe)
        start = here.stop


def _is_complete(keys: pd.DataFrame) -> NDArray[np.bool_]:
    filled = keys.drop(columns="period", errors="ignore") != ""
    return np.asarray(filled.all(axis=1), dtype=bool)


def _name_place(tables: Sequence[RawTable], position: int) -> str:
    """Return file and row of a position in tables put one below the other."""
    for table in tables:
        if position < len(table):
            return f"{table.file}, row {int(table.rows[position])}"
        position -= len(table)
    raise IndexError(position)
