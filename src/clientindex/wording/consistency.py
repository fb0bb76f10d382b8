"""Rows of internal consistency that sentences, tables and figures share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.results import Consistency


def pick(result: Consistency, *statistics: str) -> pd.DataFrame:
    """Return the rows of coefficients with bootstrap intervals, of everybody and of segments."""
    frame = result.frame
    chosen = frame["statistic"].isin(statistics) & (frame["method"] == "bootstrap")
    return frame[chosen & frame["kind"].isin(["all", "segment"])]


def pick_alpha(result: Consistency) -> pd.DataFrame:
    """Return alpha of everybody and of segments, with ``mean_inter_item``."""
    keys = ["part", "group"]
    alpha = pick(result, "alpha").reset_index(drop=True)
    mean = pick(result, "mean_inter_item").set_index(keys)["estimate"].rename("mean_inter_item")
    return alpha.join(mean, on=keys)
