"""What other weights would do to ranks and stars."""

from clientindex.sensitivity.stability import compute_weight_stability

__all__ = ["compute_weight_stability"]
