"""Factor scores: linear in the answers, so means of centres come from their mean answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.stats import norm

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.confirmatory.fit import ConfirmatoryFit, GroupMatrices

ScoreMethod = Literal["regression", "bartlett"]
SCORE_METHODS: tuple[ScoreMethod, ...] = ("regression", "bartlett")


def compute_score_coefficients(
    fit: ConfirmatoryFit, method: ScoreMethod, *, group: int = 0
) -> NDArray[np.float64]:
    r"""Compute the weights of the indicators in the factor scores.

    Regression (Thurstone): :math:`E \Lambda' \Sigma^{-1}`, the best predictor, shrunken to the
    mean. Bartlett: :math:`(\Lambda' \Sigma^{-1} \Lambda)^{-1} \Lambda' \Sigma^{-1}`, unbiased given
    the factor; the form with :math:`\Theta^{-1}` is the same where :math:`\Theta` has an inverse.
    A factor that only other factors measure has the loadings of the indicators through them; all
    that it does not explain is then residual.

    Parameters
    ----------
    fit : ConfirmatoryFit
    method : {"regression", "bartlett"}
    group : int

    Returns
    -------
    ndarray of shape (M, P)
        Weights of P centred indicators in the M factors of ``spec.factors``.

    Raises
    ------
    StatisticsError
        If the implied matrix is singular, or Bartlett's weights are not determined because the
        loadings of the factors are linearly dependent.

    References
    ----------
    Thurstone L. L. The Vectors of Mind, 1935. Bartlett M. S. The statistical conception of mental
    factors. British Journal of Psychology, 1937, 28, 97-104.
    """
    matrices = fit.matrices[group]
    scaled = matrices.scales[:, None] * matrices.loadings
    total = np.linalg.inv(np.eye(len(matrices.regressions)) - matrices.regressions)
    try:
        weighted = np.linalg.solve(matrices.implied, scaled)
        if method == "regression":
            covariances = total @ matrices.factor_covariances @ total.T
            return np.asarray(covariances @ weighted.T)
        return _compute_bartlett(matrices, scaled, scaled @ total)
    except np.linalg.LinAlgError as exc:
        msg = (
            f"{method} scores are not defined: the factors' loadings are linearly dependent or the "
            "implied matrix is singular; look for equal factors or a residual variance of 0"
        )
        raise StatisticsError(msg) from exc


def _compute_bartlett(
    matrices: GroupMatrices, scaled: NDArray[np.float64], through: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return Bartlett's weights; `through` are loadings by way of other factors."""
    direct = np.any(matrices.loadings != 0, axis=0)
    out = np.empty(scaled.T.shape)
    for chosen, loadings in ((direct, scaled), (~direct, through)):
        own = loadings[:, chosen]
        if own.shape[1]:
            weighted = np.linalg.solve(matrices.implied, own)
            cross = own.T @ weighted
            if np.linalg.matrix_rank(cross, hermitian=True) < len(cross):
                raise np.linalg.LinAlgError
            out[chosen] = np.linalg.solve(cross, weighted.T)
    return out


def compute_scores(
    fit: ConfirmatoryFit, answers: NDArray[np.float64], method: ScoreMethod, *, group: int = 0
) -> NDArray[np.float64]:
    """Compute factor scores of rows of answers.

    For covariances a row holds answers; for polychorics latent responses, such as
    :func:`expect_latent_responses` gives for categories. A mean over respondents gives the mean of
    their scores, because scores are linear. A missing answer takes the sample's mean.

    Parameters
    ----------
    fit : ConfirmatoryFit
    answers : ndarray of shape (N, P)
        Columns in the order of ``fit.spec.indicators``; NaN for no answer.
    method : {"regression", "bartlett"}
    group : int

    Returns
    -------
    ndarray of shape (N, M)
        Agrees with lavaan's ``lavPredict()`` for continuous indicators to 1e-6.
    """
    coefficients = compute_score_coefficients(fit, method, group=group)
    matrices, moments = fit.matrices[group], fit.moments[group]
    mean_structure = any(p.op == "~1" for p in fit.spec.parameters)
    means = moments.means[[moments.indicators.index(name) for name in fit.spec.indicators]]
    level = np.zeros(len(fit.spec.factors))
    if mean_structure:
        total = np.linalg.inv(np.eye(len(matrices.regressions)) - matrices.regressions)
        level = total @ matrices.factor_means
        means = matrices.intercepts + matrices.loadings @ level
    centred = np.nan_to_num(answers - means)
    return np.asarray(level + centred @ coefficients.T)


def expect_latent_responses(thresholds: NDArray[np.float64]) -> NDArray[np.float64]:
    r"""Return the mean latent response of those who gave each answer.

    :math:`E[y^* | \tau_{c-1} < y^* < \tau_c] = (\phi(\tau_{c-1}) - \phi(\tau_c)) /
    (\Phi(\tau_c) - \Phi(\tau_{c-1}))` of a standard normal response; 0 for a category that nobody
    chose.

    Parameters
    ----------
    thresholds : ndarray of shape (categories - 1,)

    Returns
    -------
    ndarray of shape (categories,)
    """
    ends = np.concatenate([[-np.inf], thresholds, [np.inf]])
    share = np.diff(norm.cdf(ends))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(share > 0, -np.diff(norm.pdf(ends)) / share, 0.0)
