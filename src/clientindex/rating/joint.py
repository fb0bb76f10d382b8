"""Scores of centres with the covariance of all of them, segments together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.agreement.sources import SurveyScores
from clientindex.rating.score_covariances import compute_covariances
from clientindex.rating.score_inputs import gather_inputs
from clientindex.rating.score_model import count_behind, fit_score_model, needs_model
from clientindex.rating.score_plan import make_score_plan
from clientindex.rating.scores import correct_finite_population, count_respondents
from clientindex.rating.weighting import (
    find_present,
    make_weight_plan,
    share_inner,
    share_outer,
    share_segments,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.rating.weighting import Presence, WeightPlan


def compute_joint_scores(
    moments: CentreMoments,
    methodology: Methodology,
    *,
    visitors: Mapping[str, float] | None = None,
    regions: Mapping[str, str] | None = None,
) -> SurveyScores:
    """Compute index, group and indicator scores of every centre with their joint covariance.

    The same scores and, on the diagonal, the same variances as
    :func:`clientindex.rating.compute_scores` gives for all segments together: every score is linear
    in the indicator means, so covariances are ``A Σ A'`` summed over segments, times the
    finite-population correction. Where scores are not linear, A holds their derivatives.

    Parameters
    ----------
    moments : CentreMoments
    methodology : Methodology
    visitors : mapping of str to float, optional
        Number of visitors of the centres where the register knows it.
    regions : mapping of str to str, optional
        Region of every centre, where a mean of the region stands in for missing values.

    Returns
    -------
    SurveyScores
        Covariances of a score are NaN where its variance is unknown.
    """
    if needs_model(methodology, None):
        return _join_by_model(moments, methodology, visitors=visitors or {}, regions=regions)
    plan = make_weight_plan(methodology)
    presence = find_present(~np.isnan(moments.mean), plan)
    linear = _make_linear(presence, plan)
    present = np.concatenate(
        [presence.index[..., None], presence.groups, presence.indicators], axis=-1
    )
    share = share_segments(present, plan)
    combined = linear * share[..., None]
    estimate = np.einsum("csjk,csk->cj", combined, np.nan_to_num(moments.mean))
    has_score = (share > 0).any(axis=1)
    covariance = np.zeros((*estimate.shape, estimate.shape[1]))
    unknown = np.zeros(estimate.shape, dtype=bool)
    for segment in range(moments.mean.shape[1]):
        map_ = combined[:, segment]
        cov = moments.cov_mean[:, segment]
        covariance += map_ @ np.nan_to_num(cov) @ map_.transpose(0, 2, 1)
        no_variance = np.isnan(np.diagonal(cov, axis1=1, axis2=2))
        unknown |= ((map_ != 0) & no_variance[:, None, :]).any(axis=-1)
    covariance *= correct_finite_population(moments, visitors or {})[:, None, None]
    lost = unknown | ~has_score
    covariance[lost] = np.nan
    covariance.transpose(0, 2, 1)[lost] = np.nan
    n = np.where(share > 0, count_respondents(moments, plan), 0).sum(axis=1)
    return SurveyScores(
        centres=tuple(moments.centres),
        estimate=np.where(has_score, estimate, np.nan),
        covariance=covariance,
        n=n,
        method=moments.std_error_method,
    )


def _join_by_model(
    moments: CentreMoments,
    methodology: Methodology,
    *,
    visitors: Mapping[str, float],
    regions: Mapping[str, str] | None,
) -> SurveyScores:
    """Compute scores that are no weighted sums of the centre's own means."""
    factor = correct_finite_population(moments, visitors)
    inputs = gather_inputs(moments, methodology, measures=None, factor=factor)
    plan = make_score_plan(methodology, measures=None, centres=inputs.centres, regions=regions)
    model = fit_score_model(inputs, plan)
    _, n = count_behind(model)
    covariance = np.full((*model.combined.shape, model.combined.shape[1]), np.nan)
    if inputs.has_errors:
        covariance = compute_covariances(model)
    return SurveyScores(
        centres=inputs.centres,
        estimate=model.combined,
        covariance=covariance,
        n=np.where(model.used.any(axis=1), n, 0),
        method=moments.std_error_method,
    )


def _make_linear(presence: Presence, plan: WeightPlan) -> NDArray[np.float64]:
    """Return the weight of every indicator in every score, shape (C, S, J, K)."""
    inner = share_inner(presence, plan, inner=plan.inner)
    index = inner * share_outer(presence, outer=plan.outer)[..., plan.group_of]
    member = plan.group_of == np.arange(len(plan.starts))[:, None]
    groups = inner[..., None, :] * member
    own = np.broadcast_to(np.eye(len(plan.group_of)), (*index.shape[:2], *[index.shape[-1]] * 2))
    return np.concatenate([index[..., None, :], groups, own], axis=-2)
