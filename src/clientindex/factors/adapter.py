"""The only module that speaks to factor_analyzer, and only in what it does right.

It is given a correlation matrix and asked for unrotated minres or ML loadings, then for one
rotation. Left alone, because measured wrong in 0.5.1: ``phi_`` of ``FactorAnalyzer`` (not reordered
with the loadings), communalities and variance after an oblique rotation, KMO and Bartlett with
missing answers, imputation by medians, other rotations and oblimin with gamma other than 0.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Literal

import numpy as np
from threadpoolctl import threadpool_limits

from clientindex.errors import StatisticsError
from clientindex.factors.solution import Solution

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_ROTATION_STEPS = 2000
ROTATION_TOLERANCES = {"oblimin": 1e-7, "promax": 1e-13, "varimax": 1e-13}
"""When a rotation stops: length of the gradient (oblimin), relative gain (varimax, promax).

With the 1e-5 of factor_analyzer and R varimax stops 5e-4 from its optimum. These leave loadings
within 1e-7 of it; oblimin finer than 1e-7 only counts rounding errors.
"""


def extract_loadings(
    r: NDArray[np.float64], *, n_factors: int, method: Literal["minres", "ml"]
) -> NDArray[np.float64]:
    """Fit an exploratory factor model to a correlation matrix and leave it unrotated.

    Agrees with R ``psych::fa(fm = "minres" or "ml", rotate = "none")`` to 1e-4: both minimise
    numerically, with uniquenesses between 0.005 and 1.

    Parameters
    ----------
    r : ndarray of shape (K, K)
        Positive definite.
    n_factors : int
        F, such that degrees of freedom are not negative.
    method : {"minres", "ml"}

    Returns
    -------
    ndarray of shape (K, F)

    Raises
    ------
    StatisticsError
        If the optimiser does not converge or the loadings are not finite.
    """
    with threadpool_limits(limits=1):
        loadings = _extract(r, n_factors=n_factors, method=method)
    if not np.isfinite(loadings).all():
        msg = "the factor model has loadings that are not finite"
        raise StatisticsError(msg)
    return loadings


def rotate_loadings(
    loadings: NDArray[np.float64], rotation: Literal["oblimin", "promax", "varimax"]
) -> Solution:
    """Rotate unrotated loadings of two or more factors.

    Agrees with R ``psych::fa`` to 1e-4.

    Parameters
    ----------
    loadings : ndarray of shape (K, F)
    rotation : {"oblimin", "promax", "varimax"}
        Oblimin with gamma 0 and without Kaiser's normalisation; varimax and promax (power 4) with
        it.

    Returns
    -------
    Solution

    Raises
    ------
    StatisticsError
        If the loadings cannot be rotated (e.g. those of indicators without any correlation).
    """
    with threadpool_limits(limits=1):
        return _rotate(loadings, rotation)


def import_early() -> None:
    """Import factor_analyzer where there is time for it, before its first call."""
    import factor_analyzer  # noqa: F401 - it brings scikit-learn, which takes long


def _extract(
    r: NDArray[np.float64], *, n_factors: int, method: Literal["minres", "ml"]
) -> NDArray[np.float64]:
    # Imports scikit-learn, which takes longer than the rest of the package together.
    from factor_analyzer import FactorAnalyzer

    model = FactorAnalyzer(
        n_factors=n_factors, rotation=None, method=method, is_corr_matrix=True, bounds=(0.005, 1)
    )
    with warnings.catch_warnings():
        # factor_analyzer 0.5.1 calls scikit-learn with an argument that was renamed in 1.6.
        warnings.filterwarnings("ignore", message="'force_all_finite'", category=FutureWarning)
        warnings.filterwarnings("error", message="Failed to converge", category=UserWarning)
        try:
            model.fit(r)
        except UserWarning as exc:
            msg = f"the {method} factor model with {n_factors} factors did not converge ({exc})"
            raise StatisticsError(msg) from None
    return np.asarray(model.loadings_, dtype=np.float64)


def _rotate(
    loadings: NDArray[np.float64], rotation: Literal["oblimin", "promax", "varimax"]
) -> Solution:
    from factor_analyzer import Rotator

    rotator = Rotator(
        method=rotation, max_iter=MAX_ROTATION_STEPS, tol=ROTATION_TOLERANCES[rotation]
    )
    try:
        # Kaiser's normalisation divides by the length of a row, which may be 0.
        with np.errstate(divide="ignore", invalid="ignore"):
            rotated = np.asarray(rotator.fit_transform(loadings), dtype=np.float64)
    except np.linalg.LinAlgError as exc:
        msg = f"the loadings cannot be rotated by {rotation} ({exc})"
        raise StatisticsError(msg) from None
    phi = np.eye(loadings.shape[1]) if rotator.phi_ is None else np.asarray(rotator.phi_)
    return Solution(loadings=rotated, phi=phi)
