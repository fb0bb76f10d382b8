"""Rotation criteria with their gradients, for stacks of loadings.

A criterion takes loadings of shape (B, K, F) and returns its B values with the gradient of the same
shape as the loadings. Small is simple. All agree with the ``vgQ`` functions of R ``GPArotation``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from clientindex.factors.rotation.target import Target

Value = tuple[NDArray[np.float64], NDArray[np.float64]]
Criterion = Callable[[NDArray[np.float64]], Value]

GEOMIN_DELTA = 0.01
"""Added to squared loadings so that geomin is differentiable (Browne 2001; GPArotation, Mplus)."""


def oblimin(loadings: NDArray[np.float64]) -> Value:
    """Compute quartimin, which is oblimin with gamma 0: ``sum_i sum_{r != s} l_ir^2 l_is^2 / 4``.

    References
    ----------
    Jennrich R. I. A simple general method for oblique rotation. Psychometrika, 2002, 67(1), 7-19.
    doi:10.1007/BF02294706
    """
    squares = loadings**2
    others = squares.sum(axis=-1, keepdims=True) - squares
    return np.einsum("bkf,bkf->b", squares, others) / 4, loadings * others


def geomin(loadings: NDArray[np.float64]) -> Value:
    """Compute geomin: the sum over indicators of ``(prod_f (l_if^2 + delta))^(1/F)``.

    References
    ----------
    Browne M. W. An overview of analytic rotation in exploratory factor analysis. Multivariate
    Behavioral Research, 2001, 36(1), 111-150. doi:10.1207/S15327906MBR3601_05
    """
    shifted = loadings**2 + GEOMIN_DELTA
    means = np.exp(np.log(shifted).mean(axis=-1))
    gradient = 2 / loadings.shape[-1] * loadings / shifted * means[..., None]
    return means.sum(axis=-1), gradient


def bifactor(loadings: NDArray[np.float64]) -> Value:
    """Compute bi-quartimin: ``sum_i sum_{r != s} l_ir^2 l_is^2`` over all factors but the first.

    The first factor is the general one and costs nothing.

    References
    ----------
    Jennrich R. I., Bentler P. M. Exploratory bi-factor analysis. Psychometrika, 2011, 76(4),
    537-549. doi:10.1007/s11336-011-9218-4
    """
    values, inner = oblimin(loadings[..., 1:])
    gradient = np.zeros_like(loadings)
    gradient[..., 1:] = 4 * inner
    return 4 * values, gradient


def varimax(loadings: NDArray[np.float64]) -> Value:
    """Compute varimax turned to be small: less the variance of the squares in every column.

    ``-sum_f sum_i (l_if^2 - mean_f)^2 / 4``. Kaiser's normalisation of rows is the caller's.

    References
    ----------
    Kaiser H. F. The varimax criterion for analytic rotation in factor analysis. Psychometrika,
    1958, 23(3), 187-200. doi:10.1007/BF02289233
    """
    centred = loadings**2 - (loadings**2).mean(axis=-2, keepdims=True)
    return -np.einsum("bkf,bkf->b", centred, centred) / 4, -loadings * centred


@dataclass(frozen=True, slots=True, eq=False)
class TargetCriterion:
    """Partially specified target: ``sum (l_if - t_if)^2`` over specified elements.

    References
    ----------
    Browne M. W. Orthogonal rotation to a partially specified target. British Journal of
    Mathematical and Statistical Psychology, 1972, 25(1), 115-120.
    doi:10.1111/j.2044-8317.1972.tb00482.x
    """

    target: Target

    def __call__(self, loadings: NDArray[np.float64]) -> Value:
        """Compute the values and the gradient."""
        misses = np.where(self.target.specified, loadings - self.target.values, 0.0)
        return np.einsum("bkf,bkf->b", misses, misses), 2 * misses
