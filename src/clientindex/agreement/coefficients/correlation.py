"""Pearson's correlation of two measurements of the same centres."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm

from clientindex.agreement.coefficients.estimate import (
    MINIMUM_PAIRS,
    UNDEFINED_CONSTANT,
    UNDEFINED_FEW,
    Estimate,
    check_pairs,
    has_constant,
    leave_undefined,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray


def estimate_pearson(x: NDArray[np.float64], y: NDArray[np.float64], *, level: float) -> Estimate:
    """Estimate Pearson's correlation with Fisher's z interval.

    ``tanh(atanh(r) -/+ z / sqrt(n - 3))``; three centres carry no information beyond -1 to 1.
    Undefined (NaN) with fewer than three pairs, or when all values of one source are equal.
    Agrees with R ``cor.test`` to 1e-12. Parameters and errors as in
    :func:`~clientindex.agreement.coefficients.difference.estimate_bias`.
    """
    check_pairs(x, y, level=level)
    n = len(x)
    if n < MINIMUM_PAIRS:
        return leave_undefined(UNDEFINED_FEW, level=level, n=n)
    if has_constant(x, y):
        return leave_undefined(UNDEFINED_CONSTANT, level=level, n=n)
    r = float(np.clip(np.corrcoef(x, y)[0, 1], -1, 1))
    low, high = -1.0, 1.0
    if n > MINIMUM_PAIRS:
        margin = norm.ppf((1 + level) / 2) / np.sqrt(n - 3)
        with np.errstate(divide="ignore"):
            centre = np.arctanh(r)
        low, high = float(np.tanh(centre - margin)), float(np.tanh(centre + margin))
    return Estimate(estimate=r, ci_low=low, ci_high=high, level=level, n=n, method="Fisher z")
