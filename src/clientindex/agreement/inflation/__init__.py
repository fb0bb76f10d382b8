"""Do staff inflate their checklists: which centres stand out, how many inflate, what could be seen.

Regions come first, then each centre against honest centres of its region. No number here convicts
a centre: it says which ones to audit, and how many of the audits should find something.
"""

from clientindex.agreement.inflation.between import BetweenVariance, estimate_between
from clientindex.agreement.inflation.bunching import Bunching, find_bunching
from clientindex.agreement.inflation.gaps import Gaps, take_gaps
from clientindex.agreement.inflation.mixture import (
    InflatingShare,
    compute_probabilities,
    estimate_inflating_share,
)
from clientindex.agreement.inflation.outlying import (
    FunnelLimits,
    Outlying,
    adjust_p,
    compute_funnel_limits,
    standardise_against_zero,
    standardise_gaps,
)
from clientindex.agreement.inflation.power import (
    SmallestInflation,
    compute_threshold,
    find_smallest_inflation,
)
from clientindex.agreement.inflation.regions import (
    GapModel,
    RegionEffects,
    compute_weighted_median,
    estimate_regions,
    fit_gap_model,
    shrink,
)
from clientindex.agreement.inflation.signs import (
    ChecklistSigns,
    UnverifiableGap,
    compare_unverifiable,
    compute_set_difference,
    find_checklist_signs,
)
from clientindex.agreement.inflation.spread import Spread, estimate_spread

__all__ = [
    "BetweenVariance",
    "Bunching",
    "ChecklistSigns",
    "FunnelLimits",
    "GapModel",
    "Gaps",
    "InflatingShare",
    "Outlying",
    "RegionEffects",
    "SmallestInflation",
    "Spread",
    "UnverifiableGap",
    "adjust_p",
    "compare_unverifiable",
    "compute_funnel_limits",
    "compute_probabilities",
    "compute_set_difference",
    "compute_threshold",
    "compute_weighted_median",
    "estimate_between",
    "estimate_inflating_share",
    "estimate_regions",
    "estimate_spread",
    "find_bunching",
    "find_checklist_signs",
    "find_smallest_inflation",
    "fit_gap_model",
    "shrink",
    "standardise_against_zero",
    "standardise_gaps",
    "take_gaps",
]
