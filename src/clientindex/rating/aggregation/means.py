r"""Weighted means of several kinds, and how they change with each value.

======== ========================================================= ===========================
kind     mean, weights :math:`w` that sum to 1                      derivative by :math:`x_i`
======== ========================================================= ===========================
power p  :math:`M = (\sum w x^p)^{1/p}`                             :math:`w_i (x_i / M)^{p-1}`
 = 1     arithmetic                                                 :math:`w_i`
 = 0     geometric: :math:`\exp \sum w \ln x`, the limit            :math:`w_i M / x_i`
 = -1    harmonic                                                   :math:`w_i (M / x_i)^2`
median   where the weight below passes one half; where it is one    1 at that value, or 1/2 at
         half exactly, the middle to the next value                 both
======== ========================================================= ===========================

The lower p, the less a high value can make up for a low one.

References
----------
OECD, European Union, JRC. Handbook on constructing composite indicators: methodology and user
guide. OECD Publishing, 2008. doi:10.1787/9789264043466-en
Bullen P. S. Handbook of means and their inequalities. Kluwer, 2003. doi:10.1007/978-94-017-0399-4
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

Kind = Literal["arithmetic", "geometric", "harmonic", "power", "median"]
KINDS: tuple[Kind, ...] = ("arithmetic", "geometric", "harmonic", "power", "median")
_EXPONENTS: dict[str, float] = {"arithmetic": 1.0, "geometric": 0.0, "harmonic": -1.0}

_EXACT_HALF = 1e-12
"""Running weights this near to one half are one half."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """A kind of mean.

    Attributes
    ----------
    kind : {"arithmetic", "geometric", "harmonic", "power", "median"}
    power : float, optional
        Of ``power`` only: finite.

    Raises
    ------
    StatisticsError
        On another kind, or a power that is missing, not finite or not wanted.
    """

    kind: Kind = "arithmetic"
    power: float | None = None

    def __post_init__(self) -> None:
        """Check kind and power."""
        if self.kind not in KINDS:
            msg = f"means are {', '.join(KINDS)}, not {self.kind}"
            raise StatisticsError(msg)
        if (self.power is not None) != (self.kind == "power"):
            msg = f"a mean of the kind power, and no other, has a power; {self.kind}: {self.power}"
            raise StatisticsError(msg)
        if self.power is not None and not np.isfinite(self.power):
            msg = f"the power of a mean must be finite, got {self.power}"
            raise StatisticsError(msg)

    @property
    def exponent(self) -> float | None:
        """Power p of the mean; None for the median."""
        return self.power if self.kind == "power" else _EXPONENTS.get(self.kind)


def compute_mean(
    x: NDArray[np.float64], weights: NDArray[np.float64], *, mean: Mean
) -> NDArray[np.float64]:
    """Compute weighted means along the last axis.

    Parameters
    ----------
    x : ndarray of shape (..., K)
    weights : ndarray
        Not negative; broadcasts to the shape of `x`. They need not sum to 1. A value of weight 0 is
        not looked at.
    mean : Mean

    Returns
    -------
    ndarray of shape (...)
        NaN where a value with weight is missing, or no value has weight.

    Raises
    ------
    StatisticsError
        If a weight is negative or missing; if a value is negative and the mean is neither
        arithmetic nor the median.

    Notes
    -----
    A value of 0 makes the geometric mean, the harmonic and all of negative power 0, their limit.
    Powers near 0 are computed from ``log1p(sum w expm1(p ln(x / ref))) / p`` and lose no digits.

    Examples
    --------
    >>> import numpy as np
    >>> x, w = np.array([2.0, 8.0]), np.array([1.0, 1.0])
    >>> [round(float(compute_mean(x, w, mean=Mean(kind=k))), 6) for k in KINDS if k != "power"]
    [5.0, 4.0, 3.2, 5.0]
    """
    share, filled, unknown = _prepare(x, weights)
    if mean.exponent is None:
        value = (_find_median_shares(filled, share) * filled).sum(axis=-1)
    elif mean.exponent == 1:
        value = (share * filled).sum(axis=-1)
    else:
        _check_sign(filled, mean)
        value = _compute_power_mean(filled, share, mean.exponent)
    return np.where(unknown, np.nan, value)


def compute_mean_gradient(
    x: NDArray[np.float64], weights: NDArray[np.float64], *, mean: Mean
) -> NDArray[np.float64]:
    """Compute the derivatives of weighted means by each value.

    Parameters
    ----------
    x, weights, mean
        As for :func:`compute_mean`.

    Returns
    -------
    ndarray of shape (..., K)
        0 for values of weight 0. A whole row is NaN where the mean is unknown, and where it has no
        derivative: power not 1, and the mean is 0 or (power below 1) a value is 0.

    Raises
    ------
    StatisticsError
        As :func:`compute_mean`.

    Notes
    -----
    For the delta method: ``se² = g' V g``. The median has kinks where values change places, and a
    standard error from its derivative is too small or too large near one: use draws.
    """
    share, filled, unknown = _prepare(x, weights)
    p = mean.exponent
    if p is None:
        gradient = _find_median_shares(filled, share)
    elif p == 1:
        gradient = share.copy()
    else:
        _check_sign(filled, mean)
        value = _compute_power_mean(filled, share, p)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            gradient = share * (filled / value[..., None]) ** (p - 1)
        gradient = np.where(share > 0, gradient, 0.0)
        flat = (value == 0) | ((p < 1) & (filled == 0).any(axis=-1))
        unknown = unknown | flat
    gradient[unknown] = np.nan
    return gradient


def check_weights(weights: NDArray[np.float64]) -> None:
    """Check weights.

    Raises
    ------
    StatisticsError
        If one is negative, infinite or missing.
    """
    if not ((weights >= 0) & np.isfinite(weights)).all():
        msg = "weights must be numbers of 0 or more"
        raise StatisticsError(msg)


def _prepare(
    x: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Return weights that sum to 1, values with 1 where they have no say, and unknown rows."""
    x = np.asarray(x, dtype=np.float64)
    weights = np.asarray(weights, dtype=np.float64)
    check_weights(weights)
    weights = np.broadcast_to(weights, np.broadcast_shapes(weights.shape, x.shape[-1:]))
    total = weights.sum(axis=-1, keepdims=True)
    share = np.broadcast_to(weights / np.where(total > 0, total, 1.0), x.shape)
    lost = np.isnan(x) & (share > 0)
    unknown = np.asarray(lost.any(axis=-1) | (total[..., 0] == 0))
    filled = np.where((share == 0) | lost, 1.0, x)
    return share, filled, unknown


