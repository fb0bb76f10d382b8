"""The structural relation of two measurements, as lines that differ in what they call error."""

from clientindex.agreement.structural.deming import (
    compute_error_sds,
    estimate_deming,
    fit_deming,
)
from clientindex.agreement.structural.equivariant_passing_bablok import (
    estimate_equivariant_passing_bablok,
    make_equivariant_passing_bablok,
)
from clientindex.agreement.structural.errors_in_variables import (
    EquationErrorLine,
    KnownErrors,
    bootstrap_errors_in_variables,
    estimate_errors_in_variables,
    fit_errors_in_variables,
    jackknife_errors_in_variables,
    take_known_errors,
)
from clientindex.agreement.structural.generalised_deming import (
    PointErrors,
    compute_scaled_residuals,
    fit_generalised_deming,
)
from clientindex.agreement.structural.least_squares import (
    estimate_least_squares,
    fit_inverse_least_squares,
    fit_least_squares,
)
from clientindex.agreement.structural.line import Coefficient, Line
from clientindex.agreement.structural.pairs import Pairs, take_pairs
from clientindex.agreement.structural.passing_bablok import (
    estimate_passing_bablok,
    make_passing_bablok,
)
from clientindex.agreement.structural.resampling import (
    Fit,
    bootstrap_line,
    fit_left_out,
    jackknife_line,
)
from clientindex.agreement.structural.theil_sen import estimate_theil_sen, make_theil_sen
from clientindex.agreement.structural.weighted_deming import fit_weighted_deming
from clientindex.reliability.centres.jackknife import Strata

__all__ = [
    "Coefficient",
    "EquationErrorLine",
    "Fit",
    "KnownErrors",
    "Line",
    "Pairs",
    "PointErrors",
    "Strata",
    "bootstrap_errors_in_variables",
    "bootstrap_line",
    "compute_error_sds",
    "compute_scaled_residuals",
    "estimate_deming",
    "estimate_equivariant_passing_bablok",
    "estimate_errors_in_variables",
    "estimate_least_squares",
    "estimate_passing_bablok",
    "estimate_theil_sen",
    "fit_deming",
    "fit_errors_in_variables",
    "fit_generalised_deming",
    "fit_inverse_least_squares",
    "fit_least_squares",
    "fit_left_out",
    "fit_weighted_deming",
    "jackknife_errors_in_variables",
    "jackknife_line",
    "make_equivariant_passing_bablok",
    "make_passing_bablok",
    "make_theil_sen",
    "take_known_errors",
    "take_pairs",
]
