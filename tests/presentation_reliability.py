"""Hand-made results of the reliability room for tests of words, tables and figures.

Numbers are chosen by hand so that texts can be checked by eye. Two groups have coefficients, with
"all" for everybody and "employers" as a part; the group "targeting" is said to be undefined.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.results import (
    AnswerQuality,
    CentreReliability,
    Consistency,
    IndicatorSets,
    ItemAnalysis,
    OmegaTable,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

Groups = dict[str, tuple[str, ...]]

LEVEL = 0.95
ALL = {"kind": "all", "part": "all"}
EMPLOYERS = {"kind": "segment", "part": "employers"}
REGION = {"kind": "region", "part": "Край"}


def spread(estimate: float, half: float) -> dict[str, float]:
    """Return an estimate with a symmetric interval."""
    ends = {"ci_low": estimate - half, "ci_high": estimate + half}
    return {"estimate": estimate, "std_error": half / 2, **ends}


def tell_both(before: float, after: float, half: float) -> dict[str, float]:
    """Return values before and after a change with symmetric intervals."""
    return {
        **{"before": before, "before_low": before - half, "before_high": before + half},
        **{"after": after, "after_low": after - half, "after_high": after + half},
    }


def make_frame(rows: Iterable[dict[str, Any]], *columns: str) -> pd.DataFrame:
    """Return a frame that has its columns also without rows."""
    rows = list(rows)
    return pd.DataFrame(rows, columns=list(rows[0]) if rows else list(columns))


ALPHAS = {
    ("all", "friendliness"): (0.795, 0.77, 0.81, 0.49, 1230, 5, 4),
    ("all", "comfort"): (0.655, 0.61, 0.69, 0.32, 1221, 5, 4),
    ("all", "index"): (0.92, 0.91, 0.93, 0.36, 1234, 5, 20),
    ("employers", "comfort"): (0.7, 0.64, 0.76, 0.37, 232, 4, 4),
}


def make_consistency() -> Consistency:
    rows = []
    for (part, group), (alpha, low, high, mean, n, n_centres, n_items) in ALPHAS.items():
        scope = ALL if part == "all" else EMPLOYERS
        sizes = {"n": n, "n_centres": n_centres, "n_items": n_items}
        known = {"statistic": "alpha", "estimate": alpha, "std_error": 0.01}
        ends = {"ci_low": low, "ci_high": high}
        values = {
            "mean_inter_item": mean,
            "omega_total": alpha + 0.01,
            "green_yang": alpha - 0.01,
            "ordinal_alpha": alpha + 0.03,
            "greatest_lower_bound": alpha + 0.02,
        }
        label = {**scope, "group": group}
        rows.append({**label, **known, "method": "bootstrap", **ends, **sizes})
        feldt = {"std_error": np.nan, "ci_low": alpha - 0.01, "ci_high": alpha + 0.01}
        rows.append({**label, **known, "method": "feldt", **feldt, **sizes})
        rows += [
            {**label, "statistic": name, "method": "bootstrap", **spread(value, 0.02), **sizes}
            for name, value in values.items()
        ]
    gap = {"statistic": "", "reason": "zero_variance", "detail": "circumstances"}
    return Consistency(
        frame=pd.DataFrame(rows),
        left_out=pd.DataFrame([{**REGION, "group": "targeting", **gap}]),
        heywood=pd.DataFrame([{**EMPLOYERS, "group": "comfort", "indicator": "waiting"}]),
        level=LEVEL,
        replicates=1000,
        part_replicates=100,
        exhaustive_splits=False,
        missing="pairwise",
        seed=1,
    )


def make_items(groups: Groups) -> ItemAnalysis:
    """Make all indicators alike but "waiting", which piles up and hardly fits its group."""
    members = [(key, group) for group, keys in groups.items() for key in keys]
    numbers = {
        "missing": 0.05,
        "mean": 3.875,
        "sd": 1.0,
        "skew": -0.5,
        "kurtosis": 0.25,
        "floor": 0.04,
        "ceiling": 0.28,
    }
    items = [
        {
            **scope,
            "indicator": key,
            "statistic": name,
            **spread(0.6 if (name, key) == ("ceiling", "waiting") else value, 0.02),
            "n": 1170,
        }
        for scope in (ALL, EMPLOYERS, REGION)
        for key, _ in members
        for name, value in numbers.items()
    ]
    relations = [
        {
            **scope,
            "group": group,
            "indicator": key,
            "statistic": name,
            **spread(0.15 if (name, key) == ("item_rest", "waiting") else value, 0.04),
            "n": 1160,
        }
        for scope in (ALL, EMPLOYERS, REGION)
        for key, group in members
        for name, value in (
            ("item_total", 0.8),
            ("item_total_standardised", 0.81),
            ("item_total_corrected", 0.75),
            ("item_rest", 0.6),
            ("alpha_if_dropped", 0.74),
        )
    ]
    options = [
        {**ALL, "indicator": key, "answer": answer, **spread(share, 0.02), "n": 234}
        for key, _ in members
        for answer, share in ((1, 0.04), (2, 0.12), (3, 0.2), (4, 0.36), (5, 0.28))
    ]
    reason = {"n": 58, "n_asked": 1234, "estimate": 0.047, "ci_low": 0.03, "ci_high": 0.07}
    against = {"group": "effort", "indicator": "waiting", "estimate": -0.1, "sure": True}
    against |= {"ci_low": -0.2, "ci_high": -0.01}
    return ItemAnalysis(
        items=pd.DataFrame(items),
        relations=pd.DataFrame(relations),
        options=pd.DataFrame(options),
        reasons=pd.DataFrame([{**ALL, "indicator": "waiting", "reason": "dont_know", **reason}]),
        against_key=pd.DataFrame([{**EMPLOYERS, **against}]),
        raising=("waiting",),
        left_out=make_frame([], "kind", "part", "group", "statistic", "reason", "detail"),
        level=LEVEL,
        replicates=1000,
        part_replicates=100,
        missing="pairwise",
        seed=1,
    )


def make_omegas() -> OmegaTable:
    values = {
        ("schmid_leiman", "omega_total"): (0.94, 0.82),
        ("schmid_leiman", "omega_hierarchical"): (0.75, 0.25),
        ("correlated", "omega_total"): (0.93, 0.81),
    }
    rows = [
        {
            **ALL,
            "group": group,
            "solution": solution,
            "statistic": statistic,
            **spread(value, 0.03),
            "n": 1102,
        }
        for (solution, statistic), pair in values.items()
        for group, value in zip(("index", "comfort"), pair, strict=True)
    ]
    refusal = {"solution": "bifactor", "reason": "too_few_centres", "detail": "5/60"}
    return OmegaTable(
        frame=pd.DataFrame(rows).drop(columns="std_error"),
        left_out=pd.DataFrame([{**ALL, **refusal}]),
        n_factors=5,
        level=LEVEL,
        replicates=1000,
        part_replicates=100,
        seed=1,
    )


def make_centre_reliability() -> CentreReliability:
    """Make an index that needs 35 answers for 0.7 and a group whose centres may be alike."""
    index, comfort = {**ALL, "group": "index"}, {**ALL, "group": "comfort"}
    variances = {"respondent": (225.0, 0.88, 20.0), "centre": (15.0, 0.06, 5.0)}
    components = [
        {
            **label,
            "method": method,
            "component": name,
            "share": share,
            "share_low": share - 0.02,
            "share_high": share + 0.02,
            **spread(value, half),
        }
        for label, method in ((index, "reml"), (index, "regions"), (comfort, "reml"))
        for name, (value, share, half) in variances.items()
    ]
    components.append(
        {
            **index,
            "method": "regions",
            "component": "region",
            "share": 0.06,
            "share_low": 0.01,
            "share_high": 0.2,
            "estimate": 15.0,
            "ci_low": 2.0,
            "ci_high": np.inf,
        }
    )
    sizes = {"n": 1234.0, "n_centres": 5, "mean_size": 60.0, "bent": False}
    numbers = {
        "icc1": (0.06, 0.02),
        "icc2": (0.8, 0.1),
        "design_effect": (4.5, 1.0),
        "mean_reliability": (0.75, 0.08),
        "reliability_at_minimum": (0.66, 0.1),
    }
    coefficients = [
        {**label, "statistic": name, "method": "reml", **spread(value, half), **sizes}
        for label in (index, comfort)
        for name, (value, half) in numbers.items()
    ]
    coefficients += [
        {**index, "statistic": name, "method": "jackknife", **spread(value, 0.02), **sizes}
        for name, value in (("alpha_within", 0.91), ("omega_within", 0.92), ("alpha_between", 0.97))
    ]
    centres = [
        {
            **index,
            "centre": f"c{number}",
            "region": "Край",
            "n": n,
            "score": 70.0 + number,
            "error": 225.0 / n,
            "own": number != 4,
            **spread(15 / (15 + 225 / n), 0.05),
        }
        for number, n in enumerate((400, 300, 250, 200, 20), 1)
    ]
    answers = []
    for label in (index, comfort):
        for level, needed in ((0.6, 22.5), (0.7, 35.0), (0.8, 60.0)):
            unbounded = label is comfort
            answers.append(
                {
                    **label,
                    "level": level,
                    "share": 0.8,
                    "share_low": 0.6,
                    "share_high": 1.0,
                    "estimate": needed,
                    "ci_low": needed - 7.5,
                    "ci_high": np.inf if unbounded else needed + 10.2,
                }
            )
    curves = [
        {
            **label,
            "facet": facet,
            "indicators": k if facet == "indicators" else 20,
            "respondents": k if facet == "respondents" else 30,
            "statistic": statistic,
            **spread(k / (k + 15), 0.05),
        }
        for label in (index, comfort)
        for facet, statistic in (("respondents", "fixed"), ("indicators", "relative"))
        for k in (1, 5, 20)
    ]
    study = {"centre": 14.0, "indicator": 20.0, "centre_indicator": 3.0, "respondent": 150.0}
    return CentreReliability(
        components=pd.DataFrame(components).drop(columns="std_error"),
        coefficients=pd.DataFrame(coefficients),
        centres=pd.DataFrame(centres),
        answers=pd.DataFrame(answers),
        generalizability=pd.DataFrame(
            [{**index, "component": name, **spread(x, 1.0)} for name, x in study.items()]
        ),
        curves=pd.DataFrame(curves),
        left_out=pd.DataFrame(
            [
                {
                    **index,
                    "statistic": "omega_between",
                    "reason": "not_converged",
                    "detail": "",
                }
            ]
        ),
        confidence=LEVEL,
        minimum_sample=30,
    )


def make_answer_quality() -> AnswerQuality:
    nothing = {"statistic": "", "group": "", "detail": ""}
    flags = {"straight_lining": 37, "duplicates": 6, "any": 41}
    shares = [
        {**ALL, "rule": rule, "n": 1234, "n_flagged": k, **spread(k / 1234, 0.005)}
        for rule, k in flags.items()
    ]
    centres = [
        {
            "rule": rule,
            "centre": centre,
            "region": "Край",
            "n": 250,
            "n_flagged": k,
            "estimate": k / 250,
            "ci_low": 0.0,
            "ci_high": 0.2,
            "p_value": p,
            "q_value": p,
            "flagged": p < 0.05,
        }
        for rule, centre, k, p in (
            ("straight_lining", "c3", 25, 0.0004),
            ("straight_lining", "c4", 6, 0.6),
            ("any", "c3", 27, 0.0002),
        )
    ]
    effects = [
        {
            **ALL,
            "rule": rule,
            "statistic": statistic,
            "group": "index",
            **tell_both(before, before + change, 0.5),
            "n_removed": flags[rule],
            "n_centres": 5,
            **spread(change, half),
        }
        for rule, (statistic, before, change, half) in product(
            ("straight_lining", "any"),
            (("alpha", 0.92, -0.0125, 0.002), ("index", 72.5, 0.25, 0.15)),
        )
    ]
    return AnswerQuality(
        rules=pd.DataFrame({"rule": ["straight_lining", "duplicates"], "limit": [10.0, 3.0]}),
        shares=pd.DataFrame(shares),
        centres=pd.DataFrame(centres),
        effects=pd.DataFrame(effects).drop(columns="std_error"),
        changes=pd.DataFrame(
            {
                "centre": ["c3"],
                "region": ["Край"],
                "n": [250],
                "n_removed": [27],
                "before": [62.5],
                "after": [61.0],
                "estimate": [-1.5],
                "ci_low": [-2.5],
                "ci_high": [-0.5],
            }
        ),
        left_out=pd.DataFrame(
            [
                {**ALL, "rule": "speeding", **nothing, "reason": "no_duration"},
                {**REGION, "rule": "any", **nothing, "reason": "one_centre"},
            ]
        ),
        by_day=True,
        false_discovery_rate=0.05,
        level=LEVEL,
        replicates=1000,
        seed=1,
    )


def make_indicator_sets(groups: Groups) -> IndicatorSets:
    """Make the group of "waiting" better without it; every other indicator is missed."""
    statistics = {"alpha": (0.8, -0.05), "omega_total": (0.81, -0.04)}
    statistics["centre_reliability"] = (0.75, -0.02)
    changes = [
        {
            **ALL,
            "change": "drop",
            "indicator": key,
            "target": "",
            "group": group,
            "statistic": name,
            **tell_both(before, before + size, 0.02),
            **spread(size, 0.01),
        }
        for group, keys in groups.items()
        for key in keys
        for name, (before, change) in statistics.items()
        for size in (-change if key == "waiting" else change,)
    ]
    subsets = [
        {
            **ALL,
            "group": "friendliness",
            "size": size,
            "best_by": best_by,
            "indicators": ", ".join(groups["friendliness"][:size]),
            "statistic": name,
            **spread(0.6 + 0.05 * size, 0.02),
        }
        for size in (2, 3)
        for best_by in ("alpha", "centre_reliability")
        for name in ("alpha", "centre_reliability")
    ]
    return IndicatorSets(
        changes=pd.DataFrame(changes).drop(columns="std_error"),
        subsets=pd.DataFrame(subsets).drop(columns="std_error"),
        left_out=make_frame([], "kind", "part", "group", "statistic", "reason", "detail"),
        exhaustive=True,
        level=LEVEL,
    )


def make_reliability(groups: Groups) -> dict[str, Any]:
    """Return the results of the room by name."""
    return {
        "consistency": make_consistency(),
        "item_analysis": make_items(groups),
        "omegas": make_omegas(),
        "centre_reliability": make_centre_reliability(),
        "answer_quality": make_answer_quality(),
        "indicator_sets": make_indicator_sets(groups),
    }
