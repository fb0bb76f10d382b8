"""A small hand-made bundle of all result types: six centres in three regions, one name hostile.

Every number is chosen by hand so that texts and tables can be checked by eye.
"""

from __future__ import annotations

import datetime as dt
import pickle
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.edition import EditionCard
from clientindex.methodology import load_methodology
from clientindex.results import (
    Bundle,
    Coverage,
    ExploratoryModel,
    GroupMeans,
    Manifest,
    MethodologyEffects,
    Regions,
    RunRecord,
    Scores,
    Stars,
    Suitability,
    WeightStability,
)
from clientindex.results.bundle import write_bundle_content
from clientindex.results.manifest import InputRecord, write_manifest, write_run_record
from clientindex.results.methodology_effects import COUNTS, EFFECT_COLUMNS
from presentation_agreement import HOSTILE, make_agreement_results
from presentation_factors import (
    make_confirmatory,
    make_congruence,
    make_factor_number,
    make_invariance,
    make_levels,
    make_polychoric,
    make_validity,
)
from presentation_rating import make_rating_results
from presentation_reliability import make_reliability
from presentation_sensitivity import (
    SIMPLEX_CENTRE,
    SIMPLEX_GROUPS,
    make_sensitivity_results,
    make_simplex_cells,
)

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Result

METHODOLOGY = Path(__file__).parents[1] / "methodology" / "2026.yml"
CENTRES = ["c1", "c2", "c3", "c4", "c5", "c6"]
NAMES = ["ЦЗН № 1", "ЦЗН № 2", HOSTILE, "ЦЗН № 4", "ЦЗН № 5", "ЦЗН № 6"]
REGIONS = ["Псковская область", "Псковская область", "Край", "Край", "Край", "Округ"]
FINGERPRINT = "0123456789abcdef" * 4


@cache
def load_small_methodology() -> Methodology:
    return load_methodology(METHODOLOGY)


def make_coverage() -> Coverage:
    return Coverage(
        data_kind="respondents",
        n_centres_register=6,
        n_centres_surveyed=5,
        n_centres_checklist=5,
        n_respondents=1234,
        by_region=pd.DataFrame(
            {
                "region": ["Край", "Край", "Псковская область"],
                "segment": ["citizens", "employers", "citizens"],
                "n_centres": [3, 2, 2],
                "n": [700, 234, 300],
            }
        ),
        no_answer=pd.DataFrame(
            {
                "segment": ["citizens", "citizens", "employers"],
                "indicator": ["competence", "competence", "waiting"],
                "reason": ["dont_know", "refused", "dont_know"],
                "n": [125, 0, 3],
                "n_asked": [1000, 1000, 234],
                "share": [0.125, 0.0, 3 / 234],
            }
        ),
        response=pd.DataFrame(
            {
                "region": ["Край", "Псковская область", "country"],
                "n_centres": [3, 2, 5],
                "visitors": [18680, 6000, 24680],
                "n": [934, 300, 1234],
                "share": [0.05, 0.05, 0.05],
            }
        ),
        warnings=pd.DataFrame(
            {
                "code": ["W-CENTRE-SILENT"],
                "file": ["register.csv"],
                "row": pd.array([7], dtype="Int64"),
                "column": [""],
                "read": ["c6"],
                "allowed": ["a centre with answers"],
                "advice": ["Check the register."],
            }
        ),
    )


def make_stars() -> Stars:
    frame = pd.DataFrame(
        {
            "centre": CENTRES,
            "name": NAMES,
            "region": REGIONS,
            "n": [400, 300, 250, 200, 20, 0],
            "estimate": [85.25, 71.0, 62.5, 71.0, 90.0, np.nan],
            "std_error": [1.0, 1.5, 2.0, 1.5, 6.0, np.nan],
            "ci_low": [83.3, 68.1, 58.6, 68.1, 78.2, np.nan],
            "ci_high": [87.2, 73.9, 66.4, 73.9, 100.0, np.nan],
            "star": pd.array([5, 4, 3, 4, None, None], dtype="Int64"),
            "withheld": ["", "", "", "", "small_sample", "no_answers"],
            "p_star": [1.0, 0.745, 0.885, 0.745, np.nan, np.nan],
            "star_low": pd.array([5, 3, 2, 3, None, None], dtype="Int64"),
            "star_high": pd.array([5, 4, 3, 4, None, None], dtype="Int64"),
            "rank": pd.array([1, 2, 4, 2, None, None], dtype="Int64"),
        }
    )
    return Stars(frame=frame, level=0.95, minimum_sample=30)


