"""What every stage of a run starts from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.pipeline.answer_work import count_answers
from clientindex.pipeline.register_facts import list_regions, list_visitors
from clientindex.pipeline.seeds import split_seed
from clientindex.pipeline.survey import measure_survey
from clientindex.pipeline.weighted_survey import weigh_survey
from clientindex.rating import score_measures

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from clientindex.counts import CentreMoments, PairCounts
    from clientindex.edition import Edition
    from clientindex.intake import IntakeTables
    from clientindex.methodology import Methodology
    from clientindex.pipeline.weighted_survey import WeightedSurvey
    from clientindex.rating import MeasureScores
    from clientindex.results import Bundle


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Material:
    """What every stage starts from.

    Attributes
    ----------
    edition : Edition
    methodology : Methodology
    tables : IntakeTables
    warnings : DataFrame
        Of the data.
    counts : PairCounts or None
        Of single answers, every answer counting once.
    survey : WeightedSurvey
        Means behind the scores, weighted and adjusted where the methodology asks for it.
    measures : MeasureScores or None
    seeds : dict
        Of :func:`clientindex.pipeline.seeds.split_seed`.
    previous : Bundle or None
        Of the previous edition.
    """

    edition: Edition
    methodology: Methodology
    tables: IntakeTables
    warnings: pd.DataFrame
    counts: PairCounts | None
    survey: WeightedSurvey
    measures: MeasureScores | None
    seeds: dict[str, np.random.SeedSequence]
    previous: Bundle | None = None

    @property
    def moments(self) -> CentreMoments:
        """Indicator means that scores are made from."""
        return self.survey.moments

    @property
    def strata(self) -> dict[str, str]:
        """Region of every centre."""
        return list_regions(self.tables)

    @property
    def visitors(self) -> dict[str, float]:
        """Number of visitors of the centres where the register knows it."""
        return list_visitors(self.tables)


def prepare_material(
    edition: Edition,
    methodology: Methodology,
    *,
    tables: IntakeTables,
    warnings: pd.DataFrame,
    previous: Bundle | None = None,
    counted: PairCounts | None = None,
) -> Material:
    """Count the answers (or take the totals), weigh them and split the seed.

    `counted` are the counts of single answers, where they were counted before.
    """
    counts = counted if counted is not None else count_answers(tables, methodology)
    measures = score_measures(tables.measures, methodology)
    weighed = _weigh(tables, methodology, counts=counts, measures=measures)
    return Material(
        edition=edition,
        methodology=methodology,
        tables=tables,
        warnings=warnings,
        counts=counts,
        survey=weighed,
        measures=measures,
        seeds=split_seed(edition.seed),
        previous=previous,
    )


def remeasure(
    material: Material, methodology: Methodology
) -> tuple[CentreMoments, MeasureScores | None]:
    """Return indicator means and measures as another methodology of the same survey has them."""
    measures = score_measures(material.tables.measures, methodology)
    weighed = _weigh(material.tables, methodology, counts=material.counts, measures=measures)
    return weighed.moments, measures


def _weigh(
    tables: IntakeTables,
    methodology: Methodology,
    *,
    counts: PairCounts | None,
    measures: MeasureScores | None,
) -> WeightedSurvey:
    return weigh_survey(
        tables,
        methodology,
        plain=measure_survey(tables, methodology.of_answers, counts=counts),
        measures=measures,
        regions=list_regions(tables),
        visitors=list_visitors(tables),
    )
