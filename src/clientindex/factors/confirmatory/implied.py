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
from clientindex.factors.confirmatory.group_places import find_group_places
from clientindex.factors.triangle import upper_triangle

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.confirmatory.group_places import Cells, GroupPlaces
    from clientindex.factors.confirmatory.layout import Layout
    from clientindex.factors.moments import SampleMoments


def fill_matrices(
    layout: Layout, values: NDArray[np.float64], moments: SampleMoments, group: int
) -> GroupMatrices:
    """Put parameter values into the matrices of a group and compute what they imply.

    Saturated thresholds are those of the sample. Values of shape (..., all parameters) give
    matrices with the same leading axes; thresholds are modelled in single ones alone.
    """
    size, n_factors, lead = len(layout.spec.indicators), len(layout.spec.factors), values.shape[:-1]
    loadings, residuals = np.zeros((*lead, size, n_factors)), np.zeros((*lead, size, size))
    covariances, regressions = np.zeros((2, *lead, n_factors, n_factors))
    intercepts, scales = np.zeros((*lead, size)), np.ones((*lead, size))
    means = np.zeros((*lead, n_factors))
    tables = {"loading": loadings, "regression": regressions}
    squares = {"factor": covariances, "residual": residuals}
    vectors = {"intercept": intercepts, "mean": means, "scale": scales}
    thresholds = moments.thresholds
    places = find_group_places(layout, group)
    own = values[..., places.own]
    for name, (at, row, column) in places.cells.items():
        if name in squares:
            squares[name][..., row, column] = own[..., at]
            squares[name][..., column, row] = own[..., at]
        elif name in tables:
            tables[name][..., row, column] = own[..., at]
        elif name in vectors:
            vectors[name][..., row] = own[..., at]
        else:
            thresholds = _place_thresholds(thresholds, (row, column), own[at])
    reach = loadings @ sum_effects(regressions)
    implied = reach @ covariances @ reach.swapaxes(-1, -2) + residuals
    if moments.kind == "polychoric":
        implied = implied * (scales[..., :, None] * scales[..., None, :])
        diagonal = np.arange(size)
        residuals[..., diagonal, diagonal] += (1 - implied[..., diagonal, diagonal]) / scales**2
        implied[..., diagonal, diagonal] = 1.0
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


def _place_thresholds(
    sample: tuple[NDArray[np.float64], ...],
    cells: tuple[NDArray[np.intp], NDArray[np.intp]],
    values: NDArray[np.float64],
) -> tuple[NDArray[np.float64], ...]:
    """Return the thresholds of the sample with those that are modelled in their cells."""
    sizes = [len(cuts) for cuts in sample]
    starts = np.cumsum([0, *sizes])
    joined = np.concatenate(sample)
    joined[starts[cells[0]] + cells[1]] = values
    return tuple(np.split(joined, starts[1:-1]))


