"""How each indicator goes together with its group, from covariances of keyed answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.reliability.coefficients import compute_cronbach
from clientindex.reliability.coefficients.alpha import SUM_VARIANCE_FLOOR

if TYPE_CHECKING:
    from numpy.typing import NDArray

RELATIONS = (
    "item_total",
    "item_total_standardised",
    "item_total_corrected",
    "item_rest",
    "alpha_if_dropped",
)
"""In R ``psych::alpha``: raw.r, std.r, r.cor, r.drop and raw_alpha of alpha.drop."""

FEWEST_TO_DROP = 3
SMALLEST_EIGENVALUE = 1e-10


def compute_relations(cov: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    r"""Compute the statistics of :data:`RELATIONS`.

    With row sums :math:`c_i` of covariances, total variance V and correlations R:
    item-total :math:`c_i / \sqrt{s_{ii} V}` and the same of R; item-rest
    :math:`(c_i - s_{ii}) / \sqrt{s_{ii} (V - 2 c_i + s_{ii})}`; corrected item-total as the row
    sums of R with squared multiple correlations on its diagonal over the root of their sum, which
    takes out the overlap and the unreliability of the rest.

    Parameters
    ----------
    cov : ndarray of shape (B, k, k)
        Of k >= 2 indicators with positive variances.

    Returns
    -------
    dict of ndarray of shape (B, k)
        NaN where a sum has no variance (up to `SUM_VARIANCE_FLOOR`), R is singular (corrected) or
        k < 3 (alpha).

    References
    ----------
    Cureton E. E. Corrected item-test correlations. Psychometrika, 1966, 31(1), 93-96.
    doi:10.1007/BF02289461
    """
    variance = np.diagonal(cov, axis1=1, axis2=2)
    row = cov.sum(axis=2)
    total = row.sum(axis=1, keepdims=True)
    rest = _keep_positive(total - 2 * row + variance, variance)
    total = _keep_positive(total, variance)
    sd = np.sqrt(np.where(variance > 0, variance, np.nan))
    r = cov / (sd[:, :, None] * sd[:, None, :])
    plain = r.sum(axis=2)
    return {
        "item_total": _divide(row, variance * total),
        "item_total_standardised": _divide(
            plain, _keep_positive(plain.sum(axis=1, keepdims=True), np.ones_like(plain))
        ),
        "item_total_corrected": _correct(r),
        "item_rest": _divide(row - variance, variance * rest),
        "alpha_if_dropped": _drop(cov),
    }


def _keep_positive(
    spread: NDArray[np.float64], variance: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return variances of sums, NaN for those that only rounding has left."""
    floor = SUM_VARIANCE_FLOOR * variance.sum(axis=1, keepdims=True)
    return np.where(spread > floor, spread, np.nan)


def _divide(covariance: NDArray[np.float64], product: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a covariance over the root of the product of variances."""
    return np.asarray(covariance / np.sqrt(np.where(product > 0, product, np.nan)))


def is_regular(cov: NDArray[np.float64]) -> bool:
    """Return whether no indicator of covariances (k, k) follows from the others."""
    sd = np.sqrt(np.diagonal(cov))
    return bool(np.linalg.eigvalsh(cov / np.outer(sd, sd))[0] > SMALLEST_EIGENVALUE)


def _correct(r: NDArray[np.float64]) -> NDArray[np.float64]:
    smc = np.full(r.shape[:2], np.nan)
    usable = np.asarray(np.isfinite(r).all(axis=(1, 2)))
    usable[usable] = np.linalg.eigvalsh(r[usable])[:, 0] > SMALLEST_EIGENVALUE
    inverse = np.linalg.inv(r[usable])
    smc[usable] = 1 - 1 / np.diagonal(inverse, axis1=1, axis2=2)
    row = r.sum(axis=2) - 1 + smc
    return _divide(row, row.sum(axis=1, keepdims=True))


def _drop(cov: NDArray[np.float64]) -> NDArray[np.float64]:
    size, k = cov.shape[:2]
    if k < FEWEST_TO_DROP:
        return np.full((size, k), np.nan)
    kept = [np.delete(np.arange(k), item) for item in range(k)]
    return np.stack([compute_cronbach(cov[:, rest[:, None], rest]) for rest in kept], axis=1)
