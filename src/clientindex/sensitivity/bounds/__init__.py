"""Exact answers on weights that move within a band."""

from clientindex.sensitivity.bounds.room import assess_weight_bounds

__all__ = ["assess_weight_bounds"]
