r"""Critical values that hold average coverage whatever the distribution of the bias.

A shrunken estimate has a bias that differs between units. Standardised by the standard deviation
of the estimate, its square has a mean :math:`m_2` and a kurtosis of at most :math:`\kappa` over the
units, and nothing else of it is known. With :math:`r(t, \chi)` the chance that a normal variable of
mean :math:`\sqrt t` lies outside :math:`\pm\chi`, the worst average non-coverage is the linear
programme

.. math:: \rho(m_2, \kappa, \chi) = \sup_F E_F\, r(t, \chi), \quad
          E_F\, t = m_2, \; E_F\, t^2 \le \kappa m_2^2, \; t \ge 0,

and the critical value solves :math:`\rho = \alpha`. As a function of t, r is convex and then
concave; a line from r(0) touches it at :math:`t_0` (0 when :math:`\chi^2 \le 3`). The worst F is

- all at :math:`m_2` when :math:`m_2 \ge t_0` or :math:`\kappa = 1`;
- at 0 and :math:`t_0` when :math:`\kappa m_2 \ge t_0` (kurtosis does not bind);
- else at two points :math:`x_1 < m_2 < x_2 \le t_0` with both moments met: with
  :math:`s = x_2 - m_2`, :math:`x_1 = m_2 - (\kappa - 1) m_2^2 / s`, so that one number is searched.

The search gives the primal value (a distribution that reaches it); tests compare it with the linear
programme on a grid and with the dual solution of R ebci.

References
----------
Armstrong T. B., Kolesar M., Plagborg-Moller M. Robust empirical Bayes confidence intervals.
Econometrica, 2022, 90(6), 2567-2602. doi:10.3982/ECTA18597
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm

from clientindex.compiled import njit
from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

GRID = 96
"""Places of the outer point that are tried before the best is refined."""

GOLDEN = (math.sqrt(5) - 1) / 2

REFINEMENTS = 34
FIRST_STEP, SMALLEST_STEP = 1.0, 1e-6
ROOT_STEPS = 200
ROOT_TOLERANCE = 1e-13


def compute_critical_values(
    m2: NDArray[np.float64], *, kurtosis: float, level: float
) -> NDArray[np.float64]:
    r"""Compute critical values for mean squared standardised biases.

    Parameters
    ----------
    m2 : ndarray of shape (C,)
        From 0; with empirical-Bayes weights it is :math:`v / \mu_2`.
    kurtosis : float
        From 1, up to infinity.
    level : float

    Returns
    -------
    ndarray of shape (C,)

    Raises
    ------
    StatisticsError
        With an m2 that is missing, negative or infinite, or a kurtosis below 1.

    Examples
    --------
    >>> import numpy as np
    >>> compute_critical_values(np.array([0.0, 1.0]), kurtosis=3.0, level=0.8).round(4).tolist()
    [1.2816, 1.8495]
    """
    values = np.asarray(m2, dtype=np.float64)
    if not (np.isfinite(values) & (values >= 0)).all() or not kurtosis >= 1:
        message = "a critical value needs squared biases from 0 and a kurtosis from 1"
        raise StatisticsError(message)
    different, place = np.unique(values, return_inverse=True)
    lowest = np.sqrt(different) + float(norm.ppf(level))
    return np.asarray(_solve_all(different, lowest, float(kurtosis), 1 - level)[place])


def compute_noncoverage(
    m2: NDArray[np.float64], critical: NDArray[np.float64], *, kurtosis: float
) -> NDArray[np.float64]:
    """Compute the worst average non-coverage of intervals with given critical values."""
    pairs = np.stack([np.asarray(m2, float), np.asarray(critical, float)])
    different, place = np.unique(pairs, axis=1, return_inverse=True)
    found = np.array([_find_worst(m, float(kurtosis), chi) for m, chi in different.T])
    return np.asarray(found[place.reshape(-1)])


@njit(nogil=True)
def _outside(t: float, chi: float) -> float:
    """Return the chance that a normal variable of mean sqrt(t) lies outside of +-chi."""
    root = math.sqrt(t)
    return 0.5 * (math.erfc((chi - root) / math.sqrt(2.0)) + math.erfc((chi + root) / math.sqrt(2)))


@njit(nogil=True)
def _slope(t: float, chi: float) -> float:
    """Return the derivative of `_outside` by t."""
    scale = 1 / math.sqrt(2 * math.pi)
    if t < 1e-8:
        return scale * chi * math.exp(-(chi**2) / 2)
    root = math.sqrt(t)
    inner = math.exp(-((root - chi) ** 2) / 2) - math.exp(-((root + chi) ** 2) / 2)
    return scale * inner / (2 * root)


@njit(nogil=True)
def _find_touch(chi: float) -> float:
    """Return where the line from r(0) touches r."""
    if chi**2 <= 3:
        return 0.0
    low, high = chi**2 - 3, 2 * chi**2
    start = _outside(0.0, chi)
    while _outside(high, chi) - high * _slope(high, chi) < start:
        low, high = high, 2 * high
    for _ in range(ROOT_STEPS):
        middle = (low + high) / 2
        if _outside(middle, chi) - middle * _slope(middle, chi) < start:
            low = middle
        else:
            high = middle
        if high - low <= ROOT_TOLERANCE * high:
            break
    return (low + high) / 2


@njit(nogil=True)
def _mix(log_distance: float, m2: float, kurtosis: float, chi: float) -> float:
    """Return non-coverage with points on both sides of m2 that have both moments."""
    distance = math.exp(log_distance)
    inner = (kurtosis - 1) * m2**2 / distance
    share = inner / (inner + distance)
    low = max(m2 - inner, 0.0)
    return (1 - share) * _outside(low, chi) + share * _outside(m2 + distance, chi)


@njit(nogil=True)
def _find_worst(m2: float, kurtosis: float, chi: float) -> float:
    touch = _find_touch(chi)
    if kurtosis == 1 or m2 >= touch:
        return _outside(m2, chi)
    if kurtosis * m2 >= touch:
        start = _outside(0.0, chi)
        return start + m2 / touch * (_outside(touch, chi) - start)
    low, high = math.log((kurtosis - 1) * m2), math.log(touch - m2)
    step = (high - low) / GRID
    best, place = -1.0, 0
    for i in range(GRID + 1):
        value = _mix(low + i * step, m2, kurtosis, chi)
        if value > best:
            best, place = value, i
    left, right = low + max(place - 1, 0) * step, low + min(place + 1, GRID) * step
    one, other = right - GOLDEN * (right - left), left + GOLDEN * (right - left)
    at_one, at_other = _mix(one, m2, kurtosis, chi), _mix(other, m2, kurtosis, chi)
    for _ in range(REFINEMENTS):
        if at_one > at_other:
            right, other, at_other = other, one, at_one
            one = right - GOLDEN * (right - left)
            at_one = _mix(one, m2, kurtosis, chi)
        else:
            left, one, at_one = one, other, at_other
            other = left + GOLDEN * (right - left)
            at_other = _mix(other, m2, kurtosis, chi)
    return max(best, at_one, at_other)


@njit(nogil=True)
def _solve(m2: float, low: float, step: float, kurtosis: float, alpha: float) -> float:
    """Return the critical value: non-coverage falls with it and is above alpha at `low`.

    The first place where it may be below is `step` further.
    """
    high = low + step
    at_low = _find_worst(m2, kurtosis, low) - alpha
    if at_low <= 0:
        return low
    at_high = _find_worst(m2, kurtosis, high) - alpha
    while at_high > 0:
        low, at_low, high = high, at_high, high + 2 * (high - low)
        at_high = _find_worst(m2, kurtosis, high) - alpha
    side = 0
    for _ in range(ROOT_STEPS):
        middle = high - at_high * (high - low) / (at_high - at_low)
        value = _find_worst(m2, kurtosis, middle) - alpha
        if value > 0:
            low, at_low = middle, value
            at_high = at_high / 2 if side == 1 else at_high
            side = 1
        else:
            high, at_high = middle, value
            at_low = at_low / 2 if side == -1 else at_low
            side = -1
        if value == 0 or high - low <= ROOT_TOLERANCE * high or abs(value) < 1e-15:
            return middle
    return (low + high) / 2


@njit(nogil=True)
def _solve_all(
    m2: NDArray[np.float64], lowest: NDArray[np.float64], kurtosis: float, alpha: float
) -> NDArray[np.float64]:
    """Solve for biases that rise: critical values rise with them, each helps with the next."""
    found = np.empty(m2.size)
    former, step = 0.0, FIRST_STEP
    for i in range(m2.size):
        low = max(lowest[i], former)
        found[i] = _solve(m2[i], low, step, kurtosis, alpha)
        if i > 0:
            step = max(2 * (found[i] - former), SMALLEST_STEP)
        former = found[i]
    return found
