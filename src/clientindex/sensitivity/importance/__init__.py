"""What weights do now, and weights under which importance is what it should be."""

from clientindex.sensitivity.importance.optimised import optimise_weights
from clientindex.sensitivity.importance.room import assess_importance
from clientindex.sensitivity.importance.weights import compute_effective_weights

__all__ = ["assess_importance", "compute_effective_weights", "optimise_weights"]
