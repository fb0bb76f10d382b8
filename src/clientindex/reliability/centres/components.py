"""Rows of variance components, intraclass correlations and the reliability of each centre."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.counts import code_strata
from clientindex.reliability.centres.jackknife import Strata, make_plain_interval
from clientindex.reliability.centres.one_way import (
    compute_mean_size,
    compute_mean_square,
    fit_anova,
    fit_reml,
)
from clientindex.reliability.centres.regions import COMPONENTS, fit_nested
from clientindex.reliability.centres.rows import explain_absence
from clientindex.reliability.centres.score_reliability import reach_reliability, saturate

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from clientindex.methodology import Methodology
    from clientindex.reliability.centres.one_way import OneWay
    from clientindex.reliability.centres.rows import Rows
    from clientindex.reliability.centres.scores import CentreScores
    from clientindex.reliability.scopes import Scope


SMALLEST_F = 1e-9
"""Mean square of centres over that of respondents below which centres are equal."""


def describe_components(scores: CentreScores, scope: Scope, methodology: Methodology) -> Rows:
    """Compute components, intraclass correlations, reliabilities and answers needed."""
    if scores.within <= 0:
        return {"left_out": [explain_absence("", "zero_variance")]}
    level = methodology.intervals.level
    anova, reml = fit_anova(scores, level), fit_reml(scores, level)
    regions = np.asarray(scope.regions)[scores.rows]
    nested, reasons = _nest(scores, regions, level, whole=scope.kind != "region")
    if reml.between <= 0:
        reasons.append(explain_absence("answers", "no_between_variance"))
    if not _differ(scores):
        reasons.append(explain_absence("icc2", "no_between_variance"))
    within = _bound_within(scores, regions, level)
    return {
        "components": [
            *_list_components("anova", anova, within),
            *_list_components("reml", reml, within),
            *nested,
        ],
        "coefficients": _list_coefficients(scores, anova, reml, methodology),
        "centres": _list_centres(scores, reml, scope) if scope.kind in {"all", "segment"} else [],
        "answers": [
            _count_answers(scores, reml, wanted) for wanted in methodology.reliability.centre_levels
        ],
        "left_out": reasons,
    }


def _differ(scores: CentreScores) -> bool:
    """Return whether means of centres differ at all; ICC(2) by moments divides by that."""
    return compute_mean_square(scores) > SMALLEST_F * scores.within


def _bound_within(
    scores: CentreScores, regions: NDArray[np.str_], level: float
) -> tuple[float, float]:
    """Return the ends of the variance of respondents over itself, by leaving out each centre."""
    strata = Strata(codes=code_strata(list(regions)))
    _, low, high = make_plain_interval(
        np.asarray(scores.within), scores.within_left_out, strata, level
    )
    return max(float(low), 0.0) / scores.within, float(high) / scores.within


def _list_components(
    method: str, found: OneWay, within: tuple[float, float]
) -> list[dict[str, Any]]:
    share, low, high = (
        _saturate_one(max(ratio, 0.0)) for ratio in (found.ratio, found.low, found.high)
    )
    return [
        {
            "method": method,
            "component": "respondent",
            "estimate": float(found.within),
            "share": 1 - share,
            "ci_low": within[0] * found.within,
            "ci_high": within[1] * found.within,
            "share_low": 1 - high,
            "share_high": 1 - low,
        },
        {
            "method": method,
            "component": "centre",
            "estimate": float(found.between),
            "share": share,
            "ci_low": found.low * found.within,
            "ci_high": found.high * found.within,
            "share_low": low,
            "share_high": high,
        },
    ]


def _nest(
    scores: CentreScores, regions: NDArray[np.str_], level: float, *, whole: bool
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rows of components with regions, or why there are none."""
    codes, names = pd.factorize(regions)
    if not whole:
        return [], []
    if len(names) < 2 or len(names) == len(regions):
        reason = "one_region" if len(names) < 2 else "one_centre_a_region"
        return [], [explain_absence("regions", reason)]
    found = fit_nested(scores, codes, level)
    total = sum(found.variances.values())
    low, high = _bound_within(scores, regions, level)
    within = found.variances["respondent"]
    ends = {"respondent": (low * within, high * within), **found.intervals}
    return [
        {
            "method": "regions",
            "component": name,
            "estimate": float(found.variances[name]),
            "share": float(found.variances[name] / total),
            "ci_low": ends[name][0],
            "ci_high": ends[name][1],
            "share_low": found.shares[name][0],
            "share_high": found.shares[name][1],
        }
        for name in COMPONENTS
    ], []


