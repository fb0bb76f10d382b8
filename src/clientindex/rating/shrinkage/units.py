"""What is asked of estimates and their sampling variances before they are drawn together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEPENDENT = 1e-10
"""A covariate of which this share of its length is left beside the others is one of them."""


def check_units(y: NDArray[np.float64], v: NDArray[np.float64], *, fewest: int) -> None:
    """Raise unless there are enough units, each with a value and a positive sampling variance."""
    if y.shape != v.shape or y.ndim != 1:
        message = f"estimates of shape {y.shape} have sampling variances of shape {v.shape}"
        raise StatisticsError(message)
    if len(y) < fewest:
        message = f"shrinkage needs at least {fewest} units here, found {len(y)}"
        raise StatisticsError(message)
    wrong = int((~(np.isfinite(y) & np.isfinite(v) & (v > 0))).sum())
    if wrong:
        message = f"{wrong} of {len(y)} units have no value or no positive sampling variance"
        raise StatisticsError(message)


def make_design(covariates: NDArray[np.float64] | None, units: int) -> NDArray[np.float64]:
    """Make the design matrix: a column of ones, then the covariates.

    Parameters
    ----------
    covariates : ndarray of shape (C, p) or None
        Complete, without an intercept.
    units : int

    Raises
    ------
    StatisticsError
        With a missing value, other units, or columns that depend on each other or are constant.
    """
    ones = np.ones((units, 1))
    if covariates is None:
        return ones
    x = np.asarray(covariates, dtype=np.float64)
    if x.ndim != 2 or len(x) != units or not np.isfinite(x).all():
        message = f"covariates of {units} units need complete values of shape ({units}, p)"
        raise StatisticsError(message)
    design = np.hstack([ones, x])
    lengths = np.linalg.norm(design, axis=0)
    left = np.abs(np.diag(np.linalg.qr(design / np.where(lengths > 0, lengths, 1.0), mode="r")))
    if len(left) < design.shape[1] or (left < DEPENDENT).any():
        message = "covariates are constant or depend on each other: their effects are not defined"
        raise StatisticsError(message)
    return design
