r"""The largest weighted mean over weights that move within a band: a fractional knapsack.

Weights :math:`w` range over the slice of a box, :math:`(1-b) w_k \le w'_k \le (1+b) w_k` with
:math:`\sum w'_k = 1`. The largest :math:`\sum w'_k x_k` gives every value its least weight, then
fills up from the largest value down (Dantzig 1957): the linear programme is solved by one sort.

Missing values share their weight, so the mean is a ratio
:math:`\sum_P w'_k x_k / \sum_P w'_k` over what is present, P. For a given sum S of present weights
the numerator F(S) is the same knapsack, concave and linear between the sums at which one value is
full. On such a piece :math:`F(S)/S = c + a/S` is monotone, so the largest ratio is at a break or at
an end of the range that the missing weights leave to S: trying all of these is exact.

References
----------
Dantzig G. B. Discrete-variable extremum problems. Operations Research, 1957, 5(2), 266-277.
doi:10.1287/opre.5.2.266
Charnes A., Cooper W. W. Programming with linear fractional functionals. Naval Research Logistics
Quarterly, 1962, 9(3-4), 181-186. doi:10.1002/nav.3800090303
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def find_largest_weights(
    x: NDArray[np.float64],
    weights: NDArray[np.float64],
    *,
    band: NDArray[np.float64],
    rescaled: bool = False,
) -> NDArray[np.float64]:
    """Find the weights within the band that make each row's weighted mean largest.

    Parameters
    ----------
    x : ndarray of shape (N, K)
        NaN is missing and shares its weight; may be minus infinity.
    weights : ndarray of shape (K,)
        Stated ones: not negative, summing to 1. A weight of 0 stays 0.
    band : ndarray of shape (N,)
        Share b of the stated weight by which one may move, 0 to 1.
    rescaled : bool
        Weights are multiplied by factors between 1 - b and 1 + b and then re-scaled to sum to 1,
        instead of staying within the band; the sum S is then free.

    Returns
    -------
    ndarray of shape (N, K)
        Weights of what is present, summing to 1; 0 for missing values, and all 0 where nothing is
        present. For the smallest mean call with ``-x``.

    Notes
    -----
    The same weights make every mean that rises with its values largest where nothing is missing:
    above any threshold no other weights have more. Equal to ``scipy.optimize.linprog`` to 1e-9.

    Examples
    --------
    >>> import numpy as np
    >>> x, w = np.array([[10.0, 30.0, 20.0]]), np.full(3, 1 / 3)
    >>> find_largest_weights(x, w, band=np.array([0.3])).round(3).tolist()
    [[0.233, 0.433, 0.333]]
    """
    known = ~np.isnan(x) & (weights > 0)
    order = np.argsort(np.where(known, -x, np.inf), axis=-1, kind="stable")
    low, high = weights * (1 - band[:, None]), weights * (1 + band[:, None])
    sums = _list_sums(known, low, high, order, rescaled=rescaled)
    floor = np.take_along_axis(np.where(known, low, 0.0), order, axis=-1)
    width = np.take_along_axis(np.where(known, high - low, 0.0), order, axis=-1)
    before = np.cumsum(width, axis=-1) - width
    spare = sums - floor.sum(axis=-1, keepdims=True)
    # Shape (N, candidates, K): what every candidate sum gives to every value, largest value first.
    given = floor[:, None] + np.clip(spare[..., None] - before[:, None], 0.0, width[:, None])
    sorted_x = np.take_along_axis(np.where(known, x, 0.0), order, axis=-1)[:, None]
    total = given.sum(axis=-1)
    with np.errstate(invalid="ignore"):
        gain = np.where(given > 0, given * sorted_x, 0.0).sum(axis=-1)
    ratio = np.where(total > 0, gain / np.where(total > 0, total, 1.0), -np.inf)
    best = ratio.argmax(axis=-1)[:, None]
    chosen = np.take_along_axis(given, best[..., None], axis=1)[:, 0]
    share = chosen / np.where(chosen.sum(axis=-1) > 0, chosen.sum(axis=-1), 1.0)[:, None]
    found = np.zeros_like(share)
    np.put_along_axis(found, order, share, axis=-1)
    return found


def _list_sums(
    known: NDArray[np.bool_],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    order: NDArray[np.intp],
    *,
    rescaled: bool,
) -> NDArray[np.float64]:
    """Return sums of present weights among which the best one is, shape (N, candidates)."""
    if not rescaled and known.all():
        return np.ones((len(known), 1))
    floor = np.where(known, low, 0.0).sum(axis=-1, keepdims=True)
    width = np.take_along_axis(np.where(known, high - low, 0.0), order, axis=-1)
    breaks = np.concatenate([floor, floor + np.cumsum(width, axis=-1)], axis=-1)
    if rescaled:
        return breaks
    least = 1 - np.where(known, 0.0, high).sum(axis=-1, keepdims=True)
    most = 1 - np.where(known, 0.0, low).sum(axis=-1, keepdims=True)
    bottom, top = np.maximum(least, floor), np.minimum(most, breaks[:, -1:])
    return np.asarray(np.clip(breaks, bottom, top))


def sum_weighted(x: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return weighted sums of rows; what has no weight is not looked at, and NaN without any."""
    with np.errstate(invalid="ignore"):
        total = np.where(weights > 0, weights * x, 0.0).sum(axis=-1)
    return np.where((weights > 0).any(axis=-1), total, np.nan)
