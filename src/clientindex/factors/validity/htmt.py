"""Heterotrait-monotrait ratios: do two groups measure different things.

``HTMT = mean |r_ij| / sqrt(mean |r_ii'| mean |r_jj'|)``: correlations between the indicators of two
groups by those inside them. HTMT2 takes geometric means, which suit indicators of unequal loadings.
Absolute values keep opposite signs from cancelling (Ringle et al. 2023).

References
----------
Henseler J., Ringle C. M., Sarstedt M. A new criterion for assessing discriminant validity in
variance-based structural equation modeling. Journal of the Academy of Marketing Science, 2015, 43,
115-135. doi:10.1007/s11747-014-0403-8
Roemer E., Schuberth F., Henseler J. HTMT2 - an improved criterion for assessing discriminant
validity in structural equation modeling. Industrial Management & Data Systems, 2021, 121(12),
2637-2650. doi:10.1108/IMDS-02-2021-0082
Ringle C. M., Sarstedt M., Sinkovics N., Sinkovics R. R. A perspective on using partial least
squares structural equation modelling in data articles. Data in Brief, 2023, 48, 109074.
doi:10.1016/j.dib.2023.109074
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def compute_htmt(
    r: NDArray[np.float64], membership: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compute HTMT and HTMT2 of every pair of groups.

    Parameters
    ----------
    r : ndarray of shape (..., K, K)
    membership : bool ndarray of shape (G, K)

    Returns
    -------
    htmt, htmt2 : ndarray of shape (..., G (G - 1) / 2)
        In the order of ``numpy.triu_indices(G, 1)``; NaN for a group of one indicator.
    """
    size = np.abs(r)
    with np.errstate(divide="ignore", invalid="ignore"):
        plain = _compare(size, membership)
        geometric = _compare(np.log(size), membership)
    first, second = np.triu_indices(len(membership), 1)
    inside = np.diagonal(plain, axis1=-2, axis2=-1)
    htmt = plain[..., first, second] / np.sqrt(inside[..., first] * inside[..., second])
    own = np.diagonal(geometric, axis1=-2, axis2=-1)
    half = (own[..., first] + own[..., second]) / 2
    return htmt, np.exp(geometric[..., first, second] - half)


def _compare(values: NDArray[np.float64], membership: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the mean of every block of groups; of a group's own block without its diagonal."""
    masks = membership.astype(np.float64)
    n = masks.sum(axis=1)
    diagonal = np.arange(values.shape[-1])
    hollow = values.copy()
    hollow[..., diagonal, diagonal] = 0.0
    sums = masks @ hollow @ masks.T
    counts = np.outer(n, n) - np.diag(n)
    return np.asarray(sums / np.where(counts > 0, counts, np.nan))