def make_scores() -> Scores:
    frame = pd.DataFrame(
        {
            "centre": ["c1", "c1", "c3"],
            "segment": ["all", "all", "all"],
            "kind": ["group", "index", "group"],
            "key": ["comfort", "index", "friendliness"],
            "estimate": [88.0, 85.25, 61.0],
            "std_error": [1.2, 1.0, 2.5],
            "ci_low": [85.6, 83.3, 56.1],
            "ci_high": [90.4, 87.2, 65.9],
            "n": [398, 400, 250],
        }
    )
    return Scores(frame=frame, level=0.95, std_error_method="exact", fpc_used=True, n_reweighted=2)


def make_regions() -> Regions:
    frame = pd.DataFrame(
        {
            "region": ["Край", "Округ", "Псковская область", "country"],
            "n_centres": [3, 0, 2, 5],
            "n_starred": [2, 0, 2, 4],
            "n": [470, 0, 700, 1170],
            "estimate": [74.5, np.nan, 78.125, 75.95],
            "std_error": [8.1, np.nan, 7.1, 5.0],
            "ci_low": [39.6, np.nan, 0.0, 62.1],
            "ci_high": [75.0, np.nan, 100.0, 89.8],
            "stars_1": [0, 0, 0, 0],
            "stars_2": [0, 0, 0, 0],
            "stars_3": [1, 0, 0, 1],
            "stars_4": [1, 0, 1, 2],
            "stars_5": [0, 0, 1, 1],
        }
    )
    return Regions(frame=frame, level=0.95)


def make_group_means() -> GroupMeans:
    """Two groups have scores; one centre of a region gives no interval, Округ has no score."""
    columns = ["region", "group", "n_centres", "estimate", "std_error", "ci_low", "ci_high"]
    nothing = (0, np.nan, np.nan, np.nan, np.nan)
    known = {
        ("Край", "friendliness"): (3, 71.25, 4.0, 54.0, 88.5),
        ("Край", "comfort"): (3, 80.0, 3.0, 67.1, 92.9),
        ("Псковская область", "friendliness"): (2, 74.0, 5.0, 10.5, 100.0),
        ("Псковская область", "comfort"): (1, 66.05, np.nan, np.nan, np.nan),
        ("country", "friendliness"): (5, 72.35, 2.5, 65.4, 79.3),
        ("country", "comfort"): (4, 76.5125, 3.5, 65.4, 87.65),
    }
    rows = [
        (region, group, *known.get((region, group), nothing))
        for region in ("Край", "Округ", "Псковская область", "country")
        for group in load_small_methodology().group_keys
    ]
    return GroupMeans(frame=pd.DataFrame(rows, columns=columns), level=0.95)


def make_stability() -> WeightStability:
    frame = pd.DataFrame(
        {
            "centre": ["c1", "c2", "c4", "c3"],
            "star": pd.array([5, 4, 4, 3], dtype="Int64"),
            "rank": pd.array([1, 2, 2, 4], dtype="Int64"),
            "rank_low": [1.0, 2.0, 2.0, 3.0],
            "rank_median": [1.0, 2.0, 3.0, 4.0],
            "rank_high": [1.0, 3.0, 4.0, 4.0],
            "share_same_star": [1.0, 0.9655, 0.5, 0.88],
            "share_same_star_se": [0.0, 0.006, 0.016, 0.01],
            "rank_mean": [1.0, 2.25, 2.8, 3.95],
            "rank_sd": [0.0, 0.45, 0.7, 0.2],
        }
    )
    ranks = {"c1": [1, 0, 0], "c2": [0.75, 0.25, 0], "c4": [0.5, 0.3, 0.2], "c3": [0, 0.05, 0.95]}
    stars = {"c1": [0, 0, 0, 1], "c2": [0, 0.0345, 0.9655, 0], "c4": [0, 0.3, 0.5, 0.2]}
    stars["c3"] = [0.12, 0.88, 0, 0]
    classes = [(1, 2), (3, 3), (4, 4)]
    return WeightStability(
        frame=frame,
        acceptability=pd.DataFrame(
            [
                (centre, *ends, float(share))
                for centre, shares in ranks.items()
                for ends, share in zip(classes, shares, strict=True)
            ],
            columns=["centre", "rank_from", "rank_to", "share"],
        ),
        star_shares=pd.DataFrame(
            [
                (centre, float(star), float(share))
                for centre, shares in stars.items()
                for star, share in zip((2, 3, 4, 5), shares, strict=True)
            ],
            columns=["centre", "star", "share"],
        ),
        simplex=make_simplex_cells(),
        simplex_groups=SIMPLEX_GROUPS,
        simplex_centre=SIMPLEX_CENTRE,
        draws=1000,
        seed=1,
        band_pct=25.0,
        level=0.95,
        mean_share_same_star=0.836,
        mean_share_same_star_se=0.0051,
        mean_abs_rank_shift=0.25,
        mean_kendall_tau=0.935,
    )


