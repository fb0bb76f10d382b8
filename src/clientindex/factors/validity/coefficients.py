"""Coefficients of validity that follow from standardised loadings.

References
----------
Fornell C., Larcker D. F. Evaluating structural equation models with unobservable variables and
measurement error. Journal of Marketing Research, 1981, 18(1), 39-50. doi:10.2307/3151312
Rodriguez A., Reise S. P., Haviland M. G. Evaluating bifactor models: calculating and interpreting
statistical indices. Psychological Methods, 2016, 21(2), 137-150. doi:10.1037/met0000045
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

GROUP_CORRELATED = ("ave", "composite_reliability", "max_shared_variance")
GROUP_BIFACTOR = ("omega_subscale", "omega_hierarchical_subscale", "ecv_group")
OVERALL_BIFACTOR = ("ecv", "omega_total", "omega_hierarchical", "relative_omega")


def compute_convergent(
    loadings: NDArray[np.float64], phi: NDArray[np.float64], membership: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Compute average variance extracted, composite reliability and maximum shared variance.

    ``AVE = mean l^2``, ``CR = (sum l)^2 / ((sum l)^2 + sum (1 - l^2))`` of a group's own
    indicators, ``MSV = max phi^2`` with the other groups. AVE and CR of a single indicator are NaN.

    Parameters
    ----------
    loadings : ndarray of shape (K,)
        Standardised, of every indicator on its own group's factor.
    phi : ndarray of shape (G, G)
    membership : bool ndarray of shape (G, K)

    Returns
    -------
    ndarray of shape (3, G)
        Rows as :data:`GROUP_CORRELATED`.
    """
    masks = membership.astype(np.float64)
    n = masks.sum(axis=1)
    several = np.where(n > 1, 1.0, np.nan)
    squares = masks @ loadings**2
    true = (masks @ loadings) ** 2
    shared = np.where(np.eye(len(phi), dtype=bool), 0.0, phi**2)
    highest = shared.max(axis=1) if len(phi) > 1 else np.full(len(phi), np.nan)
    return np.stack([several * squares / n, several * true / (true + n - squares), highest])


def compute_bifactor(
    general: NDArray[np.float64], own: NDArray[np.float64], membership: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compute omegas and explained common variance of a bifactor model.

    With ``V`` the variance of a sum of standardised indicators: omega total is the share of all
    factors in ``V``, hierarchical that of the general factor, relative their ratio; of a subscale
    the same over the group's indicators, hierarchical that of the group's factor. ECV is the share
    of the general factor in common variance, ``ecv_group`` that of the group's factor among its own
    indicators.

    Parameters
    ----------
    general, own : ndarray of shape (K,)
        Standardised loadings on the general factor and on the group's.
    membership : bool ndarray of shape (G, K)

    Returns
    -------
    overall : ndarray of shape (4,)
        As :data:`OVERALL_BIFACTOR`.
    groups : ndarray of shape (3, G)
        Rows as :data:`GROUP_BIFACTOR`.
    """
    masks = membership.astype(np.float64)
    unique = 1 - general**2 - own**2
    by_group = (masks @ own) ** 2
    shared = general.sum() ** 2
    total = shared + by_group.sum()
    variance = total + unique.sum()
    common = (general**2).sum() + (own**2).sum()
    overall = np.array(
        [(general**2).sum() / common, total / variance, shared / variance, shared / total]
    )
    group_shared = (masks @ general) ** 2
    group_variance = group_shared + by_group + masks @ unique
    group_common = masks @ (general**2 + own**2)
    groups = np.stack(
        [
            (group_shared + by_group) / group_variance,
            by_group / group_variance,
            masks @ own**2 / group_common,
        ]
    )
    return overall, groups


def compute_puc(membership: NDArray[np.bool_]) -> float:
    """Compute the percent of uncontaminated correlations: pairs of different groups among all."""
    n = membership.sum(axis=1)
    total = int(n.sum())
    if total < 2:
        return float("nan")
    return 1 - float((n * (n - 1)).sum()) / (total * (total - 1))
