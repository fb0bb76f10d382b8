"""Scores drawn together by what their sampling errors leave: empirical Bayes and Fay-Herriot.

Functions of arrays: estimates and their sampling variances, taken as known. `room`, with
`covariates`, puts them to the scores of an edition.
"""

from clientindex.rating.shrinkage.critical_value import (
    compute_critical_values,
    compute_noncoverage,
)
from clientindex.rating.shrinkage.empirical_bayes import (
    Shrunken,
    shrink_by_morris,
    shrink_estimates,
)
from clientindex.rating.shrinkage.fay_herriot import FayHerriot, fit_fay_herriot
from clientindex.rating.shrinkage.model_variance import (
    VarianceEstimator,
    estimate_model_variance,
)
from clientindex.rating.shrinkage.robust import (
    Moments,
    RobustIntervals,
    compute_robust_intervals,
    estimate_moments,
)

__all__ = [
    "FayHerriot",
    "Moments",
    "RobustIntervals",
    "Shrunken",
    "VarianceEstimator",
    "compute_critical_values",
    "compute_noncoverage",
    "compute_robust_intervals",
    "estimate_model_variance",
    "estimate_moments",
    "fit_fay_herriot",
    "shrink_by_morris",
    "shrink_estimates",
]
