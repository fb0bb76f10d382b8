"""Weights of an edition optimised so that realised importance has stated shares.

The target and the weights that are free (``problem``), importance as a function of weights
(``realised``), the search (``search``, by the mathematics of ``optimum``) and the tables
(``optimised_tables``) stand beside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.results import Unavailable
from clientindex.results.weight_importance import OptimisedWeights
from clientindex.sensitivity.importance.correlation import compute_covariances
from clientindex.sensitivity.importance.optimised_tables import (
    Solution,
    tabulate_centres,
    tabulate_left_out,
    tabulate_summary,
    tabulate_weights,
)
from clientindex.sensitivity.importance.optimum import share_importance, solve_sum
from clientindex.sensitivity.importance.problem import Problem, pose_problem, read_target
from clientindex.sensitivity.importance.ratios import LINEAR, SMOOTH
from clientindex.sensitivity.importance.realised import RealisedImportance
from clientindex.sensitivity.importance.recompute import Recomputed
from clientindex.sensitivity.importance.sample import (
    CHECKLISTS,
    FEW_VALUES,
    STAGE,
    TOLD_BY_OTHERS,
    LeftOut,
    Sample,
    find_lack,
    take_sample,
)
from clientindex.sensitivity.importance.search import resample_weights, search_weights
from clientindex.sensitivity.importance.stated import find_stated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.methodology.weight_importance_settings import WeightImportanceSettings
    from clientindex.rating import MeasureScores
    from clientindex.results import Scores

NO_INDEX, NO_IMPORTANCE = "no_index", "no_importance"
NOT_A_SUM, NOT_RESAMPLED = "not_a_weighted_sum", "not_resampled"


def optimise_weights(
    scores: Scores,
    moments: CentreMoments,
    methodology: Methodology,
    *,
    settings: WeightImportanceSettings,
    regions: Mapping[str, str],
    seed: np.random.SeedSequence,
    measures: MeasureScores | None = None,
) -> OptimisedWeights | Unavailable:
    """Find weights of groups, and of indicators, whose realised importance has stated shares.

    Parameters
    ----------
    scores : Scores
        As published.
    moments : CentreMoments
        Behind them.
    methodology : Methodology
    settings : WeightImportanceSettings
    regions : mapping of str to str
        Region of every centre.
    seed : numpy.random.SeedSequence
    measures : MeasureScores, optional

    Returns
    -------
    OptimisedWeights or Unavailable
        Unavailable with ``too_few_centres``, ``equal_scores``, or ``checklists_in_index`` where the
        published index is not what answers and measures give.

    Raises
    ------
    StatisticsError
        If a target names no group of the methodology or not all of them, or the region of a centre
        is not given.

    Notes
    -----
    Over the centres that have all scores of the kind. The index is computed anew under all weights
    that are tried, by the methodology's own means and rules; the search starts from the weights
    that are exact for weighted sums. Importance of a score that runs against the index counts as
    negative.
    """
    target = read_target(methodology, settings, find_stated(methodology, measures))
    lack = find_lack(scores)
    if lack is not None:
        return lack
    replicates, level = methodology.intervals.bootstrap_replicates, methodology.intervals.level
    sample = take_sample(
        scores,
        moments,
        methodology,
        regions=regions,
        visitors=None,
        measures=measures,
        replicates=replicates,
        seed=seed,
    )
    recomputed = Recomputed.of(sample, moments, methodology, regions=regions, measures=measures)
    if recomputed is None:
        return Unavailable(stage=STAGE, reason=CHECKLISTS)
    left_out = LeftOut()
    solutions: list[Solution] = []
    for side in sample.sides:
        problem = pose_problem(side, recomputed, target[side.kind], left_out)
        if problem is not None:
            solutions += _solve(
                problem, sample, recomputed, knots=settings.knots, level=level, left_out=left_out
            )
    return OptimisedWeights(
        frame=tabulate_weights(solutions, methodology),
        summary=tabulate_summary(solutions, sample),
        centres=tabulate_centres(solutions, sample),
        left_out=tabulate_left_out(left_out),
        target=settings.target if isinstance(settings.target, str) else "given",
        replicates=replicates,
        source=settings.source,
        level=level,
    )


def _solve(
    problem: Problem,
    sample: Sample,
    recomputed: Recomputed,
    *,
    knots: int,
    level: float,
    left_out: LeftOut,
) -> list[Solution]:
    """Find weights for lines, then for curves starting from there."""
    kind = problem.side.kind
    covariances = compute_covariances(problem.x, sample.weights[:, problem.rows])
    try:
        start = solve_sum(covariances[0], problem.target)
    except StatisticsError:
        left_out.add(kind, "", "", TOLD_BY_OTHERS)
        return []
    solutions = []
    for measure in (LINEAR, SMOOTH):
        realised = RealisedImportance.of(problem, recomputed, measure, knots=knots)
        if realised is None:
            left_out.add(kind, "", measure, FEW_VALUES)
            continue
        try:
            found = search_weights(realised, start)
        except StatisticsError:
            left_out.add(kind, "", measure, NO_IMPORTANCE)
            continue
        spread = None
        if measure == LINEAR:
            spread = resample_weights(covariances, problem.target, found, start=start, level=level)
        if spread is None:
            left_out.add(kind, "", measure, NOT_RESAMPLED if measure == SMOOTH else NOT_A_SUM)
        index = recomputed.compute_for(kind, problem.spread(found.weights[None]))[0]
        for place in np.flatnonzero(~np.isfinite(index)):
            left_out.add(kind, sample.centres[place], measure, NO_INDEX)
        solutions.append(
            Solution(
                problem=problem,
                measure=measure,
                found=found,
                share_now=share_importance(realised.compute(problem.now[None]))[0],
                spread=spread,
                index=index,
            )
        )
        start = found
    return solutions
