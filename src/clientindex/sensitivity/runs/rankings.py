"""Ranks of many runs at once, with the ties of :func:`clientindex.rating.bands.rank_scores`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from clientindex.errors import StatisticsError
from clientindex.rating.bands import TIE_DECIMALS

if TYPE_CHECKING:
    from numpy.typing import NDArray


def rank_runs(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """Rank the scores of every run, 1 = largest; ties share the smallest rank.

    Parameters
    ----------
    scores : ndarray of shape (R, C)
        Without NaN.

    Returns
    -------
    int64 ndarray of shape (R, C)

    Raises
    ------
    StatisticsError
        If scores are too large for `TIE_DECIMALS` decimals of them and C to share 62 bits: beyond
        a million points for a thousand centres.

    Notes
    -----
    Score and place are packed in one whole number, so that sorting numbers is sorting centres.
    """
    bits = max(int(scores.shape[1] - 1).bit_length(), 1)
    scale = 10.0**TIE_DECIMALS
    # One more than the largest place would need, so that the sign has room.
    if scores.size and np.abs(scores).max() * scale >= 2.0 ** (62 - bits):
        msg = f"scores up to {np.abs(scores).max():g} are too large to be ranked together"
        raise StatisticsError(msg)
    keys = _pack(scores, scale, bits)
    keys.sort(axis=1)
    return np.asarray(_unpack(keys, bits))


@njit(cache=True, nogil=True)
def _pack(
    scores: NDArray[np.float64], scale: float, bits: int
) -> NDArray[np.int64]:  # pragma: no cover - compiled
    keys = np.empty(scores.shape, dtype=np.int64)
    for run in range(scores.shape[0]):
        for c in range(scores.shape[1]):
            keys[run, c] = (-np.int64(np.rint(scores[run, c] * scale)) << bits) + c
    return keys


@njit(cache=True, nogil=True)
def _unpack(keys: NDArray[np.int64], bits: int) -> NDArray[np.int64]:  # pragma: no cover - compiled
    ranks = np.empty(keys.shape, dtype=np.int64)
    places = (np.int64(1) << bits) - 1
    for run in range(keys.shape[0]):
        rank = 1
        for at in range(keys.shape[1]):
            if at > 0 and keys[run, at] >> bits != keys[run, at - 1] >> bits:
                rank = at + 1
            ranks[run, keys[run, at] & places] = rank
    return ranks
