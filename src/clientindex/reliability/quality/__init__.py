"""Suspicious answers: who gave them, in which centres, and what they do to alpha and the index."""

from clientindex.reliability.quality.room import assess_quality

__all__ = ["assess_quality"]
