r"""Confidence sets for ranks, of one centre or of all together, after Mogstad and others.

The rank of centre j is one more than the number of centres whose true score is higher. For every
ordered pair the hypothesis :math:`H_{jk}: \theta_j \le \theta_k` is tested by
:math:`(\hat\theta_j - \hat\theta_k) / s_{jk}` against the quantile of

.. math:: T(I) = \max_{(j, k) \in I} (e_j - e_k) / s_{jk}

over the drawn errors e. Centres that are shown to be above j raise its smallest rank, centres shown
to be below lower its largest one:

.. math:: L_j = 1 + \#\{k : H_{kj} \text{ rejected}\}, \quad
          U_j = C - \#\{k : H_{jk} \text{ rejected}\}.

**Simultaneous** sets take all pairs: all true ranks lie in their sets together with probability of
at least the level. **Marginal** sets take the pairs of one centre at a time: each true rank lies in
its own set with that probability, and nothing is said of all together.

In the first step I has both orders of every pair, so T is the largest absolute difference. The
**stepdown** (Romano and Wolf's, which is Holm's with the dependence of tests used) takes rejected
hypotheses out of I and repeats until nothing more is rejected; the opposite order of a rejected
pair stays, so that also the direction of every rejection is held by the level. Sets only shrink.

True ties do no harm: a tied pair is a true hypothesis in both orders. With normal draws and known
standard errors the level holds exactly but for the number of draws; estimated errors of small
samples make sets too narrow.

References
----------
Mogstad M., Romano J. P., Shaikh A. M., Wilhelm D. Inference for ranks with applications to mobility
across neighbourhoods and academic achievement across countries. Review of Economic Studies, 2024,
91(1), 476-518. doi:10.1093/restud/rdad006
Romano J. P., Wolf M. Exact and approximate stepdown methods for multiple hypothesis testing.
Journal of the American Statistical Association, 2005, 100(469), 94-108.
doi:10.1198/016214504000000539
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Literal

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.rating.bands import rank_scores, settle
from clientindex.rating.ranks.pairs import (
    count_settled,
    find_left_maxima,
    find_maxima,
)
from clientindex.rating.ranks.sampling import check_scores
from clientindex.threads import map_in_threads

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from clientindex.rating.ranks.sampling import SamplingErrors

Cover = Literal["simultaneous", "marginal"]

LOWEST_LEVEL = 0.5
"""Below it a quantile may be negative, and a centre be 'shown' to be above a better one."""

ROUNDING = 1e-9
"""What is taken off before a number of draws is rounded up: 0.95 * 1000 is not above 950."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RankSets:
    """Confidence sets for ranks, whole intervals from `low` to `high`, 1 = best.

    Attributes
    ----------
    rank : int64 ndarray of shape (C,)
        Of the scores; ties share the smallest.
    low, high : int64 ndarray of shape (C,)
    cover : {"simultaneous", "marginal"}
    stepdown : bool
    critical_value : ndarray of shape (C,)
        Of the last step, in standard errors of a difference; the same for all centres when
        simultaneous; 0 where no difference has an error.
    first_critical_value : ndarray of shape (C,)
        Of the first step.
    steps : int64 ndarray of shape (C,)
        Steps until nothing more was rejected.
    level : float
    draws : int
    """

    rank: NDArray[np.int64]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    cover: Cover
    stepdown: bool
    critical_value: NDArray[np.float64]
    first_critical_value: NDArray[np.float64]
    steps: NDArray[np.int64]
    level: float
    draws: int


def compute_simultaneous_sets(
    scores: NDArray[np.float64],
    errors: SamplingErrors,
    *,
    level: float,
    stepdown: bool = True,
    maxima: NDArray[np.float64] | None = None,
) -> RankSets:
    """Compute sets that hold all true ranks together.

    Parameters
    ----------
    scores : ndarray of shape (C,)
        Complete; the largest is the best.
    errors : SamplingErrors
    level : float
        From 0.5, below 1.
    stepdown : bool
    maxima : ndarray of shape (C, B), optional
        Of :func:`clientindex.rating.ranks.pairs.find_maxima`, for whoever computes both kinds of
        sets from the same errors.

    Raises
    ------
    StatisticsError
        With a missing score, another number of errors, or too few draws for the level.

    Notes
    -----
    The critical value is the order statistic ``ceil(level * (B + 1))`` of B draws, so that few
    draws make sets wider and not narrower. All steps use the same draws: critical values fall.
    Checked against R csranks (Gaussian draws of its own) in ``tests/rating/ranks``.

    Examples
    --------
    >>> import numpy as np
    >>> from clientindex.rating.ranks.sampling import draw_independent
    >>> seed = np.random.SeedSequence(1)
    >>> errors = draw_independent(np.array([1.0, 1.0, 1.0]), draws=999, seed=seed)
    >>> sets = compute_simultaneous_sets(np.array([60.0, 61.0, 80.0]), errors, level=0.95)
    >>> sets.low.tolist(), sets.high.tolist()
    ([2, 2, 1], [3, 3, 1])
    """
    values = _prepare(scores, errors, level)

    each = find_maxima(errors) if maxima is None else maxima
    # A later step asks all centres in a few draws, which are rows here.
    draws = np.ascontiguousarray(errors.draws.T)

    def count(limit: float) -> NDArray[np.int64]:
        return np.array([count_settled(values, errors, j, limit=limit) for j in range(errors.n)])

    def find_left(chosen: NDArray[np.intp], limit: float) -> NDArray[np.float64]:
        def work(centre: int) -> NDArray[np.float64]:
            # Pairs with those before it were met there.
            return find_left_maxima(
                values, errors, draws, chosen, centre, limit=limit, first=centre
            )

        return np.asarray(np.max(map_in_threads(work, range(errors.n)), axis=0))

    counts, steps, first, limit = _step_down(
        each.max(axis=0), find_left, count, level=level, stepdown=stepdown
    )
    return RankSets(
        rank=rank_scores(values),
        low=1 + counts[:, 0],
        high=errors.n - counts[:, 1],
        cover="simultaneous",
        stepdown=stepdown,
        critical_value=np.full(errors.n, limit),
        first_critical_value=np.full(errors.n, first),
        steps=np.full(errors.n, steps),
        level=level,
        draws=errors.size,
    )


