"""Weights of answers: delivered ones, and raking to known margins of visitors."""

from clientindex.rating.answer_weights.assessment import WeightedAnswers, weigh_answers
from clientindex.rating.answer_weights.raking import (
    Fit,
    Margins,
    count_effective,
    rake,
    rake_respondents,
)

__all__ = [
    "Fit",
    "Margins",
    "WeightedAnswers",
    "count_effective",
    "rake",
    "rake_respondents",
    "weigh_answers",
]
