"""Scores of the general road: any mean, missing values imputed, measures, z scores of groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.rating.missing_scores import Lost, list_missing
from clientindex.rating.score_covariances import compute_errors
from clientindex.rating.score_inputs import gather_inputs
from clientindex.rating.score_model import ScoreModel, count_behind, fit_score_model
from clientindex.rating.score_plan import make_score_plan
from clientindex.rating.score_table import ScoreArrays, ScoreRows, tabulate_scores
from clientindex.results import ALL_SEGMENTS, Scores
from clientindex.results.rating import LEFT_OUT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.rating.measures import MeasureScores
    from clientindex.results.rating import StandardErrorMethod

NO_VARIANCE = "no_variance"


def compute_scores_by_model(
    moments: CentreMoments,
    methodology: Methodology,
    *,
    factor: NDArray[np.float64],
    regions: Mapping[str, str] | None,
    measures: MeasureScores | None,
) -> Scores:
    """Compute scores that are more than weighted sums of the centre's own means.

    Parameters
    ----------
    moments, methodology, regions, measures
        As for :func:`clientindex.rating.compute_scores`.
    factor : ndarray of shape (C,)
        Finite-population correction of the centres of `moments`; of answers only.
    """
    inputs = gather_inputs(moments, methodology, measures=measures, factor=factor)
    plan = make_score_plan(methodology, measures=measures, centres=inputs.centres, regions=regions)
    model = fit_score_model(inputs, plan)
    errors = compute_errors(model)
    n_single, n_whole = count_behind(model)
    both = ScoreArrays(
        estimate=np.concatenate([model.single, model.combined[:, None]], axis=1),
        variance=errors.variance,
        n=np.concatenate([n_single, n_whole[:, None]], axis=1),
        df=errors.df,
    )
    rows = ScoreRows.of_inputs(inputs)
    counted = inputs.in_segment if inputs.segments else rows.shown[:, -1:]
    lost = Lost.of_levels(model.levels)
    treatments = (methodology.scoring.missing_indicator, methodology.scoring.missing_group)
    shared = model.levels.lost_indicators @ _own_groups(plan.rules.group_of).T
    shared &= ~np.isnan(model.levels.groups)
    imputed = (model.levels.imputed_indicators, model.levels.imputed_groups)
    return Scores(
        frame=tabulate_scores(both, rows, methodology, factor=np.ones(len(inputs.centres))),
        level=methodology.intervals.level,
        std_error_method=_name_method(moments, methodology, model=model),
        fpc_used=bool((factor < 1).any()),
        n_reweighted=int(shared.sum()) if treatments[0] == "reweight" else 0,
        n_imputed=int(sum((at & counted[..., None]).sum() for at in imputed)),
        missing=list_missing(
            lost, counted, methodology, segments=inputs.segments or (ALL_SEGMENTS,)
        ),
        **_list_measures(measures, model, methodology),
    )


def _own_groups(group_of: NDArray[np.intp]) -> NDArray[np.bool_]:
    return np.asarray(group_of == np.arange(int(group_of.max()) + 1)[:, None])


def _name_method(
    moments: CentreMoments, methodology: Methodology, *, model: ScoreModel
) -> StandardErrorMethod:
    if not model.inputs.has_errors:
        return "none"
    scoring = methodology.scoring
    kinds = {scoring.mean_of(level).kind for level in ("group", "index", "segments")}
    tangent = kinds != {"arithmetic"} or scoring.normalise_groups != "none"
    if tangent or len(model.inputs.measured) or scoring.imputes_from_regions:
        return "delta"
    return moments.std_error_method


def _list_measures(
    measures: MeasureScores | None, model: ScoreModel, methodology: Methodology
) -> dict[str, pd.DataFrame]:
    """Return the frames that tell of measures and of what is left out."""
    found = list(model.plan.left_out)
    if model.plan.rules.normalises:
        keys = np.array(methodology.group_keys, dtype=object)
        flat = keys[model.levels.flat_groups & (model.plan.outer > 0)]
        found += [
            {"kind": "group", "key": key, "reason": NO_VARIANCE, "detail": ""} for key in flat
        ]
    groups = pd.DataFrame(found, columns=list(LEFT_OUT_COLUMNS), dtype="str")
    if measures is None:
        return {"left_out": groups}
    return {
        "measures": measures.fits,
        "left_out": pd.concat([measures.left_out, groups], ignore_index=True),
    }
