"""Visitors and staff simulated with a known truth, and all that the package says of them."""

from two_sources.intervals import examine_pair
from two_sources.population import Population, draw_pair
from two_sources.truths import compute_index_truth

__all__ = ["Population", "compute_index_truth", "draw_pair", "examine_pair"]
