"""Sampling errors of the scores of a model, from those of answers and measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.rating.score_inputs import ScoreInputs
    from clientindex.rating.score_model import ScoreModel


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
