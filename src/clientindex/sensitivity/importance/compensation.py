r"""How much one group's loss is made up by others.

The index is the sum of its groups' contributions :math:`c_g` (derivative times score), so its
distance from the mean index is the sum of :math:`d_g = c_g - \bar c_g`. A group with
:math:`d_g < 0` loses points; others with :math:`d_h > 0` give points back.

References
----------
Munda G., Nardo M. Noncompensatory/nonlinear composite indicators for ranking countries: a
defensible setting. Applied Economics, 2009, 41(12), 1513-1523. doi:10.1080/00036840601019364
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAME = 1e-9
"""Points of contribution below which a centre neither loses nor gains: rounding."""


def compute_substitution(derivative: NDArray[np.float64]) -> NDArray[np.float64]:
    r"""Compute marginal rates of substitution.

    Parameters
    ----------
    derivative : ndarray of shape (C, G)
        Of the index by the groups.

    Returns
    -------
    ndarray of shape (C, G, G)
        Points of group h (last axis) that make up for one point lost in group g,
        :math:`(\partial I / \partial g) / (\partial I / \partial h)`. NaN where the centre has not
        both groups, or h does not move the index.
    """
    used = np.where(derivative > 0, derivative, np.nan)
    return np.asarray(used[:, :, None] / used[:, None, :])


def compute_made_up(
    contribution: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Compute the share of the points lost in a group that others give back.

    Parameters
    ----------
    contribution : ndarray of shape (C, G)
    weights : ndarray of shape (R, C)
        How often each centre counts.

    Returns
    -------
    by_one : ndarray of shape (R, G, G)
        :math:`\sum w \min(l_g, \max(d_h, 0)) / \sum w\, l_g` over the centres with a loss
        :math:`l_g = -d_g > 0`: what group h alone could give back. NaN on the diagonal, and where
        no centre loses.
    by_all : ndarray of shape (R, G)
        The same with the sum of all other groups in place of :math:`d_h`.
    """
    n_groups = contribution.shape[1]
    by_one = np.empty((len(weights), n_groups, n_groups))
    by_all = np.empty((len(weights), n_groups))
    for row, weight in enumerate(weights):
        # A resample may hold none of the centres that have all contributions.
        total = weight.sum() or np.nan
        difference = contribution - weight @ contribution / total
        loss = np.where(difference < -SAME, -difference, 0.0)
        gain = np.maximum(difference, 0.0)
        others = np.maximum(difference.sum(axis=1, keepdims=True) - difference, 0.0)
        lost = weight @ loss
        divisor = np.where(lost > 0, lost, np.nan)
        back = np.minimum(loss[:, :, None], gain[:, None, :]).reshape(len(weight), -1)
        by_one[row] = (weight @ back).reshape(n_groups, n_groups) / divisor[:, None]
        by_all[row] = weight @ np.minimum(loss, others) / divisor
    by_one[:, np.arange(n_groups), np.arange(n_groups)] = np.nan
    return by_one, by_all


def compute_compensated(
    groups: NDArray[np.float64],
    index: NDArray[np.float64],
    weights: NDArray[np.float64],
    *,
    quantile: float,
) -> NDArray[np.float64]:
    """Compute the share of centres weak in a group whose index is at the median or above.

    Parameters
    ----------
    groups : ndarray of shape (C, G)
        NaN is missing.
    index : ndarray of shape (C,)
    weights : ndarray of shape (R, C)
    quantile : float
        A centre is weak whose group score is at this quantile or below.

    Returns
    -------
    ndarray of shape (R, G)
        Both quantiles are those under the weights. NaN where no centre has the group.
    """
    high = index >= find_quantile(index, weights, quantile=0.5)[:, None]
    share = np.full((len(weights), groups.shape[1]), np.nan)
    for column, score in enumerate(groups.T):
        known = np.isfinite(score)
        if not known.any():
            continue
        own = weights[:, known]
        weak = own * (score[known] <= find_quantile(score[known], own, quantile=quantile)[:, None])
        total = weak.sum(axis=1)
        back = (weak * high[:, known]).sum(axis=1)
        share[:, column] = np.where(total > 0, back / np.where(total > 0, total, 1.0), np.nan)
    return share


def find_quantile(
    values: NDArray[np.float64], weights: NDArray[np.float64], *, quantile: float
) -> NDArray[np.float64]:
    """Return the least value with the share of weight at or below it reached, shape (R,)."""
    order = np.argsort(values, kind="stable")
    running = np.cumsum(weights[:, order], axis=1)
    reached = running >= quantile * running[:, -1:] * (1 - 1e-12)
    return np.asarray(values[order][np.argmax(reached, axis=1)])
