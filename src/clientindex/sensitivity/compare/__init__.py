"""Two methodologies on the same answers: what differs, and what it does to centres."""

from clientindex.sensitivity.compare.changes import list_changes
from clientindex.sensitivity.compare.errors import (
    DifferenceErrors,
    JointMeans,
    bound_difference_errors,
    compute_difference_errors,
)
from clientindex.sensitivity.compare.index_weights import IndexWeights, weigh_index
from clientindex.sensitivity.compare.room import (
    ScoredEdition,
    check_overlap,
    compare_methodologies,
)

__all__ = [
    "DifferenceErrors",
    "IndexWeights",
    "JointMeans",
    "ScoredEdition",
    "bound_difference_errors",
    "check_overlap",
    "compare_methodologies",
    "compute_difference_errors",
    "list_changes",
    "weigh_index",
]
