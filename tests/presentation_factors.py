"""Hand-made results of the factor room for tests of words, tables and figures.

Five groups of four indicators; numbers are chosen by hand so that texts can be checked by eye.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from clientindex.results import (
    ConfirmatoryModels,
    FactorNumber,
    Invariance,
    Levels,
    PolychoricTable,
    RegionCongruence,
    Validity,
)

Groups = dict[str, tuple[str, ...]]

LEVEL = 0.95
N = 1102
N_CENTRES = 5
RULES = {
    ("parallel_components", "normal"): (5, 3),
    ("parallel_components", "permuted"): (5, 3),
    ("parallel_axis", "normal"): (6, 5),
    ("parallel_axis", "permuted"): (6, 5),
    ("map", ""): (2, 1),
    ("map_revised", ""): (5, 3),
    ("empirical_kaiser", ""): (3, 2),
    ("hull", ""): (5, 1),
    ("comparison_data", ""): (None, 4),
    ("acceleration", ""): (1, 1),
    ("vss_1", ""): (1, 1),
    ("vss_2", ""): (2, 2),
}
"""Votes of every rule on polychoric and on Pearson correlations."""


def list_members(groups: Groups) -> list[tuple[str, str]]:
    """Return (indicator, group) in the order of the methodology."""
    return [(key, group) for group, keys in groups.items() for key in keys]


def list_pairs(groups: Groups) -> list[tuple[str, str, bool]]:
    """Return (indicator, other, whether of one group) for the upper triangle."""
    pairs = combinations(list_members(groups), 2)
    return [(one, other, home == away) for (one, home), (other, away) in pairs]


def make_polychoric(groups: Groups) -> PolychoricTable:
    rows = [
        {
            "indicator": one,
            "other": other,
            "estimate": 0.625 if same else 0.4,
            "std_error": 0.02,
            "ci_low": 0.58 if same else 0.36,
            "ci_high": 0.66 if same else 0.44,
            "pearson": 0.55 if same else 0.36,
            "n": N,
            "zero_cells": 0,
        }
        for one, other, same in list_pairs(groups)
    ]
    frame = pd.DataFrame(rows)
    frame.loc[1, ["estimate", "ci_low", "ci_high", "zero_cells"]] = [0.7, 0.66, 0.74, 2]
    frame["zero_cells"] = frame["zero_cells"].astype(int)
    thresholds = [
        {"indicator": key, "position": i, "estimate": cut, "std_error": 0.03}
        for key, _ in list_members(groups)
        for i, cut in enumerate((-1.5, -0.75, 0.0, 0.875), 1)
    ]
    return PolychoricTable(
        frame=frame.assign(difference=frame["estimate"] - frame["pearson"]),
        thresholds=pd.DataFrame(thresholds),
        unused=pd.DataFrame(columns=["indicator", "answer"]),
        estimator="two_step",
        zero_cell_2x2=0.5,
        zero_cell=0.0,
        smallest_eigenvalue=0.135,
        smoothed=False,
        largest_change=0.0,
        n=N,
        n_centres=N_CENTRES,
        level=LEVEL,
    )


def make_factor_number(groups: Groups) -> FactorNumber:
    size = len(list_members(groups))
    votes = [
        _vote(rule, reference, basis, vote)
        for basis, place in (("polychoric", 0), ("pearson", 1))
        for (rule, reference), pair in RULES.items()
        for vote in (pair[place],)
    ]
    frame = pd.DataFrame(votes).astype(dict.fromkeys(("n_factors", "n_low", "n_high"), "Int64"))
    falling = np.concatenate([[8.0, 2.0, 1.625, 1.25, 1.125], np.linspace(0.75, 0.2, size - 5)])
    eigenvalues = [
        {
            "basis": basis,
            "kind": kind,
            "reference": reference,
            "position": i,
            "estimate": estimate - shift,
            "ci_low": estimate - shift - 0.125,
            "ci_high": estimate - shift + 0.125,
            "random_mean": 1.05 - 0.005 * i - shift,
            "random_high": 1.125 - 0.005 * i - shift,
        }
        for basis in ("polychoric", "pearson")
        for kind, shift in (("components", 0.0), ("axis", 0.5))
        for reference in ("normal", "permuted")
        for i, estimate in enumerate(falling, 1)
    ]
    criteria = [
        {"rule": rule, "basis": basis, "n_factors": i, "value": value}
        for basis in ("polychoric", "pearson")
        for rule, values in (("map", (0.03, 0.02, 0.025)), ("vss_1", (0.8, 0.7, 0.6)))
        for i, value in enumerate(values, 1)
    ]
    return FactorNumber(
        votes=frame,
        eigenvalues=pd.DataFrame(eigenvalues),
        criteria=pd.DataFrame(criteria),
        quantile=0.95,
        random_replicates=200,
        replicates=1000,
        n_intended=len(groups),
        n=N,
        level=LEVEL,
        seed=0,
    )


def _vote(rule: str, reference: str, basis: str, vote: int | None) -> dict[str, object]:
    resampled = vote is not None and rule != "comparison_data"
    return {
        "rule": rule,
        "basis": basis,
        "reference": reference,
        "n_factors": vote,
        "n_low": max(vote - 1, 1) if resampled else None,
        "n_high": vote + 1 if resampled else None,
        "share": 0.85 if resampled else np.nan,
    }


def make_congruence(groups: Groups) -> RegionCongruence:
    """Let Край differ in the last factor; Псковская область has one centre, no interval."""
    factors = list(groups)
    rows = [
        {
            "region": region,
            "factor": factor,
            "estimate": 0.8 if region == "Край" and factor == factors[-1] else base,
            "ci_low": base - 0.05 if known else np.nan,
            "ci_high": base + 0.01 if known else np.nan,
            "n": n,
            "n_centres": n_centres,
        }
        for region, base, known, n, n_centres in (
            ("Край", 0.97, True, 470, 3),
            ("Псковская область", 0.9, False, 700, 1),
        )
        for factor in factors
    ]
    left_out = pd.DataFrame(
        {
            "region": ["Округ"],
            "reason": ["too_few_answers"],
            "detail": ["competence"],
            "n": [20],
            "n_centres": [1],
        }
    )
    return RegionCongruence(
        frame=pd.DataFrame(rows),
        left_out=left_out,
        basis="polychoric",
        method="target",
        replicates=1000,
        level=LEVEL,
    )


MODELS = {
    ("one_factor", "wlsmv"): ("ok", 40, 170),
    ("correlated", "wlsmv"): ("ok", 50, 160),
    ("second_order", "wlsmv"): ("ok", 45, 165),
    ("bifactor", "wlsmv"): ("heywood", 60, 150),
    ("one_factor", "mlr"): ("ok", 40, 170),
    ("correlated", "mlr"): ("ok", 50, 160),
    ("second_order", "mlr"): ("ok", 45, 165),
    ("bifactor", "mlr"): ("not_converged", 60, 150),
}
FIT = {
    "one_factor": (2500.5, 0.85, 0.83, 0.125, 0.09),
    "correlated": (300.25, 0.985, 0.98, 0.035, 0.03),
    "second_order": (340.75, 0.98, 0.975, 0.04, 0.035),
    "bifactor": (250.5, 0.99, 0.987, 0.03, 0.025),
}
"""Scaled chi-square, CFI, TLI, RMSEA and SRMR of every model."""


def make_confirmatory(groups: Groups) -> ConfirmatoryModels:
    models = [
        {
            "model": model,
            "estimator": estimator,
            "status": status,
            "detail": list_members(groups)[0][0] if status == "heywood" else "",
            "syntax": _write_syntax(model, groups),
            "n_parameters": n_parameters,
            "df": df,
        }
        for (model, estimator), (status, n_parameters, df) in MODELS.items()
    ]
    fitted = [(key, df) for key, (status, _, df) in MODELS.items() if status != "not_converged"]
    parts = [_make_fit(model, estimator, df) for (model, estimator), df in fitted]
    return ConfirmatoryModels(
        models=pd.DataFrame(models),
        fit=pd.concat(parts, ignore_index=True),
        parameters=pd.concat(
            [_make_parameters(groups, estimator) for estimator in ("wlsmv", "mlr")],
            ignore_index=True,
        ),
        nested=_make_nested(),
        residuals=_make_residuals(groups),
        modifications=_make_modifications(groups),
        scores=_make_scores(groups),
        main="wlsmv",
        n=N,
        n_centres=N_CENTRES,
        missing="pairwise",
        uninformative=False,
        level=LEVEL,
    )


def _write_syntax(model: str, groups: Groups) -> str:
    if model == "one_factor":
        return "general =~ " + " + ".join(key for key, _ in list_members(groups))
    return "\n".join(f"{group} =~ {' + '.join(keys)}" for group, keys in groups.items())


def _make_fit(model: str, estimator: str, df: int) -> pd.DataFrame:
    chi2, cfi, tli, rmsea, srmr = FIT[model]
    values: dict[str, float] = {
        "chi2": chi2 / 1.25,
        "df": df,
        "p": 0.0001,
        "chi2_scaled": chi2,
        "p_scaled": 0.0004,
        "scaling_factor": 0.8,
        "baseline_chi2": 15000.0,
        "baseline_df": 190,
        "srmr": srmr,
        "n_parameters": 210 - df,
    }
    versions = {"": 0.005, "_scaled": 0.0} | ({"_robust": -0.005} if estimator == "mlr" else {})
    for version, better in versions.items():
        values |= {
            f"cfi{version}": cfi + better,
            f"tli{version}": tli + better,
            f"rmsea{version}": rmsea - better,
            f"rmsea_ci_low{version}": rmsea - better - 0.0025,
            f"rmsea_ci_high{version}": rmsea - better + 0.0025,
        }
    if estimator == "mlr":
        values |= {"loglik": -20000.0, "aic": 40000.0 + df, "bic": 40250.0 + df}
    return pd.DataFrame(
        {
            "model": model,
            "estimator": estimator,
            "statistic": list(values),
            "value": list(values.values()),
        }
    )


def _make_parameters(groups: Groups, estimator: str) -> pd.DataFrame:
    members, factors = list_members(groups), list(groups)
    rows = [
        ("correlated", group, "=~", key, i % 4 > 0, 0.8) for i, (key, group) in enumerate(members)
    ]
    rows += [
        ("correlated", one, "~~", other, True, 0.625) for one, other in combinations(factors, 2)
    ]
    rows += [("correlated", group, "~~", group, True, 1.0) for group in factors]
    rows += [("correlated", key, "~~", key, True, 0.36) for key, _ in members]
    rows += [("one_factor", "general", "=~", key, True, 0.7) for key, _ in members]
    rows += [("second_order", group, "=~", key, True, 0.8) for key, group in members]
    rows += [("second_order", "general", "=~", group, True, 0.79) for group in factors]
    if estimator == "wlsmv":
        rows += [("bifactor", "general", "=~", key, True, 0.65) for key, _ in members]
        rows += [("bifactor", group, "=~", key, True, 0.45) for key, group in members]
    frame = pd.DataFrame(rows, columns=["model", "lhs", "op", "rhs", "free", "standardised"])
    free = frame["free"]
    return frame.assign(
        estimator=estimator,
        label="",
        estimate=frame["standardised"].where(free, 1.0),
        std_error=np.where(free, 0.02, np.nan),
        z=np.where(free, 30.0, np.nan),
        p=np.where(free, 0.0, np.nan),
        ci_low=np.where(free, frame["standardised"] - 0.04, np.nan),
        ci_high=np.where(free, frame["standardised"] + 0.04, np.nan),
        standardised_se=np.where(frame["standardised"] == 1.0, 0.0, 0.02),
    )


def _make_nested() -> pd.DataFrame:
    rows = [
        ("wlsmv", "one_factor", "correlated", 1500.5, 10, 0.0, "satorra_2000", -0.135),
        ("wlsmv", "second_order", "correlated", 40.25, 5, 0.0003, "satorra_2000", -0.005),
        ("mlr", "one_factor", "correlated", 1400.0, 10, 0.0, "satorra_bentler_2001", -0.135),
        ("mlr", "second_order", "correlated", 3.5, 5, 0.623, "satorra_bentler_2001", -0.005),
    ]
    names = ["estimator", "model", "other", "chi2", "df", "p", "method", "delta_cfi"]
    frame = pd.DataFrame(rows, columns=names)
    return frame.assign(
        delta_rmsea=-frame["delta_cfi"] * 0.5, delta_srmr=-frame["delta_cfi"] * 0.25
    )


def _make_residuals(groups: Groups) -> pd.DataFrame:
    """Make 0.005 of every residual of the correlated model but the first across groups."""
    rows = [
        {
            "model": model,
            "estimator": "wlsmv",
            "indicator": one,
            "other": other,
            "observed": 0.625 if same else 0.4,
            "residual": 0.005 if model == "correlated" else 0.1 if same else -0.05,
        }
        for model in ("correlated", "one_factor")
        for one, other, same in list_pairs(groups)
    ]
    frame = pd.DataFrame(rows)
    frame.loc[3, "residual"] = -0.125
    return frame.assign(implied=frame["observed"] - frame["residual"])


def _make_modifications(groups: Groups) -> pd.DataFrame:
    (first, home), *_, (last, away) = list_members(groups)
    rows = [
        ("correlated", "wlsmv", first, "~~", last, 55.5, 44.4, 0.0, -0.125, -0.2),
        ("correlated", "wlsmv", away, "=~", first, 20.25, 16.2, 0.0001, 0.1, 0.15),
        ("correlated", "mlr", home, "=~", last, 12.5, 10.0, 0.0016, 0.1, 0.12),
    ]
    names = ["model", "estimator", "lhs", "op", "rhs", "mi", "mi_scaled", "p", "epc"]
    return pd.DataFrame(rows, columns=[*names, "epc_standardised"])


def _make_scores(groups: Groups) -> pd.DataFrame:
    rows = [
        ("correlated", "wlsmv", method, factor, centre, sign * 0.25)
        for method in ("regression", "bartlett")
        for factor in groups
        for centre, sign in (("c1", 1), ("c3", -1))
    ]
    return pd.DataFrame(
        rows, columns=["model", "estimator", "method", "factor", "centre", "estimate"]
    )


GROUP_VALIDITY = {
    "ave": 0.64,
    "composite_reliability": 0.875,
    "max_shared_variance": 0.39,
    "omega_subscale": 0.88,
    "omega_hierarchical_subscale": 0.3,
    "ecv_group": 0.33,
}


def make_validity(groups: Groups) -> Validity:
    """Make the last two groups alike by HTMT, and the AVE of the last too small."""
    names, pair = list(groups), tuple(groups)[-2:]
    validity = [
        (group, statistic, 0.45 if statistic == "ave" and group == names[-1] else value)
        for group in names
        for statistic, value in GROUP_VALIDITY.items()
    ]
    pairs = [
        (
            one,
            other,
            statistic,
            0.96 if (one, other) == pair and statistic != "factor_correlation" else value,
        )
        for one, other in combinations(names, 2)
        for statistic, value in (("htmt", 0.65), ("htmt2", 0.64), ("factor_correlation", 0.625))
    ]
    overall = {
        "ecv": 0.675,
        "puc": 16 / 19,
        "omega_total": 0.955,
        "omega_hierarchical": 0.865,
        "relative_omega": 0.905,
    }
    whole = _add_ends(
        pd.DataFrame({"statistic": list(overall), "estimate": list(overall.values())})
    )
    whole.loc[whole["statistic"] == "puc", ["ci_low", "ci_high"]] = np.nan
    return Validity(
        groups=_add_ends(pd.DataFrame(validity, columns=["group", "statistic", "estimate"])),
        pairs=_add_ends(pd.DataFrame(pairs, columns=["group", "other", "statistic", "estimate"])),
        overall=whole,
        verdicts=pd.DataFrame(
            {
                "group": names,
                "fornell_larcker": True,
                "htmt_distinct": True,
                "htmt_below": [name not in pair for name in names],
            }
        ),
        conclusion="general",
        basis="polychoric",
        model="wlsmv",
        replicates=1000,
        level=LEVEL,
        n=N,
    )


def _add_ends(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(ci_low=frame["estimate"] - 0.03, ci_high=frame["estimate"] + 0.03)


def make_invariance(groups: Groups) -> Invariance:
    """Let segments hold to the end, regions fail at the scalar step, periods be one only."""
    first = list_members(groups)[0][0]
    parts = pd.DataFrame(
        [
            ("segment", "citizens", 700, 5, True, ""),
            ("segment", "employers", 402, 4, True, ""),
            ("region", "Край", 470, 3, True, ""),
            ("region", "Псковская область", 700, 2, True, ""),
            ("region", "Округ", 20, 1, False, "too_few_centres"),
            ("period", "2026", N, 5, False, "single_part"),
        ],
        columns=["across", "part", "n", "n_centres", "used", "reason"],
    )
    drops = {
        "segment": (0.0, -0.001, -0.002, -0.004),
        "region": (0.0, -0.002, -0.0045, -0.02),
    }
    steps = [
        _make_step(across, step, i, drop)
        for across, series in drops.items()
        for i, (step, drop) in enumerate(
            zip(("configural", "thresholds", "metric", "scalar"), series, strict=True)
        )
    ]
    freed = pd.DataFrame(
        [
            ("region", "scalar", 1, first, "~1", "", 33.25, -0.0125, False),
            ("region", "scalar", 2, first, "|", "t2", 21.5, -0.008, True),
        ],
        columns=["across", "step", "order", "lhs", "op", "rhs", "mi", "delta_cfi", "holds"],
    )
    alignment = pd.DataFrame(
        [
            ("region", part, factor, mean, error, sd)
            for part, mean, error, sd in (
                ("Край", 0.0, np.nan, 1.0),
                ("Псковская область", 0.25, 0.05, 1.1),
            )
            for factor in groups
        ],
        columns=["across", "part", "factor", "mean", "mean_se", "sd"],
    )
    items = pd.DataFrame(
        [
            ("region", key, parameter, 0.4 if key == first else 0.95, int(key == first), 2)
            for key, _ in list_members(groups)
            for parameter in ("loading", "intercept")
        ],
        columns=["across", "indicator", "parameter", "r2", "n_differing", "n_parts"],
    )
    return Invariance(
        parts=parts,
        steps=pd.DataFrame(steps).astype({"holds": "boolean"}),
        freed=freed.astype({"holds": "boolean"}),
        alignment=alignment,
        alignment_items=items,
        estimator="wlsmv",
        n=N,
        uninformative=False,
    )


def _make_step(across: str, step: str, position: int, drop: float) -> dict[str, object]:
    first = position == 0
    return {
        "across": across,
        "step": step,
        "estimator": "wlsmv",
        "status": "ok",
        "chi2": 650.5 + 20 * position,
        "df": 320 + 15 * position,
        "p": 0.0001,
        "cfi": 0.985 + drop,
        "rmsea": 0.035 - drop / 2,
        "srmr": 0.03 - drop / 4,
        "delta_cfi": np.nan if first else drop,
        "delta_rmsea": np.nan if first else -drop / 2,
        "delta_srmr": np.nan if first else -drop / 4,
        "chi2_difference": np.nan if first else 20.5,
        "df_difference": np.nan if first else 15,
        "p_difference": np.nan if first else 0.155,
        "holds": None if first else drop > -0.01,
    }


def make_levels(groups: Groups) -> Levels:
    members, factors = list_members(groups), list(groups)
    pairs = list_pairs(groups)
    levels = (("within", 0.55, 0.3), ("between", 0.9, 0.8))
    correlations = pd.DataFrame(
        [
            (level, one, other, own if same else away)
            for level, own, away in levels
            for one, other, same in pairs
        ],
        columns=["level", "indicator", "other", "estimate"],
    )
    variances = pd.DataFrame(
        {
            "indicator": [key for key, _ in members],
            "within": 0.9,
            "between": 0.1,
            "estimate": [0.05 + 0.005 * i for i in range(len(members))],
        }
    )
    falling = {"within": (6.0, 2.0, 1.0), "between": (16.0, 1.0, 0.5)}
    eigenvalues = pd.DataFrame(
        [
            (level, i, value)
            for level, values in falling.items()
            for i, value in enumerate(values, 1)
        ],
        columns=["level", "position", "estimate"],
    )
    loadings = pd.DataFrame(
        [
            (level, key, factor, high if factor == group else low)
            for level, high, low in (("within", 0.7, 0.0), ("between", 0.5, 0.45))
            for key, group in members
            for factor in factors
        ],
        columns=["level", "indicator", "factor", "estimate"],
    )
    congruence = pd.DataFrame({"factor": factors, "estimate": [0.96, 0.92, 0.9, 0.85, 0.7]})
    return Levels(
        correlations=_add_ends(correlations),
        variances=_add_ends(variances),
        eigenvalues=_add_ends(eigenvalues),
        loadings=_add_ends(loadings),
        fit=_make_level_fit(),
        parameters=_make_level_parameters(groups),
        congruence=_add_ends(congruence),
        smoothed=True,
        smallest_eigenvalue=-0.02,
        n=N,
        n_centres=N_CENTRES,
        mean_size=220.4,
        replicates=1000,
        confidence=LEVEL,
    )


def _make_level_fit() -> pd.DataFrame:
    fits = {
        ("within", "one_factor"): (900.5, 170, 0.7, 0.12, 0.1),
        ("within", "correlated"): (200.25, 160, 0.985, 0.03, 0.03),
        ("between", "one_factor"): (300.5, 170, 0.93, 0.09, 0.04),
        ("between", "correlated"): (280.25, 160, 0.935, 0.088, 0.038),
    }
    names = ("chi2_scaled", "df", "cfi_scaled", "rmsea_scaled", "srmr")
    rows = [
        (level, model, statistic, value)
        for (level, model), values in fits.items()
        for statistic, value in zip(names, values, strict=True)
    ]
    rows += [(*key, "tli_scaled", values[2] - 0.005) for key, values in fits.items()]
    rows += [(*key, name, 0.99) for key in fits for name in ("cfi", "tli")]
    return pd.DataFrame(
        rows,
        columns=["level", "model", "statistic", "value"],
    )


def _make_level_parameters(groups: Groups) -> pd.DataFrame:
    rows = [
        (level, "correlated", group, "=~", key, 1.0, 0.05, value)
        for level, value in (("within", 0.75), ("between", 0.9))
        for key, group in list_members(groups)
    ]
    rows += [
        (level, "correlated", one, "~~", other, 0.5, 0.05, value)
        for level, value in (("within", 0.55), ("between", 0.95))
        for one, other in combinations(groups, 2)
    ]
    names = ["level", "model", "lhs", "op", "rhs", "estimate", "std_error", "standardised"]
    return pd.DataFrame(rows, columns=names)
