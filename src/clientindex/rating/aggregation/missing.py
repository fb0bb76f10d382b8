"""What happens to a mean when a value is missing: refused, re-weighted or imputed, and counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.rating.aggregation.means import check_weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

Treatment = Literal["refuse", "reweight", "impute"]
TREATMENTS: tuple[Treatment, ...] = ("refuse", "reweight", "impute")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MissingRule:
    """What to do where a value is missing.

    Attributes
    ----------
    treatment : {"refuse", "reweight", "impute"}
        No mean; the weight shared among the values present in proportion to theirs; or a stated
        value in its place.
    fewest : int
        Values with weight that must be present, imputed ones not counted; else there is no mean.
    fill : ndarray of shape (K,) or (..., K), optional
        What is imputed, for example means of the region. Where it is missing too, no mean.

    Raises
    ------
    StatisticsError
        On another treatment, fewer than one value, or a fill without the treatment
        ``impute``.
    """

    treatment: Treatment = "refuse"
    fewest: int = 1
    fill: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        """Check the settings."""
        if self.treatment not in TREATMENTS:
            msg = f"missing values are {', '.join(TREATMENTS)}, not {self.treatment}"
            raise StatisticsError(msg)
        if self.fewest < 1:
            msg = f"a mean needs at least one value, got {self.fewest}"
            raise StatisticsError(msg)
        if (self.fill is not None) != (self.treatment == "impute"):
            msg = "a fill is given for the treatment impute, and only for it"
            raise StatisticsError(msg)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Completed:
    """Values and weights after the rule for missing ones.

    Attributes
    ----------
    x : ndarray of shape (..., K)
    weights : ndarray of shape (..., K)
        0 where a value is missing and its weight is shared; all 0 where there is to be no mean.
    imputed : bool ndarray of shape (..., K)
    n_missing : int64 ndarray of shape (...)
        Values with weight that are missing in what was given, whatever was done with them.
    """

    x: NDArray[np.float64]
    weights: NDArray[np.float64]
    imputed: NDArray[np.bool_]
    n_missing: NDArray[np.int64]


def complete(
    x: NDArray[np.float64], weights: NDArray[np.float64], *, rule: MissingRule
) -> Completed:
    """Apply the rule for missing values.

    Parameters
    ----------
    x : ndarray of shape (..., K)
        NaN is missing.
    weights : ndarray
        Broadcasts to `x`. A missing value of weight 0 is not missing: nothing asks for it.
    rule : MissingRule

    Returns
    -------
    Completed

    Raises
    ------
    StatisticsError
        If a weight is negative or missing, or a value infinite.
    """
    x = np.asarray(x, dtype=np.float64)
    check_weights(np.asarray(weights, dtype=np.float64))
    if np.isinf(x).any():
        msg = "values to be averaged must be finite or missing, but one is infinite"
        raise StatisticsError(msg)
    kept = np.broadcast_to(weights, x.shape).astype(np.float64)
    missing = np.isnan(x) & (kept > 0)
    present = ((kept > 0) & ~missing).sum(axis=-1)
    imputed = np.zeros(x.shape, dtype=bool)
    if rule.treatment == "reweight":
        kept = np.where(missing, 0.0, kept)
    elif rule.treatment == "impute":
        values = np.broadcast_to(np.asarray(rule.fill, dtype=np.float64), x.shape)
        imputed = missing & ~np.isnan(values)
        x = np.where(imputed, values, x)
    kept = np.where((present < rule.fewest)[..., None], 0.0, kept)
    n_missing = np.asarray(missing.sum(axis=-1), dtype=np.int64)
    return Completed(x=x, weights=kept, imputed=imputed, n_missing=n_missing)
