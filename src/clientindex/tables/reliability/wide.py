"""Several coefficients beside each other, each with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex.tables.columns import make_column, make_interval
from clientindex.tables.spec import clean_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from clientindex.tables.spec import Column, Value
    from clientindex.wording import Wording


def make_pair(key: str, wording: Wording, *, level: float, digits: int) -> tuple[Column, Column]:
    """Make the column of a number and that of its interval."""
    head = make_column(key, wording, kind="number", digits=digits)
    ends = make_interval(f"{key}_ci", wording, level=level, digits=digits, of=head.header)
    return head, ends


def collect_pairs(
    frame: pd.DataFrame, keys: Sequence[str], order: Sequence[Any], statistics: Sequence[str]
) -> dict[Any, tuple[Value, ...]]:
    """Return estimate and interval of several statistics for every key that has one of them.

    Parameters
    ----------
    frame : DataFrame
        `keys`, ``statistic``, ``estimate``, ``ci_low``, ``ci_high``.
    keys : sequence of str
        Columns that make a row.
    order : sequence
        Wanted rows in order; tuples where there are several columns.
    statistics : sequence of str
        Columns in order.
    """
    known: Mapping[Any, Mapping[Any, Any]] = {
        (*_tuple(row, keys), row["statistic"]): row for row in frame.to_dict("records")
    }
    found = {}
    for wanted in order:
        label = wanted if isinstance(wanted, tuple) else (wanted,)
        rows = [known.get((*label, statistic)) for statistic in statistics]
        if any(row is not None for row in rows):
            found[wanted] = tuple(value for row in rows for value in _show(row))
    return found


def _tuple(row: Mapping[Any, Any], keys: Sequence[str]) -> tuple[Any, ...]:
    return tuple(row[key] for key in keys)


def _show(row: Mapping[Any, Any] | None) -> tuple[Value, Value]:
    if row is None:
        return None, None
    return clean_value(row["estimate"]), clean_value((row["ci_low"], row["ci_high"]))
