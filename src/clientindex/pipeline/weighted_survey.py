"""Answers weighted and adjusted for case mix before scores, where the methodology asks for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from clientindex.pipeline.reasons import NO_SURVEY, TOTALS_ONLY
from clientindex.rating import assign_stars, compute_scores
from clientindex.rating.answer_weights import weigh_answers
from clientindex.rating.case_mix import Survey, adjust_case_mix
from clientindex.results import Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from clientindex.counts import CentreMoments
    from clientindex.intake import IntakeTables
    from clientindex.methodology import Methodology
    from clientindex.rating import MeasureScores
    from clientindex.results import Result, Scores
    from clientindex.results.answer_weights import AnswerWeights
    from clientindex.results.case_mix import CaseMix

STAGE = "rating"
NOT_WEIGHTED, NOT_ADJUSTED = "not_weighted", "not_adjusted"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeightedSurvey:
    """Means behind the published scores, and what weights and adjustments did.

    Attributes
    ----------
    moments : CentreMoments
    answer_weights : AnswerWeights or Unavailable
        Reasons: ``not_weighted`` (the methodology asks for no weights), ``no_survey``,
        ``totals_only``.
    case_mix : CaseMix or Unavailable
        Reasons: ``not_adjusted``, else as above.
    """

    moments: CentreMoments
    answer_weights: AnswerWeights | Unavailable
    case_mix: CaseMix | Unavailable

    def results(self) -> dict[str, Result]:
        """Return the results by name."""
        return {"answer_weights": self.answer_weights, "case_mix": self.case_mix}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Edition:
    """The edition that is weighted; `methodology` is the whole one, measures included."""

    tables: IntakeTables
    methodology: Methodology
    measures: MeasureScores | None
    regions: Mapping[str, str]
    visitors: Mapping[str, float]

    def score(
        self,
        moments: CentreMoments,
        _of_answers: Methodology,
        *,
        visitors: Mapping[str, float] | None = None,
    ) -> Scores:
        """Score moments of the answers together with the measures."""
        return self._score(moments, self.measures, visitors=visitors)

    def propagate(self, moments: CentreMoments, _of_answers: Methodology) -> Scores:
        """Score moments of the answers together with measures that do not err."""
        exact = self.measures
        if exact is not None:
            exact = replace(exact, variance=np.zeros_like(exact.variance))
        return self._score(moments, exact)

    def _score(
        self,
        moments: CentreMoments,
        measures: MeasureScores | None,
        *,
        visitors: Mapping[str, float] | None = None,
    ) -> Scores:
        return compute_scores(
            moments, self.methodology, visitors=visitors, regions=self.regions, measures=measures
        )

    def assign(self, scores: Scores) -> pd.Series:
        """Return stars by centre, by the rule of the methodology."""
        tables = self.tables
        stars = assign_stars(
            scores, self.methodology, register=tables.register, attributes=tables.attributes
        )
        return stars.frame.set_index("centre")["star"]


def weigh_survey(
    tables: IntakeTables,
    methodology: Methodology,
    *,
    plain: CentreMoments,
    measures: MeasureScores | None,
    regions: Mapping[str, str],
    visitors: Mapping[str, float],
) -> WeightedSurvey:
    """Weigh the answers, then adjust them for case mix, as the methodology says.

    Parameters
    ----------
    tables : IntakeTables
    methodology : Methodology
    plain : CentreMoments
        Of answers that count once each.
    measures : MeasureScores or None
    regions, visitors : mapping
        Region, and number of visitors where it is known, of every centre.

    Returns
    -------
    WeightedSurvey
        With `plain` where nothing is asked for, or only totals were delivered.
    """
    survey = methodology.of_answers
    lack = "" if tables.unit_sizes is not None else TOTALS_ONLY
    lack = NO_SURVEY if survey is None else lack
    weights = Unavailable(stage=STAGE, reason=lack or NOT_WEIGHTED)
    found = WeightedSurvey(
        moments=plain,
        answer_weights=weights,
        case_mix=replace(weights, reason=lack or NOT_ADJUSTED),
    )
    if survey is None or lack:
        return found
    edition = _Edition(
        tables=tables,
        methodology=methodology,
        measures=measures,
        regions=regions,
        visitors=visitors,
    )
    weight: NDArray[np.float64] | None = None
    if methodology.answer_weights.active:
        weighed = weigh_answers(
            tables,
            survey,
            settings=methodology.answer_weights,
            age_bands=methodology.traits.age_bands,
            visitors=visitors,
            score=edition.score,
        )
        weight = weighed.weight
        found = replace(found, moments=weighed.moments, answer_weights=weighed.result)
    return _adjust(found, edition, survey, weight) if methodology.case_mix.active else found


def _adjust(
    found: WeightedSurvey,
    edition: _Edition,
    survey: Methodology,
    weight: NDArray[np.float64] | None,
) -> WeightedSurvey:
    """Adjust the answers by every set of traits; the published set gives the moments."""
    settings, responses = survey.case_mix, edition.tables.responses
    assert responses is not None
    adjusted = adjust_case_mix(
        Survey(
            responses=responses,
            weight=weight,
            age_bands=survey.traits.age_bands,
            visitors=edition.visitors,
        ),
        survey,
        settings=settings,
        assign=edition.assign,
        score=edition.score,
        propagate=edition.propagate,
    )
    published = settings.published
    moments = found.moments if published is None else adjusted.moments[published]
    return replace(found, moments=moments, case_mix=adjusted.result)