def _list_coefficients(
    scores: CentreScores, anova: OneWay, reml: OneWay, methodology: Methodology
) -> list[dict[str, Any]]:
    size = compute_mean_size(scores.n)
    common = {
        "n": float(scores.respondents.sum()),
        "n_centres": len(scores.rows),
        "mean_size": size,
    }
    by_moments = {"icc1": anova.between / (anova.within + anova.between)}
    if _differ(scores):
        by_moments["icc2"] = 1 - anova.within / compute_mean_square(scores)
    minimum = methodology.stars.minimum_sample
    weights = 1 / (scores.error / reml.within)

    def mean_reliability(ratio: float) -> float:
        return float(np.mean(saturate(ratio * weights)))

    formulas: dict[str, Callable[[float], float]] = {
        "icc1": _saturate_one,
        "icc2": lambda ratio: _saturate_one(size * ratio),
        "design_effect": lambda ratio: 1 + (size - 1) * _saturate_one(ratio),
        "mean_reliability": mean_reliability,
        "reliability_at_minimum": lambda ratio: _saturate_one(minimum * ratio),
    }
    rows = [
        {"statistic": name, "method": method, "bent": False, **_apply(formula, fit), **common}
        for method, fit in (("anova", anova), ("reml", reml))
        for name, formula in formulas.items()
        if method == "reml" or name in by_moments
    ]
    for row in rows:
        if row["method"] == "anova":
            row["estimate"] = by_moments[str(row["statistic"])]
    return rows


def _saturate_one(ratio: float) -> float:
    return float(saturate(np.asarray(ratio)))


def _apply(formula: Callable[[float], float], fit: OneWay) -> dict[str, float]:
    """Return a rising function of the ratio of variances at its estimate and ends."""
    return {
        "estimate": formula(fit.ratio),
        "ci_low": formula(fit.low),
        "ci_high": formula(fit.high),
    }


def _list_centres(scores: CentreScores, reml: OneWay, scope: Scope) -> list[dict[str, Any]]:
    centres = np.asarray(scope.counts.units["centre"])[scores.rows]
    regions = np.asarray(scope.regions)[scores.rows]
    ends = [reach_reliability(scores, reml, ratio) for ratio in (reml.ratio, reml.low, reml.high)]
    return [
        {
            "centre": str(centres[at]),
            "region": str(regions[at]),
            "n": float(scores.respondents[at]),
            "score": float(scores.mean[at]),
            "error": float(scores.error[at]),
            "own": bool(scores.own[at]),
            "estimate": float(ends[0][at]),
            "ci_low": float(ends[1][at]),
            "ci_high": float(ends[2][at]),
        }
        for at in range(len(centres))
    ]


def _count_answers(scores: CentreScores, reml: OneWay, wanted: float) -> dict[str, float]:
    """Return the share of centres at a level and the answers that a centre needs for it."""
    odds = wanted / (1 - wanted)

    def share(ratio: float) -> float:
        return float(np.mean(reach_reliability(scores, reml, ratio) >= wanted))

    def answers(ratio: float) -> float:
        return odds / ratio if ratio > 0 else float("inf")

    return {
        "level": wanted,
        "share": share(reml.ratio),
        "share_low": share(reml.low),
        "share_high": share(reml.high),
        "estimate": answers(reml.ratio),
        "ci_low": answers(reml.high),
        "ci_high": answers(reml.low),
    }
