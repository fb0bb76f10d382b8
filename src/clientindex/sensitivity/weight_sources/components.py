r"""Weights from principal components or factor loadings, as in the OECD and JRC handbook.

References
----------
OECD, European Union, JRC. Handbook on constructing composite indicators: methodology and user
guide, 2008, section 6.1. doi:10.1787/9789264043466-en
Nicoletti G., Scarpetta S., Boylaud O. Summary indicators of product market regulation with an
extension to employment protection legislation. OECD Economics Department Working Papers, 2000,
226. doi:10.1787/215182844604
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.factors.number.varimax import rotate_varimax
from clientindex.sensitivity.weight_sources.weighting import share

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

KAISER = 1.0
"""Components with a larger eigenvalue tell more than an indicator does."""

ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoadingWeights:
    """Weights of K indicators from their loadings on F factors.

    Attributes
    ----------
    weights : ndarray of shape (K,)
        In the index; sum to 1.
    factor_of : int ndarray of shape (K,)
        Factor, from 0, on which each indicator loads most.
    explained : ndarray of shape (F,)
        Sum of squared loadings of each factor.
    loadings : ndarray of shape (K, F)
    """

    weights: NDArray[np.float64]
    factor_of: NDArray[np.intp]
    explained: NDArray[np.float64]
    loadings: NDArray[np.float64]


def weigh_loadings(loadings: ArrayLike) -> LoadingWeights:
    r"""Weigh indicators by squared loadings times the share that their factor explains.

    Parameters
    ----------
    loadings : array_like of shape (K, F)
        Rotated; of orthogonal factors, or the pattern of oblique ones.

    Raises
    ------
    StatisticsError
        If a loading is missing, or all are 0.

    Notes
    -----
    With :math:`v_f = \sum_k \lambda_{kf}^2` an indicator belongs to the factor on which it loads
    most, and :math:`w_k \propto (\lambda_{kf}^2 / v_f) (v_f / \sum_g v_g)`. The variance of a
    factor cancels: weights are the squared loadings of indicators on their own factors. They say
    what indicators have in common, not what matters; one that goes with no other gets little.
    """
    known = np.asarray(loadings, dtype=np.float64)
    if known.ndim != 2 or not known.size or not np.isfinite(known).all():
        msg = "loadings must be a table of indicators by factors without gaps"
        raise StatisticsError(msg)
    squared = known**2
    own = np.argmax(np.round(squared, 12), axis=1)
    explained = squared.sum(axis=0)
    if not explained.any():
        msg = "all loadings are 0: indicators have nothing in common"
        raise StatisticsError(msg)
    own_share = squared[np.arange(len(known)), own] / explained[own]
    return LoadingWeights(
        weights=share(own_share * explained[own] / explained.sum()),
        factor_of=own.astype(np.intp),
        explained=explained,
        loadings=known,
    )


def weigh_components(
    correlation: ArrayLike, *, smallest_eigenvalue: float = KAISER
) -> LoadingWeights:
    """Weigh indicators by principal components of their correlations, rotated by varimax.

    Parameters
    ----------
    correlation : array_like of shape (K, K)
        Symmetric, ones on the diagonal.
    smallest_eigenvalue : float
        Components above it are kept (Kaiser's rule).

    Raises
    ------
    StatisticsError
        If this is no correlation matrix, or no component is kept.

    Notes
    -----
    Agrees with R ``stats::varimax`` of ``eigen`` loadings to 1e-6.
    """
    r = _check_correlation(correlation)
    values, vectors = np.linalg.eigh(r)
    kept = np.flatnonzero(values > smallest_eigenvalue + ROUNDING)[::-1]
    if not len(kept):
        msg = (
            f"no component has an eigenvalue above {smallest_eigenvalue:g}: the indicators "
            "have nothing in common"
        )
        raise StatisticsError(msg)
    loadings = vectors[:, kept] * np.sqrt(values[kept])
    if len(kept) > 1:
        loadings = rotate_varimax(loadings[None])[0]
    return weigh_loadings(loadings)


def _check_correlation(correlation: ArrayLike) -> NDArray[np.float64]:
    r = np.asarray(correlation, dtype=np.float64)
    if r.ndim != 2 or r.shape[0] != r.shape[1] or not r.size:
        msg = f"correlations must be a square table, got shape {r.shape}"
        raise StatisticsError(msg)
    if not np.isfinite(r).all():
        lost = np.flatnonzero(~np.isfinite(r).any(axis=1) | np.isnan(np.diagonal(r)))
        msg = f"correlations of indicators {lost.tolist()} (from 0) are missing"
        raise StatisticsError(msg)
    unlike = np.abs(r - r.T).max() > ROUNDING or np.abs(np.diagonal(r) - 1).max() > ROUNDING
    if unlike or np.abs(r).max() > 1 + ROUNDING:
        msg = "correlations must be symmetric, from -1 to 1, with ones on the diagonal"
        raise StatisticsError(msg)
    return r
