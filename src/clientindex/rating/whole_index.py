"""The index of all segments together, taken from a table of scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.rating.degrees import take_degrees
from clientindex.results import ALL_SEGMENTS, INDEX

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.results import Scores

INDEX_COLUMNS = ("n", "estimate", "std_error", "df", "ci_low", "ci_high")


def take_index(scores: Scores) -> pd.DataFrame:
    """Return the index of all segments by centre.

    Returns
    -------
    DataFrame
        ``n``, ``estimate``, ``std_error``, ``df``, ``ci_low``, ``ci_high``, indexed by centre.
    """
    frame = scores.frame.assign(df=take_degrees(scores.frame))
    whole = frame[(frame["segment"] == ALL_SEGMENTS) & (frame["kind"] == INDEX)]
    return whole.set_index("centre")[[*INDEX_COLUMNS]]
