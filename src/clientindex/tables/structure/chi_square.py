"""Columns of chi-square tests: degrees of freedom, and p values or the word for none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.tables.columns import make_column
from clientindex.tables.spec import Column

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.wording import Wording


def make_df_column(wording: Wording) -> Column:
    """Make a column of degrees of freedom with a short heading."""
    return Column(key="df", header=wording.text("column.df_short"), kind="integer")


def make_p_column(wording: Wording, *, uninformative: bool, key: str = "p") -> Column:
    """Make a column of p values, or of the word that says that they tell nothing."""
    return make_column(key, wording, kind="text" if uninformative else "p_value")


def tell_p(values: pd.Series, *, uninformative: bool, wording: Wording) -> list[object]:
    """Return p values, or the word that says that they tell nothing."""
    if not uninformative:
        return list(values)
    return [wording.text("uninformative.word")] * len(values)
