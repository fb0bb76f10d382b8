r"""Correlation ratios of an index by smooth curves.

The curve is a natural cubic spline with knots at quantiles of the component,
:math:`\sum w (y - f(x))^2 + \lambda \int f''^2`, its smoothness chosen by generalised cross-
validation. :math:`S_i = \sum w (f(x) - \bar y)^2 / \sum w (y - \bar y)^2`. A straight line costs
nothing, so :math:`S_i` is never below the squared correlation.

References
----------
Paruolo P., Saisana M., Saltelli A. Ratings and rankings: voodoo or science? Journal of the Royal
Statistical Society A, 2013, 176(3), 609-634. doi:10.1111/j.1467-985X.2012.01059.x
Wood S. N. Generalized additive models: an introduction with R. 2nd ed. CRC Press, 2017, 5.3.1.
doi:10.1201/9781315370279
Craven P., Wahba G. Smoothing noisy data with spline functions. Numerische Mathematik, 1978, 31,
377-403. doi:10.1007/BF01404567
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.interpolate import CubicSpline

from clientindex.compiled import njit
from clientindex.sensitivity.importance.correlation import VARIANCE_FLOOR

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST_KNOTS = 3
"""With two knots a natural spline is a straight line."""

GRID = np.linspace(-9.0, 9.0, 73)
"""Decimal logarithms of the penalty, in units in which it weighs as much as the data."""

REFINEMENTS = 6
FINE = np.linspace(-1.0, 1.0, 21)

RIDGE = 1e-13
"""Of the basis: without it, resamples of one value could not be decomposed."""

LINE, NEAR_ONE = 2, 1e-6
"""Parameters of a straight line, and how near to 1 their eigenvalues come out."""

BLOCK = 256
"""Weightings for which smoothness is searched at once."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Space:
    """Axes in which data and penalty are both diagonal, under R weightings of centres.

    Attributes
    ----------
    to_axes : ndarray of shape (R, Q, Q)
        Takes basis moments to axes.
    eigenvalues : ndarray of shape (R, Q)
        Of the data, 1 less of the penalty.
    scale : ndarray of shape (R,)
        Unit of the penalty.
    """

    to_axes: NDArray[np.float64]
    eigenvalues: NDArray[np.float64]
    scale: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Basis:
    """Natural cubic spline in its values at Q knots.

    Attributes
    ----------
    values : ndarray of shape (C, Q)
    penalty : ndarray of shape (Q, Q)
        Integral of the squared second derivative is ``b' penalty b``.
    space : Space
        Where every centre counts once.
    """

    values: NDArray[np.float64]
    penalty: NDArray[np.float64]
    space: Space


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SmoothFit:
    """Smooth curves under R weightings of centres.

    Attributes
    ----------
    importance : ndarray of shape (R,)
        Correlation ratio; NaN where the index does not vary.
    edf : ndarray of shape (R,)
        Effective degrees of freedom: 2 is a straight line.
    penalty : ndarray of shape (R,)
        Smoothing parameter lambda.
    """

    importance: NDArray[np.float64]
    edf: NDArray[np.float64]
    penalty: NDArray[np.float64]


def make_basis(x: NDArray[np.float64], *, n_knots: int) -> Basis | None:
    """Make the basis of a component; None if it has fewer than three different values.

    Parameters
    ----------
    x : ndarray of shape (C,)
        Complete.
    n_knots : int
        At quantiles of the different values, ends included; fewer where there are fewer values.
    """
    different = np.unique(x)
    count = min(n_knots, len(different))
    if count < FEWEST_KNOTS:
        return None
    knots = np.quantile(different, np.linspace(0, 1, count))
    spline = CubicSpline(knots, np.eye(count), bc_type="natural")
    bend = spline(knots, 2)
    gap = np.diff(knots)
    mass = np.zeros((count, count))
    at = np.arange(count - 1)
    mass[at, at] += gap / 3
    mass[at + 1, at + 1] += gap / 3
    mass[at, at + 1] = mass[at + 1, at] = gap / 6
    values, penalty = spline(x), bend.T @ mass @ bend
    space = _decompose(values, penalty, np.ones((1, len(x))))
    return Basis(values=values, penalty=penalty, space=space)


