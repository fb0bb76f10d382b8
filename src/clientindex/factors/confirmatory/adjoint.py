"""Derivatives of a function of implied moments by all parameters, without those of the moments.

Where only its gradient is wanted, derivatives by means and covariances are carried back through the
model by a few matrix products; the derivatives of every moment by every parameter
(:func:`clientindex.factors.confirmatory.implied.differentiate`) would be contracted with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.factors.confirmatory.group_places import find_group_places
from clientindex.factors.confirmatory.implied import sum_effects

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.confirmatory.fit import GroupMatrices
    from clientindex.factors.confirmatory.layout import Layout


def carry_back(
    layout: Layout,
    matrices: GroupMatrices,
    group: int,
    *,
    by_mean: NDArray[np.float64],
    by_covariance: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return derivatives of a function by all parameters; zero for those of other groups.

    Leading axes, which all arrays may have, are kept.

    Parameters
    ----------
    layout : Layout
        Of continuous indicators.
    matrices : GroupMatrices
    group : int
    by_mean : ndarray of shape (..., P)
        Derivatives of the function by implied means.
    by_covariance : ndarray of shape (..., P, P)
        By implied covariances; symmetric, so that both cells of a pair share what is its.

    Returns
    -------
    ndarray of shape (..., number of parameters)
    """
    m, places = matrices, find_group_places(layout, group)
    total = sum_effects(m.regressions)
    reach = m.loadings @ total
    turned_spread = reach @ m.factor_covariances @ total.swapaxes(-1, -2)
    shift = (total @ m.factor_means[..., None])[..., 0]
    by_factor = (by_mean[..., None, :] @ reach)[..., 0, :]
    pulled = by_covariance @ reach
    found = np.zeros((*by_mean.shape[:-1], len(places.own)))
    for name, (at, row, column) in places.cells.items():
        if name == "loading":
            slope = 2 * (by_covariance @ turned_spread) + _multiply_outer(by_mean, shift)
            found[..., at] = slope[..., row, column]
        elif name == "factor":
            slope = reach.swapaxes(-1, -2) @ pulled
            found[..., at] = slope[..., row, column] * np.where(row == column, 1, 2)
        elif name == "regression":
            slope = 2 * (pulled.swapaxes(-1, -2) @ turned_spread)
            found[..., at] = (slope + _multiply_outer(by_factor, shift))[..., row, column]
        elif name == "residual":
            found[..., at] = by_covariance[..., row, column] * np.where(row == column, 1, 2)
        elif name == "intercept":
            found[..., at] = by_mean[..., row]
        elif name == "mean":
            found[..., at] = by_factor[..., row]
    derivatives = np.zeros((*by_mean.shape[:-1], len(layout.places)))
    derivatives[..., places.own] = found
    return derivatives


def _multiply_outer(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    return first[..., :, None] * second[..., None, :]
