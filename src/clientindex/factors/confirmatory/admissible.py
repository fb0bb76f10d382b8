"""Is a solution the only one, and could it exist: identification and Heywood cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from clientindex.factors.confirmatory.fit import GroupMatrices
    from clientindex.factors.confirmatory.layout import Layout
    from clientindex.factors.confirmatory.problem import Problem, State

RANK_TOLERANCE = 1e-9
"""Smallest eigenvalue of the information scaled to a unit diagonal that counts as information."""

INVOLVED = 0.1
"""Absolute weight in the null direction from which a parameter is named."""

MAX_NAMED = 8


def find_unidentified(problem: Problem, state: State) -> list[str]:
    """Return the parameters that the data cannot tell apart; empty when all are identified."""
    layout = problem.layout
    if layout.n_free == 0:
        return []
    scale = np.sqrt(np.diag(state.information))
    flat = np.flatnonzero(scale <= np.finfo(float).tiny)
    if len(flat):
        return [layout.name_free(int(at)) for at in flat[:MAX_NAMED]]
    values, vectors = np.linalg.eigh(state.information / np.outer(scale, scale))
    if values[0] > RANK_TOLERANCE:
        return []
    weights = np.abs(vectors[:, values <= RANK_TOLERANCE]).max(axis=1)
    involved = np.argsort(-weights, kind="stable")
    return [layout.name_free(int(at)) for at in involved[:MAX_NAMED] if weights[at] > INVOLVED]


def find_heywood(layout: Layout, matrices: tuple[GroupMatrices, ...]) -> list[str]:
    """Return negative variances and correlations beyond 1, by name."""
    found: list[str] = []
    for group, own in enumerate(matrices):
        suffix = f" (group {group + 1})" if len(matrices) > 1 else ""
        residuals = np.diag(own.residual_covariances)
        factors = np.diag(own.factor_covariances)
        names = [
            f"{key} ~~ {key}{suffix}"
            for key, value in (
                *zip(layout.spec.indicators, residuals, strict=True),
                *zip(layout.spec.factors, factors, strict=True),
            )
            if value < -1e-8
        ]
        found += names
        sd = np.sqrt(np.clip(factors, 1e-300, None))
        r = own.factor_covariances / np.outer(sd, sd)
        for i, j in zip(*np.triu_indices(len(sd), 1), strict=True):
            if abs(r[i, j]) > 1 + 1e-8 and min(factors[i], factors[j]) > 0:
                found.append(f"{layout.spec.factors[i]} ~~ {layout.spec.factors[j]}{suffix}")
    return found
