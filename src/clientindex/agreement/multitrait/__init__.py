"""Multitrait-multimethod matrix of groups (or indicators) by survey and checklist."""

from clientindex.agreement.multitrait.criteria import compare_correlations
from clientindex.agreement.multitrait.errors import compute_covariances, correlate
from clientindex.agreement.multitrait.matrix import estimate_multitrait
from clientindex.agreement.multitrait.ratios import compute_method_htmt
from clientindex.agreement.multitrait.replicates import Replicates
from clientindex.results.multitrait import MultitraitMatrix

__all__ = [
    "MultitraitMatrix",
    "Replicates",
    "compare_correlations",
    "compute_covariances",
    "compute_method_htmt",
    "correlate",
    "estimate_multitrait",
]
