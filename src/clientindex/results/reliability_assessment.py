"""All results of the analyses of reliability."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clientindex.results.answer_quality import AnswerQuality
    from clientindex.results.base import Result, Unavailable
    from clientindex.results.centre_reliability import CentreReliability
    from clientindex.results.consistency import Consistency
    from clientindex.results.indicator_sets import IndicatorSets
    from clientindex.results.item_analysis import ItemAnalysis
    from clientindex.results.omega_table import OmegaTable


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReliabilityAssessment:
    """Results of all analyses of reliability.

    ``answer_quality`` is unavailable without single answers; every other result names in its
    ``left_out`` what is not defined.
    """

    consistency: Consistency
    item_analysis: ItemAnalysis
    omegas: OmegaTable
    centre_reliability: CentreReliability
    answer_quality: AnswerQuality | Unavailable
    indicator_sets: IndicatorSets

    def results(self) -> dict[str, Result]:
        """Return the results by name, in the order of the analysis."""
        return {name: getattr(self, name) for name in RELIABILITY_RESULTS}


RELIABILITY_RESULTS = tuple(field.name for field in fields(ReliabilityAssessment))
"""Names of the results, in the order of the analysis."""
