"""Rows of what the covariances of indicators within and between centres tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from clientindex.factors.levels import combine_terms, leave_one_out, read_terms
from clientindex.factors.levels.components import LevelCovariances
from clientindex.reliability.centres.generalizability import (
    COEFFICIENTS,
    COMPONENTS,
    compute_components,
    compute_decision,
)
from clientindex.reliability.centres.jackknife import make_bounded_interval, make_plain_interval
from clientindex.reliability.centres.rows import explain_absence
from clientindex.reliability.centres.two_level import (
    LEVEL_COEFFICIENTS,
    bend,
    compute_level_coefficients,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.counts import PairSums
    from clientindex.methodology import Methodology
    from clientindex.reliability.centres.jackknife import Strata
    from clientindex.reliability.centres.rows import Rows
    from clientindex.reliability.scopes import Scope

RESPONDENTS = (1, 2, 5, 10, 15, 20, 30, 40, 50, 75, 100, 150, 200, 300, 500)
"""Respondents a centre of the decision study."""

LEVELS = ("within", "between", "size")
"""Arrays of covariances of both levels."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LevelSample:
    """Sums of every centre, in points, and what follows from them for all indicators.

    Attributes
    ----------
    sums : PairSums
        With leading shape (C,).
    levels : LevelCovariances
        Of everybody, followed by those without each centre, leading shape (1 + C,).
    strata : Strata
        In which centres are left out.
    """

    sums: PairSums
    levels: LevelCovariances
    strata: Strata


def read_sample(sums: PairSums, strata: Strata) -> LevelSample:
    """Compute covariances of the sample, followed by those without each centre."""
    terms = read_terms(sums)
    everybody = combine_terms(terms, np.ones((1, terms.parts.shape[1])))
    parts = (everybody, leave_one_out(terms))
    levels = LevelCovariances(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in LEVELS}
    )
    return LevelSample(sums=sums, levels=levels, strata=strata)


def describe_levels(
    sample: LevelSample, items: NDArray[np.intp], scope: Scope, methodology: Methodology
) -> Rows:
    """Compute alpha and omega of both levels, generalizability components and curves."""
    if len(items) < 2:
        return {"left_out": [explain_absence("levels", "one_indicator")]}
    levels = _choose(sample.levels, items)
    if not np.isfinite(levels.between[0]).all():
        return {"left_out": [explain_absence("levels", "too_few_answers")]}
    coefficients, reasons = _list_coefficients(levels, sample.strata, methodology, len(items))
    n = float(scope.counts.n.sum())
    common = {"n": n, "n_centres": len(scope.regions), "mean_size": float(levels.size[0].mean())}
    components = compute_components(levels, *_summarise(sample.sums, items))
    variances = _list_components(components, sample.strata, methodology)
    curves = []
    if scope.kind in {"all", "segment"}:
        curves = _draw_curves(components, sample.strata, methodology, len(items))
    if any(np.isnan(row["estimate"]) for row in curves):
        reasons.append(explain_absence("levels", "zero_variance"))
        curves = []
    if any(np.isnan(row["ci_low"]) for row in (*variances, *curves)):
        reasons.append(explain_absence("levels", "unstable_resampling"))
    return {
        "coefficients": [{**row, **common} for row in coefficients],
        "generalizability": variances,
        "curves": curves,
        "left_out": reasons,
    }


def _choose(levels: LevelCovariances, items: NDArray[np.intp]) -> LevelCovariances:
    """Return the covariances of some indicators."""
    block = (slice(None), items[:, None], items)
    return LevelCovariances(**{name: getattr(levels, name)[block] for name in LEVELS})


def _summarise(
    sums: PairSums, items: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return means, and respondents with their squares, of the sample and without each centre."""
    n = np.diagonal(sums.n, axis1=1, axis2=2)[:, items]
    s = np.diagonal(sums.s, axis1=1, axis2=2)[:, items]
    means = _leave_out(s) / _leave_out(n)
    sizes = n.mean(axis=1)
    return means, np.stack([_leave_out(sizes), _leave_out(sizes**2)])


def _leave_out(values: NDArray[np.float64]) -> NDArray[np.float64]:
    total = values.sum(axis=0, keepdims=True)
    return np.concatenate([total, total - values])


def _list_coefficients(
    levels: LevelCovariances, strata: Strata, methodology: Methodology, n_items: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    rows, reasons = [], []
    bent = bool(bend(levels.between[:1])[1][0])
    for name, values in compute_level_coefficients(levels.within, levels.between).items():
        if not np.isfinite(values[0]):
            few = n_items == 2 and name.startswith("omega")
            reasons.append(
                explain_absence(name, "two_indicators" if few else "not_positive_definite")
            )
            continue
        _, low, high = make_bounded_interval(
            values[0], values[1:], strata, methodology.intervals.level
        )
        rows.append(
            {
                "statistic": name,
                "method": "jackknife",
                "estimate": float(values[0]),
                "ci_low": float(low if name.startswith("alpha") else np.maximum(low, 0.0)),
                "ci_high": float(high),
                "bent": bent and name.endswith("between"),
            }
        )
        if not np.isfinite(low):
            reasons.append(explain_absence(name, "unstable_resampling"))
    return sorted(rows, key=lambda row: LEVEL_COEFFICIENTS.index(row["statistic"])), reasons


def _list_components(
    components: dict[str, NDArray[np.float64]], strata: Strata, methodology: Methodology
) -> list[dict[str, Any]]:
    rows = []
    for name in COMPONENTS:
        values = components[name]
        _, low, high = make_plain_interval(
            values[0], values[1:], strata, methodology.intervals.level
        )
        # Cut off at 0, where variances begin, but not so far that a negative estimate stays out.
        ends = {
            "ci_low": float(np.maximum(low, np.minimum(values[0], 0.0))),
            "ci_high": float(np.maximum(high, values[0])),
        }
        rows.append({"component": name, "estimate": float(values[0]), **ends})
    return rows


def _draw_curves(
    components: dict[str, NDArray[np.float64]],
    strata: Strata,
    methodology: Methodology,
    n_items: int,
) -> list[dict[str, Any]]:
    """Return the decision study over respondents, and over indicators at the minimum sample."""
    minimum = methodology.stars.minimum_sample
    asked = sorted({*RESPONDENTS, minimum})
    listed = range(1, 2 * n_items + 1)
    plans = {
        "respondents": (np.full(len(asked), float(n_items)), np.array(asked, dtype=float)),
        "indicators": (np.array(listed, dtype=float), np.full(len(listed), float(minimum))),
    }
    rows = []
    for facet, (k, n) in plans.items():
        found = compute_decision(components, k, n)
        for name in COEFFICIENTS:
            values = found[name]
            _, low, high = make_bounded_interval(
                values[0], values[1:], strata, methodology.intervals.level
            )
            rows += [
                {
                    "facet": facet,
                    "indicators": int(k[at]),
                    "respondents": int(n[at]),
                    "statistic": name,
                    "estimate": float(values[0, at]),
                    "ci_low": float(np.maximum(low[at], 0.0)),
                    "ci_high": float(high[at]),
                }
                for at in range(len(k))
            ]
    return rows
