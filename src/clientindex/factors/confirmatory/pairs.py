"""Which of the fitted models are nested, and the tests of their differences."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.errors import StatisticsError
from clientindex.factors.confirmatory.estimate import fit_model
from clientindex.factors.confirmatory.nested import compare_nested
from clientindex.factors.confirmatory.standard import STANDARD_MODELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from clientindex.factors.confirmatory.attempt import Attempt
    from clientindex.factors.confirmatory.fit import ConfirmatoryFit

COLUMNS = (
    "estimator",
    "model",
    "other",
    "chi2",
    "df",
    "p",
    "method",
    "delta_cfi",
    "delta_rmsea",
    "delta_srmr",
)

NESTED_STANDARD = (
    ("one_factor", "correlated"),
    ("second_order", "correlated"),
    ("one_factor", "second_order"),
    ("one_factor", "bifactor"),
    ("second_order", "bifactor"),
)
"""Constrained and freer model. A second-order model is a bifactor model whose loadings on general
and group factor are proportional inside a group (Yung, Thissen and McLeod 1999); with one factor,
correlations of group factors are 1, or their residual variances 0, which lies on the boundary: the
test is then conservative."""

SAME_STRUCTURE = 1e-4
"""Largest difference of an implied correlation at which two models say the same."""


def tabulate_nested(attempts: Sequence[Attempt]) -> pd.DataFrame:
    """Test the difference of every pair of nested models fitted by the same estimator.

    Standard models are nested by construction. A model of one's own is compared with every model on
    the same indicators: it is nested in another with fewer degrees of freedom when that one
    reproduces what it implies (Bentler and Satorra 2010).

    Returns
    -------
    DataFrame
        Columns :data:`COLUMNS`.
    """
    rows = []
    for constrained, freer in _find_pairs(attempts):
        if constrained.fit is None or freer.fit is None:
            continue
        found = compare_nested(constrained.fit, freer.fit)
        rows.append(
            {
                "estimator": constrained.estimator,
                "model": constrained.model,
                "other": freer.model,
                **{name: getattr(found, name) for name in COLUMNS[3:]},
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _find_pairs(attempts: Sequence[Attempt]) -> Iterator[tuple[Attempt, Attempt]]:
    for one, other in permutations(attempts, 2):
        if one.fit is None or other.fit is None or one.estimator != other.estimator:
            continue
        if one.fit.spec.indicators != other.fit.spec.indicators:
            continue
        if one.fit.measures["df"] <= other.fit.measures["df"]:
            continue
        standard = one.model in STANDARD_MODELS and other.model in STANDARD_MODELS
        nested = (one.model, other.model) in NESTED_STANDARD
        if nested or (not standard and reproduces(other.fit, one.fit)):
            yield one, other


def reproduces(freer: ConfirmatoryFit, constrained: ConfirmatoryFit) -> bool:
    """Return whether the freer model fits what the constrained one implies without error.

    References
    ----------
    Bentler P. M., Satorra A. Testing model nesting and equivalence. Psychological Methods, 2010,
    15(2), 111-123. doi:10.1037/a0019625
    """
    implied = [
        replace(moments, matrix=matrices.implied)
        for moments, matrices in zip(constrained.moments, constrained.matrices, strict=True)
    ]
    try:
        fit = fit_model(freer.spec, implied, estimator=freer.estimator)
    except (StatisticsError, np.linalg.LinAlgError):
        return False
    return all(
        np.abs(found.implied / scale - wanted.matrix / scale).max() < SAME_STRUCTURE
        for found, wanted in zip(fit.matrices, implied, strict=True)
        for scale in [np.sqrt(np.outer(np.diag(wanted.matrix), np.diag(wanted.matrix)))]
    )
