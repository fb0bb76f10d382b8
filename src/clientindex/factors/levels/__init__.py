"""Within centres and between them: covariances, factors and models of both levels."""

from clientindex.factors.levels.components import (
    LevelCovariances,
    combine_terms,
    leave_one_out,
    read_terms,
)
from clientindex.factors.levels.room import compare_levels

__all__ = [
    "LevelCovariances",
    "combine_terms",
    "compare_levels",
    "leave_one_out",
    "read_terms",
]
