"""Validity of the groups: whether their scores may be reported separately."""

from clientindex.factors.validity.coefficients import (
    compute_bifactor,
    compute_convergent,
    compute_puc,
)
from clientindex.factors.validity.htmt import compute_htmt
from clientindex.factors.validity.room import assess_validity

__all__ = [
    "assess_validity",
    "compute_bifactor",
    "compute_convergent",
    "compute_htmt",
    "compute_puc",
]
