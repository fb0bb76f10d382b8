"""A matrix of correlations with what it becomes without each centre, and rows of estimates of it.

Intervals leave out each centre in turn inside its region, as in the decomposition, and for its
reason: drawing m centres with replacement narrows their spread by ``(m - 1) / m`` while the
sampling covariance that is taken out stays what it is, so every bootstrap replicate of a corrected
correlation is shifted. Uncorrected correlations have no such fault, but are given the same
intervals, so that the two can be compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import t as student

from clientindex.reliability.centres.jackknife import Strata, compute_jackknife_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

JACKKNIFE = "jackknife over centres inside regions, Student t"
NO_INTERVAL = "no interval: undefined without one of the centres"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Replicates:
    """Correlations of G groups by two methods.

    Attributes
    ----------
    r : ndarray of shape (2 G, 2 G)
        Survey first.
    left_out : ndarray of shape (n, 2 G, 2 G)
        Without each centre.
    strata : Strata
        Regions of the n centres.
    level : float
    """

    r: NDArray[np.float64]
    left_out: NDArray[np.float64]
    strata: Strata
    level: float

    @property
    def n(self) -> int:
        """Number of centres."""
        return len(self.left_out)

    def find_quantile(self, *, comparisons: int = 1) -> float:
        """Return Student's quantile for intervals that hold together for so many comparisons."""
        tail = (1 - self.level) / (2 * comparisons)
        return float(student.ppf(1 - tail, max(self.strata.df, 1)))

    def compute_error(
        self, compute: Callable[[NDArray[np.float64]], NDArray[np.float64]]
    ) -> NDArray[np.float64]:
        """Return jackknife errors of a function of correlations (..., 2 G, 2 G) to (..., q)."""
        return compute_jackknife_error(compute(self.left_out), self.strata)

    def tabulate(
        self,
        compute: Callable[[NDArray[np.float64]], NDArray[np.float64]],
        *,
        undefined: str,
    ) -> pd.DataFrame:
        """Tabulate a function of the correlations, one row a value.

        Parameters
        ----------
        compute : callable
            Correlations of shape (..., 2 G, 2 G) to values of shape (..., q).
        undefined : str
            Why a value may be NaN; stands in place of the method then.

        Returns
        -------
        DataFrame of q rows
            ``estimate``, ``std_error``, ``ci_low``, ``ci_high``, ``method``, ``n``.
        """
        estimate, error = compute(self.r), self.compute_error(compute)
        error = np.where(np.isnan(estimate), np.nan, error)
        margin = self.find_quantile() * error
        told = np.where(np.isnan(error), NO_INTERVAL, JACKKNIFE)
        return pd.DataFrame(
            {
                "estimate": estimate,
                "std_error": error,
                "ci_low": estimate - margin,
                "ci_high": estimate + margin,
                "method": np.where(np.isnan(estimate), undefined, told),
                "n": self.n,
            }
        )
