"""Exploratory factor analysis: extraction, rotation, intervals, verdicts, regions."""

from clientindex.factors.exploration.model import fit_exploratory
from clientindex.factors.exploration.solve import compute_degrees_of_freedom, find_membership

__all__ = ["compute_degrees_of_freedom", "find_membership", "fit_exploratory"]
