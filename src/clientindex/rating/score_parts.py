"""What the index is made of: derivatives times scores, which sum to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.rating.levels import score_levels
from clientindex.rating.score_inputs import gather_inputs
from clientindex.rating.score_model import combine_segments
from clientindex.rating.score_plan import make_score_plan
from clientindex.rating.whole_index import take_index
from clientindex.results import ALL_SEGMENTS, Scores
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
_TEXTS = ("centre", "kind", "key")
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
    weighted sums the derivatives are the effective weights. The same holds for groups. Where a mean
    of other centres stands in for a missing score it does not, and where groups are brought to z
    scores it holds for groups only; what does not sum to the index is left out, and so are centres
    whose index holds a checklist.
    """
    factor = np.ones(len(moments.centres))
    inputs = gather_inputs(moments, methodology, measures=measures, factor=factor)
    plan = make_score_plan(methodology, measures=measures, centres=inputs.centres, regions=regions)
    levels = score_levels(
        inputs.value, plan.rules, inner=plan.inner, outer=plan.outer, with_gradients=True
    )
    index, used, across = combine_segments(levels.index[..., None], plan)
    share = np.where(used, across, 0.0)
    sides = {
        _GROUP: _Side.of(share, levels.by_groups, levels.groups),
        _INDICATOR: _Side.of(share, levels.index_gradient, inputs.value),
    }
    known, left_out = _check(scores, inputs.centres, index[:, 0], sides)
    frames = [
        _tabulate(scores, inputs.centres, methodology, kind=kind, side=side, known=known[kind])
        for kind, side in sides.items()
    ]
    return ScoreParts(
        frame=pd.concat(frames, ignore_index=True).sort_values(
            "centre", kind="stable", ignore_index=True
        ),
        left_out=pd.DataFrame(
            left_out, columns=["centre", "kind", "reason", "detail"], dtype="str"
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Side:
    """Derivatives of the index by P groups or indicators, and contributions, shape (C, P)."""

    weight: NDArray[np.float64]
    contribution: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        share: NDArray[np.float64],
        gradient: NDArray[np.float64] | None,
        value: NDArray[np.float64],
    ) -> _Side:
        """Sum over segments; a segment that does not enter has no share."""
        assert gradient is not None
        slope = np.where(share != 0, share * gradient, 0.0)
        return cls(
            weight=slope.sum(axis=1), contribution=(slope * np.nan_to_num(value)).sum(axis=1)
        )


def _check(
    scores: Scores,
    centres: tuple[str, ...],
    index: NDArray[np.float64],
    sides: dict[str, _Side],
) -> tuple[dict[str, NDArray[np.bool_]], list[tuple[str, str, str, str]]]:
    """Return which centres' contributions sum to the published index, and who is left out."""
    published = take_index(scores)["estimate"].reindex(list(centres)).to_numpy(np.float64)
    room = SAME * np.maximum(np.abs(np.nan_to_num(published)), 1.0)
    own = np.abs(index - published) <= room
    gaps = {kind: side.contribution.sum(axis=1) - index for kind, side in sides.items()}
    known = {kind: own & (np.abs(gap) <= room) for kind, gap in gaps.items()}
    left_out = []
    for place, centre in enumerate(centres):
        lost = [kind for kind in sides if not known[kind][place]]
        if not lost:
            continue
        kind = "" if len(lost) == len(sides) else lost[0]
        if own[place]:
            left_out.append((centre, kind, NOT_ADDITIVE, f"{gaps[lost[-1]][place]:.3g}"))
        else:
            reason = NO_SCORE if np.isnan(published[place]) else CHECKLISTS
            left_out.append((centre, "", reason, ""))
    return known, left_out


def _tabulate(
    scores: Scores,
    centres: tuple[str, ...],
    methodology: Methodology,
    *,
    kind: str,
    side: _Side,
    known: NDArray[np.bool_],
) -> pd.DataFrame:
    keys = methodology.group_keys if kind == _GROUP else methodology.indicator_keys
    told = [centre for centre, ok in zip(centres, known, strict=True) if ok]
    contribution = side.contribution[known]
    mean = contribution.mean(axis=0) if told else np.zeros(len(keys))
    frame = scores.frame
    own = frame[(frame["segment"] == ALL_SEGMENTS) & (frame["kind"] == kind)]
    table = pd.DataFrame(
        {
            "centre": np.repeat(np.array(told, dtype=object), len(keys)),
            "kind": kind,
            "key": list(keys) * len(told),
            "weight": side.weight[known].ravel(),
            "contribution": contribution.ravel(),
            "mean_contribution": np.tile(mean, len(told)),
            "difference": (contribution - mean).ravel(),
        }
    ).astype(dict.fromkeys(_TEXTS, "str"))
    table = table.merge(own[[*_TEXTS, "estimate"]], on=list(_TEXTS), how="left")
    return table[[*_TEXTS, *_NUMBERS]].astype(dict.fromkeys(_NUMBERS, "float64"))
