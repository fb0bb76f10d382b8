"""The weight of every indicator mean in every centre's index, or its derivative by that mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.rating.score_inputs import gather_inputs
from clientindex.rating.score_model import fit_score_model, needs_model
from clientindex.rating.score_plan import make_score_plan
from clientindex.rating.scores import correct_finite_population
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
    from clientindex.rating.measures import MeasureScores

INDEX_PLACE = 0
"""Of the index among the scores of a model."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IndexWeights:
    """Weights of C centres, S segments and K indicators in the index of all segments.

    Attributes
    ----------
    centres, segments, indicators : tuple of str
    weight : ndarray of shape (C, S, K)
        0 for what is not in the centre's index; NaN throughout a centre whose derivative is
        unknown.
    is_linear : bool
        Whether the index is the weighted sum itself; else these are its derivatives.
    """

    centres: tuple[str, ...]
    segments: tuple[str, ...]
    indicators: tuple[str, ...]
    weight: NDArray[np.float64]
    is_linear: bool


def weigh_index(
    moments: CentreMoments,
    methodology: Methodology,
    *,
    visitors: Mapping[str, float],
    regions: Mapping[str, str],
    measures: MeasureScores | None,
) -> IndexWeights:
    """Find the weights by which each centre's index is made of its indicator means.

    Parameters
    ----------
    moments : CentreMoments
    methodology : Methodology
    visitors, regions : mapping
    measures : MeasureScores or None

    Notes
    -----
    After the rules for missing answers, groups and segments. What other centres add to a score
    (means of regions that stand in, z scores of groups) is taken as fixed, as everywhere.
    """
    if not needs_model(methodology, measures):
        return IndexWeights(
            centres=tuple(moments.centres),
            segments=tuple(moments.segments),
            indicators=tuple(moments.indicators),
            weight=_weigh_linear(moments, methodology),
            is_linear=True,
        )
    factor = correct_finite_population(moments, visitors)
    inputs = gather_inputs(moments, methodology, measures=measures, factor=factor)
    plan = make_score_plan(methodology, measures=measures, centres=inputs.centres, regions=regions)
    shape = inputs.value.shape
    weight = np.full(shape, np.nan)
    if inputs.has_errors:
        model = fit_score_model(inputs, plan)
        inner = model.differentiate()[..., INDEX_PLACE, :]
        outer = model.segment_gradient[..., INDEX_PLACE, None]
        weight = np.where(model.used[..., INDEX_PLACE, None], inner * outer, 0.0)
    return IndexWeights(
        centres=inputs.centres,
        segments=inputs.segments or ("",),
        indicators=methodology.indicator_keys,
        weight=weight,
        is_linear=False,
    )


def _weigh_linear(moments: CentreMoments, methodology: Methodology) -> NDArray[np.float64]:
    plan = make_weight_plan(methodology)
    presence = find_present(~np.isnan(moments.mean), plan)
    inner = share_inner(presence, plan, inner=plan.inner)
    within = inner * share_outer(presence, outer=plan.outer)[..., plan.group_of]
    share = share_segments(presence.index, plan)
    weight: NDArray[np.float64] = within * share[..., None]
    return weight