def _check_sign(filled: NDArray[np.float64], mean: Mean) -> None:
    if (filled < 0).any():
        kind = f"power {mean.power:g}" if mean.kind == "power" else mean.kind
        msg = (
            f"the {kind} mean is not defined for negative values (smallest "
            f"{float(filled.min()):g}): bring indicators to a scale from 0, for example by min-max"
        )
        raise StatisticsError(msg)


def _compute_power_mean(
    x: NDArray[np.float64], share: NDArray[np.float64], p: float
) -> NDArray[np.float64]:
    """Return power means of values that are not negative; p = 0 is the geometric mean."""
    has_zero = ((x == 0) & (share > 0)).any(axis=-1)
    with np.errstate(divide="ignore"):
        logs = np.where(share > 0, np.log(x), np.nan)
    if p == 0:
        value = np.exp(np.nansum(share * np.where(np.isinf(logs), 0.0, logs), axis=-1))
        return np.where(has_zero, 0.0, value)
    inner = np.where(np.isnan(logs), -np.inf if p > 0 else np.inf, logs)
    ends = inner.max(axis=-1) if p > 0 else inner.min(axis=-1)
    reference = np.where(np.isfinite(ends), ends, 0.0)
    scaled = np.minimum(p * (inner - reference[..., None]), 0.0)
    total = (share * np.expm1(np.where(share > 0, scaled, 0.0))).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.exp(reference + np.log1p(total) / p)
    if p < 0:
        return np.where(has_zero, 0.0, value)
    return np.where(np.isfinite(ends), value, 0.0)


def _find_median_shares(x: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how much each value has of the weighted median: 1, or 1/2 and 1/2, else 0."""
    order = np.argsort(np.where(share > 0, x, np.inf), axis=-1, kind="stable")
    below = np.cumsum(np.take_along_axis(share, order, axis=-1), axis=-1)
    at = (below < 0.5 - _EXACT_HALF).sum(axis=-1, keepdims=True)
    last = x.shape[-1] - 1
    at = np.minimum(at, last)
    half = np.abs(np.take_along_axis(below, at, axis=-1) - 0.5) <= _EXACT_HALF
    following = np.minimum(at + 1, last)
    part = np.zeros_like(x)
    np.put_along_axis(part, at, np.where(half, 0.5, 1.0), axis=-1)
    before = np.take_along_axis(part, following, axis=-1)
    np.put_along_axis(part, following, before + np.where(half, 0.5, 0.0), axis=-1)
    shares = np.empty_like(x)
    np.put_along_axis(shares, order, part, axis=-1)
    return shares
