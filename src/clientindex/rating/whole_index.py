"""The index of all segments together, taken from a table of scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import ALL_SEGMENTS, INDEX

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.results import Scores


def take_index(scores: Scores) -> pd.DataFrame:
    """Return the index of all segments by centre: ``estimate``, ``std_error``, ``n``."""
    frame = scores.frame
    whole = frame[(frame["segment"] == ALL_SEGMENTS) & (frame["kind"] == INDEX)]
    return whole.set_index("centre")[["estimate", "std_error", "n"]]
