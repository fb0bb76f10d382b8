"""The index of an edition, to be had with other weights or without some centres."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from clientindex.rating.measures import score_measures
from clientindex.rating.score_inputs import ScoreInputs, gather_inputs, put_measures
from clientindex.rating.score_model import draw_index
from clientindex.rating.score_plan import ScorePlan, make_score_plan
from clientindex.sensitivity.leave_out.weights import NestedWeights

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology

Z_SCORES, REGION_MEANS, MEASURES = "z_scores", "region_means", "measures"
CUT_POINTS = "cut_points"

STATED_NORMALISERS = ("goalposts",)
"""Normalisers that take nothing from the data."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EditionScorer:
    """Scores of C centres, those with answers or measures, and what made them.

    Attributes
    ----------
    inputs : ScoreInputs
    plan : ScorePlan
    methodology : Methodology
    regions : mapping of str to str
    measures : DataFrame or None
        ``centre``, ``indicator``, ``value`` ..., normalised anew where centres leave.
    """

    inputs: ScoreInputs
    plan: ScorePlan
    methodology: Methodology
    regions: Mapping[str, str]
    measures: pd.DataFrame | None

    @classmethod
    def of(
        cls,
        moments: CentreMoments,
        methodology: Methodology,
        *,
        regions: Mapping[str, str],
        measures: pd.DataFrame | None,
    ) -> EditionScorer:
        """Gather answers and measures.

        Raises
        ------
        StatisticsError
            If values are imputed from regions and a centre's region is not given.
        """
        scored = score_measures(measures, methodology)
        inputs = gather_inputs(
            moments, methodology, measures=scored, factor=np.ones(len(moments.centres))
        )
        plan = make_score_plan(
            methodology, measures=scored, centres=inputs.centres, regions=regions
        )
        return cls(
            inputs=inputs, plan=plan, methodology=methodology, regions=regions, measures=measures
        )

    @property
    def weights(self) -> NestedWeights:
        """Stated weights, dropped measures having none."""
        plan = self.plan
        return NestedWeights(
            inner=plan.inner,
            outer=plan.outer,
            segment=plan.segment,
            group_of=plan.rules.group_of,
        )

    @property
    def depends_on(self) -> tuple[str, ...]:
        """What ties the scores of a centre to those of others; its stars may have more ties."""
        own = self.methodology
        ties = {
            Z_SCORES: own.scoring.normalise_groups == "z",
            REGION_MEANS: own.scoring.imputes_from_regions,
            MEASURES: any(_is_fitted(own, key) for key in own.measure_keys),
        }
        return tuple(name for name, is_tied in ties.items() if is_tied)

    def score(self, weights: NestedWeights | None = None) -> NDArray[np.float64]:
        """Return the index of all centres, shape (C,); NaN without one."""
        return self._compute(self.inputs, self.plan, weights or self.weights)

    def score_without(self, gone: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return the index, shape (C,), as if some centres were not there; theirs is NaN."""
        index = np.full(len(gone), np.nan)
        kept = np.flatnonzero(~gone)
        if not len(kept):
            return index
        inputs, plan = self._refit(kept) if self.methodology.measure_keys else self._cut(kept)
        index[kept] = self._compute(
            inputs, plan, replace(self.weights, inner=plan.inner, outer=plan.outer)
        )
        return index

    def _cut(self, kept: NDArray[np.intp]) -> tuple[ScoreInputs, ScorePlan]:
        """Take some centres; only values are looked at, so other arrays stay whole."""
        inputs = replace(self.inputs, value=self.inputs.value[kept])
        codes = self.plan.rules.region_of
        rules = replace(self.plan.rules, region_of=None if codes is None else codes[kept])
        return inputs, replace(self.plan, rules=rules)

    def _refit(self, kept: NDArray[np.intp]) -> tuple[ScoreInputs, ScorePlan]:
        """Take some centres, and normalise their measures among themselves."""
        centres = [self.inputs.centres[row] for row in kept]
        table = self.measures
        if table is not None:
            table = table[table["centre"].isin(centres)]
        scored = score_measures(table, self.methodology)
        plan = make_score_plan(
            self.methodology, measures=scored, centres=centres, regions=self.regions
        )
        return put_measures(self.inputs.select(kept), scored), plan

    @staticmethod
    def _compute(
        inputs: ScoreInputs, plan: ScorePlan, weights: NestedWeights
    ) -> NDArray[np.float64]:
        own = replace(plan, segment=weights.segment)
        index: NDArray[np.float64] = draw_index(
            inputs, own, inner=weights.inner[None], outer=weights.outer[None]
        )[0]
        return index


def _is_fitted(methodology: Methodology, key: str) -> bool:
    rule = methodology.indicator(key).normaliser
    return rule is not None and rule.kind not in STATED_NORMALISERS
