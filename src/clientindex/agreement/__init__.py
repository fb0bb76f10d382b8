"""Whether the checklists of a centre's own staff confirm what visitors say."""

from clientindex.agreement.assessment import (
    AGREEMENT_RESULTS,
    AgreementAssessment,
    assess,
)
from clientindex.agreement.sources import SurveyScores, TwoSources, gather_sources

__all__ = [
    "AGREEMENT_RESULTS",
    "AgreementAssessment",
    "SurveyScores",
    "TwoSources",
    "assess",
    "gather_sources",
]
