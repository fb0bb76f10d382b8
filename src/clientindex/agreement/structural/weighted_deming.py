"""Weighted Deming regression: errors in proportion to what is measured (constant CV).

It shows the line when both errors grow with the level. It is made for concentrations: scores on a
closed scale have errors that vanish at both ends, and where standard errors of centres are known
:mod:`clientindex.agreement.structural.generalised_deming` uses them instead.

References
----------
Linnet K. Estimation of the linear relationship between the measurements of two methods with
proportional errors. Statistics in Medicine, 1990, 9(12), 1463-1473. doi:10.1002/sim.4780091210
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.agreement.structural.deming import fit_deming, solve_slope
from clientindex.agreement.structural.pairs import Moments
from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOLERANCE = 1e-13
"""Change of intercept and slope, beside their size, at which iteration stops."""

MOST_ITERATIONS = 500


def fit_weighted_deming(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    error_ratio: float,
    weights: NDArray[np.float64] | None = None,
    tolerance: float = TOLERANCE,
) -> NDArray[np.float64]:
    r"""Fit the Deming line with weights ``1 / level^2`` found by iteration.

    With ``d = y - a - b x`` the points are projected on the line, ``X = x + lambda b d / (1 +
    lambda b^2)`` and ``Y = y - d / (1 + lambda b^2)``, the level is ``(X + lambda Y) / (1 +
    lambda)``, and the line is fitted again until it stands still. Agrees with R
    ``mcr::mcreg(method.reg = "WDeming")``, which stops at a change of 1e-6.

    Parameters
    ----------
    x, y : ndarray of shape (n,)
        Complete pairs of positive values.
    error_ratio : float
        Error variance of x over error variance of y.
    weights : ndarray of shape (..., n), optional
        How often a centre enters; multiplies the weights of the levels.
    tolerance : float

    Returns
    -------
    ndarray of shape (..., 2)
        Intercept and slope; NaN where iteration does not come to rest.

    Raises
    ------
    StatisticsError
        When a value is not positive.
    """
    if min(x.min(), y.min()) <= 0:
        message = "a constant coefficient of variation needs positive values"
        raise StatisticsError(message)
    counts = np.ones(len(x)) if weights is None else weights
    line = fit_deming(x, y, error_ratio=error_ratio, weights=weights)
    for _ in range(MOST_ITERATIONS):
        new = _fit_given_levels(x, y, counts / _project(x, y, line, error_ratio) ** 2, error_ratio)
        moving = np.abs(new - line) > tolerance * np.maximum(np.abs(new), 1)
        line = new
        if not moving.any():
            break
    return np.where(moving.any(axis=-1, keepdims=True), np.nan, line)


def _project(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    line: NDArray[np.float64],
    error_ratio: float,
) -> NDArray[np.float64]:
    """Return the level of every point on the line, shape (..., n)."""
    intercept, slope = line[..., :1], line[..., 1:]
    d = y - intercept - slope * x
    share = 1 + error_ratio * slope**2
    on_x, on_y = x + error_ratio * slope * d / share, y - d / share
    return np.asarray((on_x + error_ratio * on_y) / (1 + error_ratio))


def _fit_given_levels(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    w: NDArray[np.float64],
    error_ratio: float,
) -> NDArray[np.float64]:
    """Return the Deming line for weights of shape (..., n)."""
    total = w.sum(axis=-1)
    mean_x, mean_y = (w @ x) / total, (w @ y) / total
    u, v = x - mean_x[..., None], y - mean_y[..., None]
    moments = Moments(
        total=total,
        mean_x=mean_x,
        mean_y=mean_y,
        s_xx=(w * u * u).sum(axis=-1),
        s_xy=(w * u * v).sum(axis=-1),
        s_yy=(w * v * v).sum(axis=-1),
    )
    slope = solve_slope(moments, error_ratio)
    return np.stack([mean_y - slope * mean_x, slope], axis=-1)
