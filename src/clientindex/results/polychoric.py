"""Polychoric correlations of the indicators beside Pearson's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.results.tidying import stack_tidy, tidy_frame

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PolychoricTable:
    """Polychoric correlation of every pair of indicators with its cluster-robust interval.

    Attributes
    ----------
    frame : DataFrame
        One row a pair (upper triangle, methodology order): ``indicator``, ``other``, ``estimate``
        (polychoric, before smoothing), ``std_error`` (robust to clustering by centre),
        ``ci_low``, ``ci_high``
        (Wald on Fisher's z), ``pearson``, ``difference`` (polychoric less Pearson), ``n``
        (respondents who answered both), ``zero_cells`` (empty cells of the two-way table).
    thresholds : DataFrame
        ``indicator``, ``position`` (1 ... categories - 1), ``estimate``, ``std_error``.
    unused : DataFrame
        ``indicator``, ``answer``: answers of the scale that nobody chose; they take no part.
    estimator : str
        "two_step" or "ml".
    zero_cell_2x2, zero_cell : float
        What was added to an empty cell of a 2 x 2 table and of a larger one.
    smallest_eigenvalue : float
        Of the matrix before smoothing.
    smoothed : bool
        Whether the matrix was made positive definite.
    largest_change : float
        Largest absolute change of a correlation by smoothing; 0 without.
    n, n_centres : int
        Smallest n of a pair; centres.
    level : float
    """

    frame: pd.DataFrame
    thresholds: pd.DataFrame
    unused: pd.DataFrame
    estimator: str
    zero_cell_2x2: float
    zero_cell: float
    smallest_eigenvalue: float
    smoothed: bool
    largest_change: float
    n: int
    n_centres: int
    level: float

    def tidy(self) -> pd.DataFrame:
        """Return one row a pair, then one row a threshold."""
        method = f"{self.estimator}, cluster-robust over {self.n_centres} centres"
        correlations = tidy_frame(
            self.frame,
            subject=("indicator", "other"),
            statistic="polychoric",
            fixed=True,
            level=self.level,
            method=method,
            n=self.frame["n"].to_numpy(),
        )
        numbers = "threshold." + self.thresholds["position"].astype(str)
        thresholds = tidy_frame(
            self.thresholds.assign(statistic=numbers),
            subject="indicator",
            statistic="statistic",
            method=method,
        )
        return stack_tidy([correlations, thresholds])
