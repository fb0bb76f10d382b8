"""Leave out an indicator, a group, a region, a segment or a centre, and score anew.

`weights` and `comparison` know no file or label; `scorer` holds the index of an edition that can be
had without a part, and `room` and `reversals` put them together.
"""

from clientindex.sensitivity.leave_out.comparison import Comparison, compare_scores
from clientindex.sensitivity.leave_out.reversals import find_rank_reversals
from clientindex.sensitivity.leave_out.room import leave_one_out
from clientindex.sensitivity.leave_out.weights import (
    NestedWeights,
    drop_group,
    drop_indicator,
    drop_segment,
)

__all__ = [
    "Comparison",
    "NestedWeights",
    "compare_scores",
    "drop_group",
    "drop_indicator",
    "drop_segment",
    "find_rank_reversals",
    "leave_one_out",
]
