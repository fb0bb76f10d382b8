"""What alpha, omega and the reliability of centres become with another set of indicators."""

from clientindex.reliability.sets.plan import IndicatorSet, change_set, list_sets
from clientindex.reliability.sets.room import assess_sets, compare_sets

__all__ = ["IndicatorSet", "assess_sets", "change_set", "compare_sets", "list_sets"]
