"""Sampling errors of the scores of a model, from those of answers and measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.rating.degrees import combine_degrees, count_degrees
from clientindex.rating.score_model import count_behind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.rating.score_inputs import ScoreInputs
    from clientindex.rating.score_model import ScoreModel


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScoreErrors:
    """Sampling variances of scores and their degrees of freedom.

    Attributes
    ----------
    variance, df : ndarray of shape (C, S + 1, J)
        Of single segments, then of all together; the variance is NaN where unknown.
    """

    variance: NDArray[np.float64]
    df: NDArray[np.float64]


def compute_errors(model: ScoreModel) -> ScoreErrors:
    """Compute sampling variances of single segments' scores and of those of all segments.

    Notes
    -----
    By the delta method, ``g' V g``. Measures are taken to err independently of answers and of each
    other, by what is stated; a measure is one number in all segments. Degrees of freedom are
    those of the answers of each segment, combined by :mod:`clientindex.rating.degrees`.
    """
    scores = np.concatenate([model.single, model.combined[:, None]], axis=1)
    if not model.inputs.has_errors:
        nothing = np.full(scores.shape, np.nan)
        return ScoreErrors(variance=nothing, df=np.full(scores.shape, np.inf))
    inputs, gradient = model.inputs, model.differentiate()
    by_answers = np.nan_to_num(gradient[..., inputs.answers])
    answers = ((by_answers @ np.nan_to_num(inputs.covariance)) * by_answers).sum(axis=-1)
    by_measures = np.nan_to_num(gradient[..., inputs.measured])
    measures = (by_measures**2 * _spread(inputs)[:, None, None, :]).sum(axis=-1)
    single = answers + measures
    single[_find_unknown(gradient, inputs) | np.isnan(model.single)] = np.nan
    whole = np.diagonal(compute_covariances(model), axis1=1, axis2=2)
    n, _ = count_behind(model)
    degrees = count_degrees(n, inputs.degrees)
    weight = np.where(model.used, np.nan_to_num(model.segment_gradient), 0.0)
    return ScoreErrors(
        variance=np.concatenate([single, whole[:, None]], axis=1),
        df=np.concatenate(
            [
                _combine(answers[:, :, None], degrees[:, :, None], total=single),
                _combine(weight**2 * answers, degrees, total=whole)[:, None],
            ],
            axis=1,
        ),
    )


def _combine(
    parts: NDArray[np.float64], degrees: NDArray[np.float64], *, total: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Combine degrees along the last axis but one; what parts lack of the total is known."""
    rest = np.maximum(np.nan_to_num(total - parts.sum(axis=-2)), 0.0)[..., None, :]
    known = np.full(rest.shape, np.inf)
    return combine_degrees(
        np.concatenate([parts, rest], axis=-2), np.concatenate([degrees, known], axis=-2), axis=-2
    )


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
