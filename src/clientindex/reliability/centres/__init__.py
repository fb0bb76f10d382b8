"""How reliably centres are told apart, and how many answers that takes."""

from clientindex.reliability.centres.room import assess_centres
from clientindex.reliability.centres.score_reliability import (
    ScoreReliability,
    estimate_score_reliability,
)

__all__ = ["ScoreReliability", "assess_centres", "estimate_score_reliability"]
