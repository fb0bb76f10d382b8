"""Coefficients of reliability as functions of covariance matrices, for whole stacks of them."""

from clientindex.reliability.coefficients.alpha import (
    compute_cronbach,
    compute_error_of_measurement,
    compute_standardised_alpha,
)
from clientindex.reliability.coefficients.categorical import compute_categorical_omega
from clientindex.reliability.coefficients.greatest_lower_bound import compute_greatest_lower_bound
from clientindex.reliability.coefficients.guttman import compute_guttman
from clientindex.reliability.coefficients.omega import compute_omega
from clientindex.reliability.coefficients.one_factor import OneFactor, fit_one_factor
from clientindex.reliability.coefficients.split_half import (
    Splits,
    compute_split_halves,
    list_splits,
)
from clientindex.reliability.coefficients.theory import compute_duhachek, compute_feldt

__all__ = [
    "OneFactor",
    "Splits",
    "compute_categorical_omega",
    "compute_cronbach",
    "compute_duhachek",
    "compute_error_of_measurement",
    "compute_feldt",
    "compute_greatest_lower_bound",
    "compute_guttman",
    "compute_omega",
    "compute_split_halves",
    "compute_standardised_alpha",
    "fit_one_factor",
    "list_splits",
]
