"""Does each group of indicators measure one thing consistently."""

from clientindex.reliability.alpha import compute_alpha
from clientindex.reliability.coefficients import compute_cronbach

__all__ = ["compute_alpha", "compute_cronbach"]
