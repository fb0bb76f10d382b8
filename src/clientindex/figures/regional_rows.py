"""Rows of the regional profile that several figures take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import COUNTRY, INDEX

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.results.regional import RegionalProfile


def select_index(result: RegionalProfile, *, by: str, country: bool = False) -> pd.DataFrame:
    """Return the mean index of the regions, or of the country, that have one.

    Parameters
    ----------
    result : RegionalProfile
    by : {"centres", "visitors"}
    country : bool
    """
    frame = result.means
    chosen = (frame["key"] == INDEX) & (frame["by"] == by)
    whole = frame["region"] == COUNTRY
    return frame[chosen & (whole if country else ~whole) & frame["estimate"].notna()]
