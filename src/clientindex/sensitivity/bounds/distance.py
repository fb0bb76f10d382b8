"""The smallest sum of absolute changes of weights that moves a weighted sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def find_smallest_l1(
    x: NDArray[np.float64], weights: NDArray[np.float64], *, fall: NDArray[np.float64]
) -> NDArray[np.float64]:
    r"""Find the smallest change of weights after which weighted sums are lower by some amount.

    Parameters
    ----------
    x : ndarray of shape (N, K)
        Values; for a rise call with ``-x``.
    weights : ndarray of shape (N, K)
        Not negative, summing to 1 in each row. What weighs 0 is not looked at and gets no weight.
    fall : ndarray of shape (N,)
        Wanted; 0 or less is there already.

    Returns
    -------
    ndarray of shape (N,)
        :math:`\sum_k |w'_k - w_k|` over new weights that are not negative and sum to 1: 0 to 2. NaN
        where no weights at all are enough.

    Notes
    -----
    The change is weight taken from some values and given to others, and costs twice what is moved.
    A unit taken from :math:`x_k` lowers the sum by no more than :math:`x_k - \min x`, so all is
    given to the least value and taken from the largest first: the greedy solution of this linear
    programme. Equal to ``scipy.optimize.linprog`` to 1e-9.
    """
    used = weights > 0
    least = np.where(used, x, np.inf).min(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore"):
        drop = np.where(used, x - least, 0.0)
    order = np.argsort(-drop, axis=-1, kind="stable")
    drop = np.take_along_axis(drop, order, axis=-1)
    mass = np.take_along_axis(np.where(used, weights, 0.0), order, axis=-1)
    reached = np.cumsum(drop * mass, axis=-1)
    wanted = fall[:, None]
    missing = np.clip(wanted - (reached - drop * mass), 0.0, drop * mass)
    moved = np.where(drop > 0, missing / np.where(drop > 0, drop, 1.0), 0.0).sum(axis=-1)
    room = 1e-12 * np.maximum(np.abs(fall), 1.0)
    return np.where(reached[:, -1] + room >= fall, 2 * moved, np.nan)
