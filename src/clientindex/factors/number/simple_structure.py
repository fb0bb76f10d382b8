"""Very simple structure (VSS): how well loadings reproduce correlations when most are dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def compute_simple_fits(
    r: NDArray[np.float64], fits: Sequence[NDArray[np.float64]], *, complexity: int
) -> NDArray[np.float64]:
    """Compute the fit of loadings of which each row keeps its `complexity` largest.

    ``1 - sum_{i != j} (r_ij - s_i s_j')^2 / sum_{i != j} r_ij^2``, S the simplified loadings.
    The sums leave the diagonal out, as Revelle and Rocklin do. R ``psych::vss`` means to by
    default, but its ``diagonal = FALSE`` takes the ones of the diagonal in and ``diagonal = TRUE``
    leaves them out. This agrees with ``psych::vss(diagonal = TRUE)`` to 5e-4 up to the true number
    of factors, and to 1e-4 for any number when R takes varimax to its maximum: psych's stops before
    it, which with superfluous factors changes the loadings that are kept. With fewer factors than
    `complexity` nothing is dropped (psych writes 0).

    Parameters
    ----------
    r : ndarray of shape (B, K, K)
    fits : sequence of ndarrays of shape (B, K, F)
        Varimax loadings of 1, 2, ... factors.
    complexity : int

    Returns
    -------
    ndarray of shape (B, number of fits)
        NaN where a fit is not defined or there is no correlation.

    References
    ----------
    Revelle W., Rocklin T. Very simple structure: an alternative procedure for estimating the
    optimal number of interpretable factors. Multivariate Behavioral Research, 1979, 14(4), 403-414.
    doi:10.1207/s15327906mbr1404_2
    """
    first, second = np.triu_indices(r.shape[1], 1)
    observed = r[:, first, second]
    found = np.full((len(r), len(fits)), np.nan)
    for column, loadings in enumerate(fits):
        kept = _keep_largest(loadings, complexity)
        implied = np.sum(kept[:, first] * kept[:, second], axis=2)
        with np.errstate(invalid="ignore", divide="ignore"):
            lost = np.sum((observed - implied) ** 2, axis=1) / np.sum(observed**2, axis=1)
        found[:, column] = np.where(np.isfinite(lost), 1 - lost, np.nan)
    return found


def choose_best(fits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the number of factors of the best defined fit, shape (B,); of equal ones the fewest.

    NaN with fewer than two defined fits.
    """
    defined = np.isfinite(fits)
    if fits.shape[1] < 2:
        return np.full(len(fits), np.nan)
    position = np.where(defined, fits, -np.inf).argmax(axis=1)
    return np.where(defined.sum(axis=1) >= 2, position + 1.0, np.nan)


def _keep_largest(loadings: NDArray[np.float64], complexity: int) -> NDArray[np.float64]:
    """Return loadings with all but the largest of each row set to 0."""
    order = np.argsort(-np.abs(loadings), axis=2, kind="stable")
    kept = np.zeros_like(loadings)
    largest = order[:, :, :complexity]
    np.put_along_axis(kept, largest, np.take_along_axis(loadings, largest, axis=2), axis=2)
    return kept
