"""Does each group of indicators measure one thing consistently, for respondents and for centres."""

from clientindex.reliability.assessment import Analyses, assess
from clientindex.reliability.scopes import list_scopes
from clientindex.reliability.sets import compare_sets
from clientindex.results.reliability_assessment import RELIABILITY_RESULTS, ReliabilityAssessment

__all__ = [
    "RELIABILITY_RESULTS",
    "Analyses",
    "ReliabilityAssessment",
    "assess",
    "compare_sets",
    "list_scopes",
]
