"""Hand-made results of survey against checklist for tests of words, tables and figures.

Twenty-six centres in three regions: c7 is inflated, c12 stands out less; of c23 one group is
compared, of c24 to c26 nothing. Twelve checklists were seen twice. The group "comfort" has equal
checklists in most places, so that some of its coefficients are said to be undefined. Numbers are
chosen by hand or by short formulas, so that texts can be checked by eye.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.results import (
    Agreement,
    AuditDecisions,
    CategoryAgreement,
    ChecklistInflation,
    MethodModel,
    MethodVariance,
    MultitraitMatrix,
    SideReliability,
    SourceComparison,
    StructuralRelation,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from clientindex.methodology import Methodology
    from clientindex.results import Result

LEVEL = 0.95
INDEX = "index"
UNDEFINED = "comfort"
REMOVED = ("none", "survey_sampling", "survey_sampling_and_visits")
HOSTILE = '=HYPERLINK("x") | ЦЗН *№ 3* «А & Б»'
REGION_NAMES = ("Псковская область", "Край", "Округ")

N_CENTRES, N_SHARED, N_COMPARED, N_TWICE = 26, 23, 22, 12
CENTRES = [f"c{number}" for number in range(1, N_CENTRES + 1)]
REGIONS = [
    "Псковская область",
    "Псковская область",
    "Край",
    "Край",
    "Край",
    "Округ",
    *(REGION_NAMES[number % 3] for number in range(7, N_CENTRES + 1)),
]
NAMES = [HOSTILE if centre == "c3" else f"ЦЗН № {centre[1:]}" for centre in CENTRES]
INFLATED, RAISED = CENTRES.index("c7"), CENTRES.index("c12")
RESPONDENTS = [400, 300, 250, 200, 20, 150, *(30 + 8 * number for number in range(7, 27))]


def score_survey(place: int, shift: float = 0.0) -> float:
    """Return the survey score of a centre, points."""
    return 58.0 if place == INFLATED else 62.0 + 0.5 * place + 3.0 * (place * 7 % 5 - 2) + shift


def score_checklist(place: int, shift: float = 0.0) -> float:
    """Return the checklist score of a centre, points."""
    if place == INFLATED:
        return 99.0
    rise = 14.0 if place == RAISED else 0.0
    return min(100.0, score_survey(place) + 5.0 + 4.0 * (place * 3 % 7 - 3) + rise - shift)


def spread(estimate: float, half: float) -> dict[str, float]:
    """Return an estimate with a symmetric interval."""
    ends = {"ci_low": estimate - half, "ci_high": estimate + half}
    return {"estimate": estimate, "std_error": half / 2, **ends}


def span(estimate: float, half: float) -> dict[str, float]:
    """Return an estimate with a symmetric interval and no error."""
    return {"estimate": estimate, "ci_low": estimate - half, "ci_high": estimate + half}


UNKNOWN = dict.fromkeys(("estimate", "std_error", "ci_low", "ci_high"), np.nan)


def make_left_out(rows: Iterable[Sequence[str]], *columns: str) -> pd.DataFrame:
    """Return reasons; columns are all text, also without rows."""
    return pd.DataFrame(list(rows), columns=[*columns, "reason", "detail"], dtype="str")


def list_subjects(methodology: Methodology) -> list[str]:
    return [INDEX, *methodology.group_keys]


def _list_shares(step: float) -> list[tuple[str, str, float]]:
    return [
        ("survey", "ceiling", 0.0),
        ("survey", "floor", 0.0),
        ("survey", "tied", 0.0),
        ("survey", "missing", 0.0385),
        ("checklist", "ceiling", 0.125 + step),
        ("checklist", "floor", 0.0),
        ("checklist", "tied", 0.6 + step),
        ("checklist", "missing", 0.0769),
        ("both", "missing", 0.115),
        ("both", "equal", 0.0),
        ("checklist", "straight_lined", 0.2),
        ("checklist", "straight_lined_highest", 0.125),
        ("checklist", "straight_lined_lowest", 0.0),
    ]


def make_comparability(methodology: Methodology) -> SourceComparison:
    shares, links, knots = [], [], []
    for place, subject in enumerate(list_subjects(methodology)):
        step = 0.01 * place
        for side, statistic, value in _list_shares(step) if subject != INDEX else ():
            row = {"subject": subject, "side": side, "statistic": statistic, **span(value, 0.05)}
            shares.append({**row, "method": "Wilson", "n": N_CENTRES})
        for link, statistic, value, half in (
            ("mean_sigma", "intercept", -4.5 + place, 10.0),
            ("mean_sigma", "slope", 0.95 - step, 0.2),
            ("mean_sigma", "cut", 1.0, np.nan),
            ("equipercentile", "ceiling", 90.0, 2.0),
        ):
            row = {"subject": subject, "link": link, "statistic": statistic, **span(value, half)}
            links.append({**row, "method": "by hand", "n": N_COMPARED})
        knots += [
            {"subject": subject, "checklist": x, "survey": y}
            for x, y in ((40.0, 50.0 + place), (70.0, 66.5 + place), (100.0, 90.0))
        ]
    for statistic, value in (
        ("straight_lined", 0.08),
        ("straight_lined_highest", 0.08),
        ("straight_lined_lowest", 0.0),
    ):
        row = {"subject": "all", "side": "checklist", "statistic": statistic, **span(value, 0.05)}
        shares.append({**row, "method": "Wilson", "n": 25})
    return SourceComparison(
        shares=pd.DataFrame(shares),
        links=pd.DataFrame(links),
        knots=pd.DataFrame(knots),
        centres=pd.DataFrame(
            {
                "centre": CENTRES[N_COMPARED:],
                "region": REGIONS[N_COMPARED:],
                "reason": ["incomplete", "survey_only", "checklist_only", "not_applicable"],
                "detail": ["friendliness", "", "", ""],
            }
        ),
        left_out=make_left_out(
            [(UNDEFINED, "survey_equal", "no_pairs", "")], "subject", "statistic"
        ),
        scales="common",
        linking="mean_sigma",
        level=LEVEL,
        n=N_CENTRES,
        n_shared=N_SHARED,
    )


def make_side_reliability(methodology: Methodology) -> SideReliability:
    rows, centres = [], []
    for place, subject in enumerate(list_subjects(methodology)):
        step = 0.01 * place
        values = {
            ("survey", "mean_reliability"): span(0.75 - step, 0.08),
            ("survey", "share_provisional"): span(0.125 + step, 0.1),
            ("checklist", "bias"): span(-0.5, 1.5),
            ("checklist", "sd_difference"): span(3.5, 1.0),
            ("checklist", "icc_a1"): span(0.84 - step, 0.1),
            ("checklist", "icc_c1"): span(0.85 - step, 0.1),
            ("checklist", "reliability"): span(0.86 - step, 0.1),
            ("checklist", "error_sd"): span(2.475, 0.7),
        }
        for (side, statistic), numbers in values.items():
            if subject == UNDEFINED and statistic in ("icc_a1", "icc_c1", "reliability"):
                continue
            n = 25 if side == "survey" else N_TWICE
            row = {"subject": subject, "side": side, "statistic": statistic, **numbers}
            rows.append({**row, "method": "by hand", "n": n})
        for centre, region, n in zip(CENTRES[:24], REGIONS[:24], RESPONDENTS[:24], strict=True):
            row = {"subject": subject, "centre": centre, "region": region, "n": n}
            centres.append({**row, **span(n / (n + 40.0), 0.05)})
    return SideReliability(
        frame=pd.DataFrame(rows),
        centres=pd.DataFrame(centres),
        left_out=make_left_out(
            [(UNDEFINED, "checklist", "constant_source", "")],
            "subject",
            "statistic",
        ),
        provisional_below=methodology.agreement.decision.provisional_below,
        level=LEVEL,
        n_twice=N_TWICE,
    )


def make_multitrait(keys: tuple[str, ...]) -> MultitraitMatrix:
    """Make the correlations of groups or indicators; the second correction of the last is lost."""
    names = [(method, key) for method in ("survey", "checklist") for key in keys]
    told = {"method": "jackknife over centres inside regions, Student t", "n": N_COMPARED}
    lost = "undefined: no variance between centres is left once the error is removed"
    pairs, criteria, htmt = [], [], []
    for rise, removed in zip((0.0, 0.1, 0.15), REMOVED, strict=True):
        for at, (one_method, one) in enumerate(names):
            for other_method, other in names[at + 1 :]:
                row = {"first_method": one_method, "first_group": one}
                row |= {"second_method": other_method, "second_group": other}
                row |= _correlate(one_method, one, other_method, other, removed, rise)
                gone = keys[-1] in (one, other) and removed == REMOVED[2]
                row |= {**UNKNOWN, **told, "method": lost} if gone else told
                pairs.append({**row, "removed": removed})
        criteria += _list_criteria(keys, removed, rise)
        htmt += [
            {
                "statistic": name,
                "first_group": one,
                "second_group": other,
                **spread(value + rise, 0.2),
                **told,
                "removed": removed,
            }
            for name, value in (
                ("htmt_between", 0.8),
                ("htmt2_between", 0.78),
                ("htmt_all", 1.05),
            )
            for at, one in enumerate(keys)
            for other in keys[at + 1 :]
        ]
    return MultitraitMatrix(
        correlations=pd.DataFrame(pairs),
        criteria=pd.DataFrame(criteria),
        htmt=pd.DataFrame(htmt),
        level=LEVEL,
        n=N_COMPARED,
        n_dropped=N_CENTRES - N_COMPARED,
        n_regions=3,
        n_visits=N_TWICE,
    )


def _correlate(
    one_method: str, one: str, other_method: str, other: str, removed: str, rise: float
) -> dict[str, Any]:
    same = "monotrait" if one == other else "heterotrait"
    methods = {one_method, other_method}
    value = {"survey": 0.6, "checklist": 0.5}.get(one_method, 0.0) if len(methods) == 1 else 0.25
    value = 0.45 if same == "monotrait" else value
    error = {"survey": min(removed, REMOVED[1]), "checklist": REMOVED[0]}
    return {
        "kind": f"{same}_{'monomethod' if len(methods) == 1 else 'heteromethod'}",
        "error_removed": error[one_method] if len(methods) == 1 else removed,
        **spread(value + rise, 0.2),
    }


def _list_criteria(keys: tuple[str, ...], removed: str, rise: float) -> list[dict[str, Any]]:
    rows = []
    others = len(keys) - 1
    for criterion, each, share, difference in (
        ("1", 1, 1.0, 0.45),
        ("2", 2 * others, 0.75, 0.2),
        ("3_survey", others, 0.25, -0.15),
        ("3_checklist", others, 0.5, -0.05),
    ):
        for group in ("all", *keys):
            total = each * (len(keys) if group == "all" else 1)
            held = float(round(share * total))
            label = {"criterion": criterion, "group": group, "comparisons": total}
            count = {"estimate": held, "std_error": np.nan, "ci_low": max(0.0, held - 3)}
            count |= {"ci_high": float(min(total, held + 3))}
            told = {"n": N_COMPARED, "removed": removed}
            rows.append({**label, "statistic": "count", **count, "method": "certain signs", **told})
            mean = spread(difference + rise / 10, 0.1)
            rows.append({**label, "statistic": "difference", **mean, "method": "jackknife", **told})
    return rows


COMPONENTS = {
    "trait": 18.0,
    "trait_common": 10.0,
    "trait_own": 8.0,
    "halo": 12.0,
    "checklist_method": 15.0,
    "survey_specific": -1.5,
    "checklist_specific": 6.0,
    "sampling_error": 9.0,
}
SHARES = {
    "consistency_survey": 0.6,
    "method_specificity_survey": 0.4,
    "consistency_checklist": 0.45,
    "method_specificity_checklist": 0.375,
}


def make_method_variance(methodology: Methodology) -> MethodVariance:
    rows = [
        {"level_of": "centre", "subject": "all", "statistic": name, **spread(value, 4.0)}
        | {"n": N_COMPARED}
        for name, value in COMPONENTS.items()
    ]
    rows += [
        {"level_of": "region", "subject": "all", "statistic": name, **spread(value / 4, 8.0)}
        | {"n": 3}
        for name, value in COMPONENTS.items()
        if name != "sampling_error"
    ]
    for place, subject in enumerate(("all", *methodology.group_keys)):
        for name, value in SHARES.items():
            numbers = spread(value - 0.02 * place, 0.15)
            numbers = UNKNOWN if subject == UNDEFINED and name.endswith("checklist") else numbers
            label = {"level_of": "centre", "subject": subject, "statistic": name}
            rows.append({**label, **numbers, "n": N_COMPARED})
        if subject != "all":
            for name in ("trait", "survey_specific", "checklist_specific"):
                label = {"level_of": "centre", "subject": subject, "statistic": name}
                rows.append({**label, **spread(COMPONENTS[name], 6.0), "n": N_COMPARED})
    check = [
        {"statistic": name, **spread(value, 5.0), "n": N_COMPARED} | {"ci_low": 0.5}
        for name, value in (
            ("trait_common", 9.5),
            ("trait_own", 8.5),
            ("halo", 11.0),
            ("checklist_method", 16.0),
            ("survey_specific", 0.75),
            ("checklist_specific", 6.5),
        )
    ]
    return MethodVariance(
        frame=pd.DataFrame(rows),
        check=pd.DataFrame(check),
        left_out=make_left_out(
            [("consistency_checklist", "no_variance_left", UNDEFINED)],
            "statistic",
        ),
        level=LEVEL,
        n=N_COMPARED,
        n_dropped=N_CENTRES - N_COMPARED,
        n_regions=3,
    )


def make_method_model(methodology: Methodology) -> MethodModel:
    groups = methodology.group_keys
    keys = methodology.indicator_keys
    parameters: list[dict[str, Any]] = []

    def add(kind: str, side: str, subject: str, other: str, value: float, beta: float) -> None:
        label = {"kind": kind, "side": side, "subject": subject, "other": other}
        parameters.append({**label, **spread(value, 1.0), "standardised": beta})

    for key in keys:
        add("trait_loading", "survey", key, "", 5.0, 0.8)
        add("trait_loading", "checklist", key, "", 4.0, 0.4)
        add("method_loading", "checklist", key, "", 6.0, 0.6)
        add("residual_variance", "survey", key, "", 14.0, 0.36)
        add("residual_variance", "checklist", key, "", 48.0, 0.48)
        add("residual_correlation", "both", key, "", 0.1, 0.1)
    for at, one in enumerate(groups):
        for other in groups[at + 1 :]:
            add("trait_correlation", "", one, other, 0.7, 0.7)
    shares = [
        {"subject": subject, "side": side, "statistic": name, **span(value, 0.1)}
        for subject in ("all", *groups, *keys)
        for side, name, value in (
            ("survey", "consistency", 0.64),
            ("survey", "specificity", 0.36),
            ("checklist", "consistency", 0.16),
            ("checklist", "method_specificity", 0.36),
            ("checklist", "specificity", 0.48),
        )
    ]
    fit = {
        "chi_square": 812.4,
        "df": 725.0,
        "p_value": 0.0125,
        "cfi": 0.955,
        "rmsea": 0.045,
        "rmsea_low": 0.03,
        "rmsea_high": 0.06,
        "srmr": 0.07,
    }
    return MethodModel(
        parameters=pd.DataFrame(parameters),
        shares=pd.DataFrame(shares),
        fit=pd.DataFrame({"statistic": list(fit), "estimate": list(fit.values())}),
        left_out=make_left_out([], "statistic"),
        estimator="ML",
        sampling_removed=True,
        converged=True,
        improper="waiting",
        level=LEVEL,
        n=N_COMPARED,
        n_dropped=N_CENTRES - N_COMPARED,
        n_regions=3,
        n_parameters=95,
    )


AGREEMENT = {
    "bias": (6.25, 2.0),
    "sd_difference": (8.0, 1.5),
    "loa_low": (-9.4, 3.0),
    "loa_high": (21.9, 3.0),
    "sd_net": (7.0, 1.6),
    "loa_net_low": (-7.5, 3.2),
    "loa_net_high": (20.0, 3.2),
    "pearson_r": (0.45, 0.25),
    "r_net": (0.55, 0.3),
    "tolerance_low": (-12.5, 0.0),
    "tolerance_high": (25.0, 0.0),
    "tdi": (18.5, 3.0),
    "coverage_probability": (0.625, 0.15),
    "proportional_slope": (0.35, 0.3),
    "proportional_intercept": (-18.0, 20.0),
    "variance_ratio_r": (0.3, 0.35),
    "icc_1": (0.2, 0.3),
    "icc_1_k": (0.3333, 0.3),
    "icc_a1": (0.3, 0.4),
    "icc_ak": (0.46, 0.4),
    "icc_c1": (0.42, 0.25),
    "icc_ck": (0.59, 0.25),
    "ccc": (0.31, 0.2),
    "ccc_components": (0.3, 0.2),
    "ccc_u": (0.31, 0.21),
    "alpha_interval": (0.19, 0.3),
}
LINKED = {
    "icc_a1": (0.44, 0.3),
    "icc_c1": (0.44, 0.25),
    "icc_ck": (0.61, 0.25),
    "ccc": (0.435, 0.2),
    "ccc_components": (0.44, 0.2),
    "ccc_u": (0.435, 0.21),
    "alpha_interval": (0.45, 0.3),
}
SINGLE = ("bias", "sd_difference", "pearson_r", "ccc")
"""Statistics of indicators, and those with a second, bootstrap row."""
POINTS = (
    "bias",
    "sd_difference",
    "loa_low",
    "loa_high",
    "sd_net",
    "loa_net_low",
    "loa_net_high",
    "tolerance_low",
    "tolerance_high",
    "tdi",
)
LOST = ("r_net", "icc_c1", "ccc", "icc_a1")
"""Coefficients that the group "comfort" lacks."""


def make_agreement(methodology: Methodology) -> Agreement:
    rows = []
    for place, subject in enumerate(list_subjects(methodology)):
        kind = "index" if subject == INDEX else "group"
        label = {"kind": kind, "subject": subject}
        for scale, values in (("common", AGREEMENT), ("linked", LINKED)):
            for statistic, (value, half) in values.items():
                lost = subject == UNDEFINED and statistic in LOST
                row = {**label, "scale": scale, "statistic": statistic}
                step = place if statistic in POINTS else -0.01 * place
                numbers = UNKNOWN if lost else spread(value + step, half)
                told = "constant_source" if lost else "by hand"
                rows.append({**row, **numbers, "method": told, "n": N_COMPARED})
                if scale == "common" and statistic in SINGLE and not lost:
                    again = spread(value + step, half + 0.05)
                    rows.append({**row, **again, "method": "bootstrap", "n": N_COMPARED})
    for place, key in enumerate(methodology.indicator_keys):
        for statistic in SINGLE:
            value, half = AGREEMENT[statistic]
            step = 0.5 * place if statistic in POINTS else 0.0
            label = {"kind": "indicator", "subject": key, "scale": "common"}
            row = {**label, "statistic": statistic, **spread(value + step, half), "n": N_COMPARED}
            rows += [{**row, "method": "by hand"}, {**row, "method": "bootstrap"}]
    settings = methodology.agreement
    return Agreement(
        frame=pd.DataFrame(rows),
        points=_make_points(methodology),
        **_make_limits(methodology),
        left_out=make_left_out(
            [(UNDEFINED, name, "constant_source", "") for name in LOST]
            + [("usefulness", "repeated", "not_repeated", "")],
            "subject",
            "statistic",
        ),
        level=LEVEL,
        coverage=settings.limits.coverage,
        content=settings.content,
        acceptable=settings.acceptable_difference,
        replicates=1000,
        n_survey_only=1,
        n_checklist_only=2,
    )


def _make_points(methodology: Methodology) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "centre": CENTRES[place],
                "region": REGIONS[place],
                "kind": "index" if subject == INDEX else "group",
                "subject": subject,
                "survey": score_survey(place, shift),
                "survey_error": 30.0 / RESPONDENTS[place] ** 0.5,
                "checklist": score_checklist(place, shift),
                "linked": -4.5 + 0.95 * score_checklist(place, shift),
                "n": RESPONDENTS[place],
            }
            for shift, subject in enumerate(list_subjects(methodology))
            for place in range(N_COMPARED)
        ]
    )


def _make_limits(methodology: Methodology) -> dict[str, pd.DataFrame]:
    subjects = list_subjects(methodology)
    return {
        "by_answers": pd.DataFrame(
            [
                {
                    "subject": subject,
                    "answers": answers,
                    "low": 6.25 + place - 14.0 - 60.0 / answers**0.5,
                    "high": 6.25 + place + 14.0 + 60.0 / answers**0.5,
                }
                for place, subject in enumerate(subjects)
                for answers in (30, 100, 400)
            ]
        ),
        "regression": pd.DataFrame(
            [
                {
                    "subject": subject,
                    "intercept": -18.0 + place,
                    "slope": 0.35,
                    "spread_intercept": 8.0,
                    "spread_slope": -0.03,
                    "p_value": 0.02 + 0.1 * place,
                    "mean_low": 58.0,
                    "mean_high": 88.0,
                }
                for place, subject in enumerate(subjects)
            ]
        ),
        "repeated": pd.DataFrame(
            [
                {
                    "subject": subject,
                    "design": "visits",
                    "statistic": statistic,
                    **span(value + place, 3.0),
                    "method": "MOVER",
                    "n": N_TWICE,
                    "n_pairs": 2 * N_TWICE,
                }
                for place, subject in enumerate(subjects)
                for statistic, value in (("bias", 6.0), ("loa_low", -11.0), ("loa_high", 23.0))
            ]
        ),
    }


COEFFICIENTS = {
    "percent": 0.4545,
    "kappa": 0.2,
    "kappa_linear": 0.3,
    "kappa_quadratic": 0.42,
    "ac1": 0.33,
    "ac2": 0.71,
    "alpha_ordinal": 0.38,
}
CROSS = [[0, 0, 0, 1, 0], [0, 0, 1, 0, 1], [0, 0, 3, 4, 2], [0, 0, 1, 4, 3], [0, 0, 0, 1, 1]]
"""Centres by stars of the survey (rows) and of the checklist (columns)."""


def make_category_agreement(methodology: Methodology) -> CategoryAgreement:
    rows = [
        {"kind": kind, "subject": subject, "statistic": name, **spread(value, 0.2)}
        | {"method": "Gwet, analytical", "n": N_COMPARED}
        for kind, subject in (
            ("stars", "stars"),
            *(("indicator", key) for key in methodology.indicator_keys),
        )
        for name, value in COEFFICIENTS.items()
        if subject != methodology.indicator_keys[-1]
    ]
    margins = [
        {"kind": "stars", "subject": "stars", "statistic": 9.5, "df": 4}
        | {"p_value": 0.0497, "q_value": 0.0497, "n": N_COMPARED}
    ] + [
        {"kind": "indicator", "subject": key, "statistic": 6.0, "df": 3}
        | {"p_value": 0.1116, "q_value": 0.15, "n": N_COMPARED}
        for key in methodology.indicator_keys[:-1]
    ]
    table = [
        {"kind": "stars", "subject": "stars", "survey": one, "checklist": other, "n": n}
        for one, row in enumerate(CROSS, 1)
        for other, n in enumerate(row, 1)
    ] + [
        {"kind": "indicator", "subject": key, "survey": one, "checklist": other, "n": n}
        for key in methodology.indicator_keys
        for one, row in enumerate(CROSS, 1)
        for other, n in enumerate(row, 1)
    ]
    return CategoryAgreement(
        frame=pd.DataFrame(rows),
        margins=pd.DataFrame(margins),
        table=pd.DataFrame(table),
        left_out=make_left_out(
            [(methodology.indicator_keys[-1], "kappa", "one_category", "")],
            "subject",
            "statistic",
        ),
        level=LEVEL,
    )


SLOPES = {
    "least_squares": (0.45, "analytical"),
    "inverse_least_squares": (2.1, "analytical"),
    "errors_in_variables": (0.6, "jackknife"),
    "traits": (0.8, "bootstrap"),
    "deming": (0.9, "jackknife"),
    "deming_equal": (0.95, "jackknife"),
    "passing_bablok": (1.05, "ranks"),
}


def make_structural(methodology: Methodology) -> StructuralRelation:
    rows, constants = [], []
    for place, subject in enumerate(list_subjects(methodology)):
        for line, (slope, method) in SLOPES.items():
            if (subject, line) == (UNDEFINED, "traits"):
                continue
            label = {"subject": subject, "line": line}
            told = {"method": method, "n": N_COMPARED}
            value = slope - 0.01 * place
            intercept = spread(75.0 - 70.0 * value, 10.0)
            rows.append({**label, "statistic": "intercept", **intercept, **told})
            rows.append({**label, "statistic": "slope", **spread(value, 0.25), **told})
            if line == "errors_in_variables":
                rest = spread(20.0, 8.0)
                rows.append({**label, "statistic": "equation_variance", **rest, **told})
                again = {**told, "method": "bootstrap"}
                rows.append({**label, "statistic": "slope", **spread(value, 0.3), **again})
        constants += [
            {"subject": subject, "statistic": name, "estimate": value}
            for name, value in (
                ("reliability_survey", 0.75),
                ("trait_share", 0.56),
                ("error_ratio", 0.7),
            )
        ]
    return StructuralRelation(
        lines=pd.DataFrame(rows),
        constants=pd.DataFrame(constants),
        left_out=make_left_out(
            [(UNDEFINED, "traits", "no_variance_left", "")], "subject", "statistic"
        ),
        level=LEVEL,
        replicates=1000,
    )


EFFECTS = {"Округ": 3.5, "Край": 4.5, "Псковская область": 7.0}
TAU = 8.0


def _list_gaps() -> pd.DataFrame:
    """Return survey, checklist, gap and its z of the centres compared, in the register's order."""
    frame = pd.DataFrame(
        {
            "centre": CENTRES[:N_COMPARED],
            "region": REGIONS[:N_COMPARED],
            "survey": [score_survey(place) for place in range(N_COMPARED)],
            "checklist": [score_checklist(place) for place in range(N_COMPARED)],
            "error": [30.0 / n**0.5 for n in RESPONDENTS[:N_COMPARED]],
        }
    )
    frame["gap"] = frame["checklist"] - frame["survey"]
    frame["expected"] = frame["region"].map(EFFECTS)
    frame["spread"] = (TAU**2 + frame["error"] ** 2) ** 0.5
    frame["z"] = (frame["gap"] - frame["expected"]) / frame["spread"]
    frame["p_value"] = np.clip(np.exp(-1.2 * frame["z"]) / 2, 0.00001, 1.0)
    frame["q_value"] = np.clip(4 * frame["p_value"], 0.0, 1.0)
    frame["q_value"] = frame["q_value"].mask(frame["centre"] == CENTRES[INFLATED], 0.002)
    return frame


