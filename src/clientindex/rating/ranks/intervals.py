r"""Ranks of redrawn scores: intervals, expected ranks and probabilities of the top.

Each draw adds an error to every score and ranks the centres again. This shows how far ranks move,
but the percentile interval of such ranks is not a confidence interval of the true rank, and these
faults are known (each is shown in the tests):

- **Errors are counted twice.** Scores already differ by their errors; a draw adds errors of the
  same size. Drawn ranks are those of scores with twice the error variance.
- **Drawn towards the middle.** The best centre can only fall: its expected rank is above its rank.
  The interval of a centre near either end may leave out its true rank far too often.
- **Near ties.** Where true scores are tied or nearly so, the bootstrap is not consistent: drawn
  ranks do not settle on the distribution of the estimated rank, however large the samples. Joint
  coverage of the true ranks can be far below the level (Hall and Miller; Xie, Singh and Zhang).
- **One centre at a time.** Nothing is said of all centres together.

:mod:`clientindex.rating.ranks.confidence` has sets without these faults. The intervals stay
because they are what others publish, and because with draws from an empirical-Bayes posterior the
expected ranks are Laird and Louis' estimates of ranks.

References
----------
Goldstein H., Spiegelhalter D. J. League tables and their limitations. Journal of the Royal
Statistical Society A, 1996, 159(3), 385-443. doi:10.2307/2983325
Hall P., Miller H. Using the bootstrap to quantify the authority of an empirical ranking. Annals of
Statistics, 2009, 37(6B), 3929-3959. doi:10.1214/09-AOS699
Laird N. M., Louis T. A. Empirical Bayes ranking methods. Journal of Educational Statistics, 1989,
14(1), 29-46. doi:10.3102/10769986014001029
Xie M., Singh K., Zhang C.-H. Confidence intervals for population ranks in the presence of ties and
near ties. Journal of the American Statistical Association, 2009, 104(486), 775-788.
doi:10.1198/jasa.2009.0142
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.factors.intervals import compute_percentile_interval
from clientindex.rating.bands import rank_scores
from clientindex.rating.ranks.sampling import check_scores

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.rating.ranks.sampling import SamplingErrors

BLOCK = 256
"""Draws ranked at a time."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RankIntervals:
    """What redrawn scores say of ranks, 1 = best.

    Attributes
    ----------
    rank : int64 ndarray of shape (C,)
        Of the scores; ties share the smallest.
    low, high : int64 ndarray of shape (C,)
        Percentile interval, widened to whole ranks. Read the module: it is not a confidence
        interval of the true rank.
    expected : ndarray of shape (C,)
        Mean of drawn ranks.
    top : ndarray of shape (C,)
        Share of draws in which the centre is among the best `top_count`, those tied with the last
        of them included.
    top_count : int
    level : float
    draws : int
    """

    rank: NDArray[np.int64]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    expected: NDArray[np.float64]
    top: NDArray[np.float64]
    top_count: int
    level: float
    draws: int


def compute_rank_intervals(
    scores: NDArray[np.float64], errors: SamplingErrors, *, level: float, top_share: float = 0.1
) -> RankIntervals:
    """Compute percentile intervals of ranks, expected ranks and probabilities of the top.

    Parameters
    ----------
    scores : ndarray of shape (C,)
        Complete; the largest is the best.
    errors : SamplingErrors
        Drawn from standard errors or a covariance, or taken from replicates of scores.
    level : float
    top_share : float
        Share of centres that are the top, in (0, 1].

    Raises
    ------
    StatisticsError
        With a missing score, another number of errors, or a share outside (0, 1].

    Examples
    --------
    >>> import numpy as np
    >>> from clientindex.rating.ranks.sampling import draw_independent
    >>> seed = np.random.SeedSequence(1)
    >>> errors = draw_independent(np.array([0.0, 0.0, 0.0]), draws=99, seed=seed)
    >>> found = compute_rank_intervals(np.array([70.0, 90.0, 70.0]), errors, level=0.95)
    >>> found.rank.tolist(), found.top.tolist()
    ([2, 1, 2], [0.0, 1.0, 0.0])
    """
    values = np.asarray(scores, dtype=np.float64)
    check_scores(values)
    if errors.n != len(values):
        message = f"{len(values)} scores have errors of {errors.n}"
        raise StatisticsError(message)
    count = count_top(len(values), top_share)
    drawn = _rank_draws(values, errors)
    low, high = compute_percentile_interval(drawn.astype(np.float64), level)
    return RankIntervals(
        rank=rank_scores(values),
        low=np.floor(low).astype(np.int64),
        high=np.ceil(high).astype(np.int64),
        expected=drawn.mean(axis=0),
        top=(drawn <= count).mean(axis=0),
        top_count=count,
        level=level,
        draws=errors.size,
    )


def count_top(centres: int, share: float) -> int:
    """Count the centres that are the top share: the largest whole number not above, at least 1.

    The share is read as its decimal digits: 0.29 of 100 centres are 29.

    Raises
    ------
    StatisticsError
        When the share is outside (0, 1].

    Examples
    --------
    >>> count_top(100, 0.29), count_top(25, 0.1), count_top(5, 0.1)
    (29, 2, 1)
    """
    if not 0 < share <= 1:
        message = f"the top is a share of centres above 0 and up to 1, not {share}"
        raise StatisticsError(message)
    return max(floor(Fraction(str(share)) * centres), 1)


def _rank_draws(scores: NDArray[np.float64], errors: SamplingErrors) -> NDArray[np.int32]:
    """Return ranks of shape (B, C)."""
    ranks = np.empty((errors.size, errors.n), dtype=np.int32)
    for start in range(0, errors.size, BLOCK):
        part = slice(start, start + BLOCK)
        ranks[part] = rank_scores(scores + errors.draws[:, part].T)
    return ranks