def compute_marginal_sets(
    scores: NDArray[np.float64],
    errors: SamplingErrors,
    *,
    level: float,
    stepdown: bool = True,
    maxima: NDArray[np.float64] | None = None,
) -> RankSets:
    """Compute sets that hold the true rank of each centre, one centre at a time.

    Parameters, errors and notes are those of :func:`compute_simultaneous_sets`. A marginal set is
    never wider, and is for the reader who came for one centre.
    """
    values = _prepare(scores, errors, level)
    each = find_maxima(errors) if maxima is None else maxima
    draws = np.ascontiguousarray(errors.draws.T)

    def work(centre: int) -> tuple[NDArray[np.int64], int, float, float]:
        def count(limit: float) -> NDArray[np.int64]:
            return np.array(count_settled(values, errors, centre, limit=limit))

        def find_left(chosen: NDArray[np.intp], limit: float) -> NDArray[np.float64]:
            return find_left_maxima(values, errors, draws, chosen, centre, limit=limit)

        return _step_down(each[centre], find_left, count, level=level, stepdown=stepdown)

    found = map_in_threads(work, range(errors.n))
    counts, steps, first, last = (np.array(column) for column in zip(*found, strict=True))
    above, below = counts.T
    return RankSets(
        rank=rank_scores(values),
        low=1 + above,
        high=errors.n - below,
        cover="marginal",
        stepdown=stepdown,
        critical_value=last,
        first_critical_value=first,
        steps=steps,
        level=level,
        draws=errors.size,
    )


def find_critical_value(maxima: NDArray[np.float64], level: float) -> float:
    """Find the order statistic ``ceil(level * (B + 1))``; 0 where no pair has an error."""
    place = _find_place(len(maxima), level)
    return max(float(np.partition(maxima, place - 1)[place - 1]), 0.0)


def _step_down(
    maxima: NDArray[np.float64],
    find_left: Callable[[NDArray[np.intp], float], NDArray[np.float64]],
    count: Callable[[float], NDArray[np.int64]],
    *,
    level: float,
    stepdown: bool,
) -> tuple[NDArray[np.int64], int, float, float]:
    """Step until nothing more is rejected.

    `maxima` are those of the first step, shape (B,); `find_left` finds those of chosen draws after
    the rejections by a critical value; `count` counts these.

    Returns
    -------
    counts, steps, first, last
        `first` and `last` are critical values.
    """
    first = limit = find_critical_value(maxima, level)
    counts, steps = count(limit), 1
    while stepdown:
        limit = _find_next_value(maxima, find_left, level=level, limit=limit)
        before, counts, steps = counts, count(limit), steps + 1
        if (counts == before).all():
            break
    return counts, steps, first, limit


def _find_next_value(
    upper: NDArray[np.float64],
    find_left: Callable[[NDArray[np.intp], float], NDArray[np.float64]],
    *,
    level: float,
    limit: float,
) -> float:
    """Find the critical value of the next step, whose maxima are nowhere above `upper`.

    It is one of the largest, so draws are asked in the order of their bounds, and no more once the
    next bound is not above it.
    """
    size = len(upper)
    rank = size - _find_place(size, level) + 1
    order = np.argsort(-upper, kind="stable")
    found = np.empty(0)
    for start in range(0, size, 2 * rank):
        if start and found[-rank] >= upper[order[start]]:
            break
        chosen = order[start : start + 2 * rank]
        found = np.sort(np.append(found, find_left(chosen, limit)))
    return max(float(found[-rank]), 0.0)


def _find_place(draws: int, level: float) -> int:
    return ceil(level * (draws + 1) - ROUNDING)


def _prepare(
    scores: NDArray[np.float64], errors: SamplingErrors, level: float
) -> NDArray[np.float64]:
    """Return settled scores after checks."""
    values = np.asarray(scores, dtype=np.float64)
    check_scores(values)
    if errors.n != len(values):
        message = f"{len(values)} scores have errors of {errors.n}"
        raise StatisticsError(message)
    if not LOWEST_LEVEL <= level < 1:
        message = f"a level of rank sets is from {LOWEST_LEVEL} and below 1, not {level}"
        raise StatisticsError(message)
    if _find_place(errors.size, level) > errors.size:
        message = f"{errors.size} draws are too few for the level {level}"
        raise StatisticsError(message)
    return settle(values)
