"""Intervals of functions of a model's parameters by the delta method."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.factors.confirmatory.implied import fill_matrices
from clientindex.factors.confirmatory.layout import lay_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from clientindex.factors.confirmatory.fit import ConfirmatoryFit, GroupMatrices

STEP = 1e-6


def propagate(
    fit: ConfirmatoryFit, compute: Callable[[GroupMatrices], NDArray[np.float64]], z: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return estimates of functions of a model's matrices with their intervals.

    Standard errors follow from the covariance of the free parameters (cluster-robust where the
    estimator is) and central differences.

    Parameters
    ----------
    fit : ConfirmatoryFit
        Of one group.
    compute : callable
        From the matrices of the model to an array.
    z : float
        Normal quantile of the interval.

    Returns
    -------
    estimate, low, high : ndarray
        Flat.
    """
    layout = lay_out(fit.spec)

    def at(free: NDArray[np.float64]) -> NDArray[np.float64]:
        matrices = fill_matrices(layout, layout.expand(free), fit.moments[0], 0)
        return compute(matrices).ravel()

    centre = at(fit.free)
    slopes = np.empty((len(centre), len(fit.free)))
    for position in range(len(fit.free)):
        step = np.zeros(len(fit.free))
        step[position] = STEP
        slopes[:, position] = (at(fit.free + step) - at(fit.free - step)) / (2 * STEP)
    variance = np.einsum("ij,jk,ik->i", slopes, fit.covariance, slopes)
    half = z * np.sqrt(np.clip(variance, 0, None))
    return centre, centre - half, centre + half
