"""Scores of centres as the sources that look at them take them; weights level by level."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.sensitivity.weight_sources.weighting import Weighting

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Weigh = Callable[[NDArray[np.float64]], NDArray[np.float64]]

FEWEST_ROWS = 2


def check_values(values: ArrayLike) -> NDArray[np.float64]:
    """Return the complete rows.

    Raises
    ------
    StatisticsError
        If there are fewer than two, or a value is infinite.
    """
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2 or not table.shape[1]:
        msg = f"scores must be a table of centres by indicators, got shape {table.shape}"
        raise StatisticsError(msg)
    kept = table[~np.isnan(table).any(axis=1)]
    if len(kept) < FEWEST_ROWS:
        msg = f"{len(kept)} of {len(table)} centres have all scores; weights need two or more"
        raise StatisticsError(msg)
    if not np.isfinite(kept).all():
        msg = "scores must be finite"
        raise StatisticsError(msg)
    return kept


def weigh_levels(weigh: Weigh, values: ArrayLike, *, group_of: ArrayLike) -> Weighting:
    """Weigh indicators inside their groups, then groups by the scores that follow.

    Parameters
    ----------
    weigh : function
        From scores of shape (C, n) to n weights that sum to 1. A group of one is not asked.
    values : array_like of shape (C, K)
        Indicator scores; rows with NaN are left out at both levels.
    group_of : array_like of shape (K,)

    Raises
    ------
    StatisticsError
        As `weigh` does, naming the group (from 0).

    Notes
    -----
    So a group weighs by what it shows as a whole, not by how many indicators it holds.
    """
    known, places = check_values(values), np.asarray(group_of, dtype=np.intp)
    n_groups = int(places.max()) + 1
    inner = np.ones(len(places))
    for group in range(n_groups):
        own = np.flatnonzero(places == group)
        if len(own) > 1:
            inner[own] = _weigh_one(weigh, known[:, own], f"group {group} (from 0)")
    scores = np.stack([known[:, places == g] @ inner[places == g] for g in range(n_groups)], axis=1)
    outer = np.ones(1) if n_groups == 1 else _weigh_one(weigh, scores, "groups")
    return Weighting.of_raw(inner, outer, group_of=places)


def _weigh_one(weigh: Weigh, values: NDArray[np.float64], name: str) -> NDArray[np.float64]:
    try:
        return weigh(values)
    except StatisticsError as error:
        msg = f"{name}: {error}"
        raise StatisticsError(msg) from None
