"""Sampling errors of scores: what is drawn once and then read by every statistic of ranks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST_DRAWS = 2
"""Fewer have no variance; how many a level needs is asked where the level is known."""

DEGENERATE = 1e-12
"""A difference whose variance is this share of the sum of variances is known without error: the
rest is rounding of a perfect correlation."""

ASYMMETRY = 1e-9
"""Largest difference of a covariance matrix from its transpose, relative to its largest value."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SamplingErrors:
    """Errors that the scores of C centres may have, and their variances.

    Attributes
    ----------
    draws : ndarray of shape (C, B)
        Drawn errors (score that might have been observed minus the score), one row a centre.
    variance : ndarray of shape (C,)
    covariance : ndarray of shape (C, C) or None
        None when centres are independent.
    """

    draws: NDArray[np.float64]
    variance: NDArray[np.float64]
    covariance: NDArray[np.float64] | None

    @property
    def n(self) -> int:
        """Number of centres."""
        return len(self.variance)

    @property
    def size(self) -> int:
        """Number of draws."""
        return int(self.draws.shape[1])

    def compute_pair_errors(self, centre: int) -> NDArray[np.float64]:
        r"""Compute standard errors of the differences of one centre from every centre.

        :math:`s_{jk}^2 = s_j^2 + s_k^2 - 2 s_{j,k}`; 0 for the centre itself and where both scores
        have no error.

        Returns
        -------
        ndarray of shape (C,)
        """
        total = self.variance[centre] + self.variance
        if self.covariance is None:
            square = total.copy()
        else:
            square = total - 2 * self.covariance[centre]
            square[square <= DEGENERATE * total] = 0.0
        square[centre] = 0.0
        return np.asarray(np.sqrt(square))


def draw_independent(
    std_errors: NDArray[np.float64], *, draws: int, seed: np.random.SeedSequence
) -> SamplingErrors:
    """Draw normal errors of independent centres.

    Parameters
    ----------
    std_errors : ndarray of shape (C,)
        Complete, not negative; 0 is a score known without error.
    draws : int
    seed : numpy.random.SeedSequence

    Raises
    ------
    StatisticsError
        With a standard error that is missing or negative, or fewer than two draws.
    """
    errors = np.asarray(std_errors, dtype=np.float64)
    check_std_errors(errors)
    _check_draws(draws)
    standard = np.random.default_rng(seed).standard_normal((len(errors), draws))
    return SamplingErrors(draws=standard * errors[:, None], variance=errors**2, covariance=None)


def draw_dependent(
    covariance: NDArray[np.float64], *, draws: int, seed: np.random.SeedSequence
) -> SamplingErrors:
    """Draw normal errors with any covariance, for small numbers of centres.

    Memory and time grow with the square and the cube of their number.

    Parameters
    ----------
    covariance : ndarray of shape (C, C)
        Symmetric, no negative eigenvalue.
    draws : int
    seed : numpy.random.SeedSequence

    Raises
    ------
    StatisticsError
        When it is not a covariance matrix, or with fewer than two draws.
    """
    matrix = np.asarray(covariance, dtype=np.float64)
    _check_draws(draws)
    standard = np.random.default_rng(seed).standard_normal((len(matrix), draws))
    with threadpool_limits(limits=1, user_api="blas"):
        drawn = _find_root(matrix) @ standard
    return SamplingErrors(draws=drawn, variance=np.diag(matrix).copy(), covariance=matrix.copy())


def take_replicates(
    scores: NDArray[np.float64],
    replicates: NDArray[np.float64],
    *,
    std_errors: NDArray[np.float64] | None = None,
) -> SamplingErrors:
    """Take errors from bootstrap replicates of scores, or from draws of any other kind.

    Parameters
    ----------
    scores : ndarray of shape (C,)
    replicates : ndarray of shape (B, C)
        Centres resampled inside themselves are independent; a resampling that ties centres to each
        other needs :func:`draw_dependent` with its covariance.
    std_errors : ndarray of shape (C,), optional
        Of the scores; without them the standard deviations of the replicates.

    Raises
    ------
    StatisticsError
        With a missing value, fewer than two replicates or other shapes.

    Notes
    -----
    Errors are ``replicate - score``, so that a bias of the replicates stays in them. Replicates are
    not studentised each by their own standard error: they are the percentile-type bootstrap.
    """
    centre, drawn = np.asarray(scores, dtype=float), np.asarray(replicates, dtype=float)
    if drawn.ndim != 2 or drawn.shape[1] != len(centre):
        message = f"replicates of {len(centre)} scores need shape (B, {len(centre)})"
        raise StatisticsError(message)
    check_scores(centre)
    _check_draws(len(drawn))
    if not np.isfinite(drawn).all():
        message = "replicates of scores have missing values"
        raise StatisticsError(message)
    if std_errors is None:
        variance = drawn.var(axis=0, ddof=1)
    else:
        errors = np.asarray(std_errors, dtype=float)
        check_std_errors(errors)
        variance = errors**2
    draws = np.ascontiguousarray((drawn - centre).T)
    return SamplingErrors(draws=draws, variance=variance, covariance=None)


def check_scores(scores: NDArray[np.float64]) -> None:
    """Raise unless there are scores and none is missing."""
    missing = int((~np.isfinite(scores)).sum())
    if missing or not len(scores):
        message = f"ranks need complete scores: {missing} of {len(scores)} are missing"
        raise StatisticsError(message)


def check_std_errors(std_errors: NDArray[np.float64]) -> None:
    """Raise unless every standard error is a number from 0."""
    wrong = int((~(np.isfinite(std_errors) & (std_errors >= 0))).sum())
    if wrong:
        message = f"{wrong} of {len(std_errors)} standard errors are missing or negative"
        raise StatisticsError(message)


def _check_draws(draws: int) -> None:
    if draws < FEWEST_DRAWS:
        message = f"sampling errors need at least {FEWEST_DRAWS} draws, found {draws}"
        raise StatisticsError(message)


def _find_root(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the symmetric square root of a covariance matrix."""
    message = "not a covariance matrix: it needs complete, symmetric values and no negative root"
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not np.isfinite(matrix).all():
        raise StatisticsError(message)
    scale = float(np.abs(matrix).max(initial=0.0))
    if np.abs(matrix - matrix.T).max(initial=0.0) > ASYMMETRY * scale:
        raise StatisticsError(message)
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    if values.min(initial=0.0) < -ASYMMETRY * scale:
        raise StatisticsError(message)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)) @ vectors.T)