def make_inflation(methodology: Methodology) -> ChecklistInflation:
    gaps = _list_gaps()
    flagged = gaps["centre"] == CENTRES[INFLATED]
    ceiling = gaps["checklist"] >= 99
    centres = pd.DataFrame(
        {
            **gaps,
            "flagged": flagged,
            "probability": np.where(flagged, 0.98, 0.02),
            "items": 20,
            "ceiling_share": np.where(ceiling, 1.0, 0.4),
            "at_ceiling": ceiling,
            "no_spread": flagged,
            "unverifiable_gap": np.where(gaps["centre"] == "c6", np.nan, gaps["gap"] / 2),
            "unverifiable_z": np.where(gaps["centre"] == "c6", np.nan, gaps["z"] / 2),
            "unverifiable_q": np.where(gaps["centre"] == "c6", np.nan, 0.5),
            "unverifiable_flagged": pd.array(
                [None if centre == "c6" else centre == "c12" for centre in gaps["centre"]],
                dtype="boolean",
            ),
        }
    ).sort_values(["z", "centre"], ascending=[False, True], ignore_index=True)
    settings = methodology.agreement
    errors = np.array([1.5, 3.0, 6.0])
    bands = {0.95: 1.96, 0.998: 3.09}
    return ChecklistInflation(
        regions=pd.DataFrame(
            [
                {
                    "region": region,
                    "n": int((gaps["region"] == region).sum()),
                    "median": effect + 0.5,
                    "median_error": 2.0,
                    **spread(effect, 3.0),
                    "shrinkage": 0.4,
                }
                for region, effect in EFFECTS.items()
            ]
        ),
        summary=_make_inflation_summary(),
        centres=centres,
        funnel=pd.DataFrame(
            [
                {"error": error, "level": level, "low": -z * width, "high": z * width}
                for level, z in bands.items()
                for error, width in zip(errors, np.hypot(TAU, errors), strict=True)
            ]
        ),
        bunching=pd.DataFrame(
            [
                {"cut": cut, "below": below, "above": above, "share": share}
                | {"ci_low": low, "ci_high": high, "p_value": p}
                for cut, below, above, share, low, high, p in (
                    (50.0, 0, 0, np.nan, np.nan, np.nan, np.nan),
                    (60.0, 1, 1, 0.5, 0.013, 0.987, 0.75),
                    (70.0, 1, 4, 0.8, 0.284, 0.995, 0.1875),
                    (80.0, 2, 3, 0.6, 0.147, 0.947, 0.5),
                    (np.nan, 4, 8, 0.6667, 0.349, 0.901, 0.1938),
                )
            ]
        ),
        power=pd.DataFrame({"share": [0.1, 0.5, 0.9], "estimate": [22.5, 26.0, 34.5]}),
        left_out=make_left_out(
            [("unverifiable_flagged", "no_unverifiable_indicators", "c6")], "statistic"
        ),
        fdr=settings.fdr,
        power_level=settings.power,
        width=settings.bunching_width,
        level=LEVEL,
        has_checklist_error=True,
    )


