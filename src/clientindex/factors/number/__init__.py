"""How many factors: ten rules, asked side by side."""

from clientindex.factors.number.panel import compute_factor_number

__all__ = ["compute_factor_number"]