def make_suitability(indicators: tuple[str, ...], groups: tuple[str, ...]) -> Suitability:
    ends = {"ci_low": 0.8, "ci_high": 0.88}
    frame = pd.DataFrame({"indicator": indicators, "msa": 0.85, **ends, "smc": 0.45})
    adequacy = pd.DataFrame({"subject": indicators, "statistic": "msa", "estimate": 0.85, **ends})
    overall = {
        "polychoric": (0.875, 12345.65, 190, 0.0004, 1e-4),
        "pearson": (0.865, 9876.5, 190, 0.0004, 0.0008),
    }
    names = ("kmo", "bartlett_chi2", "bartlett_df", "bartlett_p", "determinant")
    whole = pd.DataFrame(
        [
            {"basis": basis, "subject": "index", "statistic": name, "estimate": value}
            | ({"ci_low": value - 0.025, "ci_high": value + 0.02} if name == "kmo" else {})
            for basis, values in overall.items()
            for name, value in zip(names, values, strict=True)
        ]
    )
    parts = [adequacy.assign(basis=basis) for basis in ("pearson", "polychoric")]
    return Suitability(
        frame=frame,
        groups=pd.DataFrame({"group": groups, "estimate": 0.75, **ends}),
        by_basis=pd.concat([*parts, whole], ignore_index=True),
        basis="polychoric",
        uninformative=False,
        kmo=0.875,
        kmo_ci_low=0.85,
        kmo_ci_high=0.895,
        bartlett_chi2=12345.65,
        bartlett_p=0.0004,
        bartlett_df=190,
        determinant=1e-4,
        n=1102,
        level=0.95,
        replicates=1000,
        missing="pairwise",
    )


def make_model(groups: dict[str, tuple[str, ...]]) -> ExploratoryModel:
    """Every indicator loads 0.65 on the factor of its group and -0.05 on the others."""
    factors = {group: f"F{i}" for i, group in enumerate(groups, 1)}
    indicators = [(key, group) for group, keys in groups.items() for key in keys]
    loadings = pd.DataFrame(
        [
            {
                "indicator": key,
                "group": group,
                "factor": factor,
                "estimate": 0.65 if other == group else -0.05,
                "ci_low": 0.6 if other == group else -0.1,
                "ci_high": 0.7 if other == group else 0.0,
                "structure": 0.63 if other == group else 0.36,
            }
            for key, group in indicators
            for other, factor in factors.items()
        ]
    )
    return ExploratoryModel(
        loadings=loadings,
        communalities=pd.DataFrame(
            {
                "indicator": [key for key, _ in indicators],
                "communality": 0.43,
                "uniqueness": 0.57,
                "ci_low": 0.38,
                "ci_high": 0.48,
                "heywood": False,
                "heywood_share": 0.0,
            }
        ),
        factor_correlations=pd.DataFrame(
            [
                {
                    "factor": one,
                    "other": other,
                    "estimate": 1.0 if one == other else 0.625,
                    "ci_low": np.nan if one == other else 0.55,
                    "ci_high": np.nan if one == other else 0.7,
                }
                for one in factors.values()
                for other in factors.values()
            ]
        ),
        variance=pd.DataFrame(
            {
                "factor": list(factors.values()),
                "matched_group": list(factors),
                "ss_loadings": 1.69,
                "share": 0.0845,
                "ci_low": 0.075,
                "ci_high": 0.095,
            }
        ),
        **make_model_checks(indicators, factors),
        eigenvalues=np.concatenate([[6.0, 1.5], np.linspace(1.0, 0.2, len(indicators) - 2)]),
        basis="polychoric",
        method="minres",
        rotation="oblimin",
        missing="pairwise",
        n_factors=len(factors),
        n=1102,
        replicates=1000,
        level=0.95,
    )