def _make_inflation_summary() -> pd.DataFrame:
    nothing = {"ci_low": np.nan, "ci_high": np.nan, "p_value": np.nan}
    counts = {
        "flagged": 1.0,
        "flagged_naively": 9.0,
        "at_ceiling": 1.0,
        "no_spread": 1.0,
        "unverifiable_flagged": 1.0,
        "beyond_95": 2.0,
        "beyond_998": 1.0,
    }
    told = {"n": N_COMPARED}
    rows: list[dict[str, Any]] = [
        {"statistic": "between_regions", **span(4.0, 3.5), "p_value": 0.11, "method": "REML"}
        | {"n": 3},
        {"statistic": "mean", **span(5.0, 2.5), "p_value": 0.003, "method": "REML", "n": 3},
        {"statistic": "spread", **nothing, "estimate": TAU, "method": "lower quantile", **told},
        {"statistic": "share", **span(0.06, 0.05), "p_value": 0.01, "method": "mixture", **told},
        {"statistic": "shift", **span(4.0, 1.5), "p_value": np.nan, "method": "mixture", **told},
        {"statistic": "separation", **nothing, "estimate": 3.5, "method": "mixture", **told},
    ]
    rows += [
        {"statistic": name, **nothing, "estimate": value, "method": "count", **told}
        for name, value in counts.items()
    ]
    columns = ["statistic", "estimate", "ci_low", "ci_high", "p_value", "method", "n"]
    return pd.DataFrame(rows)[columns]


