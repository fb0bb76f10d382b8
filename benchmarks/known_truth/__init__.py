"""Surveys of a population whose coefficients are known, and the intervals that they give."""

from known_truth.intervals import Interval, make_intervals
from known_truth.population import Population, compute_truth, draw_survey

__all__ = ["Interval", "Population", "compute_truth", "draw_survey", "make_intervals"]
