"""Alpha and omega of differences between respondents of a centre, and between centres.

References
----------
Geldhof G. J., Preacher K. J., Zyphur M. J. Reliability estimation in a multilevel confirmatory
factor analysis framework. Psychological Methods, 2014, 19(1), 72-91. doi:10.1037/a0032138
Hayes J. F., Hill W. G. Modification of estimates of parameters in the construction of genetic
selection indices ("bending"). Biometrics, 1981, 37(3), 483-493. doi:10.2307/2530561
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.reliability.coefficients import compute_cronbach, compute_omega, fit_one_factor

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEVEL_COEFFICIENTS = ("alpha_within", "omega_within", "alpha_between", "omega_between")

SMALLEST_EIGENVALUE = 1e-4
"""Smallest eigenvalue of a level, as a share of the largest one."""


def bend(cov: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Raise small eigenvalues of covariances; return them and which ones needed it.

    Parameters
    ----------
    cov : ndarray of shape (B, k, k)
    """
    values = np.linalg.eigvalsh(cov)
    bent = np.asarray(values[:, 0] < SMALLEST_EIGENVALUE * values[:, -1])
    if not bent.any():
        return cov, bent
    values, vectors = np.linalg.eigh(cov[bent])
    raised = np.maximum(values, SMALLEST_EIGENVALUE * values[:, -1:])
    safe = cov.copy()
    safe[bent] = np.einsum("bij,bj,bkj->bik", vectors, raised, vectors)
    return safe, bent


def compute_level_coefficients(
    within: NDArray[np.float64], between: NDArray[np.float64]
) -> dict[str, NDArray[np.float64]]:
    """Compute the coefficients of :data:`LEVEL_COEFFICIENTS`.

    Covariances between centres are free of the sampling error of centre means, so that the
    coefficients speak of what centres are, however many answered. Estimated covariances need not
    be those of any data; then they are bent: eigenvalues below :data:`SMALLEST_EIGENVALUE` times
    the largest are raised to it.

    Parameters
    ----------
    within, between : ndarray of shape (B, k, k)

    Returns
    -------
    dict of ndarray of shape (B,)
        NaN where an indicator has no positive variance at the level, or, for omega, the one-factor
        model does not converge or k < 3.
    """
    found = {}
    for name, cov in (("within", within), ("between", between)):
        variance = np.diagonal(cov, axis1=1, axis2=2)
        usable = np.asarray((variance > 0).all(axis=1))
        safe, _ = bend(np.where(usable[:, None, None], cov, np.eye(cov.shape[-1])))
        sd = np.sqrt(np.diagonal(safe, axis1=1, axis2=2))
        loadings = fit_one_factor(safe / (sd[:, :, None] * sd[:, None, :])).loadings
        omega = compute_omega(loadings, sd)["omega_total"]
        found[f"alpha_{name}"] = np.where(usable, compute_cronbach(safe), np.nan)
        found[f"omega_{name}"] = np.where(usable, omega, np.nan)
    return {name: found[name] for name in LEVEL_COEFFICIENTS}