def make_model_checks(
    indicators: list[tuple[str, str]], factors: dict[str, str]
) -> dict[str, pd.DataFrame]:
    """Make the frames of an exploratory model that say how far it can be trusted."""
    numbers = {"chi2": 160.5, "df": 100.0, "p": 0.0001, "tli": 0.96, "bic": -540.0, "rmsr": 0.02}
    fit = pd.DataFrame({"statistic": list(numbers), "estimate": list(numbers.values())})
    rmsea = {"statistic": "rmsea", "estimate": 0.023, "ci_low": 0.016, "ci_high": 0.03}
    keys = [key for key, _ in indicators]
    return {
        "fit": pd.concat([fit, pd.DataFrame([rmsea])], ignore_index=True),
        "residuals": pd.DataFrame(
            [
                {"indicator": one, "other": other, "observed": 0.4, "residual": 0.02}
                for i, one in enumerate(keys)
                for other in keys[i + 1 :]
            ]
        ),
        "schmid_leiman": pd.DataFrame(
            [
                {
                    "indicator": key,
                    "factor": factor,
                    "estimate": {"general": 0.51, factors[group]: 0.4}.get(factor, -0.03),
                    "ci_low": {"general": 0.45, factors[group]: 0.33}.get(factor, -0.09),
                    "ci_high": {"general": 0.57, factors[group]: 0.47}.get(factor, 0.03),
                }
                for key, group in indicators
                for factor in ("general", *factors.values())
            ]
        ),
        "congruence": pd.DataFrame(
            [
                {
                    "factor": factor,
                    "group": group,
                    "estimate": 0.96 if factors[group] == factor else -0.07,
                    "ci_low": 0.93 if factors[group] == factor else -0.15,
                    "ci_high": 0.98 if factors[group] == factor else 0.01,
                }
                for factor in factors.values()
                for group in factors
            ]
        ),
        "verdicts": pd.DataFrame(
            [
                {
                    "indicator": key,
                    "group": group,
                    "verdict": "own",
                    "own_loading": 0.65,
                    "largest_other": -0.05,
                    "other_factor": next(f for g, f in factors.items() if g != group),
                    "share": 0.98,
                }
                for key, group in indicators
            ]
            if len(factors) > 1
            else []
        ),
        "by_basis": pd.DataFrame(
            [
                {
                    "basis": basis,
                    "indicator": key,
                    "factor": factor,
                    "estimate": own if factors[group] == factor else -0.05,
                }
                for basis, own in (("pearson", 0.6), ("polychoric", 0.65))
                for key, group in indicators
                for factor in factors.values()
            ]
        ),
        "rotations": pd.DataFrame(
            {
                "rotation": ["oblimin", "promax", "varimax", "geomin", "bifactor", "target"],
                "congruence_mean": [0.96, 0.95, 0.85, 0.94, np.nan, 0.97],
                "congruence_min": [0.95, 0.93, 0.82, 0.9, np.nan, 0.96],
                "n_own": pd.array([len(keys), len(keys), 1, len(keys), None, len(keys)], "Int64"),
                "n_cross": pd.array([0, 0, len(keys) - 1, 0, None, 0], "Int64"),
                "n_other": pd.array([0, 0, 0, 0, None, 0], "Int64"),
                "n_none": pd.array([0, 0, 0, 0, None, 0], "Int64"),
            }
        ),
    }


