"""A long frame laid out wide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence


def lay_wide(
    frame: pd.DataFrame,
    index: str,
    columns: str,
    values: Sequence[str],
    *,
    known: Sequence[str] = (),
) -> pd.DataFrame:
    """Put values of one key into a row, in the order in which keys stand first.

    Parameters
    ----------
    frame : DataFrame
        Every pair of `index` and `columns` stands at most once.
    index, columns : str
    values : sequence of str
    known : sequence of str, optional
        Keys of `columns` to lay out, also where no row has them; all that are found unless given.

    Returns
    -------
    DataFrame
        `index`, then ``<column>_<value>`` for every pair.
    """
    rows: dict[Any, dict[str, Any]] = {}
    for record in frame.to_dict("records"):
        row = rows.setdefault(record[index], {index: record[index]})
        row |= {f"{record[columns]}_{value}": record[value] for value in values}
    names = [index, *(f"{key}_{value}" for key in known for value in values)] if known else None
    return pd.DataFrame(list(rows.values()), columns=names)
