"""Largest studentised difference of pairs of centres in every draw, compiled.

Pairs are walked over and never stored: for C centres and B draws, time grows with C² B and memory
with C B. Every number that is compared is the same in any order, so the maximum does not depend on
the number of threads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.compiled import njit
from clientindex.threads import map_in_threads

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.rating.ranks.sampling import SamplingErrors

BLOCK = 16
"""Centres that meet every other one together, so that a row of draws is read once for all."""

CHUNK = 512
"""Draws of a centre that stay in the cache meanwhile."""

LANES = 16
"""Maxima that are raised side by side, as processors do several at once."""


def find_maxima(errors: SamplingErrors) -> NDArray[np.float64]:
    """Find the largest studentised difference of each centre from every other, in every draw.

    Returns
    -------
    ndarray of shape (C, B)
        Minus infinity where no difference of the centre has an error.
    """

    def work(first: int) -> NDArray[np.float64]:
        block = range(first, min(first + BLOCK, errors.n))
        weights = np.stack([_weigh(errors, centre) for centre in block])
        maxima = np.full((len(block), errors.size), -np.inf)
        _raise_block(errors.draws, first, weights, maxima)
        return maxima

    return np.concatenate(map_in_threads(work, range(0, errors.n, BLOCK)))


def find_left_maxima(
    scores: NDArray[np.float64],
    errors: SamplingErrors,
    draws: NDArray[np.float64],
    chosen: NDArray[np.intp],
    centre: int,
    *,
    limit: float,
    first: int = 0,
) -> NDArray[np.float64]:
    """Find the same for one centre in some draws, over what `limit` has not settled.

    Parameters
    ----------
    scores : ndarray of shape (C,)
    errors : SamplingErrors
    draws : ndarray of shape (B, C)
        Those of the errors, one row a draw.
    chosen : int ndarray of shape (M,)
        Which draws.
    centre : int
    limit : float
        Of an earlier step. Where ``score_j - score_k`` is above it, in standard errors, "j is not
        above k" is rejected and only "k is not above j" remains.
    first : int
        The first of the others, up to the centre.

    Returns
    -------
    ndarray of shape (M,)
        From 0: what is below it is told as 0.
    """
    weights = _weigh(errors, centre)
    statistics = (scores[centre] - scores) * weights
    above = np.where(statistics > limit, 0.0, weights)
    below = np.where(statistics < -limit, 0.0, weights)
    maxima = np.empty(len(chosen))
    _raise_rows(draws[:, first:], chosen, centre - first, (above[first:], below[first:]), maxima)
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


def _weigh(errors: SamplingErrors, centre: int) -> NDArray[np.float64]:
    """Return 1 / standard error of the difference from every centre, 0 where there is none."""
    pair_errors = errors.compute_pair_errors(centre)
    with np.errstate(divide="ignore"):
        return np.where(pair_errors > 0, 1 / pair_errors, 0.0)


@njit(nogil=True)
def _raise_block(
    draws: NDArray[np.float64],
    first: int,
    weights: NDArray[np.float64],
    maxima: NDArray[np.float64],
) -> None:  # pragma: no cover - compiled
    """Raise maxima of consecutive centres by their differences from all."""
    for start in range(0, draws.shape[1], CHUNK):
        stop = min(start + CHUNK, draws.shape[1])
        for other in range(len(draws)):
            row = draws[other, start:stop]
            for place in range(len(weights)):
                weight = weights[place, other]
                if weight == 0.0:
                    continue
                own, top = draws[first + place, start:stop], maxima[place, start:stop]
                for b in range(stop - start):
                    top[b] = max(top[b], abs(own[b] - row[b]) * weight)


@njit(nogil=True)
def _raise_rows(
    draws: NDArray[np.float64],
    chosen: NDArray[np.intp],
    centre: int,
    weights: tuple[NDArray[np.float64], NDArray[np.float64]],
    maxima: NDArray[np.float64],
) -> None:  # pragma: no cover - compiled
    """Find maxima of one centre. `weights`: of it being above and below; 0 leaves that out."""
    above, below = weights
    n = draws.shape[1]
    lanes = np.empty(LANES)
    for m in range(len(chosen)):
        row = draws[chosen[m]]
        lanes[:] = 0.0
        for start in range(0, n - n % LANES, LANES):
            for lane in range(LANES):
                k = start + lane
                difference = row[centre] - row[k]
                value = max(difference * above[k], -difference * below[k])
                lanes[lane] = max(lanes[lane], value)
        for k in range(n - n % LANES, n):
            difference = row[centre] - row[k]
            lanes[0] = max(lanes[0], difference * above[k], -difference * below[k])
        maxima[m] = lanes.max()
