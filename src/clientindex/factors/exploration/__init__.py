"""Exploratory factor analysis: extraction, rotation, intervals, verdicts, regions."""

from clientindex.factors.exploration.model import fit_exploratory
from clientindex.factors.exploration.regions import compare_regions
from clientindex.factors.exploration.solve import compute_degrees_of_freedom, find_membership

__all__ = [
    "compare_regions",
    "compute_degrees_of_freedom",
    "find_membership",
    "fit_exploratory",
]
