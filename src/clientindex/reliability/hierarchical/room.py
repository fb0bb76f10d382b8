"""Omegas of solutions with several factors in every part of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from clientindex.counts import read_seed
from clientindex.factors.confirmatory import build_standard_models
from clientindex.factors.confirmatory.attempt import attempt_fit
from clientindex.factors.confirmatory.delta import propagate
from clientindex.factors.exploration.solve import find_membership
from clientindex.factors.sample import estimate_moments
from clientindex.reliability.draws import PART_REPLICATES, draw
from clientindex.reliability.hierarchical.coefficients import compute_correlated, compute_omegas
from clientindex.reliability.hierarchical.exploratory import compute_schmid_leiman
from clientindex.results import INDEX, OmegaTable, Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from clientindex.factors.confirmatory import GroupMatrices, ModelSpec
    from clientindex.factors.confirmatory.attempt import Attempt
    from clientindex.methodology import Methodology
    from clientindex.reliability.scopes import Scope

Rows = list[dict[str, Any]]

STATISTICS = ("omega_total", "omega_hierarchical")
SOLUTIONS = ("schmid_leiman", "correlated", "bifactor")
COLUMNS = ("group", "solution", "statistic", "estimate", "ci_low", "ci_high", "n")
LEFT_OUT = ("solution", "reason", "detail")


def assess_omegas(
    scopes: Sequence[Scope],
    methodology: Methodology,
    *,
    seed: np.random.SeedSequence,
) -> OmegaTable:
    """Compute omegas of solutions with several factors, for everybody and for parts of the data.

    ``schmid_leiman``: the exploratory solution of the methodology on Pearson correlations, turned
    into a general factor and group factors; percentile intervals over a bootstrap of centres.
    ``correlated`` and ``bifactor``: confirmatory models of the groups by maximum likelihood with
    cluster-robust errors; intervals by the delta method. Variances of sums are the observed ones in
    the former and those implied by the model in the latter.

    Missing answers: as the methodology says of covariances.

    What is not defined stands in ``left_out``: ``one_centre``, ``few_factors``,
    ``too_many_factors``, ``zero_variance``, ``too_few_answers``, ``identical_indicators``,
    ``not_positive_definite``, ``not_converged``, ``unstable_resampling``, ``one_indicator``
    (detail: the groups of one, whose omega the model sets), ``too_few_centres`` (detail:
    centres/parameters), ``model_absent`` (the groups do not identify it) and ``model_status``
    (detail: status of the fit).

    Parameters
    ----------
    scopes : sequence of Scope
        Parts of the data, see :func:`~clientindex.reliability.scopes.list_scopes`.
    methodology : Methodology
    seed : numpy.random.SeedSequence

    Returns
    -------
    OmegaTable
    """
    rows: Rows = []
    left_out: Rows = []
    lone = [group.key for group in methodology.groups if len(group.indicators) == 1]
    specs = build_standard_models(methodology)
    for scope in scopes:
        label = {"kind": scope.kind, "part": scope.part}
        n = int(_count(scope))
        for found, reasons in (
            _explore(scope, methodology, seed),
            _confirm(scope, methodology, specs),
        ):
            told = [row for row in found if row["group"] not in lone]
            rows += [{**label, **row, "n": n} for row in told]
            left_out += [{**label, **row} for row in [*reasons, *_leave_out(found, lone)]]
    drawn = methodology.intervals.bootstrap_replicates
    return OmegaTable(
        frame=pd.DataFrame(rows, columns=["kind", "part", *COLUMNS]),
        left_out=pd.DataFrame(left_out, columns=["kind", "part", *LEFT_OUT]),
        n_factors=methodology.factors.n_factors,
        level=methodology.intervals.level,
        replicates=drawn,
        part_replicates=min(drawn, PART_REPLICATES),
        seed=read_seed(seed),
    )


def _leave_out(found: Rows, lone: list[str]) -> Rows:
    """Return why groups of one indicator have no omega: the model sets it, no data do."""
    solutions = dict.fromkeys(row["solution"] for row in found if row["group"] in lone)
    return [_refuse(solution, "one_indicator", ", ".join(lone)) for solution in solutions]


def _count(scope: Scope) -> int:
    """Return the smallest number of respondents who answered both indicators of a pair."""
    counts = scope.counts
    first, second = np.triu_indices(len(counts.indicators), 1)
    empty = counts.margins[:, :, 0].sum(axis=0)
    both_empty = counts.pairs[:, :, 0, 0].sum(axis=0, dtype=np.int64)
    answered = counts.n.sum() - empty[first] - empty[second] + both_empty
    return int(answered.min(initial=counts.n.sum()))


def _refuse(solution: str, reason: str, detail: str = "") -> dict[str, Any]:
    return {"solution": solution, "reason": reason, "detail": detail}


def _explore(
    scope: Scope, methodology: Methodology, seed: np.random.SeedSequence
) -> tuple[Rows, Rows]:
    draws = draw(scope, methodology, seed)
    found = "one_centre" if draws is None else compute_schmid_leiman(draws, methodology)
    if isinstance(found, str):
        return [], [_refuse("schmid_leiman", found)]
    if found["overall"].unstable.any():
        return [], [_refuse("schmid_leiman", "unstable_resampling")]
    rows = []
    for at, statistic in enumerate(STATISTICS):
        label = {"solution": "schmid_leiman", "statistic": statistic}
        rows.append({**label, "group": INDEX, **found["overall"].row((at,))})
        rows += [
            {**label, "group": key, **found["groups"].row((at, position))}
            for position, key in enumerate(methodology.group_keys)
        ]
    return rows, []


def _confirm(
    scope: Scope, methodology: Methodology, specs: Mapping[str, ModelSpec]
) -> tuple[Rows, Rows]:
    moments = estimate_moments(scope.counts, methodology, "pearson")
    names = SOLUTIONS[1:]
    if isinstance(moments, Unavailable):
        return [], [_refuse(name, moments.reason, moments.detail) for name in names]
    rows: Rows = []
    left_out: Rows = []
    for name in names:
        if name not in specs:
            left_out.append(_refuse(name, "model_absent"))
            continue
        attempt = attempt_fit(name, specs[name], {"pearson": moments}, "mlr")
        if attempt.fit is None:
            left_out.append(_explain(attempt))
            continue
        rows += _tell(attempt, methodology)
    return rows, left_out


def _explain(attempt: Attempt) -> dict[str, Any]:
    if attempt.status == "too_few_centres":
        return _refuse(attempt.model, "too_few_centres", attempt.detail)
    return _refuse(attempt.model, "model_status", attempt.status)


def _tell(attempt: Attempt, methodology: Methodology) -> Rows:
    """Return the rows of a confirmatory model."""
    assert attempt.fit is not None  # the caller has refused what was not fitted
    membership = find_membership(methodology)
    z = float(ndtri((1 + methodology.intervals.level) / 2))
    bifactor = attempt.model == "bifactor"

    def compute(matrices: GroupMatrices) -> NDArray[np.float64]:
        if not bifactor:
            return compute_correlated(
                matrices.loadings, matrices.factor_covariances, matrices.implied, membership
            )
        spread = np.sqrt(np.clip(np.diag(matrices.factor_covariances), 0, None))
        overall, groups = compute_omegas(matrices.loadings * spread, matrices.implied, membership)
        return np.concatenate([overall[:, None], groups], axis=1)

    values = propagate(attempt.fit, compute, z)
    keys = [INDEX, *methodology.group_keys]
    labels = [(statistic, key) for statistic in STATISTICS[: 1 + bifactor] for key in keys]
    return [
        {
            "group": key,
            "solution": attempt.model,
            "statistic": statistic,
            "estimate": float(values[0][at]),
            "ci_low": float(values[1][at]),
            "ci_high": float(values[2][at]),
        }
        for at, (statistic, key) in enumerate(labels)
    ]
