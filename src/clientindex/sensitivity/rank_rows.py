"""Ranks of many rows of scores, and counts of them, compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from clientindex.rating.bands import settle

if TYPE_CHECKING:
    from numpy.typing import NDArray


def rank_rows(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """Rank each row, 1 = largest; the same as :func:`clientindex.rating.bands.rank_scores`, faster.

    Parameters
    ----------
    scores : ndarray of shape (B, C)
        Without NaN. Scores equal to 9 decimals share the smallest rank.

    Returns
    -------
    int64 ndarray of shape (B, C)
    """
    settled = -settle(scores)
    ranks = np.empty(settled.shape, dtype=np.int64)
    _place_ranks(settled, np.argsort(settled, axis=-1), ranks)
    return ranks


@njit(cache=True, nogil=True)
def _place_ranks(
    settled: NDArray[np.float64], order: NDArray[np.intp], ranks: NDArray[np.int64]
) -> None:
    for row in range(len(order)):
        rank = 1
        for place in range(order.shape[1]):
            at = order[row, place]
            if place > 0 and settled[row, at] != settled[row, order[row, place - 1]]:
                rank = place + 1
            ranks[row, at] = rank


@njit(cache=True, nogil=True)
def add_places(counts: NDArray[np.int32], places: NDArray[np.int64], least: int) -> None:
    """Count in place, shape (C, P), how often each column of `places`, shape (B, C), has a value.

    Column p of the counts is of the value ``least + p``.
    """
    for row in range(len(places)):
        for column in range(places.shape[1]):
            counts[column, places[row, column] - least] += 1
