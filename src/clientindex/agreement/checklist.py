"""Group scores of centres from what their own staff ticked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.methodology.model import SCORE_MAX

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.intake.tables import IntakeTables
    from clientindex.methodology import Methodology

COLUMNS = ["centre", "group", "points"]


def compute_checklist_scores(tables: IntakeTables, methodology: Methodology) -> pd.DataFrame | None:
    """Return checklist scores of centres and groups, or None without any checklist.

    Ready group scores of a second source are averaged over periods. Items are scored yes = 100,
    no = 0; an indicator is the mean of its applicable items, and a group the mean of the indicators
    with an applicable item, by the methodology's weights re-scaled to sum to 1.

    Parameters
    ----------
    tables : IntakeTables
    methodology : Methodology

    Returns
    -------
    DataFrame or None
        ``centre``, ``group``, ``points`` (0-100). Groups without any applicable item have no row.
    """
    if tables.checklist_items is not None:
        return _score_items(tables.checklist_items, methodology)
    if tables.checklist_scores is not None:
        delivered = tables.checklist_scores.dropna(subset="points")
        return delivered.groupby(["centre", "group"])[["points"]].mean().reset_index()[COLUMNS]
    return None


def _score_items(items: pd.DataFrame, methodology: Methodology) -> pd.DataFrame:
    applicable = items.dropna(subset="answer")
    means = applicable.groupby(["centre", "indicator"])["answer"].mean().reset_index()
    weights = {k: w for group in methodology.groups for k, w in group.indicators.items()}
    group_of = {k: group.key for group in methodology.groups for k in group.indicators}
    means["group"] = means["indicator"].map(group_of)
    means["weight"] = means["indicator"].map(weights).astype(float)
    means["part"] = SCORE_MAX * means["answer"] * means["weight"]
    sums = means.groupby(["centre", "group"])[["part", "weight"]].sum().reset_index()
    sums = sums[sums["weight"] > 0]
    return sums.assign(points=sums["part"] / sums["weight"])[COLUMNS]
