"""The index of the starred centres under random weightings, by either road of the rating."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from clientindex.rating.score_inputs import ScoreInputs, gather_inputs
from clientindex.rating.score_model import draw_index
from clientindex.rating.score_plan import ScorePlan, make_score_plan, weigh_scored
from clientindex.rating.weighting import Presence, WeightPlan, find_present, make_weight_plan
from clientindex.sensitivity.draws import WeightDraws, compute_drawn_index
from clientindex.sensitivity.starred_rows import find_starred_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.rating import MeasureScores


CELLS_A_CENTRE = 8
"""Index, sorted index, order, rank and level of a centre in a draw, with what makes them."""


class DrawnIndex(Protocol):
    """Computes the index of C centres under weightings."""

    @property
    def weights(self) -> WeightPlan:
        """Stated weights, from which weightings are drawn."""
        ...

    @property
    def size(self) -> int:
        """Cells that one weighting needs."""
        ...

    def compute(self, draws: WeightDraws) -> NDArray[np.float64]:
        """Return the index, shape (B, C)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinearIndex:
    """Weighted sums of the centres' own means."""

    mean: NDArray[np.float64]
    presence: Presence
    weights: WeightPlan

    @classmethod
    def of(
        cls, moments: CentreMoments, methodology: Methodology, *, centres: Sequence[str]
    ) -> LinearIndex:
        """Take the means of some centres.

        Raises
        ------
        StatisticsError
            If one has none.
        """
        plan = make_weight_plan(methodology)
        mean = moments.mean[find_starred_rows(moments.centres, centres)]
        return cls(mean=mean, presence=find_present(~np.isnan(mean), plan), weights=plan)

    @property
    def size(self) -> int:
        """Cells that one weighting needs: some of each centre, its indicators are not copied."""
        return CELLS_A_CENTRE * len(self.mean)

    def compute(self, draws: WeightDraws) -> NDArray[np.float64]:
        """Return the index, shape (B, C)."""
        return compute_drawn_index(self.mean, self.presence, self.weights, draws=draws)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ModelIndex:
    """Any methodology; z scores and means of regions need all centres, whoever is starred."""

    inputs: ScoreInputs
    plan: ScorePlan
    rows: NDArray[np.intp]
    weights: WeightPlan

    @classmethod
    def of(
        cls,
        moments: CentreMoments,
        methodology: Methodology,
        *,
        centres: Sequence[str],
        regions: Mapping[str, str] | None,
        measures: MeasureScores | None,
    ) -> ModelIndex:
        """Gather answers and measures.

        Raises
        ------
        StatisticsError
            If a centre has neither.
        """
        factor = np.ones(len(moments.centres))
        inputs = gather_inputs(moments, methodology, measures=measures, factor=factor)
        plan = make_score_plan(
            methodology, measures=measures, centres=inputs.centres, regions=regions
        )
        return cls(
            inputs=inputs,
            plan=plan,
            rows=find_starred_rows(inputs.centres, centres),
            weights=weigh_scored(methodology, measures),
        )

    @property
    def size(self) -> int:
        """Cells that one weighting needs."""
        return self.inputs.value.size

    def compute(self, draws: WeightDraws) -> NDArray[np.float64]:
        """Return the index, shape (B, C)."""
        index = draw_index(self.inputs, self.plan, inner=draws.inner, outer=draws.outer)
        return index[:, self.rows]