def make_effects() -> MethodologyEffects:
    """Make a new indicator that moved two stars, one left out, weights that did nothing alone."""
    columns = [*EFFECT_COLUMNS]
    rows: list[tuple[Any, ...]] = [
        *[("indicator_new", "goal", "Цель", "Goal", 1, 1, 0, 0, 2, -0.25, 1.5, "")],
        *[("indicator_gone", "calls", "Звонки", "Calls", *[None] * 5, np.nan, np.nan, "not_asked")],
        *[("group_weights", "", "", "", 0, 0, 0, 0, 4, 0.125, 0.4, "")],
        *[("together", "", "", "", 1, 0, 1, 0, 3, -0.125, 1.25, "")],
    ]
    frame = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(COUNTS, "Int64"))
    return MethodologyEffects(frame=frame, previous_id="2025", current_id="2026", n_centres=6)


def make_results() -> dict[str, Result]:
    """Return results of the caller's own: what one test changes, no other sees."""
    results: dict[str, Result] = pickle.loads(_store_results())
    return results


@cache
def _store_results() -> bytes:
    """Make the results once, since hundreds of tests ask for them."""
    return pickle.dumps(_make_results())


def _make_results() -> dict[str, Result]:
    methodology = load_small_methodology()
    groups = {group.key: tuple(group.indicators) for group in methodology.groups}
    return {
        "coverage": make_coverage(),
        "scores": make_scores(),
        "stars": make_stars(),
        "regions": make_regions(),
        "group_means": make_group_means(),
        "methodology_effects": make_effects(),
        "weight_stability": make_stability(),
        **make_sensitivity_results(methodology),
        **make_rating_results(methodology),
        **make_agreement_results(methodology),
        **make_reliability(groups),
        "suitability": make_suitability(methodology.indicator_keys, methodology.group_keys),
        "exploratory": make_model(groups),
        "polychoric": make_polychoric(groups),
        "factor_number": make_factor_number(groups),
        "region_congruence": make_congruence(groups),
        "confirmatory": make_confirmatory(groups),
        "validity": make_validity(groups),
        "invariance": make_invariance(groups),
        "levels": make_levels(groups),
    }


def make_edition(**changes: Any) -> EditionCard:
    settings: dict[str, Any] = {
        "id": "small",
        "year": 2026,
        "title": {"ru": "Рейтинг центров", "en": "Rating of centres"},
        "publisher": {"ru": "Издатель", "en": "Publisher"},
        "cut_off": dt.date(2026, 6, 30),
        "published": dt.date(2026, 9, 1),
        "languages": ("ru", "en"),
        "documents": ("rating", "methods"),
        "formats": ("html", "pdf", "docx"),
        "stages": ("rating", "sensitivity", "agreement", "reliability", "factors"),
        "seed": 0,
        "synthetic": True,
        "notes": None,
    }
    return EditionCard.model_validate(settings | changes)


def make_bundle(
    *, results: dict[str, Result] | None = None, folder: Path = Path("nowhere"), **edition: Any
) -> Bundle:
    """Return the bundle; `edition` changes the card of the edition."""
    return Bundle(
        folder=folder,
        manifest=_make_manifest({}),
        run=RunRecord(seconds={"rating": 1.0}, peak_memory_mib=100.0),
        edition=make_edition(**edition),
        methodology=load_small_methodology(),
        results=make_results() if results is None else results,
    )


def save_bundle(bundle: Bundle, folder: Path) -> Path:
    """Write a bundle so that documents can load it."""
    folder.mkdir(parents=True, exist_ok=True)
    files = write_bundle_content(
        bundle.results,
        folder,
        edition=bundle.edition,
        methodology_text=METHODOLOGY.read_bytes(),
    )
    write_manifest(_make_manifest(files), folder)
    write_run_record(bundle.run, folder)
    return folder


def _make_manifest(files: dict[str, str]) -> Manifest:
    return Manifest(
        fingerprint=FINGERPRINT,
        edition_id="small",
        methodology_id="2026",
        edition_sha256="e" * 64,
        methodology_sha256="f" * 64,
        code_sha256="abcdef" * 10 + "abcd",
        code_version="0.1.0",
        python_version="3.11.7",
        packages={"numpy": "2.4.6", "Pandas": "3.1.1"},
        seed=0,
        inputs=(
            InputRecord(name="survey.csv", sha256="a" * 64, n_rows=1234),
            InputRecord(name="register.csv", sha256="b" * 64, n_rows=6),
        ),
        files=files,
    )
