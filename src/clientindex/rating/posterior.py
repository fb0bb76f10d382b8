"""Where true indices lie among centres like these: the empirical-Bayes posterior, and draws of it.

Estimates vary by the variance of true scores and by their own errors; true scores only by the
first. What speaks of true scores of all centres together (cut points that come from the data, ranks
and the top) is drawn from here, because estimates redrawn with their errors have those twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.rating.degrees import widen_degrees
from clientindex.rating.shrinkage.empirical_bayes import (
    FEWEST_MORRIS,
    shrink_by_morris,
    shrink_estimates,
)

if TYPE_CHECKING:
    from typing import Literal

    from numpy.typing import NDArray

    from clientindex.rating.shrinkage import Shrunken

    Estimator = Literal["morris", "reml", "ml", "dersimonian_laird", "paule_mandel"]

FEWEST = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Posterior:
    """Mean and standard deviation of the true scores of C centres.

    Attributes
    ----------
    mean, deviation : ndarray of shape (C,)
        A score without sampling error is its own mean, with deviation 0.
    own : ndarray of shape (C,)
        Weight of a centre's own estimate in its mean, 1 less the shrinkage.
    """

    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]
    own: NDArray[np.float64]

    def count_degrees(self, degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the degrees of freedom of the deviations, see :func:`widen_degrees`."""
        return widen_degrees(degrees, self.own)

    def move(
        self,
        draws: NDArray[np.float64],
        scores: NDArray[np.float64],
        std_errors: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Return draws about the scores, moved and narrowed to the posterior.

        Each keeps the form of its distribution: errors are scaled by deviation over standard error.

        Parameters
        ----------
        draws : ndarray of shape (B, C)
        scores, std_errors : ndarray of shape (C,)
        """
        scale = np.divide(
            self.deviation, std_errors, where=std_errors > 0, out=np.zeros_like(std_errors)
        )
        return self.mean + scale * (draws - scores)


def shrink(
    y: NDArray[np.float64],
    v: NDArray[np.float64],
    *,
    estimator: Estimator,
    level: float,
    df: NDArray[np.float64] | None = None,
) -> Shrunken:
    """Draw estimates to their mean by the estimator that the methodology names."""
    if estimator == "morris":
        return shrink_by_morris(y, v, level=level, df=df)
    return shrink_estimates(y, v, level=level, estimator=estimator, df=df)


def count_fewest(estimator: Estimator) -> int:
    """Return the fewest centres that can be drawn together."""
    return FEWEST_MORRIS if estimator == "morris" else FEWEST


def find_posterior(
    scores: NDArray[np.float64],
    std_errors: NDArray[np.float64],
    *,
    estimator: Estimator,
    level: float,
) -> Posterior | None:
    """Find where true scores lie, given all scores.

    Parameters
    ----------
    scores, std_errors : ndarray of shape (C,)
        Complete.
    estimator : str
    level : float
        Of intervals, which are not used here.

    Returns
    -------
    Posterior or None
        None when fewer centres have a sampling error than can be drawn together, unless none has.

    Notes
    -----
    Scores without sampling error are known: they neither move nor draw others to them.
    """
    mean, deviation, own = scores.copy(), np.zeros(len(scores)), np.ones(len(scores))
    known = std_errors > 0
    if not known.any():
        return Posterior(mean=mean, deviation=deviation, own=own)
    if known.sum() < count_fewest(estimator):
        return None
    found = shrink(scores[known], std_errors[known] ** 2, estimator=estimator, level=level)
    mean[known], deviation[known] = found.estimate, found.std_error
    own[known] = 1 - found.shrinkage
    return Posterior(mean=mean, deviation=deviation, own=own)
