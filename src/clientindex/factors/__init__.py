"""Do the indicators form the groups: suitability of their correlations and the factors behind."""

from clientindex.factors.adequacy import (
    compute_bartlett,
    compute_sampling_adequacy,
    compute_smc,
)
from clientindex.factors.assessment import FACTOR_RESULTS, FactorAssessment, assess
from clientindex.factors.centre_sums import (
    CentreSums,
    compute_centre_sums,
    find_obstacle,
    resample_sums,
)
from clientindex.factors.exploration import compare_regions, fit_exploratory
from clientindex.factors.intervals import compute_percentile_interval, find_unstable
from clientindex.factors.polychoric import estimate_polyserial
from clientindex.factors.suitability import compute_suitability

__all__ = [
    "FACTOR_RESULTS",
    "CentreSums",
    "FactorAssessment",
    "assess",
    "compare_regions",
    "compute_bartlett",
    "compute_centre_sums",
    "compute_percentile_interval",
    "compute_sampling_adequacy",
    "compute_smc",
    "compute_suitability",
    "estimate_polyserial",
    "find_obstacle",
    "find_unstable",
    "fit_exploratory",
    "resample_sums",
]
