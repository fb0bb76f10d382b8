"""What the scores of centres are made of: trait, halo, checklist method, specificity, region."""

from clientindex.agreement.decomposition.components import Components, split_covariance
from clientindex.agreement.decomposition.estimate import (
    VarianceDecomposition,
    estimate_decomposition,
)
from clientindex.agreement.decomposition.levels import (
    Levels,
    MeasuredTwice,
    compute_levels,
    take_measured_twice,
)

__all__ = [
    "Components",
    "Levels",
    "MeasuredTwice",
    "VarianceDecomposition",
    "compute_levels",
    "estimate_decomposition",
    "split_covariance",
    "take_measured_twice",
]
