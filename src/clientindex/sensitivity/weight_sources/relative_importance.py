r"""Relative importance in a regression: what each indicator adds to the explained variance.

Indicators that go together share what they explain, and their order in the regression decides who
is credited. The measure of Lindeman, Merenda and Gold takes the mean over all orders, which is the
Shapley value of the game whose worth is :math:`R^2`. Groups of indicators come first: Owen's value
takes the mean over all orders in which the indicators of a group stand together, so the indicators
of a group sum to the importance of the group as a block.

References
----------
Lindeman R. H., Merenda P. F., Gold R. Z. Introduction to bivariate and multivariate analysis.
Scott, Foresman, 1980.
Gromping U. Relative importance for linear regression in R: the package relaimpo. Journal of
Statistical Software, 2006, 17(1), 1-27. doi:10.18637/jss.v017.i01
Owen G. Values of games with a priori unions. In: Mathematical economics and game theory. Springer,
1977, 76-88. doi:10.1007/978-3-642-45494-3_7
"""

from __future__ import annotations

from math import factorial
from typing import TYPE_CHECKING

import numpy as np

from clientindex.compiled import njit
from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

LARGEST = 12
"""Most groups, and most indicators of one group: 2^11 x 2^12 regressions are eight million."""

SINGULAR = 1e-10
"""An indicator of which less than this share of variance is its own follows from the others."""


def compute_relative_importance(
    covariance: ArrayLike, *, group_of: ArrayLike
) -> NDArray[np.float64]:
    """Share out the explained variance of an outcome among indicators in groups.

    Parameters
    ----------
    covariance : array_like of shape (..., K + 1, K + 1)
        Of K indicators, in the order of their groups, and the outcome, which comes last.
    group_of : array_like of shape (K,)
        Group of each indicator, from 0, not falling. One group, or a group each, gives the plain
        measure of Lindeman, Merenda and Gold.

    Returns
    -------
    ndarray of shape (..., K)
        Parts of the variance that all indicators explain (R-squared): from 0, sum to it. NaN where
        the covariance is not defined or an indicator follows from others.

    Raises
    ------
    StatisticsError
        If there are more than 12 groups or indicators in a group, or groups are out of order.

    Notes
    -----
    Importance is a part of explained variance, and not the slope of the regression: an indicator
    with a slope of 0 has importance where it goes with one that matters.

    Examples
    --------
    >>> s = np.array([[1.0, 0.0, 0.6], [0.0, 1.0, 0.3], [0.6, 0.3, 1.0]])
    >>> compute_relative_importance(s, group_of=[0, 1]).round(3).tolist()
    [0.36, 0.09]
    """
    s = np.asarray(covariance, dtype=np.float64)
    places = np.asarray(group_of, dtype=np.intp)
    sizes = _check(s, places)
    stack = np.ascontiguousarray(s.reshape(-1, *s.shape[-2:]))
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
    found = np.zeros((len(stack), len(places)))
    _add_owen(stack, starts, sizes, _share_orders(len(sizes)), _share_orders_of(sizes), found)
    return found.reshape(*s.shape[:-2], len(places))


def _check(s: NDArray[np.float64], places: NDArray[np.intp]) -> NDArray[np.int64]:
    if s.ndim < 2 or s.shape[-1] != s.shape[-2] or s.shape[-1] != len(places) + 1:
        msg = f"{len(places)} indicators and an outcome need as many covariances, got {s.shape}"
        raise StatisticsError(msg)
    if not len(places) or places[0] != 0 or not np.isin(np.diff(places), (0, 1)).all():
        msg = "indicators must stand in the order of their groups, which are numbered from 0"
        raise StatisticsError(msg)
    sizes = np.bincount(places).astype(np.int64)
    if len(sizes) > LARGEST or sizes.max() > LARGEST:
        msg = (
            f"{len(sizes)} groups of up to {sizes.max()} indicators: importance is computed "
            f"exactly for {LARGEST} at most"
        )
        raise StatisticsError(msg)
    return sizes


def _share_orders(n: int) -> NDArray[np.float64]:
    """Return the share of orders of n in which given m come before a given one, by m."""
    return np.array([factorial(m) * factorial(n - 1 - m) / factorial(n) for m in range(n)])


def _share_orders_of(sizes: NDArray[np.int64]) -> NDArray[np.float64]:
    shares = np.zeros((len(sizes), int(sizes.max())))
    for row, size in enumerate(sizes):
        shares[row, :size] = _share_orders(int(size))
    return shares


@njit(nogil=True)
def _add_owen(
    stack: NDArray[np.float64],
    starts: NDArray[np.int64],
    sizes: NDArray[np.int64],
    outer: NDArray[np.float64],
    inner: NDArray[np.float64],
    found: NDArray[np.float64],
) -> None:
    """Add what each indicator adds, over all sets of groups and of its own group before it."""
    n_groups, n_items = len(starts), found.shape[1]
    chosen = np.empty(n_items, dtype=np.int64)
    root = np.empty((n_items, n_items + 1))
    worth = np.empty(1 << sizes.max())
    for b in range(len(stack)):
        for g in range(n_groups):
            for before in range(1 << (n_groups - 1)):
                n_before, n_chosen, bit = 0, 0, 0
                for other in range(n_groups):
                    if other == g:
                        continue
                    if before >> bit & 1:
                        n_before += 1
                        for item in range(starts[other], starts[other] + sizes[other]):
                            chosen[n_chosen] = item
                            n_chosen += 1
                    bit += 1
                base = _explain(stack[b], chosen, 0, n_chosen, root)
                for own in range(1 << sizes[g]):
                    n_all = n_chosen
                    for place in range(sizes[g]):
                        if own >> place & 1:
                            chosen[n_all] = starts[g] + place
                            n_all += 1
                    worth[own] = base + _explain(stack[b], chosen, n_chosen, n_all, root)
                for own in range(1 << sizes[g]):
                    n_own = 0
                    for place in range(sizes[g]):
                        n_own += own >> place & 1
                    for place in range(sizes[g]):
                        if not own >> place & 1:
                            gain = worth[own | 1 << place] - worth[own]
                            share = outer[n_before] * inner[g, n_own]
                            found[b, starts[g] + place] += share * gain


@njit(nogil=True)
def _explain(
    s: NDArray[np.float64],
    chosen: NDArray[np.int64],
    first: int,
    last: int,
    root: NDArray[np.float64],
) -> float:
    """Return the share of the outcome's variance that chosen[first:last] add to those before.

    Rows of Cholesky's root up to `first` stand in `root` already; its last column is the outcome.
    """
    outcome = len(s) - 1
    added = 0.0
    for row in range(first, last):
        item = chosen[row]
        rest, cross = s[item, item], s[item, outcome]
        for column in range(row):
            value = s[item, chosen[column]]
            for k in range(column):
                value -= root[row, k] * root[column, k]
            value /= root[column, column]
            root[row, column] = value
            rest -= value * value
            cross -= value * root[column, outcome]
        if not rest > SINGULAR * s[item, item]:
            return np.nan
        root[row, row] = np.sqrt(rest)
        root[row, outcome] = cross / root[row, row]
        added += root[row, outcome] ** 2
    return float(added / s[outcome, outcome])
