"""Scores of centres from what their own staff ticked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.methodology.model import SCORE_MAX

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.methodology import Methodology


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChecklistScores:
    """Checklists of C centres.

    Attributes
    ----------
    scores : ndarray of shape (C, 1 + G + K)
        Index, groups and indicators, points 0-100; NaN where nothing applies.
    items : ndarray of shape (C, I)
        Answers (1 yes, 0 no; their mean over periods), NaN where not applicable or absent; no
        columns where ready scores were delivered.
    item_of : int ndarray of shape (I,)
        Position of each item's indicator.
    filled : bool ndarray of shape (C,)
        Centres with any row of a period that counts.
    other_period : bool ndarray of shape (C,)
        Centres with rows of other periods only.
    other_periods : tuple of str of length C
        Those periods, separated by spaces.
    """

    scores: NDArray[np.float64]
    items: NDArray[np.float64]
    item_of: NDArray[np.intp]
    filled: NDArray[np.bool_]
    other_period: NDArray[np.bool_]
    other_periods: tuple[str, ...]


def score_checklists(
    items: pd.DataFrame | None,
    scores: pd.DataFrame | None,
    methodology: Methodology,
    *,
    centres: tuple[str, ...],
    periods: tuple[str, ...],
) -> ChecklistScores | None:
    """Score checklists, or return None where there are none.

    Items are scored yes = 100, no = 0, and averaged over periods; an indicator is the mean of its
    applicable items, a group the mean of its indicators with an applicable item by the
    methodology's weights re-scaled to sum to 1, the index that of the groups by theirs. A group
    without any applicable item leaves no index where the methodology refuses missing groups. Ready
    group scores of a second source are averaged over periods.

    Parameters
    ----------
    items, scores : DataFrame or None
        As intake has them; one of them or none.
    methodology : Methodology
    centres : tuple of str
        Order of the rows; other centres are passed over.
    periods : tuple of str
        Periods that count; empty lets all count. Rows without a period always do.
    """
    table = items if items is not None else scores
    if table is None:
        return None
    at = pd.Index(centres).get_indexer(pd.Index(table["centre"]))
    counts = np.ones(len(table), dtype=bool)
    if any(periods):
        counts = table["period"].isin([*periods, ""]).to_numpy()
    used = counts & (at >= 0)
    answers, owners = _arrange_items(
        None if items is None else items[used], at[used], methodology, n_centres=len(centres)
    )
    if items is not None:
        indicators = _average_items(answers, owners, len(methodology.indicator_keys))
        groups = _average_groups(indicators, methodology)
    else:
        indicators = np.full((len(centres), len(methodology.indicator_keys)), np.nan)
        groups = _arrange_scores(table[used], at[used], methodology, n_centres=len(centres))
    index = _average_index(groups, methodology)
    filled = np.zeros(len(centres), dtype=bool)
    filled[at[used]] = True
    others = _name_other_periods(table, at, counts, len(centres))
    return ChecklistScores(
        scores=np.column_stack([index, groups, indicators]),
        items=answers,
        item_of=owners,
        filled=filled,
        other_period=np.array([bool(text) for text in others]) & ~filled,
        other_periods=others,
    )


def _arrange_items(
    items: pd.DataFrame | None,
    at: NDArray[np.intp],
    methodology: Methodology,
    *,
    n_centres: int,
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return answers by centre and item, averaged over periods, and the indicator of each item."""
    if items is None:
        return np.empty((n_centres, 0)), np.empty(0, dtype=np.intp)
    keys = [
        (place, item.key)
        for place, key in enumerate(methodology.indicator_keys)
        for item in methodology.indicator(key).checklist
    ]
    column = pd.Index([key for _, key in keys]).get_indexer(pd.Index(items["item"]))
    sums = np.zeros((n_centres, len(keys)))
    given = np.zeros((n_centres, len(keys)))
    answer = items["answer"].to_numpy(float)
    known = np.isfinite(answer) & (column >= 0)
    np.add.at(sums, (at[known], column[known]), answer[known])
    np.add.at(given, (at[known], column[known]), 1)
    answers = np.full(sums.shape, np.nan)
    np.divide(sums, given, out=answers, where=given > 0)
    return answers, np.array([place for place, _ in keys], dtype=np.intp)


def _average_items(
    answers: NDArray[np.float64], owners: NDArray[np.intp], n_indicators: int
) -> NDArray[np.float64]:
    """Return the points of every indicator, shape (C, K)."""
    member = (owners[:, None] == np.arange(n_indicators)).astype(np.float64)
    given = np.isfinite(answers).astype(np.float64) @ member
    sums = np.nan_to_num(answers) @ member
    points = np.full(sums.shape, np.nan)
    np.divide(SCORE_MAX * sums, given, out=points, where=given > 0)
    return points


def _average_groups(
    indicators: NDArray[np.float64], methodology: Methodology
) -> NDArray[np.float64]:
    """Return the points of every group, shape (C, G)."""
    weights = np.zeros((indicators.shape[1], len(methodology.groups)))
    for place, group in enumerate(methodology.groups):
        for key, weight in group.indicators.items():
            weights[methodology.indicator_keys.index(key), place] = weight
    return _average(indicators, weights)


def _average_index(groups: NDArray[np.float64], methodology: Methodology) -> NDArray[np.float64]:
    """Return the points of the index, shape (C,)."""
    weights = np.array([group.weight for group in methodology.groups])
    index = _average(groups, weights[:, None])[:, 0]
    if methodology.scoring.missing_group == "refuse":
        index[~np.isfinite(groups[:, weights > 0]).all(axis=1)] = np.nan
    return index


def _average(values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return weighted means over what is there, NaN where nothing of a positive weight is."""
    total = np.isfinite(values).astype(np.float64) @ weights
    mean = np.full(total.shape, np.nan)
    np.divide(np.nan_to_num(values) @ weights, total, out=mean, where=total > 0)
    return mean


def _arrange_scores(
    scores: pd.DataFrame, at: NDArray[np.intp], methodology: Methodology, *, n_centres: int
) -> NDArray[np.float64]:
    """Return ready group scores averaged over periods, shape (C, G)."""
    delivered = scores.assign(at=at).dropna(subset="points")
    means = delivered.groupby(["at", "group"])["points"].mean().reset_index()
    column = pd.Index(methodology.group_keys).get_indexer(pd.Index(means["group"]))
    points = np.full((n_centres, len(methodology.groups)), np.nan)
    points[means["at"], column] = means["points"]
    return points


def _name_other_periods(
    table: pd.DataFrame, at: NDArray[np.intp], counts: NDArray[np.bool_], n_centres: int
) -> tuple[str, ...]:
    """Return the periods that do not count, for every centre."""
    found: dict[int, set[str]] = {}
    outside = ~counts & (at >= 0)
    for place, period in zip(at[outside], table.loc[outside, "period"], strict=True):
        found.setdefault(int(place), set()).add(str(period))
    return tuple(" ".join(sorted(found.get(place, set()))) for place in range(n_centres))
