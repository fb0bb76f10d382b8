"""The bivariate normal distribution, compiled: what every polychoric correlation is made of.

References
----------
Genz A. Numerical computation of rectangular bivariate and trivariate normal and t probabilities.
Statistics and Computing, 2004, 14, 251-260. doi:10.1023/B:STCO.0000035304.20635.31
Drezner Z., Wesolowsky G. O. On the computation of the bivariate normal integral. Journal of
Statistical Computation and Simulation, 1990, 35, 101-107. doi:10.1080/00949659008811236
"""

from __future__ import annotations

import math

import numpy as np

from clientindex.compiled import njit

_NODES = {n: np.polynomial.legendre.leggauss(n) for n in (6, 12, 20)}
_X6, _W6 = _NODES[6]
_X12, _W12 = _NODES[12]
_X20, _W20 = _NODES[20]

TWO_PI = 2 * math.pi
ROOT_TWO_PI = math.sqrt(TWO_PI)
ROOT_HALF = math.sqrt(0.5)

STEEP = 0.925
"""Absolute correlation from which the integrand is too steep for plain Gauss-Legendre."""


@njit(nogil=True)
def normal_cdf(x: float) -> float:
    """Return the standard normal distribution function."""
    return 0.5 * math.erfc(-x * ROOT_HALF)


@njit(nogil=True)
def normal_pdf(x: float) -> float:
    """Return the standard normal density; 0 at infinity."""
    return math.exp(-0.5 * x * x) / ROOT_TWO_PI


@njit(nogil=True)
def bivariate_pdf(h: float, k: float, rho: float) -> float:
    """Return the bivariate normal density, which is the derivative of the cdf by `rho`."""
    if math.isinf(h) or math.isinf(k):
        return 0.0
    left = 1.0 - rho * rho
    return math.exp(-0.5 * (h * h - 2 * rho * h * k + k * k) / left) / (TWO_PI * math.sqrt(left))


@njit(nogil=True)
def bivariate_cdf(h: float, k: float, rho: float) -> float:
    """Return P(X <= h, Y <= k) for correlation `rho` in (-1, 1), to about 1e-15."""
    if h == -math.inf or k == -math.inf:
        return 0.0
    if h == math.inf:
        return normal_cdf(k)
    if k == math.inf:
        return normal_cdf(h)
    if abs(rho) < STEEP:
        return _integrate_angle(h, k, rho)
    return _integrate_rest(-h, -k, rho)


@njit(nogil=True)
def _integrate_angle(h: float, k: float, rho: float) -> float:
    """Integrate the density over correlations from 0 to rho = sin(angle)."""
    if abs(rho) < 0.3:
        x, w = _X6, _W6
    elif abs(rho) < 0.75:
        x, w = _X12, _W12
    else:
        x, w = _X20, _W20
    half = 0.5 * math.asin(rho)
    squares, product = 0.5 * (h * h + k * k), h * k
    total = 0.0
    for i in range(len(x)):
        sine = math.sin(half * (1.0 + x[i]))
        total += w[i] * math.exp((sine * product - squares) / (1.0 - sine * sine))
    return total * half / TWO_PI + normal_cdf(h) * normal_cdf(k)


@njit(nogil=True)
def _integrate_rest(h: float, k: float, rho: float) -> float:
    """Return P(X > h, Y > k) from the limit of perfect correlation (Genz 2004, section 2.3)."""
    if rho < 0:
        k = -k
    product = h * k
    value = 0.0
    if abs(rho) < 1:
        left = (1.0 - rho) * (1.0 + rho)
        a = math.sqrt(left)
        b = (h - k) * (h - k)
        c, d = (4.0 - product) / 8.0, (12.0 - product) / 16.0
        exponent = -0.5 * (b / left + product)
        if exponent > -100:
            series = 1.0 - c * (b - left) * (1.0 - d * b / 5.0) / 3.0 + c * d * left * left / 5.0
            value = a * math.exp(exponent) * series
        if -product < 100:
            root = math.sqrt(b)
            tail = ROOT_TWO_PI * normal_cdf(-root / a)
            value -= (
                math.exp(-0.5 * product) * tail * root * (1.0 - c * b * (1.0 - d * b / 5.0) / 3.0)
            )
        a *= 0.5
        for i in range(len(_X20)):
            square = (a * (1.0 + _X20[i])) ** 2
            other = math.sqrt(1.0 - square)
            exponent = -0.5 * (b / square + product)
            if exponent > -100:
                expansion = 1.0 + c * square * (1.0 + d * square)
                ratio = math.exp(-product * square / (2.0 * (1.0 + other) ** 2)) / other
                value += a * _W20[i] * math.exp(exponent) * (ratio - expansion)
        value = -value / TWO_PI
    if rho > 0:
        return value + normal_cdf(-max(h, k))
    value = -value
    if k > h:
        if h < 0:
            value += normal_cdf(k) - normal_cdf(h)
        else:
            value += normal_cdf(-h) - normal_cdf(-k)
    return value
