"""Columns that many tables share, with their headings from the wording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.tables.spec import Column

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.tables.spec import Kind
    from clientindex.wording import Wording


def make_column(
    key: str, wording: Wording, *, kind: Kind = "text", digits: int = 0, **values: str
) -> Column:
    """Make a column whose heading is the text ``column.<key>``."""
    header = wording.text(f"column.{key}", **values)
    return Column(key=key, header=header, kind=kind, digits=digits)


def make_star_column(key: str, values: pd.Series[float], wording: Wording) -> Column:
    """Make a column of stars: whole numbers, or one decimal where halves are among them."""
    if (values.dropna() % 1 == 0).all():
        return make_column(key, wording, kind="integer")
    return make_column(key, wording, kind="number", digits=1)


def make_interval(
    key: str, wording: Wording, *, level: float, digits: int = 1, of: str = ""
) -> Column:
    """Make a column of intervals.

    Parameters
    ----------
    key : str
        Name in machine-readable files; ``_low`` and ``_high`` are added there.
    wording : Wording
    level : float
        Level of the intervals, shown in the heading.
    digits : int
    of : str
        What the interval belongs to, where a table has several; headings in files of data must
        differ, in documents each stands beside its estimate.
    """
    shown = wording.percent(level)
    what = f"{of}: " if of else ""
    return Column(
        key=key,
        header=wording.text("column.interval", level=shown),
        kind="interval",
        digits=digits,
        low_header=what + wording.text("column.interval_low", level=shown),
        high_header=what + wording.text("column.interval_high", level=shown),
    )
