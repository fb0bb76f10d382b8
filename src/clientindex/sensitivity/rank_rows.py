"""Ranks of many rows of scores, and counts of them, compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.compiled import njit
from clientindex.errors import StatisticsError
from clientindex.rating.bands import TIE_DECIMALS

if TYPE_CHECKING:
    from numpy.typing import NDArray


def rank_rows(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """Rank each row, 1 = largest; the same as :func:`clientindex.rating.bands.rank_scores`, faster.

    Parameters
    ----------
    scores : ndarray of shape (B, C)
        Scores equal to 9 decimals share the smallest rank.

    Returns
    -------
    int64 ndarray of shape (B, C)

    Raises
    ------
    StatisticsError
        If a score is missing, or too large for 9 decimals of it and C to share 62 bits: beyond a
        million points for a thousand centres.

    Notes
    -----
    Score and place are packed in one whole number, so that sorting numbers is sorting centres.
    """
    bits = max(int(scores.shape[1] - 1).bit_length(), 1)
    scale = 10.0**TIE_DECIMALS
    # One more than the largest place would need, so that the sign has room.
    largest = np.abs(scores).max(initial=0.0)
    if not largest * scale < 2.0 ** (62 - bits):
        msg = f"scores up to {largest:g} cannot be ranked: one is missing or too large"
        raise StatisticsError(msg)
    keys = _pack(scores, scale, bits)
    keys.sort(axis=1)
    return np.asarray(_unpack(keys, bits))


@njit(nogil=True)
def _pack(scores: NDArray[np.float64], scale: float, bits: int) -> NDArray[np.int64]:
    keys = np.empty(scores.shape, dtype=np.int64)
    for row in range(scores.shape[0]):
        for c in range(scores.shape[1]):
            keys[row, c] = (-np.int64(np.rint(scores[row, c] * scale)) << bits) + c
    return keys


@njit(nogil=True)
def _unpack(keys: NDArray[np.int64], bits: int) -> NDArray[np.int64]:
    ranks = np.empty(keys.shape, dtype=np.int64)
    places = (np.int64(1) << bits) - 1
    for row in range(keys.shape[0]):
        rank = 1
        for at in range(keys.shape[1]):
            if at > 0 and keys[row, at] >> bits != keys[row, at - 1] >> bits:
                rank = at + 1
            ranks[row, keys[row, at] & places] = rank
    return ranks


@njit(nogil=True)
def add_places(counts: NDArray[np.int32], places: NDArray[np.int64], least: int) -> None:
    """Count in place, shape (C, P), how often each column of `places`, shape (B, C), has a value.

    Column p of the counts is of the value ``least + p``.
    """
    for row in range(len(places)):
        for column in range(places.shape[1]):
            counts[column, places[row, column] - least] += 1
