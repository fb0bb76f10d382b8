"""Largest studentised difference of pairs of centres in every draw, compiled.

Pairs are walked over and never stored: for C centres and B draws, time grows with C² B and memory
with C B. Every number that is compared is the same in any order, so the maximum does not depend on
the number of threads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numba import njit

from clientindex.threads import get_threads, map_in_threads

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.rating.ranks.sampling import SamplingErrors

Result = TypeVar("Result")


def find_pair_maxima(
    scores: NDArray[np.float64],
    errors: SamplingErrors,
    *,
    limit: float,
) -> NDArray[np.float64]:
    """Find the largest studentised difference over all pairs that `limit` has not settled.

    Parameters
    ----------
    scores : ndarray of shape (C,)
    errors : SamplingErrors
    limit : float
        Of an earlier step; infinity settles nothing. Where ``score_j - score_k`` is above it, in
        standard errors, "j is not above k" is rejected and only "k is not above j" remains.

    Returns
    -------
    ndarray of shape (B,)
        Minus infinity where no difference has an error.
    """
    threads = min(get_threads(), errors.n)
    parts = [np.arange(errors.n)[t::threads] for t in range(threads)]

    def work(centres: NDArray[np.intp]) -> NDArray[np.float64]:
        maxima = np.full(errors.size, -np.inf)
        for centre in centres:
            _raise(errors, scores, int(centre), int(centre) + 1, limit, maxima)
        return maxima

    return np.asarray(np.max(map_in_threads(work, parts), axis=0))


def find_own_maxima(
    scores: NDArray[np.float64], errors: SamplingErrors, centre: int, *, limit: float
) -> NDArray[np.float64]:
    """Find the same over the pairs of one centre with every other."""
    maxima = np.full(errors.size, -np.inf)
    _raise(errors, scores, centre, 0, limit, maxima)
    return maxima


def count_settled(
    scores: NDArray[np.float64], errors: SamplingErrors, centre: int, *, limit: float
) -> tuple[int, int]:
    """Count the centres that are above and below one centre beyond `limit` standard errors.

    A difference without error is beyond any limit unless it is 0.

    Returns
    -------
    above, below : int
    """
    beyond = limit * errors.compute_pair_errors(centre)
    difference = scores - scores[centre]
    return int((difference > beyond).sum()), int((-difference > beyond).sum())


def _raise(
    errors: SamplingErrors,
    scores: NDArray[np.float64],
    centre: int,
    first: int,
    limit: float,
    maxima: NDArray[np.float64],
) -> None:
    pair_errors = errors.compute_pair_errors(centre)
    with np.errstate(divide="ignore"):
        weights = np.where(pair_errors > 0, 1 / pair_errors, 0.0)
    statistics = (scores[centre] - scores) * weights
    _raise_maxima(errors.draws, centre, first, weights, statistics, limit, maxima)


@njit(cache=True, nogil=True)
def _raise_maxima(
    draws: NDArray[np.float64],
    centre: int,
    first: int,
    weights: NDArray[np.float64],
    statistics: NDArray[np.float64],
    limit: float,
    maxima: NDArray[np.float64],
) -> None:
    own = draws[centre]
    for other in range(first, draws.shape[0]):
        weight = weights[other]
        if weight == 0.0:
            continue
        if statistics[other] > limit:
            weight = -weight
        row = draws[other]
        if abs(statistics[other]) > limit:
            for b in range(own.size):
                value = (own[b] - row[b]) * weight
                maxima[b] = max(maxima[b], value)
        else:
            for b in range(own.size):
                value = abs(own[b] - row[b]) * weight
                maxima[b] = max(maxima[b], value)
