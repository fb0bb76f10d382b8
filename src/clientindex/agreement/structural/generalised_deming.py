"""Deming regression with a known standard error of every point on both sides.

It shows the line when every centre's errors are known and nothing else scatters: sampling errors
of a survey with few and many answers get their due weight. It has no place for what a method adds
of its own, and centres measured precisely then pull the line as if they had to lie on it.

References
----------
York D. Least-squares fitting of a straight line. Canadian Journal of Physics, 1966, 44(5),
1079-1086. doi:10.1139/p66-090
York D., Evensen N. M., Lopez Martinez M., De Basabe Delgado J. Unified equations for the slope,
intercept, and standard errors of the best straight line. American Journal of Physics, 2004,
72(3), 367-375. doi:10.1119/1.1632486
Ripley B. D., Thompson M. Regression techniques for the detection of analytical bias. Analyst,
1987, 112(4), 377-383. doi:10.1039/AN9871200377
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.agreement.structural.deming import fit_deming
from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOLERANCE = 1e-13
"""Change of the slope, beside its size, at which iteration stops."""

MOST_ITERATIONS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PointErrors:
    """Known error variances of every point, each of shape (n,).

    Attributes
    ----------
    var_x, var_y : ndarray of shape (n,)
        Squared standard errors.
    """

    var_x: NDArray[np.float64]
    var_y: NDArray[np.float64]


def fit_generalised_deming(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    errors: PointErrors,
    weights: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    r"""Fit the line that minimises the sum of squared, scaled residuals.

    .. math:: \min_{a, b} \sum_i \frac{w_i (y_i - a - b x_i)^2}{s_{yi}^2 + b^2 s_{xi}^2}

    by York's iteration. Agrees with R ``deming::deming(xstd =, ystd =)`` to the tolerance of
    R's ``optimize`` there, about 1e-5, and has the smaller sum.

    Parameters
    ----------
    x, y : ndarray of shape (n,)
        Complete pairs.
    errors : PointErrors
    weights : ndarray of shape (..., n), optional
        How often a centre enters.

    Returns
    -------
    ndarray of shape (..., 2)
        Intercept and slope; NaN where iteration does not come to rest.

    Raises
    ------
    StatisticsError
        When a centre has no error on either side: it would have an infinite weight.
    """
    if ((errors.var_x <= 0) | (errors.var_y <= 0)).any():
        message = "every centre needs a positive standard error on both sides"
        raise StatisticsError(message)
    counts = np.ones(len(x)) if weights is None else weights
    ratio = float(errors.var_x.mean() / errors.var_y.mean())
    slope = fit_deming(x, y, error_ratio=ratio, weights=weights)[..., 1]
    intercept = slope
    moving = np.ones(np.shape(slope), dtype=bool)
    for _ in range(MOST_ITERATIONS):
        intercept, new = _step(x, y, errors, counts, slope)
        moving = ~(np.abs(new - slope) <= TOLERANCE * np.maximum(np.abs(new), 1))
        slope = new
        if not moving.any():
            break
    line = np.stack([intercept, slope], axis=-1)
    return np.where(moving[..., None], np.nan, line)


def _step(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    errors: PointErrors,
    counts: NDArray[np.float64],
    slope: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the intercept at `slope`, and York's next slope."""
    b = slope[..., None]
    scale = 1 / (errors.var_y + b**2 * errors.var_x)
    w = counts * scale
    total = w.sum(axis=-1, keepdims=True)
    mean_x = (w * x).sum(axis=-1, keepdims=True) / total
    mean_y = (w * y).sum(axis=-1, keepdims=True) / total
    u, v = x - mean_x, y - mean_y
    # Where the point most likely is on the line, as a deviation in x.
    position = scale * (errors.var_y * u + b * errors.var_x * v)
    new = (w * position * v).sum(axis=-1) / (w * position * u).sum(axis=-1)
    return (mean_y - b * mean_x)[..., 0], new


def compute_scaled_residuals(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    errors: PointErrors,
    line: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Compute residuals over their known standard errors, shape (n,).

    Their sum of squares is about n - 2 when known errors are all that scatters; much more is the
    sign of method variance, which this line cannot hold.
    """
    residual = y - line[0] - line[1] * x
    return np.asarray(residual / np.sqrt(errors.var_y + line[1] ** 2 * errors.var_x))
