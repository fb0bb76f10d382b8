r"""The restricted deviance of respondents in centres in regions, searched along lines, compiled.

With :math:`v_c = 1 / n_c + \lambda_C` the means of one region have the covariance
:math:`\sigma^2 (diag(v) + \lambda_R 11')`, whose inverse and determinant are closed. Profiles and
their ends take tens of thousands of deviances, each too small for calls from Python.

References
----------
Searle S. R., Casella G., McCulloch C. E. Variance Components. Wiley, 1992, 6.6.
Brent R. P. Algorithms for Minimization Without Derivatives. Prentice-Hall, 1973, chapter 5.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from clientindex.compiled import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Means = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp], float, float]
    """Sizes, means and regions of C centres, degrees of freedom and variance inside them."""

HIGHEST = 0.999
"""Largest share of a component over itself and the variance of respondents."""

EFFECTS_LINE, SHARES_LINE = 0, 1
"""Lines on which one number is fixed and another one searched: the shares of centres and regions,
each over itself and the variance of respondents; or the shares of all three components in their
sum, of which one is fixed and the searched number divides the rest."""

DIFFERENCE = 1e-8
"""Step of derivatives by differences."""

GOLDEN = 0.5 * (3.0 - math.sqrt(5.0))
ROUNDING = math.sqrt(2.2e-16)
"""Relative distance below which a function near its minimum is not told apart."""


@njit(nogil=True)
def deviate(
    means: Means, centre: float, region: float
) -> tuple[float, float]:  # pragma: no cover - compiled
    """Return the deviance without its constant, and the variance of respondents, at two ratios.

    Weights, weighted means and weighted residuals of every region are summed in one pass each.
    """
    n, mean, regions, df, within = means
    n_regions = regions.max() + 1
    weight, weighted, left = np.zeros(n_regions), np.zeros(n_regions), np.zeros(n_regions)
    logs = 0.0
    for c in range(len(n)):
        v = 1 / n[c] + centre
        weight[regions[c]] += 1 / v
        weighted[regions[c]] += mean[c] / v
        logs += np.log(v)
    shrink = 1 / (1 + region * weight)
    precision = (weight * shrink).sum()
    grand = (weighted * shrink).sum() / precision
    squares = 0.0
    for c in range(len(n)):
        v = 1 / n[c] + centre
        residual = mean[c] - grand
        left[regions[c]] += residual / v
        squares += residual**2 / v
    squares -= region * (left**2 * shrink).sum()
    freedom = df + len(n) - 1
    total = df * within + squares
    deviance = freedom * np.log(total) + logs - np.log(shrink).sum() + np.log(precision)
    return deviance, total / freedom


@njit(nogil=True)
def differentiate(
    means: Means, centre: float, region: float
) -> tuple[float, NDArray[np.float64]]:  # pragma: no cover - compiled
    """Return the deviance at two shares, and its derivatives by differences inside the bounds."""
    here = evaluate(means, EFFECTS_LINE, 0, centre, region)
    gradient = np.empty(2)
    for position in range(2):
        own, other = (centre, region) if position == 0 else (region, centre)
        step = DIFFERENCE if own + DIFFERENCE <= HIGHEST else -DIFFERENCE
        there = evaluate(means, EFFECTS_LINE, position, own + step, other)
        gradient[position] = (there - here) / ((own + step) - own)
    return here, gradient


@njit(nogil=True)
def evaluate(
    means: Means, line: int, position: int, fixed: float, x: float
) -> float:  # pragma: no cover - compiled
    """Return the deviance at a point of a line.

    `fixed` is the share of the effect or component at `position`.
    """
    if line == EFFECTS_LINE:
        centre, region = (fixed, x) if position == 0 else (x, fixed)
        return deviate(means, centre / (1 - centre), region / (1 - region))[0]
    first, second = (1 - fixed) * x, (1 - fixed) * (1 - x)
    if position == 0:
        return deviate(means, first / fixed, second / fixed)[0]
    if position == 1:
        return deviate(means, fixed / first, second / first)[0]
    return deviate(means, second / first, fixed / first)[0]


@njit(nogil=True)
def search_line(
    means: Means,
    line: int,
    position: int,
    fixed: float,
    ends: tuple[float, float],
    tolerance: float,
    most: int,
) -> tuple[float, float]:  # pragma: no cover - compiled
    """Return where the deviance is smallest between two ends of a line, and its value there.

    Brent's search by parabolas and golden sections, in the steps of scipy's bounded
    ``minimize_scalar``, until it is as near as `tolerance` or has taken `most` values.
    """
    low, high = ends
    best = before = oldest = low + GOLDEN * (high - low)
    value = evaluate(means, line, position, fixed, best)
    value_before = value_oldest = value
    step = last_step = 0.0
    n_values = 1
    while n_values < most:
        middle = 0.5 * (low + high)
        near = ROUNDING * abs(best) + tolerance / 3.0
        if abs(best - middle) <= 2.0 * near - 0.5 * (high - low):
            break
        is_golden = True
        if abs(last_step) > near:
            r = (best - before) * (value - value_oldest)
            q = (best - oldest) * (value - value_before)
            p = (best - oldest) * q - (best - before) * r
            q = 2.0 * (q - r)
            p = -p if q > 0.0 else p
            q = abs(q)
            r, last_step = last_step, step
            if abs(p) < abs(0.5 * q * r) and p > q * (low - best) and p < q * (high - best):
                is_golden = False
                step = (p + 0.0) / q
                x = best + step
                if x - low < 2.0 * near or high - x < 2.0 * near:
                    step = near if middle - best >= 0 else -near
        if is_golden:
            last_step = low - best if best >= middle else high - best
            step = GOLDEN * last_step
        x = best + (1.0 if step >= 0 else -1.0) * max(abs(step), near)
        there = evaluate(means, line, position, fixed, x)
        n_values += 1
        if there <= value:
            low, high = (best, high) if x >= best else (low, best)
            oldest, value_oldest = before, value_before
            before, value_before = best, value
            best, value = x, there
        else:
            low, high = (x, high) if x < best else (low, x)
            if there <= value_before or before == best:
                oldest, value_oldest = before, value_before
                before, value_before = x, there
            elif there <= value_oldest or oldest in (best, before):
                oldest, value_oldest = x, there
    return best, value
