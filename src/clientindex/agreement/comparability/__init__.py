"""Whether survey and checklist can be compared: linked scales, ceilings, ties, missing answers."""

from clientindex.agreement.comparability.checklists import (
    StraightLining,
    estimate_straight_lining,
)
from clientindex.agreement.comparability.common import CommonScale, declare_common
from clientindex.agreement.comparability.description import (
    ChecklistItems,
    Comparability,
    describe_comparability,
)
from clientindex.agreement.comparability.equipercentile import (
    EquipercentileLink,
    link_equipercentile,
)
from clientindex.agreement.comparability.mean_sigma import MeanSigmaLink, link_mean_sigma
from clientindex.agreement.comparability.shares import estimate_share

__all__ = [
    "ChecklistItems",
    "CommonScale",
    "Comparability",
    "EquipercentileLink",
    "MeanSigmaLink",
    "StraightLining",
    "declare_common",
    "describe_comparability",
    "estimate_share",
    "estimate_straight_lining",
    "link_equipercentile",
    "link_mean_sigma",
]