def sum_effects(regressions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return total effects among factors, ``(I - B)^-1``; most models have no regressions."""
    identity = np.eye(regressions.shape[-1])
    if not regressions.any():
        return identity
    return np.asarray(np.linalg.inv(identity - regressions))


def imply_level(matrices: GroupMatrices) -> NDArray[np.float64]:
    """Return implied means, or implied thresholds one indicator after another."""
    means = _imply_means(matrices)
    if not matrices.thresholds:
        return means
    owner = _list_owners(matrices)
    return matrices.scales[owner] * (np.concatenate(matrices.thresholds) - means[owner])


def _list_owners(matrices: GroupMatrices) -> NDArray[np.intp]:
    """Return the indicator of every threshold, one indicator after another."""
    sizes = [len(cuts) for cuts in matrices.thresholds]
    return np.repeat(np.arange(len(sizes)), sizes)


def _imply_means(matrices: GroupMatrices) -> NDArray[np.float64]:
    total = sum_effects(matrices.regressions)
    reached = matrices.loadings @ (total @ matrices.factor_means[..., None])
    return np.asarray(matrices.intercepts + reached[..., 0])


def differentiate(
    layout: Layout, matrices: GroupMatrices, moments: SampleMoments, group: int
) -> NDArray[np.float64]:
    """Return derivatives of a group's statistics by its own parameters.

    Returns
    -------
    ndarray of shape (statistics of the group, parameters of the group)
        Zero rows for saturated means and thresholds.
    """
    places = find_group_places(layout, group)
    sigma, mu = _differentiate_moments(matrices, places)
    ordinal = moments.kind == "polychoric"
    if ordinal:
        sigma *= np.outer(matrices.scales, matrices.scales)
    level = _differentiate_level(matrices, mu, places) if layout.has_level else None
    if ordinal and "scale" in places.cells:
        _add_scales(matrices, sigma, places.cells["scale"])
    rows, columns = upper_triangle(len(matrices.scales), int(ordinal))
    pairs = sigma[:, rows, columns].T
    n_level = moments.n_statistics - len(pairs)
    jacobian = np.zeros((n_level + len(pairs), len(places.own)))
    jacobian[n_level:] = pairs
    if level is not None:
        jacobian[:n_level] = level
    return jacobian


def _differentiate_moments(
    matrices: GroupMatrices, places: GroupPlaces
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return derivatives of covariances and means of (latent) indicators by own parameters.

    Returns
    -------
    sigma : ndarray of shape (own parameters, P, P)
    mu : ndarray of shape (own parameters, P)
    """
    m, own = matrices, len(places.own)
    size = len(m.scales)
    sigma, mu = np.zeros((own, size, size)), np.zeros((own, size))
    total = sum_effects(m.regressions)
    reach = m.loadings @ total
    spread = total @ m.factor_covariances @ total.T @ m.loadings.T
    shift = total @ m.factor_means
    for name, (at, row, column) in places.cells.items():
        if name == "loading":
            sigma[at, row] += spread[column]
            sigma[at, :, row] += spread[column]
            mu[at, row] = shift[column]
        elif name == "factor":
            outer = reach.T[row][:, :, None] * reach.T[column][:, None, :]
            turned = np.swapaxes(outer, 1, 2)
            sigma[at] += np.where((row == column)[:, None, None], outer, outer + turned)
        elif name == "regression":
            outer = reach.T[row][:, :, None] * spread[column][:, None, :]
            sigma[at] += outer + np.swapaxes(outer, 1, 2)
            mu[at] += reach.T[row] * shift[column][:, None]
        elif name == "residual":
            sigma[at, row, column] = 1.0
            sigma[at, column, row] = 1.0
        elif name == "intercept":
            mu[at, row] = 1.0
        elif name == "mean":
            mu[at] += reach.T[row]
    return sigma, mu


def _differentiate_level(
    matrices: GroupMatrices, mu: NDArray[np.float64], places: GroupPlaces
) -> NDArray[np.float64]:
    """Return derivatives of means or thresholds, shape (means or thresholds, own parameters)."""
    if not matrices.thresholds:
        return mu.T
    owner = _list_owners(matrices)
    level = np.asarray(-(mu * matrices.scales)[:, owner].T)
    if "threshold" in places.cells:
        at, row, column = places.cells["threshold"]
        level[np.searchsorted(owner, row) + column, at] = matrices.scales[row]
    if "scale" in places.cells:
        at, row, _ = places.cells["scale"]
        gaps = np.concatenate(matrices.thresholds) - _imply_means(matrices)[owner]
        level[:, at] = np.where(owner[:, None] == row, gaps[:, None], level[:, at])
    return level


def _add_scales(matrices: GroupMatrices, sigma: NDArray[np.float64], cells: Cells) -> None:
    at, row, _ = cells
    slopes = matrices.implied[row] / matrices.scales[row][:, None]
    sigma[at, row] = slopes
    sigma[at, :, row] = slopes
