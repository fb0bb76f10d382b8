"""Scores of any methodology: answers and measures together, with the derivatives of every score.

Used where a score is no weighted sum of the centre's own indicator means, or measures enter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.errors import StatisticsError
from clientindex.rating.aggregation import (
    MissingRule,
    complete,
    compute_mean,
    compute_mean_gradient,
)
from clientindex.rating.levels import LevelRules, LevelScores, make_mean, score_levels
from clientindex.rating.weighting import make_weight_plan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.rating.aggregation import Mean
    from clientindex.rating.measures import MeasureScores

NO_INDICATORS, NO_VARIANCE = "no_indicators", "no_variance"


def needs_model(methodology: Methodology, measures: MeasureScores | None) -> bool:
    """Return whether scores are more than weighted sums of the centre's own indicator means."""
    return measures is not None or not methodology.scoring.is_linear


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScoreInputs:
    """Indicator scores of C centres in S segments, K indicators in the methodology's order.

    Attributes
    ----------
    centres : tuple of str
        Sorted.
    segments : tuple of str
        Of the methodology; empty where there are measures only, and then S is 1.
    value : ndarray of shape (C, S, K)
        NaN is missing. Measures stand in each segment of which the centre has answers; without any
        answers in all.
    n : ndarray of shape (C, S, K)
    n_respondents : ndarray of shape (C, S)
    answers, measured : int ndarray
        Places of the Ka answers and the M measures among the K.
    covariance : ndarray of shape (C, S, Ka, Ka)
        Of the means of answers, the finite-population correction included; NaN where unknown.
    variance : ndarray of shape (C, M)
        Of measures; NaN where unknown.
    in_segment : bool ndarray of shape (C, S)
        Whether the centre has answers of the segment.
    """

    centres: tuple[str, ...]
    segments: tuple[str, ...]
    value: NDArray[np.float64]
    n: NDArray[np.float64]
    n_respondents: NDArray[np.float64]
    answers: NDArray[np.intp]
    measured: NDArray[np.intp]
    covariance: NDArray[np.float64]
    variance: NDArray[np.float64]
    in_segment: NDArray[np.bool_]

    @property
    def has_errors(self) -> bool:
        """Whether the error of anything is known."""
        known = ~np.isnan(np.diagonal(self.covariance, axis1=-2, axis2=-1))
        return bool(known.any() or (~np.isnan(self.variance)).any())

    def select(self, rows: NDArray[np.intp]) -> ScoreInputs:
        """Return the inputs of some centres."""
        per_centre = ("value", "n", "n_respondents", "covariance", "variance", "in_segment")
        return ScoreInputs(
            centres=tuple(self.centres[row] for row in rows),
            segments=self.segments,
            answers=self.answers,
            measured=self.measured,
            **{name: getattr(self, name)[rows] for name in per_centre},
        )