def make_audit(methodology: Methodology) -> AuditDecisions:
    """Make decisions: c7 dropped, c12 capped, c8 provisional, c2 and c20 drawn by lot."""
    gaps = _list_gaps().set_index("centre").reindex(CENTRES)
    rule = methodology.agreement.decision
    decision = pd.Series("blended", index=CENTRES)
    decision["c7"], decision["c12"] = "checklist_dropped", "capped"
    decision["c5"], decision["c25"] = "withheld", "withheld"
    decision["c23"] = decision["c24"] = decision["c26"] = "survey_only"
    audit = pd.Series("", index=CENTRES)
    audit["c7"] = "gap"
    audit["c2"] = audit["c20"] = "random"
    survey = pd.Series([score_survey(place) for place in range(N_CENTRES)], index=CENTRES)
    survey["c25"] = np.nan
    alone = decision.isin(["survey_only", "withheld"])
    weight = pd.Series(0.3, index=CENTRES).mask(alone, 0.0)
    checklist = gaps["checklist"].copy()
    checklist["c25"] = 88.0
    composite = survey + weight * (checklist.fillna(0) - survey)
    n = pd.Series(RESPONDENTS, index=CENTRES)
    n["c25"] = 0
    reliability = (n / (n + 40.0)).where(n > 0)
    reliability["c8"] = 0.55
    reason = pd.Series("", index=CENTRES)
    reason["c5"] = reason["c25"] = "no_survey_star"
    reason["c23"], reason["c24"] = "incomplete_checklist", "no_checklist"
    reason["c26"] = "no_checklist"
    stars = {
        "star_survey": _give_stars(survey, decision == "withheld", methodology),
        "star_composite": _give_stars(composite, decision == "withheld", methodology),
    }
    stars["star"] = stars["star_composite"].mask(
        decision.isin(["capped", "checklist_dropped"]), stars["star_survey"]
    )
    flags = pd.DataFrame(
        {
            "at_ceiling": gaps["checklist"] >= 99,
            "no_spread": gaps.index == "c7",
            "unverifiable_flagged": gaps.index == "c12",
        },
        index=CENTRES,
    ).astype("boolean")
    flags = flags.mask(gaps["checklist"].isna())
    centres = pd.DataFrame(
        {
            "centre": CENTRES,
            "name": NAMES,
            "region": REGIONS,
            "n": n.to_numpy(),
            "survey": survey.to_numpy(),
            "survey_error": np.where(n > 0, 30.0 / np.sqrt(np.maximum(n, 1)), np.nan),
            "checklist": checklist.to_numpy(),
            **{name: gaps[name].to_numpy() for name in ("gap", "expected", "z", "q_value")},
            "weight": weight.to_numpy(),
            "composite": composite.to_numpy(),
            "composite_error": np.where(n > 0, 25.0 / np.sqrt(np.maximum(n, 1)), np.nan),
            "reliability": reliability.to_numpy(),
            "provisional": (
                (reliability < rule.provisional_below) & (decision != "withheld")
            ).to_numpy(),
            **{name: values.array for name, values in stars.items()},
            "decision": decision.to_numpy(),
            "reason": reason.to_numpy(),
            "audit": audit.to_numpy(),
            **{name: flags[name].array for name in flags},
        }
    )
    return AuditDecisions(
        centres=centres,
        effect=_count_effect(centres, methodology),
        summary=_count_decisions(centres),
        cap_from=rule.cap_from,
        drop_from=rule.drop_from,
        provisional_below=rule.provisional_below,
        random_share=rule.random_share,
        source=rule.source,
        seed=1,
        fdr=methodology.agreement.fdr,
        applied=False,
    )


