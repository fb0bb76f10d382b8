"""Omegas of solutions with several factors: general, and of the groups beside it."""

from clientindex.reliability.hierarchical.room import assess_omegas

__all__ = ["assess_omegas"]
