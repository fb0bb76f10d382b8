"""`ConfirmatoryFit`: a fitted confirmatory model, with all that later questions need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from clientindex.factors.confirmatory.spec import ModelSpec
    from clientindex.factors.moments import SampleMoments

Estimator = Literal["ml", "mlr", "uls", "wlsmv"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GroupMatrices:
    """Parameter matrices of P indicators and M factors in one group, and what they imply.

    Attributes
    ----------
    loadings : ndarray of shape (P, M)
    factor_covariances : ndarray of shape (M, M)
        Of the factors themselves; of their residuals where there are regressions.
    regressions : ndarray of shape (M, M)
        Row: the factor explained.
    residual_covariances : ndarray of shape (P, P)
    intercepts : ndarray of shape (P,)
    factor_means : ndarray of shape (M,)
    thresholds : tuple of P ndarrays
        Empty for covariances.
    scales : ndarray of shape (P,)
        1 / SD of latent responses; ones for covariances.
    implied : ndarray of shape (P, P)
        Implied covariances, or implied correlations of latent responses (after scaling).
    """

    loadings: NDArray[np.float64]
    factor_covariances: NDArray[np.float64]
    regressions: NDArray[np.float64]
    residual_covariances: NDArray[np.float64]
    intercepts: NDArray[np.float64]
    factor_means: NDArray[np.float64]
    thresholds: tuple[NDArray[np.float64], ...]
    scales: NDArray[np.float64]
    implied: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ConfirmatoryFit:
    """A fitted model.

    Attributes
    ----------
    spec : ModelSpec
    estimator : {"ml", "mlr", "uls", "wlsmv"}
    moments : tuple of SampleMoments
        One a group, restricted to the model's indicators.
    status : str
        "ok", "heywood" (a negative variance or a correlation beyond 1), "not_converged",
        "unidentified" (no fit is reported).
    detail : str
        What the status speaks of: names of parameters.
    free : ndarray of shape (Q,)
        Distinct free parameters (equal ones once).
    position : ndarray of int of shape (number of parameters of the model,)
        Place in `free` of each parameter of ``spec.parameters``; -1 for fixed ones.
    estimates : ndarray of shape (number of parameters of the model,)
        Value of each parameter, fixed ones too.
    covariance : ndarray of shape (Q, Q)
        Of `free`: the sandwich for mlr, uls and wlsmv, the inverse expected information for ml.
    std_errors : ndarray of shape (number of parameters of the model,)
        0 for fixed parameters.
    matrices : tuple of GroupMatrices
    jacobian : ndarray of shape (S, Q)
        Derivatives of the implied statistics of all groups, one below the other.
    weight : ndarray of shape (S, S)
        Weight matrix of the discrepancy function at the solution, groups weighted by n.
    gradient_tolerance : float
        Largest absolute gradient at the solution.
    measures : mapping of str to float
        Fit statistics with the names of :class:`~clientindex.results.ConfirmatoryModels`; empty of
        an unidentified model, and where nobody asked for them.
    """

    spec: ModelSpec
    estimator: Estimator
    moments: tuple[SampleMoments, ...]
    status: str
    detail: str
    free: NDArray[np.float64]
    position: NDArray[np.intp]
    estimates: NDArray[np.float64]
    covariance: NDArray[np.float64]
    std_errors: NDArray[np.float64]
    matrices: tuple[GroupMatrices, ...]
    jacobian: NDArray[np.float64]
    weight: NDArray[np.float64]
    gradient_tolerance: float
    measures: Mapping[str, float]
