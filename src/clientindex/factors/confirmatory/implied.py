r"""What a model implies, and its analytic derivatives.

With :math:`A = (I - B)^{-1}` and :math:`E = A \Psi A'`, indicators (latent responses where answers
are ordinal) have covariances :math:`\Sigma = \Lambda E \Lambda' + \Theta` and means
:math:`\mu = \nu + \Lambda A \alpha`. Ordinal answers show correlations
:math:`\delta_i \delta_j \Sigma_{ij}` and thresholds :math:`\delta_i (\tau_{ik} - \mu_i)`.

References
----------
Bollen K. A. Structural Equations with Latent Variables. Wiley, 1989, chapters 7 and 8.
Muthén B. A general structural equation model with dichotomous, ordered categorical, and continuous
latent variable indicators. Psychometrika, 1984, 49(1), 115-132. doi:10.1007/BF02294210
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.factors.confirmatory.fit import GroupMatrices

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.confirmatory.layout import Layout, Place
    from clientindex.factors.moments import SampleMoments


def fill_matrices(
    layout: Layout, values: NDArray[np.float64], moments: SampleMoments, group: int
) -> GroupMatrices:
    """Put parameter values into the matrices of a group and compute what they imply.

    Saturated thresholds are those of the sample.
    """
    size, n_factors = len(layout.spec.indicators), len(layout.spec.factors)
    loadings, residuals = np.zeros((size, n_factors)), np.zeros((size, size))
    covariances, regressions = np.zeros((2, n_factors, n_factors))
    intercepts, means, scales = np.zeros(size), np.zeros(n_factors), np.ones(size)
    thresholds = tuple(cuts.copy() for cuts in moments.thresholds)
    targets = {
        "loading": loadings,
        "regression": regressions,
        "intercept": intercepts,
        "mean": means,
        "scale": scales,
    }
    for place, value in _iterate(layout, values, group):
        if place.matrix in ("factor", "residual"):
            target = covariances if place.matrix == "factor" else residuals
            target[place.row, place.column] = target[place.column, place.row] = value
        elif place.matrix == "threshold":
            thresholds[place.row][place.column] = value
        elif place.matrix in ("loading", "regression"):
            targets[place.matrix][place.row, place.column] = value
        else:
            targets[place.matrix][place.row] = value
    total = np.linalg.inv(np.eye(n_factors) - regressions)
    implied = loadings @ total @ covariances @ total.T @ loadings.T + residuals
    if moments.kind == "polychoric":
        implied = implied * np.outer(scales, scales)
        common = np.diag(implied).copy()
        np.fill_diagonal(implied, 1.0)
        np.fill_diagonal(residuals, (1.0 - common) / scales**2 + np.diag(residuals))
    return GroupMatrices(
        loadings=loadings,
        factor_covariances=covariances,
        regressions=regressions,
        residual_covariances=residuals,
        intercepts=intercepts,
        factor_means=means,
        thresholds=thresholds,
        scales=scales,
        implied=implied,
    )


def imply_level(matrices: GroupMatrices) -> NDArray[np.float64]:
    """Return implied means, or implied thresholds one indicator after another."""
    means = _imply_means(matrices)
    if not matrices.thresholds:
        return means
    rows = zip(matrices.thresholds, means, matrices.scales, strict=True)
    return np.concatenate([scale * (cuts - mean) for cuts, mean, scale in rows])


def _imply_means(matrices: GroupMatrices) -> NDArray[np.float64]:
    total = np.linalg.inv(np.eye(len(matrices.regressions)) - matrices.regressions)
    return np.asarray(matrices.intercepts + matrices.loadings @ total @ matrices.factor_means)


def differentiate(
    layout: Layout, matrices: GroupMatrices, moments: SampleMoments, group: int
) -> NDArray[np.float64]:
    """Return derivatives of a group's statistics by all parameters.

    Returns
    -------
    ndarray of shape (statistics of the group, number of parameters)
        Zero for parameters of other groups; zero rows for saturated means and thresholds.
    """
    own = [at for at, p in enumerate(layout.spec.parameters) if p.group == group]
    sigma, mu = (
        np.zeros((len(own), *matrices.implied.shape)),
        np.zeros((len(own), len(matrices.scales))),
    )
    slopes = _Slopes(matrices)
    for row, at in enumerate(own):
        slopes.write(layout.places[at], sigma[row], mu[row])
    ordinal = moments.kind == "polychoric"
    if ordinal:
        sigma *= np.outer(matrices.scales, matrices.scales)
    level = _differentiate_level(layout, matrices, mu, own) if layout.has_level else None
    if ordinal:
        _add_scales(layout, matrices, sigma, own)
    rows, columns = np.triu_indices(len(matrices.scales), int(ordinal))
    pairs = sigma[:, rows, columns].T
    n_level = len(moments.statistics) - len(pairs)
    jacobian = np.zeros((n_level + len(pairs), len(layout.places)))
    jacobian[n_level:, own] = pairs
    if level is not None:
        jacobian[:n_level, own] = level
    return jacobian


class _Slopes:
    """Derivatives of the covariances and means of (latent) indicators by one parameter."""

    def __init__(self, matrices: GroupMatrices) -> None:
        m = matrices
        self._total = np.linalg.inv(np.eye(len(m.regressions)) - m.regressions)
        self._inner = self._total @ m.factor_covariances @ self._total.T
        self._reach = m.loadings @ self._total
        self._spread = self._inner @ m.loadings.T
        self._shift = self._total @ m.factor_means

    def write(self, place: Place, sigma: NDArray[np.float64], mu: NDArray[np.float64]) -> None:
        """Write the derivatives into zero arrays of shapes (P, P) and (P,)."""
        row, column = place.row, place.column
        if place.matrix == "loading":
            sigma[row] += self._spread[column]
            sigma[:, row] += self._spread[column]
            mu[row] = self._shift[column]
        elif place.matrix == "factor":
            outer = np.outer(self._reach[:, row], self._reach[:, column])
            sigma += outer if row == column else outer + outer.T
        elif place.matrix == "regression":
            outer = np.outer(self._reach[:, row], self._spread[column])
            sigma += outer + outer.T
            mu += self._reach[:, row] * self._shift[column]
        elif place.matrix == "residual":
            sigma[row, column] = sigma[column, row] = 1.0
        elif place.matrix == "intercept":
            mu[row] = 1.0
        elif place.matrix == "mean":
            mu += self._reach[:, row]


def _differentiate_level(
    layout: Layout,
    matrices: GroupMatrices,
    mu: NDArray[np.float64],
    own: list[int],
) -> NDArray[np.float64]:
    """Return derivatives of means or thresholds, shape (means or thresholds, parameters)."""
    if not matrices.thresholds:
        return mu.T
    sizes = [len(cuts) for cuts in matrices.thresholds]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    owner = np.repeat(np.arange(len(sizes)), sizes)
    level = -(mu * matrices.scales)[:, owner].T
    means = _imply_means(matrices)
    for column, at in enumerate(own):
        place = layout.places[at]
        if place.matrix == "threshold":
            level[starts[place.row] + place.column, column] = matrices.scales[place.row]
        elif place.matrix == "scale":
            part = slice(starts[place.row], starts[place.row + 1])
            level[part, column] = matrices.thresholds[place.row] - means[place.row]
    return np.asarray(level)


def _add_scales(
    layout: Layout, matrices: GroupMatrices, sigma: NDArray[np.float64], own: list[int]
) -> None:
    for row, at in enumerate(own):
        place = layout.places[at]
        if place.matrix == "scale":
            slope = matrices.implied[place.row] / matrices.scales[place.row]
            sigma[row, place.row] = slope
            sigma[row, :, place.row] = slope


def _iterate(layout: Layout, values: NDArray[np.float64], group: int) -> list[tuple[Place, float]]:
    return [
        (layout.places[at], float(values[at]))
        for at, parameter in enumerate(layout.spec.parameters)
        if parameter.group == group
    ]
