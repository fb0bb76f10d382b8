"""What the sources of weights are given: results that are there already, and experts' answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from clientindex.methodology.weight_source_settings import WeightSourceSettings
from clientindex.rating.score_plan import weigh_scored
from clientindex.results import ALL_SEGMENTS
from clientindex.sensitivity.weight_sources.tree import WeightTree
from clientindex.sensitivity.weight_sources.weighting import Weighting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments, PairCounts
    from clientindex.intake.expert_answers import ExpertAnswers
    from clientindex.methodology import Methodology
    from clientindex.rating import MeasureScores
    from clientindex.results import Consistency, ExploratoryModel, Scores, Stars


@dataclass(frozen=True, kw_only=True, eq=False)
class SourceMaterial:
    """What there is to find weights from; each of the optional parts serves one source.

    Attributes
    ----------
    methodology : Methodology
        Current weights, star rule, level and replicates of intervals.
    moments : CentreMoments
        Indicator means behind `scores`.
    scores : Scores
    stars : Stars
    seed : numpy.random.SeedSequence
    settings : WeightSourceSettings
    regions : mapping of str to str
        Region of every centre: strata of the bootstrap.
    measures : MeasureScores or None
    counts : PairCounts or None
        Single answers, for the regression.
    experts : ExpertAnswers or None
        Without faults.
    exploratory : ExploratoryModel or None
        For loadings.
    consistency : Consistency or None
        For reliabilities of groups.
    """

    methodology: Methodology
    moments: CentreMoments
    scores: Scores
    stars: Stars
    seed: np.random.SeedSequence
    settings: WeightSourceSettings = field(default_factory=WeightSourceSettings)
    regions: Mapping[str, str] = field(default_factory=dict)
    measures: MeasureScores | None = None
    counts: PairCounts | None = None
    experts: ExpertAnswers | None = None
    exploratory: ExploratoryModel | None = None
    consistency: Consistency | None = None

    @property
    def centres(self) -> list[str]:
        """Centres with a star, in the order of their rank."""
        given = self.stars.frame["withheld"] == ""
        return self.stars.frame.loc[given, "centre"].tolist()

    @property
    def tree(self) -> WeightTree:
        """Indicators and groups that weigh something now."""
        return WeightTree.of(self.current)

    @property
    def current(self) -> Weighting:
        """Weights of the methodology; measures that are left out of the scores have none."""
        plan = weigh_scored(self.methodology, self.measures)
        total = np.add.reduceat(plan.inner, plan.starts)[plan.group_of]
        # Inside a group of which nothing is scored all weigh the same; it weighs 0.
        inner = np.where(total > 0, plan.inner, 1.0)
        return Weighting.of_raw(inner, plan.outer, group_of=plan.group_of)

    def take_scores(self, kind: str) -> NDArray[np.float64]:
        """Return scores of the starred centres by "indicator" or "group", NaN where missing.

        Returns
        -------
        ndarray of shape (C, k) or (C, g)
            Of what weighs something now.
        """
        names: tuple[str, ...] = self.methodology.indicator_keys
        places = self.tree.at
        if kind == "group":
            names, places = self.methodology.group_keys, self.tree.groups
        frame = self.scores.frame
        own = frame[(frame["kind"] == kind) & (frame["segment"] == ALL_SEGMENTS)]
        table = own.pivot(index="centre", columns="key", values="estimate")
        keys = [names[place] for place in places]
        return table.reindex(index=self.centres, columns=keys).to_numpy(np.float64)
