"""Scores of any methodology: answers and measures together, with the derivatives of every score.

Used where a score is no weighted sum of the centre's own indicator means, or measures enter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.rating.aggregation import (
    MissingRule,
    complete,
    compute_mean,
    compute_mean_gradient,
)
from clientindex.rating.levels import LevelScores, score_levels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.methodology import Methodology
    from clientindex.rating.aggregation import Mean
    from clientindex.rating.measures import MeasureScores
    from clientindex.rating.score_inputs import ScoreInputs
    from clientindex.rating.score_plan import ScorePlan


def needs_model(methodology: Methodology, measures: MeasureScores | None) -> bool:
    """Return whether scores are more than weighted sums of the centre's own indicator means."""
    return measures is not None or not methodology.scoring.is_linear


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScoreModel:
    """Scores of all centres, J = 1 + G + K (index, groups, indicators), and how they came about.

    Attributes
    ----------
    inputs : ScoreInputs
    plan : ScorePlan
    levels : LevelScores
    single : ndarray of shape (C, S, J)
        Scores of single segments.
    combined : ndarray of shape (C, J)
        Of all segments.
    used : bool ndarray of shape (C, S, J)
        Whether the segment enters the score of all.
    segment_gradient : ndarray of shape (C, S, J)
        Derivative of the score of all by that of the segment.
    """

    inputs: ScoreInputs
    plan: ScorePlan
    levels: LevelScores
    single: NDArray[np.float64]
    combined: NDArray[np.float64]
    used: NDArray[np.bool_]
    segment_gradient: NDArray[np.float64]

    def differentiate(self) -> NDArray[np.float64]:
        """Return derivatives of single segments' scores by indicators, shape (C, S, J, K)."""
        levels = self.levels
        if levels.group_gradient is None or levels.index_gradient is None:
            msg = "scores were computed without derivatives"
            raise StatisticsError(msg)
        n_items = self.inputs.value.shape[-1]
        own = np.broadcast_to(np.eye(n_items), (*self.inputs.value.shape[:2], n_items, n_items))
        parts = [levels.index_gradient[..., None, :], levels.group_gradient, own]
        return np.concatenate(parts, axis=-2)


def fit_score_model(inputs: ScoreInputs, plan: ScorePlan) -> ScoreModel:
    """Compute all scores.

    Raises
    ------
    StatisticsError
        If a mean is not defined for negative scores.
    """
    levels = score_levels(
        inputs.value,
        plan.rules,
        inner=plan.inner,
        outer=plan.outer,
        with_gradients=inputs.has_errors,
    )
    single = np.concatenate([levels.index[..., None], levels.groups, inputs.value], axis=-1)
    combined, used, gradient = combine_segments(single, plan)
    return ScoreModel(
        inputs=inputs,
        plan=plan,
        levels=levels,
        single=single,
        combined=combined,
        used=used,
        segment_gradient=gradient,
    )


def combine_segments(
    single: NDArray[np.float64], plan: ScorePlan
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.float64]]:
    """Combine the scores of segments, shape (..., S, J), to those of all, shape (..., J).

    Returns
    -------
    combined, used, gradient
        The latter two of the shape of `single`. A segment without the score shares its weight.
    """
    mean: Mean = plan.rules.segments
    across = np.swapaxes(single, -1, -2)
    done = complete(across, plan.segment, rule=MissingRule(treatment="reweight"))
    combined = compute_mean(done.x, done.weights, mean=mean)
    gradient = compute_mean_gradient(done.x, done.weights, mean=mean)
    used = np.swapaxes((done.weights > 0) & ~np.isnan(across), -1, -2)
    return combined, used, np.swapaxes(gradient, -1, -2)


def count_behind(model: ScoreModel) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return respondents or cases behind single segments' scores and behind those of all.

    A group has the largest number of one of its indicators. The index has the respondents; without
    a survey their number is unknown, and 0 for a centre of which nothing is known.
    """
    inputs = model.inputs
    known = ~np.isnan(inputs.value)
    largest = np.where(np.isnan(inputs.n), np.inf, inputs.n)
    starts = np.flatnonzero(np.diff(model.plan.rules.group_of, prepend=-1))
    groups = np.maximum.reduceat(largest, starts, axis=-1)
    groups = np.where(np.isinf(groups), np.nan, groups)
    index = np.where(inputs.n_respondents > 0, inputs.n_respondents, np.nan)
    index = np.where(known.any(axis=-1), index, 0.0)
    single = np.concatenate([index[..., None], groups, inputs.n], axis=-1)
    counted = model.used | ~model.used.any(axis=1, keepdims=True)
    combined = np.where(counted, single, 0).sum(axis=1)
    own = 1 + groups.shape[-1] + inputs.measured
    combined[:, own] = single[..., own].max(axis=1)
    return single, combined


def draw_index(
    inputs: ScoreInputs, plan: ScorePlan, *, inner: NDArray[np.float64], outer: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Compute the index of all segments under B weightings.

    Parameters
    ----------
    inputs : ScoreInputs
    plan : ScorePlan
    inner : ndarray of shape (B, K)
    outer : ndarray of shape (B, G)

    Returns
    -------
    ndarray of shape (B, C)
        z scores of groups are fitted anew under every weighting.
    """
    x = np.broadcast_to(inputs.value, (len(inner), *inputs.value.shape))
    levels = score_levels(
        x, plan.rules, inner=inner[:, None, None, :], outer=outer[:, None, None, :]
    )
    combined, _, _ = combine_segments(levels.index[..., None], plan)
    return combined[..., 0]
