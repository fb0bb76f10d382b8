"""The index of all segments together, taken from a table of scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from clientindex.rating.degrees import take_degrees
from clientindex.results import ALL_SEGMENTS, INDEX

if TYPE_CHECKING:
    from clientindex.results import Scores

INDEX_COLUMNS = ("n", "estimate", "std_error", "df", "ci_low", "ci_high")


def take_index(scores: Scores) -> pd.DataFrame:
    """Return the index of all segments by centre.

    Returns
    -------
    DataFrame
        ``n``, ``estimate``, ``std_error``, ``df``, ``ci_low``, ``ci_high``, indexed by centre.
    """
    frame = scores.frame
    rows = ((frame["segment"] == ALL_SEGMENTS) & (frame["kind"] == INDEX)).to_numpy()
    columns = {
        name: take_degrees(frame) if name == "df" else frame[name].array for name in INDEX_COLUMNS
    }
    return pd.DataFrame(
        {name: values[rows] for name, values in columns.items()},
        index=pd.Index(frame["centre"].array[rows], name="centre"),
    )