def fit_smooth(basis: Basis, y: NDArray[np.float64], weights: NDArray[np.float64]) -> SmoothFit:
    r"""Fit smooth curves of y under R weightings of centres.

    Parameters
    ----------
    basis : Basis
        Of C centres.
    y : ndarray of shape (C,)
    weights : ndarray of shape (R, C)

    Returns
    -------
    SmoothFit

    Notes
    -----
    Smoothness minimises :math:`\sum w e^2 / (1 - edf / m)^2` with m centres of weight above 0: a
    centre drawn twice is left out as one, else copies of a centre would foretell each other and
    curves of resamples would be too rough. With equal weights this is ordinary GCV, and the fit
    agrees with ``gam(y ~ s(x, bs = "cr", k = Q), method = "GCV.Cp")`` of mgcv to 1e-6.
    """
    parts = [
        _fit_block(basis, y, weights[first : first + BLOCK])
        for first in range(0, len(weights), BLOCK)
    ]
    return SmoothFit(
        importance=np.concatenate([part.importance for part in parts]),
        edf=np.concatenate([part.edf for part in parts]),
        penalty=np.concatenate([part.penalty for part in parts]),
    )


def fit_many(basis: Basis, y: NDArray[np.float64], *, penalty: float | None = None) -> SmoothFit:
    """Fit smooth curves of B variables y of shape (B, C), all centres counting once.

    `penalty` is that of another fit; else it is chosen for each variable.
    """
    space = basis.space
    total = ((y - y.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    moment = (y - y.mean(axis=1, keepdims=True)) @ basis.values
    u = np.einsum("kq,bq->bk", space.to_axes[0], moment)
    axes = np.broadcast_to(space.eigenvalues, u.shape)
    distinct = np.full(len(y), float(y.shape[1]))
    scale = np.full(len(y), space.scale[0])
    if penalty is not None:
        return _finish(np.log10(penalty / scale), u, axes, total, scale=scale)
    return _conclude(u, axes, total, distinct, scale=scale)


def _decompose(
    values: NDArray[np.float64], penalty: NDArray[np.float64], weights: NDArray[np.float64]
) -> Space:
    q = values.shape[1]
    first, second = np.triu_indices(q)
    flat = weights @ (values[:, first] * values[:, second])
    gram = np.empty((len(weights), q, q))
    gram[:, first, second] = flat
    gram[:, second, first] = flat
    trace = np.trace(gram, axis1=1, axis2=2)
    trace = np.where(trace > 0, trace, 1.0)
    scale = trace / np.trace(penalty)
    ridge = RIDGE * trace[:, None, None] * np.eye(q)
    joint = gram + scale[:, None, None] * penalty + ridge
    lower = np.linalg.inv(np.linalg.cholesky(joint))
    eigenvalues, vectors = np.linalg.eigh(lower @ gram @ lower.transpose(0, 2, 1))
    # A straight line is free; rounding would let a large penalty bend it.
    lines = eigenvalues[:, -LINE:]
    eigenvalues[:, -LINE:] = np.where(lines > 1 - NEAR_ONE, 1.0, lines)
    return Space(
        to_axes=vectors.transpose(0, 2, 1) @ lower,
        eigenvalues=np.clip(eigenvalues, 0.0, 1.0),
        scale=scale,
    )


def _fit_block(basis: Basis, y: NDArray[np.float64], weights: NDArray[np.float64]) -> SmoothFit:
    n = weights.sum(axis=1)
    y = y - y.mean()
    mean = weights @ y / np.where(n > 0, n, 1.0)
    squares = weights @ y**2
    total = squares - n * mean**2
    total = np.where(total > VARIANCE_FLOOR * squares, total, 0.0)
    moment = weights @ (basis.values * y[:, None]) - mean[:, None] * (weights @ basis.values)
    space = _decompose(basis.values, basis.penalty, weights)
    u = np.einsum("rkq,rq->rk", space.to_axes, moment)
    distinct = (weights > 0).sum(axis=1).astype(np.float64)
    return _conclude(u, space.eigenvalues, total, distinct, scale=space.scale)


def _conclude(
    u: NDArray[np.float64],
    axes: NDArray[np.float64],
    total: NDArray[np.float64],
    distinct: NDArray[np.float64],
    *,
    scale: NDArray[np.float64],
) -> SmoothFit:
    """Choose the smoothness, coarsely, then finer and finer around the best."""
    shape = (len(u), len(GRID))
    grid, penalties = np.broadcast_to(GRID, shape), np.broadcast_to(10**GRID, shape)
    step = GRID[1] - GRID[0]
    best = _pick(grid, penalties, u, axes, total, distinct)
    for _ in range(REFINEMENTS):
        grid = best[:, None] + step * FINE
        best = _pick(grid, 10**grid, u, axes, total, distinct)
        step = step * (FINE[1] - FINE[0])
    return _finish(best, u, axes, total, scale=scale)


def _finish(
    best: NDArray[np.float64],
    u: NDArray[np.float64],
    axes: NDArray[np.float64],
    total: NDArray[np.float64],
    *,
    scale: NDArray[np.float64],
) -> SmoothFit:
    """Return the fit with the penalty chosen, its decimal logarithm in units of `scale`."""
    fitted, _, edf = _smooth(10 ** best[:, None], u, axes)
    varies = total > 0
    ratio = np.where(varies, fitted[:, 0] / np.where(varies, total, 1.0), np.nan)
    return SmoothFit(importance=ratio, edf=edf[:, 0], penalty=10**best * scale)


def _pick(
    grid: NDArray[np.float64],
    penalties: NDArray[np.float64],
    u: NDArray[np.float64],
    axes: NDArray[np.float64],
    total: NDArray[np.float64],
    distinct: NDArray[np.float64],
) -> NDArray[np.float64]:
    fitted, explained, edf = _smooth(penalties, u, axes)
    left = np.maximum(total[:, None] - 2 * explained + fitted, 0.0)
    free = 1 - edf / distinct[:, None]
    score = np.where(free > 0, left / np.where(free > 0, free, 1.0) ** 2, np.inf)
    return np.take_along_axis(grid, np.argmin(score, axis=1)[:, None], axis=1)[:, 0]


def _smooth(
    penalties: NDArray[np.float64], u: NDArray[np.float64], axes: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the fit's sum of squares, its product with y, and edf, each of shape (R, grid)."""
    found = np.zeros((3, *penalties.shape))
    own, moments, data = (np.ascontiguousarray(values) for values in (penalties, u, axes))
    _sum_axes(own, moments, data, found)
    return found[0], found[1], found[2]


@njit(nogil=True, error_model="numpy")
def _sum_axes(
    penalty: NDArray[np.float64],
    u: NDArray[np.float64],
    axes: NDArray[np.float64],
    found: NDArray[np.float64],
) -> None:  # pragma: no cover - compiled
    for row in range(penalty.shape[0]):
        fitted, explained, edf = found[0, row], found[1, row], found[2, row]
        for axis in range(axes.shape[1]):
            data, moment = axes[row, axis], u[row, axis]
            # Places are the inner loop, as divisions of neighbours are done at once.
            for place in range(penalty.shape[1]):
                divisor = data + penalty[row, place] * (1 - data)
                coefficient = moment / divisor
                fitted[place] += data * coefficient * coefficient
                explained[place] += moment * coefficient
                edf[place] += data / divisor