def gather_inputs(
    moments: CentreMoments,
    methodology: Methodology,
    *,
    measures: MeasureScores | None,
    factor: NDArray[np.float64],
) -> ScoreInputs:
    """Put answers and measures of all centres together.

    Parameters
    ----------
    moments : CentreMoments
        Of the answers; without centres where there is no survey.
    methodology : Methodology
    measures : MeasureScores or None
    factor : ndarray of shape (C,)
        Finite-population correction of the centres of `moments`.
    """
    reported = () if measures is None else measures.centres
    centres = tuple(sorted({*moments.centres, *reported}))
    keys = pd.Index(methodology.indicator_keys)
    answers = keys.get_indexer(pd.Index(methodology.answer_keys))
    measured = keys.get_indexer(pd.Index(methodology.measure_keys))
    segments = methodology.segment_keys if len(answers) else ()
    shape = (len(centres), max(len(segments), 1))
    value = np.full((*shape, len(keys)), np.nan)
    n, n_respondents = np.zeros(value.shape), np.zeros(shape)
    covariance = np.full((*shape, len(answers), len(answers)), np.nan)
    rows = pd.Index(centres).get_indexer(pd.Index(moments.centres))
    if len(rows) and len(answers):
        cells = np.ix_(rows, np.arange(shape[1]), answers)
        value[cells], n[cells] = moments.mean, moments.n
        n_respondents[rows] = moments.n_respondents
        covariance[rows] = moments.cov_mean * factor[:, None, None, None]
    answered = (n_respondents > 0) | ~np.isnan(value).all(axis=-1)
    variance = np.full((len(centres), len(measured)), np.nan)
    if measures is not None:
        own = measures.take(centres)
        everywhere = answered | ~answered.any(axis=1, keepdims=True)
        value[..., measured] = np.where(everywhere[..., None], own.value[:, None, :], np.nan)
        n[..., measured] = np.where(everywhere[..., None], own.n[:, None, :], 0.0)
        variance = own.variance
    return ScoreInputs(
        centres=centres,
        segments=segments,
        value=value,
        n=n,
        n_respondents=n_respondents,
        answers=answers,
        measured=measured,
        covariance=covariance,
        variance=variance,
        in_segment=answered,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScorePlan:
    """Weights and rules as arrays, what is left out having weight 0."""

    inner: NDArray[np.float64]
    outer: NDArray[np.float64]
    segment: NDArray[np.float64]
    rules: LevelRules
    left_out: tuple[dict[str, str], ...]


def make_score_plan(
    methodology: Methodology,
    *,
    measures: MeasureScores | None,
    centres: Sequence[str],
    regions: Mapping[str, str] | None,
) -> ScorePlan:
    """Read weights and rules; measures that are left out, and groups of nothing else, weigh 0.

    Raises
    ------
    StatisticsError
        If values are imputed from regions and a centre's region is not given.
    """
    plan = make_weight_plan(methodology)
    dropped = frozenset[str]() if measures is None else measures.dropped
    inner = np.where([key in dropped for key in methodology.indicator_keys], 0.0, plan.inner)
    total = np.add.reduceat(inner, plan.starts)
    lost = (total == 0) & (np.add.reduceat(plan.inner, plan.starts) > 0)
    keys = np.array(methodology.group_keys, dtype=object)[lost]
    return ScorePlan(
        inner=inner,
        outer=np.where(lost, 0.0, plan.outer),
        segment=plan.segment if len(plan.segment) else np.ones(1),
        rules=LevelRules(
            group=make_mean(methodology, "group"),
            index=make_mean(methodology, "index"),
            segments=make_mean(methodology, "segments"),
            missing_indicator=methodology.scoring.missing_indicator,
            missing_group=methodology.scoring.missing_group,
            normalises=methodology.scoring.normalise_groups == "z",
            group_of=plan.group_of,
            region_of=_number_regions(methodology, centres, regions),
        ),
        left_out=tuple(
            {"kind": "group", "key": key, "reason": NO_INDICATORS, "detail": ""} for key in keys
        ),
    )


def _number_regions(
    methodology: Methodology, centres: Sequence[str], regions: Mapping[str, str] | None
) -> NDArray[np.intp] | None:
    if not methodology.scoring.imputes_from_regions:
        return None
    known = regions or {}
    lost = [centre for centre in centres if centre not in known]
    if lost:
        msg = f"means of regions stand in for missing values, but no region of {', '.join(lost)}"
        raise StatisticsError(msg)
    codes, _ = pd.factorize(pd.Index([known[centre] for centre in centres]))
    return np.asarray(codes, dtype=np.intp)


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


def compute_variances(model: ScoreModel) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compute sampling variances of single segments' scores and of those of all segments.

    Returns
    -------
    single, combined : ndarray of shape (C, S, J) and (C, J)
        By the delta method, ``g' V g``; NaN where unknown. Measures are taken to err independently
        of answers and of each other; a measure is one number in all segments.
    """
    if not model.inputs.has_errors:
        return np.full(model.single.shape, np.nan), np.full(model.combined.shape, np.nan)
    inputs, gradient = model.inputs, model.differentiate()
    by_answers = gradient[..., inputs.answers]
    known = np.nan_to_num(inputs.covariance)
    single = ((np.nan_to_num(by_answers) @ known) * np.nan_to_num(by_answers)).sum(axis=-1)
    by_measures = gradient[..., inputs.measured]
    single += (np.nan_to_num(by_measures) ** 2 * _spread(inputs)[:, None, None, :]).sum(axis=-1)
    single[_find_unknown(gradient, inputs) | np.isnan(model.single)] = np.nan
    combined = np.diagonal(compute_covariances(model), axis1=1, axis2=2)
    return single, combined


def compute_covariances(model: ScoreModel) -> NDArray[np.float64]:
    """Compute the joint covariance of the scores of all segments, shape (C, J, J).

    Rows and columns of a score whose variance is unknown are NaN.
    """
    inputs, gradient = model.inputs, model.differentiate()
    used, weight = model.used, np.where(model.used, model.segment_gradient, 0.0)
    moved = np.where(used[..., None], gradient, 0.0) * np.nan_to_num(weight)[..., None]
    known = np.nan_to_num(inputs.covariance)
    n_scores = model.combined.shape[-1]
    covariance = np.zeros((len(inputs.centres), n_scores, n_scores))
    for segment in range(gradient.shape[1]):
        map_ = np.nan_to_num(moved[:, segment][..., inputs.answers])
        covariance += map_ @ known[:, segment] @ map_.transpose(0, 2, 1)
    by_measures = np.nan_to_num(moved[..., inputs.measured]).sum(axis=1)
    covariance += (by_measures * _spread(inputs)[:, None, :]) @ by_measures.transpose(0, 2, 1)
    unknown = (_find_unknown(gradient, inputs) & used).any(axis=1)
    unknown |= (np.isnan(weight) & used).any(axis=1) | np.isnan(model.combined)
    covariance[unknown] = np.nan
    covariance.transpose(0, 2, 1)[unknown] = np.nan
    return covariance


def _spread(inputs: ScoreInputs) -> NDArray[np.float64]:
    return np.nan_to_num(inputs.variance)


def _find_unknown(gradient: NDArray[np.float64], inputs: ScoreInputs) -> NDArray[np.bool_]:
    """Return scores that move with something whose variance is unknown, shape (C, S, J)."""
    no_variance = np.zeros(inputs.value.shape, dtype=bool)
    diagonal = np.diagonal(inputs.covariance, axis1=-2, axis2=-1)
    no_variance[..., inputs.answers] = np.isnan(diagonal)
    no_variance[..., inputs.measured] = np.isnan(inputs.variance)[:, None, :]
    moves = gradient != 0
    unknown: NDArray[np.bool_] = (moves & no_variance[..., None, :]).any(axis=-1)
    return unknown | np.isnan(gradient).any(axis=-1)


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
