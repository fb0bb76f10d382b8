"""Confirmatory factor models on moments and polychorics, robust to clustering by centre."""

from clientindex.factors.confirmatory.estimate import fit_model
from clientindex.factors.confirmatory.fit import ConfirmatoryFit, Estimator, GroupMatrices
from clientindex.factors.confirmatory.models import fit_confirmatory, fit_models
from clientindex.factors.confirmatory.modification import compute_modification_indices
from clientindex.factors.confirmatory.nested import compare_nested
from clientindex.factors.confirmatory.ordinal import make_ordinal
from clientindex.factors.confirmatory.own import load_model
from clientindex.factors.confirmatory.scores import compute_scores
from clientindex.factors.confirmatory.spec import ModelSpec, Parameter
from clientindex.factors.confirmatory.standard import build_standard_models, name_factors
from clientindex.factors.confirmatory.standardised import compute_standardised
from clientindex.factors.confirmatory.syntax import format_model, read_model

__all__ = [
    "ConfirmatoryFit",
    "Estimator",
    "GroupMatrices",
    "ModelSpec",
    "Parameter",
    "build_standard_models",
    "compare_nested",
    "compute_modification_indices",
    "compute_scores",
    "compute_standardised",
    "fit_confirmatory",
    "fit_model",
    "fit_models",
    "format_model",
    "load_model",
    "make_ordinal",
    "name_factors",
    "read_model",
]