def _give_stars(
    scores: pd.Series[float], withheld: pd.Series[bool], methodology: Methodology
) -> pd.Series[int]:
    lower = [band.lower for band in methodology.stars.bands]
    stars = pd.Series(np.searchsorted(lower, scores, side="right"), index=scores.index)
    return stars.astype("Int64").mask(withheld | scores.isna())


def _count_effect(centres: pd.DataFrame, methodology: Methodology) -> pd.DataFrame:
    stars = [band.stars for band in methodology.stars.bands]
    return pd.DataFrame(
        [
            {
                "star_survey": one,
                "star": other,
                "n": int(((centres["star_survey"] == one) & (centres["star"] == other)).sum()),
            }
            for one in stars
            for other in stars
        ]
    )


def _count_decisions(centres: pd.DataFrame) -> pd.DataFrame:
    names = ("blended", "capped", "checklist_dropped", "survey_only", "withheld")
    counts = {name: int((centres["decision"] == name).sum()) for name in names}
    change = (centres["star"] - centres["star_survey"]).fillna(0)
    starred = int(centres["star"].notna().sum())
    rows = [(name, n, N_CENTRES) for name, n in counts.items()]
    rows += [
        ("provisional", int(centres["provisional"].sum()), starred),
        ("audit_gap", int((centres["audit"] == "gap").sum()), N_CENTRES),
        ("audit_random", int((centres["audit"] == "random").sum()), N_CENTRES),
        ("star_up", int((change > 0).sum()), starred),
        ("star_down", int((change < 0).sum()), starred),
        ("held_back", 2, starred),
    ]
    return pd.DataFrame(rows, columns=["statistic", "n", "of"])


def make_agreement_results(methodology: Methodology) -> dict[str, Result]:
    """Return the results of survey against checklist by name."""
    return {
        "comparability": make_comparability(methodology),
        "side_reliability": make_side_reliability(methodology),
        "multitrait": make_multitrait(methodology.group_keys),
        "multitrait_indicators": make_multitrait(methodology.indicator_keys),
        "method_variance": make_method_variance(methodology),
        "method_model": make_method_model(methodology),
        "agreement": make_agreement(methodology),
        "category_agreement": make_category_agreement(methodology),
        "structural": make_structural(methodology),
        "inflation": make_inflation(methodology),
        "audit": make_audit(methodology),
    }
