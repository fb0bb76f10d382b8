"""Internal consistency of every group in every part of the data, with intervals over centres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.counts import read_seed
from clientindex.factors.polychoric import compute_cuts, read_tables, solve_two_step
from clientindex.factors.polychoric.estimate import square_pairs
from clientindex.factors.polychoric.tables import fill_zero_cells
from clientindex.factors.polychoric.two_step import BOUNDARY
from clientindex.reliability.battery import ORDINAL, compute_battery, compute_ordinal_battery
from clientindex.reliability.coefficients import (
    compute_cronbach,
    compute_duhachek,
    compute_feldt,
    list_splits,
)
from clientindex.reliability.coefficients.one_factor import FEWEST, SMALLEST_EIGENVALUE
from clientindex.reliability.draws import PART_REPLICATES, draw, find_obstacle, summarise
from clientindex.reliability.entering import count_entering
from clientindex.reliability.scopes import list_groups
from clientindex.results import INDEX, Consistency

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from clientindex.counts import PairSums
    from clientindex.methodology import Methodology
    from clientindex.reliability.coefficients import Splits
    from clientindex.reliability.scopes import Scope

FRAME = (
    *("kind", "part", "group", "statistic", "method", "estimate", "std_error"),
    *("ci_low", "ci_high", "n", "n_centres", "n_items"),
)
LEFT_OUT = ["kind", "part", "group", "statistic", "reason", "detail"]
HEYWOOD = ["kind", "part", "group", "indicator"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Draws:
    """A part of the data: covariances and polychorics of the sample, then of its replicates."""

    scope: Scope
    sums: PairSums
    cov: NDArray[np.float64]
    cuts: NDArray[np.float64]
    rho: NDArray[np.float64]


def assess_consistency(
    scopes: Sequence[Scope],
    methodology: Methodology,
    *,
    seed: np.random.SeedSequence,
) -> Consistency:
    """Compute every coefficient of internal consistency for everybody and for parts of the data.

    Intervals are percentiles over a bootstrap of centres stratified by region, `std_error` the
    standard deviation of the replicates; alpha has Feldt's and Duhachek and Iacobucci's intervals
    beside it, which take respondents as independent. Reverse-keyed indicators are turned round.

    Missing answers: covariances are pairwise or of complete rows, as the methodology says;
    polychoric correlations use everybody who answered both indicators.

    What is not defined stands in ``left_out`` with its reason: ``one_indicator`` and
    ``two_indicators`` (a group too small for a coefficient), ``zero_variance`` (detail names the
    indicators), ``too_few_answers``, ``one_centre``, ``no_total_variance`` (the answers of a group
    always add up to the same), ``singular`` (an indicator follows from the others),
    ``identical_indicators`` and ``not_positive_definite`` (of polychoric correlations),
    ``not_converged`` and ``unstable_resampling`` (the interval only).

    Parameters
    ----------
    scopes : sequence of Scope
        Parts of the data, see :func:`~clientindex.reliability.scopes.list_scopes`.
    methodology : Methodology
    seed : numpy.random.SeedSequence

    Returns
    -------
    Consistency
    """
    rows: list[dict[str, Any]] = []
    left_out: list[dict[str, Any]] = []
    heywood: list[dict[str, Any]] = []
    groups = list_groups(methodology)
    groups[INDEX] = np.arange(len(methodology.indicator_keys))
    splits = {
        size: list_splits(size, seed=seed) for size in {len(g) for g in groups.values()} - {1}
    }
    for scope in scopes:
        label = {"kind": scope.kind, "part": scope.part}
        draws = _draw(scope, methodology, seed)
        for group, items in groups.items():
            if isinstance(draws, str):
                nothing = {"statistic": "", "reason": draws, "detail": ""}
                left_out.append({**label, "group": group, **nothing})
                continue
            found = _describe(group, items, draws, splits, methodology)
            rows += [{**label, "group": group, **row} for row in found.rows]
            left_out += [{**label, "group": group, **row} for row in found.left_out]
            heywood += [{**label, "group": group, "indicator": key} for key in found.heywood]
    sizes = [entry.exhaustive for entry in splits.values()]
    drawn = methodology.intervals.bootstrap_replicates
    return Consistency(
        frame=pd.DataFrame(rows, columns=list(FRAME)),
        left_out=pd.DataFrame(left_out, columns=LEFT_OUT),
        heywood=pd.DataFrame(heywood, columns=HEYWOOD),
        level=methodology.intervals.level,
        replicates=drawn,
        part_replicates=min(drawn, PART_REPLICATES),
        exhaustive_splits=all(sizes),
        missing=methodology.missing_answers.correlations,
        seed=read_seed(seed),
    )


def _draw(scope: Scope, methodology: Methodology, seed: np.random.SeedSequence) -> _Draws | str:
    """Return sums and polychorics of the sample followed by its replicates, or a reason."""
    drawn = draw(scope, methodology, seed)
    if drawn is None:
        return "one_centre"
    tables = read_tables(scope.counts, methodology)
    margins, pairs = tables.combine(drawn.weights)
    filled = fill_zero_cells(pairs, methodology.factors.zero_cells)
    cuts = compute_cuts(margins)
    start = solve_two_step(filled[:1], cuts[:1])[0]
    rho = solve_two_step(filled, cuts, start=start)
    rho = np.where(np.abs(rho) < BOUNDARY, rho, np.nan)
    return _Draws(
        scope=scope,
        sums=drawn.sums,
        cov=drawn.cov,
        cuts=cuts,
        rho=square_pairs(rho, cuts.shape[1]),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Found:
    rows: list[dict[str, Any]]
    left_out: list[dict[str, Any]]
    heywood: list[str]


def _describe(
    group: str,
    items: NDArray[np.intp],
    draws: _Draws,
    splits: dict[int, Splits],
    methodology: Methodology,
) -> _Found:
    """Compute all coefficients of one group in one part of the data."""
    counts = draws.scope.counts
    if (obstacle := find_obstacle(draws.sums, items)) is not None:
        reason, culprits = obstacle
        detail = ", ".join(counts.indicators[item] for item in culprits)
        nothing = {"statistic": "", "reason": reason, "detail": detail}
        return _Found(rows=[], left_out=[nothing], heywood=[])
    cov = draws.cov[:, items[:, None], items]
    battery = compute_battery(np.nan_to_num(cov), splits[len(items)])
    broken = ~np.isfinite(cov).all(axis=(1, 2)) | (np.diagonal(cov, axis1=1, axis2=2) <= 0).any(
        axis=1
    )
    rho = draws.rho[:, items[:, None], items[None, :]]
    ordinal = compute_ordinal_battery(draws.cuts[:, items], rho)
    values = {
        **{name: np.where(broken, np.nan, found) for name, found in battery.coefficients.items()},
        **ordinal,
    }
    n, _ = count_entering(counts, items, missing=methodology.missing_answers.correlations)
    common = {"n": n, "n_centres": len(draws.scope.regions), "n_items": len(items)}
    found = summarise(np.stack(list(values.values())).T, methodology.intervals.level)
    rows, left_out = [], []
    for at, name in enumerate(values):
        if np.isnan(found.estimate[at]):
            reason = _explain(name, cov[0], rho[0])
            left_out.append({"statistic": name, "reason": reason, "detail": ""})
            continue
        rows.append({"statistic": name, "method": "bootstrap", **found.row(at), **common})
        if found.unstable[at]:
            left_out.append({"statistic": name, "reason": "unstable_resampling", "detail": ""})
    rows += _add_theory(cov[0], values["alpha"][0], n, methodology.intervals.level, common)
    named = [counts.indicators[item] for item in items[battery.heywood[0]]]
    return _Found(rows=rows, left_out=left_out, heywood=named)


def _explain(name: str, cov: NDArray[np.float64], rho: NDArray[np.float64]) -> str:
    """Return the reason of a coefficient that is not defined."""
    if np.isnan(compute_cronbach(cov)):
        return "no_total_variance"
    if name in {"lambda_6", "greatest_lower_bound"}:
        return "singular"
    if name in ORDINAL and not np.isfinite(rho).all():
        return "identical_indicators"
    if len(cov) < FEWEST:
        return "two_indicators"
    if name in ORDINAL:
        regular = np.linalg.eigvalsh(rho)[0] > SMALLEST_EIGENVALUE
        return "not_converged" if regular else "not_positive_definite"
    sd = np.sqrt(np.diagonal(cov))
    regular = np.linalg.eigvalsh(cov / np.outer(sd, sd))[0] > SMALLEST_EIGENVALUE
    return "not_converged" if regular else "singular"


def _add_theory(
    cov: NDArray[np.float64], alpha: float, n: int, level: float, common: dict[str, int]
) -> list[dict[str, Any]]:
    """Return the rows of alpha with intervals for independent respondents."""
    if not np.isfinite(alpha) or n < 2:
        return []
    error, *wald = compute_duhachek(cov, alpha, n=n, level=level)
    feldt = compute_feldt(alpha, n=n, k=len(cov), level=level)
    return [
        {
            "statistic": "alpha",
            "method": method,
            "estimate": alpha,
            "std_error": spread,
            "ci_low": ends[0],
            "ci_high": ends[1],
            **common,
        }
        for method, spread, ends in (
            ("feldt", float("nan"), feldt),
            ("duhachek", error, tuple(wald)),
        )
    ]
