"""The star rule on plain numbers: half-open bands, their probabilities, and ranks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from clientindex.methodology import StarBand

TIE_DECIMALS = 9
"""Scores equal to this many decimals are the same score, for bands and for ranks: a weighted sum
such as 0.2 * 80 * 5 may miss 80 by 1e-14, far below what answers of 1 to 5 can differ by."""


def settle(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return scores with the noise of floating-point sums removed (see `TIE_DECIMALS`)."""
    return np.round(scores, TIE_DECIMALS)


def find_stars(scores: NDArray[np.float64], bands: Sequence[StarBand]) -> NDArray[np.int64]:
    """Return the stars of scores: a band holds its lower end and not its upper end.

    The first and the last band extend to the ends of the scale, both ends included.

    Parameters
    ----------
    scores : ndarray
        Points 0-100 without NaN.
    bands : sequence of StarBand
        Contiguous and rising, as the methodology guarantees.

    Returns
    -------
    int64 ndarray of the same shape
    """
    cuts = settle(np.array([band.lower for band in bands[1:]]))
    stars = np.array([band.stars for band in bands], dtype=np.int64)
    return stars[np.searchsorted(cuts, settle(scores), side="right")]


def compute_level_probability(
    scores: NDArray[np.float64],
    std_errors: NDArray[np.float64],
    *,
    levels: NDArray[np.int64],
    cuts: NDArray[np.float64],
    limits: NDArray[np.int64] | None = None,
    df: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Compute the probability that the true score gives the centre this level.

    ``F((upper - score) / se) - F((lower - score) / se)``, where the first level reaches down to
    minus infinity and the last up to plus infinity, so that the probabilities of all levels sum to
    1. Without sampling error (se = 0) it is 1 for the level of the score, else 0.

    Parameters
    ----------
    scores, std_errors : ndarray of shape (C,)
    levels : int64 ndarray of shape (C,)
        1 to K, caps included.
    cuts : ndarray of shape (K - 1,) or (C, K - 1)
        Taken for known.
    limits : int64 ndarray of shape (C,), optional
        Highest level of each centre by caps: it is reached by all higher scores too.
    df : ndarray of shape (C,), optional
        Degrees of freedom of the standard errors: Student's t is then in place of the normal
        distribution.

    Returns
    -------
    ndarray of shape (C,)
        NaN where the standard error is.
    """
    rows = np.broadcast_to(cuts, (len(scores), np.shape(cuts)[-1]))
    ends = np.full((len(scores), 1), np.inf)
    bounds = np.concatenate([-ends, rows, ends], axis=1)
    at = np.arange(len(scores))
    above, below = bounds[at, levels], bounds[at, levels - 1]
    if limits is not None:
        above = np.where(levels >= limits, np.inf, above)
    with np.errstate(divide="ignore", invalid="ignore"):
        upper = (above - scores) / std_errors
        lower = (below - scores) / std_errors
    degrees = np.full(len(scores), np.inf) if df is None else df
    probability = stdtr(degrees, upper) - stdtr(degrees, lower)
    settled = settle(scores)
    certain = ((settle(below) <= settled) & (settled < settle(above))).astype(np.float64)
    return np.asarray(np.where(std_errors == 0, certain, probability))


def rank_scores(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """Rank scores, 1 = largest; scores equal to `TIE_DECIMALS` decimals share the smallest rank.

    Parameters
    ----------
    scores : ndarray of shape (..., C)
        Ranked along the last axis.

    Returns
    -------
    int64 ndarray of the same shape
    """
    falling = -settle(scores)
    order = np.argsort(falling, axis=-1)
    ordered = np.take_along_axis(falling, order, axis=-1)
    place = np.zeros(falling.shape, dtype=np.int64)
    is_other = ordered[..., 1:] != ordered[..., :-1]
    place[..., 1:] = np.where(is_other, np.arange(1, falling.shape[-1]), 0)
    ranks = np.empty_like(place)
    np.put_along_axis(ranks, order, 1 + np.maximum.accumulate(place, axis=-1), axis=-1)
    return ranks
