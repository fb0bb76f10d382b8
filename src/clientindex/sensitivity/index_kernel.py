"""The index of many centres under many weightings, compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.compiled import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray


def compute_index(
    mean: NDArray[np.float64],
    used: NDArray[np.bool_],
    *,
    group_of: NDArray[np.intp],
    groups: NDArray[np.bool_],
    segment: NDArray[np.float64],
    inner: NDArray[np.float64],
    outer: NDArray[np.float64],
) -> NDArray[np.float64]:
    r"""Compute weighted means of weighted means of indicators that are there.

    Parameters
    ----------
    mean : ndarray of shape (C, S, K)
        Without NaN.
    used : bool ndarray of shape (C, S, K)
        Indicators that have a say.
    group_of : int ndarray of shape (K,)
        Rising.
    groups : bool ndarray of shape (C, S, G)
        Groups that have a say.
    segment : ndarray of shape (C, S)
        Share of each segment.
    inner : ndarray of shape (B, K)
    outer : ndarray of shape (B, G)

    Returns
    -------
    ndarray of shape (B, C)

    Notes
    -----
    :math:`\sum_s q_s \sum_g v_g (\sum_k w_k m_k / \sum_k w_k) / \sum_g v_g` over what has a say.
    Centres of which everything is there are averaged over segments first, since the other sums are
    1 whatever the weights.
    """
    lacks = (segment > 0) & ~(used.all(axis=-1) & groups.all(axis=-1))
    whole = ~lacks.any(axis=1)
    effective = inner * outer[:, group_of]
    starts = np.flatnonzero(np.diff(group_of, prepend=-1))
    totals = np.add.reduceat(inner, starts, axis=1)
    scale = np.where(totals > 0, totals, 1.0) * outer.sum(axis=1, keepdims=True)
    effective /= scale[:, group_of]
    index = np.empty((len(inner), len(mean)))
    averaged = (segment[whole, :, None] * mean[whole]).sum(axis=1)
    _fill_whole(np.ascontiguousarray(averaged.T), effective, np.flatnonzero(whole), index)
    rest = np.flatnonzero(~whole)
    _fill_rest(
        mean[rest], used[rest], group_of, groups[rest], segment[rest], inner, outer, rest, index
    )
    return index


@njit(nogil=True)
def _fill_whole(
    averaged: NDArray[np.float64],
    effective: NDArray[np.float64],
    rows: NDArray[np.intp],
    index: NDArray[np.float64],
) -> None:
    """Weigh averages of shape (K, C) that have no gaps."""
    total = np.empty(len(rows))
    for draw in range(len(effective)):
        total[:] = 0.0
        for item in range(len(averaged)):
            weight = effective[draw, item]
            for place in range(len(rows)):
                total[place] += weight * averaged[item, place]
        for place in range(len(rows)):
            index[draw, rows[place]] = total[place]


@njit(nogil=True)
def _fill_rest(
    mean: NDArray[np.float64],
    used: NDArray[np.bool_],
    group_of: NDArray[np.intp],
    groups: NDArray[np.bool_],
    segment: NDArray[np.float64],
    inner: NDArray[np.float64],
    outer: NDArray[np.float64],
    rows: NDArray[np.intp],
    index: NDArray[np.float64],
) -> None:
    """Weigh values with gaps, one centre, segment and group at a time."""
    n_items = len(group_of)
    for draw in range(len(inner)):
        for place in range(len(rows)):
            value = 0.0
            for part in range(segment.shape[1]):
                if segment[place, part] == 0.0:
                    continue
                total = weight_total = 0.0
                item = 0
                while item < n_items:
                    group = group_of[item]
                    score = share = 0.0
                    while item < n_items and group_of[item] == group:
                        if used[place, part, item]:
                            score += inner[draw, item] * mean[place, part, item]
                            share += inner[draw, item]
                        item += 1
                    if groups[place, part, group]:
                        if share > 0.0:
                            total += outer[draw, group] * (score / share)
                        weight_total += outer[draw, group]
                if weight_total > 0.0:
                    value += segment[place, part] * (total / weight_total)
            index[draw, rows[place]] = value
