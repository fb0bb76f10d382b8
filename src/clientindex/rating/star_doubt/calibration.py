r"""Whether probabilities of stars come true, where the true stars are known (simulated).

References
----------
Brier G. W. Verification of forecasts expressed in terms of probability. Monthly Weather Review,
1950, 78(1), 1-3. doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2
Murphy A. H., Winkler R. L. Reliability of subjective probability forecasts of precipitation and
temperature. Applied Statistics, 1977, 26(1), 41-47. doi:10.2307/2346866
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.rating.bands import settle
from clientindex.rating.star_doubt.accuracy import check_stars

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEFAULT_BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calibration:
    """Reliability diagram with its scores.

    Attributes
    ----------
    edges : ndarray of shape (B + 1,)
        Bins of probability, equally wide; a bin holds its lower end, the last both.
    n : int64 ndarray of shape (B,)
        Probabilities in the bin.
    expected, observed : ndarray of shape (B,)
        Mean probability, and share that came true; NaN where the bin is empty.
    brier : float
        Mean squared difference of probability and what happened (0 or 1).
    gap : float
        Mean absolute difference of `expected` and `observed`, bins weighted by n (expected
        calibration error); never 0 in a finite sample.
    """

    edges: NDArray[np.float64]
    n: NDArray[np.int64]
    expected: NDArray[np.float64]
    observed: NDArray[np.float64]
    brier: float
    gap: float


def compute_calibration(
    probabilities: NDArray[np.float64],
    happened: NDArray[np.bool_],
    *,
    n_bins: int = DEFAULT_BINS,
) -> Calibration:
    """Compare probabilities with what happened.

    Parameters
    ----------
    probabilities : ndarray
        Of any shape: of the star given, shape (C,), or of all stars, shape (C, K).
    happened : bool ndarray of the same shape
        For all stars: ``true_star[:, None] == np.arange(1, K + 1)``.
    n_bins : int

    Returns
    -------
    Calibration

    Raises
    ------
    StatisticsError
        If shapes differ, a probability is missing or not 0 to 1, or there is no bin.
    """
    p, hit = np.ravel(probabilities), np.ravel(happened).astype(np.float64)
    if np.shape(probabilities) != np.shape(happened) or not p.size:
        msg = f"{p.size} probabilities cannot be compared with {hit.size} outcomes"
        raise StatisticsError(msg)
    if not ((p >= 0) & (p <= 1)).all():
        msg = "probabilities must be numbers from 0 to 1: leave out centres without them"
        raise StatisticsError(msg)
    if n_bins < 1:
        msg = f"a reliability diagram needs at least one bin, got {n_bins}"
        raise StatisticsError(msg)
    edges = np.linspace(0, 1, n_bins + 1)
    place = np.searchsorted(settle(edges[1:-1]), settle(p), side="right")
    n = np.bincount(place, minlength=n_bins)
    expected = _average(place, p, n)
    observed = _average(place, hit, n)
    return Calibration(
        edges=edges,
        n=n.astype(np.int64),
        expected=expected,
        observed=observed,
        brier=float(np.mean((p - hit) ** 2)),
        gap=float(np.nansum(np.abs(expected - observed) * n) / len(p)),
    )


def compute_brier_score(probabilities: NDArray[np.float64], true_stars: NDArray[np.int64]) -> float:
    r"""Compute Brier's score over all stars, 0 (best) to 2.

    Parameters
    ----------
    probabilities : ndarray of shape (C, K)
    true_stars : int64 ndarray of shape (C,)

    Notes
    -----
    :math:`\frac1C \sum_i \sum_k (p_{ik} - o_{ik})^2`, Brier's own definition; the ``brier`` of
    :func:`compute_calibration` for all stars is this divided by K.

    Raises
    ------
    StatisticsError
        If stars do not fit the probabilities.
    """
    check_stars(probabilities, true_stars)
    happened = true_stars[:, None] == np.arange(1, probabilities.shape[1] + 1)
    return float(((probabilities - happened) ** 2).sum(axis=1).mean())


def _average(
    place: NDArray[np.intp], values: NDArray[np.float64], n: NDArray[np.intp]
) -> NDArray[np.float64]:
    total = np.bincount(place, weights=values, minlength=len(n))
    mean: NDArray[np.float64] = np.full(len(n), np.nan)
    np.divide(total, n, where=n > 0, out=mean)
    return mean
