r"""The increasing transform that makes a mean of any power a weighted sum.

With :math:`h(x) = ((x / r)^p - 1) / p` (Box and Cox 1964; the logarithm for p = 0, and x itself for
p = 1) the mean of power p is :math:`h^{-1}(\sum w\, h(x))`, whatever the reference r. As h rises
for every p, the weights that make the sum largest make the mean largest.

References
----------
Box G. E. P., Cox D. R. An analysis of transformations. Journal of the Royal Statistical Society B,
1964, 26(2), 211-252. doi:10.1111/j.2517-6161.1964.tb00553.x
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import NDArray


def find_reference(x: NDArray[np.float64], power: float) -> NDArray[np.float64]:
    """Return a reference by row, shape (..., 1), with which no power overflows.

    The largest value, for negative powers the smallest positive one; 1 where there is none.
    """
    positive = np.where(x > 0, x, np.nan)
    known = np.isfinite(positive).any(axis=-1, keepdims=True)
    safe = np.where(known, positive, 1.0)
    extreme = np.nanmin if power < 0 else np.nanmax
    return np.asarray(extreme(safe, axis=-1, keepdims=True), dtype=np.float64)


def to_sum(
    x: NDArray[np.float64], power: float, reference: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Transform values so that their mean of a power is a weighted sum.

    Parameters
    ----------
    x : ndarray
        NaN is missing.
    power : float
    reference : ndarray
        Positive; broadcasts to `x`.

    Returns
    -------
    ndarray of the same shape
        Minus infinity for a value of 0 and a power of 0 or less.

    Raises
    ------
    StatisticsError
        If a value is negative and the power not 1.
    """
    if power == 1:
        return x
    if (x < 0).any():
        msg = f"a mean of power {power:g} is not defined for negative values"
        raise StatisticsError(msg)
    with np.errstate(divide="ignore", over="ignore"):
        logs = np.log(x / reference)
        return logs if power == 0 else np.expm1(power * logs) / power


def from_sum(
    h: NDArray[np.float64], power: float, reference: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the mean from the weighted sum of transformed values; inverse of :func:`to_sum`."""
    if power == 1:
        return h
    if power == 0:
        return np.asarray(reference * np.exp(h))
    # Rounding may leave 1 + p h a little below 0 where all values are 0.
    with np.errstate(divide="ignore"):
        return np.asarray(reference * np.exp(np.log1p(np.maximum(power * h, -1.0)) / power))
