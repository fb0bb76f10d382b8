"""Frames of estimates told as one tidy table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from clientindex.results.base import ALL_SEGMENTS, make_tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NUMBERS = ("estimate", "std_error", "ci_low", "ci_high")


def tidy_frame(
    frame: pd.DataFrame,
    *,
    subject: str | Sequence[str],
    statistic: str | Sequence[str],
    value: str = "estimate",
    fixed: bool = False,
    **columns: Any,
) -> pd.DataFrame:
    """Tell a frame of estimates as a tidy table.

    Parameters
    ----------
    frame : DataFrame
        The column `value`, and ``std_error``, ``ci_low`` and ``ci_high`` where there are any.
    subject : str or sequence of str
        Column, or columns joined by "/", that say what a row speaks of.
    statistic : str or sequence of str
        The same for the statistic; with `fixed` the statistic itself.
    **columns
        Other tidy columns: one value for all rows, or one value a row.
    """
    numbers = {
        name: frame[value if name == "estimate" else name].to_numpy(float)
        for name in _NUMBERS
        if name == "estimate" or (name in frame and value == "estimate")
    }
    told = statistic if fixed else _join(frame, statistic)
    return make_tidy(
        {
            "segment": ALL_SEGMENTS,
            "subject": _join(frame, subject),
            "statistic": told,
            **numbers,
            **columns,
        }
    )


def stack_tidy(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Stack tidy tables; those without rows are left out."""
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else make_tidy({})


def _join(frame: pd.DataFrame, columns: str | Sequence[str]) -> Any:
    if isinstance(columns, str):
        return frame[columns].to_numpy()
    texts = [frame[column].astype(str) for column in columns]
    joined = texts[0]
    for text in texts[1:]:
        joined = joined + "/" + text
    return joined.to_numpy()
