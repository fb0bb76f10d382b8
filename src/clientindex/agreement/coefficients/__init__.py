"""Statistics of agreement of measurements of the same centres, as functions of arrays.

They know no file, label or object of the project. `x` is the survey and `y` the checklist where a
sign matters: differences are y - x.
"""

from clientindex.agreement.coefficients.categorical import (
    CategoricalAgreement,
    estimate_categorical,
)
from clientindex.agreement.coefficients.cohen import estimate_cohen
from clientindex.agreement.coefficients.concordance import (
    Concordance,
    estimate_concordance,
    estimate_concordance_components,
    estimate_concordance_u,
)
from clientindex.agreement.coefficients.correlation import estimate_pearson
from clientindex.agreement.coefficients.difference import estimate_bias, estimate_sd_difference
from clientindex.agreement.coefficients.estimate import MINIMUM_PAIRS, Estimate
from clientindex.agreement.coefficients.icc import FTest, IntraclassCorrelations, estimate_icc
from clientindex.agreement.coefficients.krippendorff import (
    compute_krippendorff,
    estimate_krippendorff,
)
from clientindex.agreement.coefficients.limits import Limits, compute_factors, estimate_limits
from clientindex.agreement.coefficients.proportional import (
    ProportionalBias,
    VarianceTest,
    compare_variances,
    fit_proportional_bias,
)
from clientindex.agreement.coefficients.repeated import (
    RepeatedLimits,
    estimate_linked_limits,
    estimate_repeated_limits,
    estimate_within_variance,
)
from clientindex.agreement.coefficients.stuart_maxwell import MarginalHomogeneity, compare_margins
from clientindex.agreement.coefficients.tolerance import (
    ToleranceInterval,
    compute_tolerance_factor,
    estimate_coverage_probability,
    estimate_tolerance_interval,
    estimate_total_deviation,
)
from clientindex.agreement.coefficients.weights import compute_weights

__all__ = [
    "MINIMUM_PAIRS",
    "CategoricalAgreement",
    "Concordance",
    "Estimate",
    "FTest",
    "IntraclassCorrelations",
    "Limits",
    "MarginalHomogeneity",
    "ProportionalBias",
    "RepeatedLimits",
    "ToleranceInterval",
    "VarianceTest",
    "compare_margins",
    "compare_variances",
    "compute_factors",
    "compute_krippendorff",
    "compute_tolerance_factor",
    "compute_weights",
    "estimate_bias",
    "estimate_categorical",
    "estimate_cohen",
    "estimate_concordance",
    "estimate_concordance_components",
    "estimate_concordance_u",
    "estimate_coverage_probability",
    "estimate_icc",
    "estimate_krippendorff",
    "estimate_limits",
    "estimate_linked_limits",
    "estimate_pearson",
    "estimate_repeated_limits",
    "estimate_sd_difference",
    "estimate_tolerance_interval",
    "estimate_total_deviation",
    "estimate_within_variance",
    "fit_proportional_bias",
]
