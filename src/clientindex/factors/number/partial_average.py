"""Velicer's minimum average partial correlation (MAP), original and revised."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALLEST_LEFT = 1e-10
"""Share of an indicator's variance that must be left to speak of its partial correlations."""

POWERS = (2, 4)
"""Of the original rule and of the revised one, which finds small factors more often."""


def compute_partial_averages(r: NDArray[np.float64]) -> dict[int, NDArray[np.float64]]:
    """Compute average powers of partial correlations after 0 ... K - 2 components.

    ``C_m = R - A_m A_m'`` with the first m components ``A_m``, rescaled to correlations; the
    average runs over the pairs. Power 2 agrees with R ``psych::vss`` to 1e-9. After K - 1
    components every partial correlation is 1 or -1, so that is left out.

    Parameters
    ----------
    r : ndarray of shape (B, K, K)
        Positive definite.

    Returns
    -------
    dict of int to ndarray of shape (B, K - 1)
        For each of :data:`POWERS`. Position m holds the average after m components; NaN where an
        indicator is used up.

    References
    ----------
    Velicer W. F. Determining the number of components from the matrix of partial correlations.
    Psychometrika, 1976, 41(3), 321-327. doi:10.1007/BF02293557
    Velicer W. F., Eaton C. A., Fava J. L. Construct explication through factor or component
    analysis. In: Problems and Solutions in Human Assessment, Kluwer, 2000, 41-71.
    """
    n_items = r.shape[1]
    values, vectors = np.linalg.eigh(r)
    first, second = np.triu_indices(n_items, 1)
    left = r.copy()
    averages = {power: np.full((len(r), n_items - 1), np.nan) for power in POWERS}
    for m in range(n_items - 1):
        if m:
            vector = vectors[:, :, -m]
            left -= values[:, -m, None, None] * vector[:, :, None] * vector[:, None, :]
        variance = np.diagonal(left, axis1=1, axis2=2)
        scale = np.where(variance > SMALLEST_LEFT, variance, np.nan)
        partial2 = left[:, first, second] ** 2 / (scale[:, first] * scale[:, second])
        for power in POWERS:
            averages[power][:, m] = np.mean(partial2 ** (power // 2), axis=1)
    return averages


def choose_smallest(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the position of the smallest defined value, shape (B,); of equal ones the first.

    NaN where fewer than two values are defined: then there is nothing to choose.
    """
    defined = np.isfinite(values)
    position = np.where(defined, values, np.inf).argmin(axis=1)
    return np.where(defined.sum(axis=1) >= 2, position, np.nan)
