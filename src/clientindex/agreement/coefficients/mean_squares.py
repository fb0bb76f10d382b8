"""Mean squares of the two-way layout, from which ICC and variance-components CCC are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from clientindex.agreement.coefficients.estimate import NO_SPREAD

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanSquares:
    """Mean squares of n rows (centres) and k columns (sources).

    Attributes
    ----------
    rows, columns, error : float
        Of the two-way layout; the error is 0 where it is rounding.
    within : float
        Within rows, of the one-way layout.
    n, k : int
    """

    rows: float
    columns: float
    error: float
    within: float
    n: int
    k: int

    @classmethod
    def of(cls, ratings: NDArray[np.float64]) -> Self:
        """Compute them from a complete table of shape (n, k)."""
        n, k = ratings.shape
        grand = ratings.mean()
        row, column = ratings.mean(axis=1), ratings.mean(axis=0)
        residual = ratings - row[:, None] - column + grand
        error = float((residual**2).sum() / ((n - 1) * (k - 1)))
        within = float(((ratings - row[:, None]) ** 2).sum() / (n * (k - 1)))
        return cls(
            rows=float(k * ((row - grand) ** 2).sum() / (n - 1)),
            columns=float(n * ((column - grand) ** 2).sum() / (k - 1)),
            error=error if error > NO_SPREAD**2 else 0.0,
            within=within if within > NO_SPREAD**2 else 0.0,
            n=n,
            k=k,
        )
