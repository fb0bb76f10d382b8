"""Adjustment of scores for traits of the clients that a centre cannot choose."""

from clientindex.rating.case_mix.assessment import AdjustedAnswers, adjust_case_mix
from clientindex.rating.case_mix.design import TraitDesign, find_independent, make_design
from clientindex.rating.case_mix.regression import CellSums, WithinFit, find_usable, fit_within
from clientindex.rating.case_mix.survey import Survey

__all__ = [
    "AdjustedAnswers",
    "CellSums",
    "Survey",
    "TraitDesign",
    "WithinFit",
    "adjust_case_mix",
    "find_independent",
    "find_usable",
    "fit_within",
    "make_design",
]
