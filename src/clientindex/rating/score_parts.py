"""What the index is made of: derivatives times scores, which sum to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.rating.levels import score_levels
from clientindex.rating.score_inputs import gather_inputs
from clientindex.rating.score_model import combine_segments
from clientindex.rating.score_plan import make_score_plan
from clientindex.results import ALL_SEGMENTS, INDEX, Scores
from clientindex.results.score_parts import ScoreParts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.rating.measures import MeasureScores

NO_SCORE, NOT_ADDITIVE, CHECKLISTS = "no_score", "not_additive", "checklists_in_index"

SAME = 1e-6
"""Points by which a sum may differ from the index by rounding."""

_GROUP, _INDICATOR = "group", "indicator"
_NUMBERS = ("weight", "estimate", "contribution", "mean_contribution", "difference")


def split_scores(
    scores: Scores,
    moments: CentreMoments,
    methodology: Methodology,
    *,
    regions: Mapping[str, str] | None = None,
    measures: MeasureScores | None = None,
) -> ScoreParts:
    r"""Split the index of every centre into contributions of its groups and indicators.

    Parameters
    ----------
    scores : Scores
        As published.
    moments : CentreMoments
        Behind them.
    methodology : Methodology
    regions, measures : optional
        As in :func:`clientindex.rating.compute_scores`.

    Returns
    -------
    ScoreParts

    Notes
    -----
    Every mean of the methodology (arithmetic, geometric, harmonic, of any power, median) grows in
    proportion to its scores, so by Euler's theorem the index is
    :math:`\sum_s \sum_k (\partial I / \partial x_{sk}) x_{sk}` over segments and indicators. For
    weighted sums the derivatives are the effective weights. Where a mean of other centres stands in
    for a missing score, or groups are brought to z scores, this does not hold; such centres are
    left out, and so are those whose index holds a checklist.
    """
    factor = np.ones(len(moments.centres))
    inputs = gather_inputs(moments, methodology, measures=measures, factor=factor)
    plan = make_score_plan(methodology, measures=measures, centres=inputs.centres, regions=regions)
    levels = score_levels(
        inputs.value, plan.rules, inner=plan.inner, outer=plan.outer, with_gradients=True
    )
    index, used, across = combine_segments(levels.index[..., None], plan)
    assert levels.index_gradient is not None
    slope = np.where(used, across, 0.0) * np.where(used, levels.index_gradient, 0.0)
    parts = (slope * np.nan_to_num(inputs.value)).sum(axis=1)
    published = _take_index(scores, inputs.centres)
    left_out = _find_left_out(inputs.centres, published, index[:, 0], parts.sum(axis=1))
    told = np.flatnonzero(~np.isin(inputs.centres, [row[0] for row in left_out]))
    starts = np.flatnonzero(np.diff(plan.rules.group_of, prepend=-1))
    return ScoreParts(
        frame=_tabulate(
            scores,
            methodology,
            [inputs.centres[place] for place in told],
            weight=_stack(slope.sum(axis=1)[told], starts),
            contribution=_stack(parts[told], starts),
        ),
        left_out=pd.DataFrame(left_out, columns=["centre", "reason", "detail"], dtype="str"),
    )


def _stack(of_indicators: NDArray[np.float64], starts: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return sums of groups, then the values of indicators, shape (C, G + K)."""
    groups = np.add.reduceat(of_indicators, starts, axis=1)
    return np.concatenate([groups, of_indicators], axis=1)


def _take_index(scores: Scores, centres: tuple[str, ...]) -> NDArray[np.float64]:
    frame = scores.frame
    whole = frame[(frame["segment"] == ALL_SEGMENTS) & (frame["kind"] == INDEX)]
    index = whole.set_index("centre")["estimate"].reindex(list(centres))
    return index.to_numpy(np.float64)


def _find_left_out(
    centres: tuple[str, ...],
    published: NDArray[np.float64],
    index: NDArray[np.float64],
    total: NDArray[np.float64],
) -> list[tuple[str, str, str]]:
    rows = []
    for centre, told, own, summed in zip(centres, published, index, total, strict=True):
        room = SAME * max(abs(told), 1.0)
        if np.isnan(told):
            rows.append((centre, NO_SCORE, ""))
        elif not abs(own - told) <= room:
            rows.append((centre, CHECKLISTS, ""))
        elif not abs(summed - own) <= room:
            rows.append((centre, NOT_ADDITIVE, f"{summed - own:.3g}"))
    return rows


def _tabulate(
    scores: Scores,
    methodology: Methodology,
    centres: list[str],
    *,
    weight: NDArray[np.float64],
    contribution: NDArray[np.float64],
) -> pd.DataFrame:
    keys = [
        *((_GROUP, key) for key in methodology.group_keys),
        *((_INDICATOR, key) for key in methodology.indicator_keys),
    ]
    names = ["centre", "kind", "key"]
    frame = pd.DataFrame([(c, *key) for c in centres for key in keys], columns=names, dtype="str")
    whole = scores.frame[scores.frame["segment"] == ALL_SEGMENTS]
    frame = frame.merge(whole[[*names, "estimate"]], on=names, how="left")
    mean = contribution.mean(axis=0) if len(centres) else np.zeros(len(keys))
    frame = frame.assign(
        weight=weight.ravel(),
        contribution=contribution.ravel(),
        mean_contribution=np.tile(mean, len(centres)),
        difference=(contribution - mean).ravel(),
    )
    return frame[[*names, *_NUMBERS]].astype(dict.fromkeys(_NUMBERS, "float64"))
