"""A fitted line as a value: two coefficients with their intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.results.base import make_tidy

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficient:
    """A coefficient with its interval.

    Attributes
    ----------
    estimate : float
    std_error : float
        NaN where the method gives an interval without one.
    ci_low, ci_high : float
    """

    estimate: float
    std_error: float
    ci_low: float
    ci_high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The line ``y = intercept + slope x``.

    Attributes
    ----------
    intercept, slope : Coefficient
    method : str
        How the interval was made.
    level : float
        Level of the intervals.
    n, n_dropped : int
        Centres used, and centres without a complete pair.
    """

    intercept: Coefficient
    slope: Coefficient
    method: str
    level: float
    n: int
    n_dropped: int

    def tidy(self) -> pd.DataFrame:
        """Return the two coefficients as a tidy table."""
        return tidy_coefficients(
            {"intercept": self.intercept, "slope": self.slope},
            method=self.method,
            level=self.level,
            n=self.n,
        )


def tidy_coefficients(
    coefficients: dict[str, Coefficient], *, method: str, level: float, n: int
) -> pd.DataFrame:
    """Assemble a tidy table, one row a coefficient."""
    values = list(coefficients.values())
    return make_tidy(
        {
            "statistic": list(coefficients),
            **{
                name: [getattr(value, name) for value in values]
                for name in ("estimate", "std_error", "ci_low", "ci_high")
            },
            "level": level,
            "method": method,
            "n": n,
        }
    )
