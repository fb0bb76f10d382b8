r"""Omegas of loadings on several factors that are not correlated.

With loadings :math:`\lambda_{if}` in the units of the answers and V the variance of the sum,
omega total is :math:`\sum_f (\sum_i \lambda_{if})^2 / V`; omega hierarchical has the general factor
alone. Of a group the same over its own indicators; its omega hierarchical has the group factors
alone: what the group's sum tells beside the general factor.

R ``psych::omega`` puts ``1 - sum of uniquenesses / V`` for omega total, which counts what the
factors leave unexplained between indicators as if they explained it.

References
----------
McDonald R. P. Test Theory: A Unified Treatment. Erlbaum, 1999, chapter 6.
Zinbarg R. E., Revelle W., Yovel I., Li W. Cronbach's alpha, Revelle's beta, and McDonald's omega H.
Psychometrika, 2005, 70(1), 123-133. doi:10.1007/s11336-003-0974-7
Rodriguez A., Reise S. P., Haviland M. G. Evaluating bifactor models. Psychological Methods, 2016,
21(2), 137-150. doi:10.1037/met0000045
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def compute_omegas(
    loadings: NDArray[np.float64], cov: NDArray[np.float64], membership: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compute omega total and hierarchical of all indicators and of every group.

    Parameters
    ----------
    loadings : ndarray of shape (..., K, 1 + F)
        In the units of the answers, the general factor first.
    cov : ndarray of shape (..., K, K)
        Gives the variances of sums: observed covariances, or those a model implies.
    membership : bool ndarray of shape (G, K)

    Returns
    -------
    overall : ndarray of shape (..., 2)
        Omega total, omega hierarchical.
    groups : ndarray of shape (..., 2, G)
        Omega of the group's sum, and what of it is beside the general factor.
    """
    common = loadings.sum(axis=-2) ** 2
    variance = cov.sum(axis=(-2, -1))
    overall = np.stack([common.sum(axis=-1), common[..., 0]], axis=-1) / variance[..., None]
    masks = membership.astype(np.float64)
    by_group = np.einsum("gk,...kf->...gf", masks, loadings) ** 2
    spread = np.einsum("gk,...kl,gl->...g", masks, cov, masks)
    groups = np.stack([by_group.sum(axis=-1), by_group[..., 1:].sum(axis=-1)], axis=-2)
    return overall, groups / spread[..., None, :]


def compute_correlated(
    loadings: NDArray[np.float64],
    factor_cov: NDArray[np.float64],
    cov: NDArray[np.float64],
    membership: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Compute omega total of all indicators and of every group from correlated factors.

    Parameters
    ----------
    loadings : ndarray of shape (K, G)
    factor_cov : ndarray of shape (G, G)
    cov : ndarray of shape (K, K)
    membership : bool ndarray of shape (G, K)

    Returns
    -------
    ndarray of shape (1 + G,)
        All indicators first.
    """
    masks = np.vstack([np.ones(len(loadings)), membership.astype(np.float64)])
    true = masks @ loadings
    spread = np.einsum("gk,kl,gl->g", masks, cov, masks)
    return np.asarray(np.einsum("gf,fh,gh->g", true, factor_cov, true) / spread)
