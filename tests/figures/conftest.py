"""A hand-made bundle: eight centres in three regions, small enough to check by eye."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clientindex.methodology import load_methodology
from clientindex.results import (
    Bundle,
    ExploratoryModel,
    GroupMeans,
    Regions,
    Stars,
    WeightStability,
)
from clientindex.wording import load_wording
from presentation_agreement import make_agreement_results
from presentation_bundle import make_edition
from presentation_factors import (
    make_confirmatory,
    make_congruence,
    make_factor_number,
    make_levels,
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

METHODOLOGY = Path(__file__).parents[2] / "methodology" / "2026.yml"
LONG_REGION = "Ханты-Мансийский автономный округ — Югра"


@pytest.fixture(params=["ru", "en"])
def wording(request):
    return load_wording(request.param)


@pytest.fixture
def ru():
    return load_wording("ru")


@pytest.fixture
def en():
    return load_wording("en")


@pytest.fixture(scope="session")
def methodology():
    return load_methodology(METHODOLOGY)


def make_stars():
    """Six starred centres, two withheld; the intervals of c2 and c5 leave their bands."""
    whole = pd.array([5, 5, 4, 4, 3, 2, None, None], dtype="Int64")
    frame = pd.DataFrame(
        {
            "centre": [f"c{i}" for i in range(1, 9)],
            "name": [f"Центр {i}" for i in range(1, 9)],
            "region": ["01", "01", "01", LONG_REGION, LONG_REGION, "Псков", "Псков", "01"],
            "n": [90, 80, 70, 60, 50, 40, 20, 0],
            "estimate": [90.0, 82.0, 75.0, 74.0, 62.0, 55.0, 70.0, np.nan],
            "std_error": 2.0,
            "ci_low": [86.0, 78.0, 71.0, 70.0, 58.0, 51.0, 66.0, np.nan],
            "ci_high": [94.0, 86.0, 79.0, 78.0, 66.0, 59.0, 74.0, np.nan],
            "star": whole,
            "withheld": ["", "", "", "", "", "", "small_sample", "no_answers"],
            "p_star": 0.9,
            "star_low": pd.array([5, 4, 4, 4, 2, 2, None, None], dtype="Int64"),
            "star_high": pd.array([5, 5, 4, 4, 3, 2, None, None], dtype="Int64"),
            "rank": pd.array([1, 2, 3, 4, 5, 6, None, None], dtype="Int64"),
        }
    )
    return Stars(frame=frame, level=0.95, minimum_sample=30)


def make_regions():
    """Not in the order of their means; Псков has one centre with a star and no interval."""
    frame = pd.DataFrame(
        {
            "region": ["Псков", "01", LONG_REGION, "country"],
            "n_centres": [1, 3, 2, 6],
            "n_starred": [1, 3, 2, 6],
            "n": [40, 240, 110, 390],
            "estimate": [55.0, 82.5, 68.0, 73.0],
            "std_error": [np.nan, 4.0, 6.0, 5.0],
            "ci_low": [np.nan, 74.0, 56.0, 63.0],
            "ci_high": [np.nan, 91.0, 80.0, 83.0],
            "stars_1": [0, 0, 0, 0],
            "stars_2": [1, 0, 0, 1],
            "stars_3": [0, 0, 1, 1],
            "stars_4": [0, 1, 1, 2],
            "stars_5": [0, 2, 0, 2],
        }
    )
    return Regions(frame=frame, level=0.95)


def make_group_means(methodology):
    """Country means 60, 65, ... in the order of the methodology; the last two lack something."""
    keys = methodology.group_keys
    frame = pd.DataFrame({"region": "country", "group": keys, "n_centres": 6})
    frame["estimate"] = 60.0 + 5.0 * np.arange(len(keys))
    frame = frame.assign(
        std_error=1.0, ci_low=frame["estimate"] - 3.0, ci_high=frame["estimate"] + 2.0
    )
    missing = ["std_error", "ci_low", "ci_high"]
    frame.loc[len(keys) - 2, [*missing, "n_centres"]] = [np.nan] * 3 + [1]
    frame.loc[len(keys) - 1, ["estimate", *missing, "n_centres"]] = [np.nan] * 4 + [0]
    other = frame.assign(region="01", estimate=10.0, ci_low=5.0, ci_high=15.0)
    return GroupMeans(frame=pd.concat([other, frame], ignore_index=True), level=0.95)


RANK_SHARES = {
    "c1": (1.0, 0.0, 0.0),
    "c2": (0.75, 0.25, 0.0),
    "c3": (0.25, 0.75, 0.0),
    "c4": (0.0, 1.0, 0.0),
    "c5": (0.0, 0.0, 1.0),
    "c6": (0.0, 0.0, 1.0),
}
STAR_SHARES = {
    "c1": (0.0, 0.0, 0.0, 0.9, 0.1),
    "c2": (0.0, 0.0, 0.1, 0.9, 0.0),
    "c3": (0.0, 0.05, 0.9, 0.05, 0.0),
    "c4": (0.0, 0.1, 0.9, 0.0, 0.0),
    "c5": (0.1, 0.9, 0.0, 0.0, 0.0),
    "c6": (0.9, 0.1, 0.0, 0.0, 0.0),
}
"""Shares of draws with 2, 3, 4, 5 stars and with none, of 500."""


def make_stability():
    frame = pd.DataFrame(
        {
            "centre": [f"c{i}" for i in range(1, 7)],
            "star": pd.array([5, 5, 4, 4, 3, 2], dtype="Int64"),
            "rank": pd.array([1, 2, 3, 4, 5, 6], dtype="Int64"),
            "rank_low": [1.0, 1.0, 3.0, 3.0, 5.0, 6.0],
            "rank_median": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
            "rank_high": [2.0, 3.0, 4.0, 4.0, 5.0, 6.0],
            "share_same_star": 0.9,
            "share_same_star_se": 0.01,
        }
    )
    return WeightStability(
        frame=frame,
        draws=500,
        seed=0,
        band_pct=25.0,
        level=0.9,
        mean_share_same_star=0.9,
        mean_share_same_star_se=0.01,
        mean_abs_rank_shift=0.4,
        mean_kendall_tau=0.95,
        acceptability=pd.DataFrame(
            [
                (centre, *ends, share)
                for centre, shares in RANK_SHARES.items()
                for ends, share in zip(((1, 2), (3, 4), (5, 6)), shares, strict=True)
            ],
            columns=["centre", "rank_from", "rank_to", "share"],
        ),
        star_shares=pd.DataFrame(
            [
                (centre, star, share)
                for centre, shares in STAR_SHARES.items()
                for star, share in zip((2.0, 3.0, 4.0, 5.0, np.nan), shares, strict=True)
            ],
            columns=["centre", "star", "share"],
        ),
        simplex=make_simplex_cells(),
        simplex_groups=SIMPLEX_GROUPS,
        simplex_centre=SIMPLEX_CENTRE,
    )


def make_model(methodology):
    """Every indicator loads 0.7 on the factor of its group and -0.1 on the others."""
    groups, items = methodology.group_keys, methodology.indicator_keys
    factors = [f"F{i}" for i in range(1, len(groups) + 1)]
    loadings = pd.DataFrame(
        [
            {
                "indicator": k,
                "group": methodology.group_of(k),
                "factor": f,
                "estimate": 0.7 if methodology.group_of(k) == g else -0.1,
            }
            for k in reversed(items)
            for f, g in zip(factors, groups, strict=True)
        ]
    )
    nothing = pd.DataFrame()
    return ExploratoryModel(
        loadings=loadings.assign(
            ci_low=loadings["estimate"] - 0.04, ci_high=loadings["estimate"] + 0.03
        ),
        communalities=nothing,
        factor_correlations=nothing,
        variance=pd.DataFrame({"factor": factors, "matched_group": groups}),
        fit=nothing,
        residuals=nothing,
        schmid_leiman=nothing,
        congruence=nothing,
        verdicts=make_verdicts(methodology),
        by_basis=nothing,
        rotations=nothing,
        eigenvalues=np.linspace(3.0, 0.1, len(items)),
        basis="polychoric",
        method="minres",
        rotation="oblimin",
        missing="pairwise",
        n_factors=len(factors),
        n=850,
        replicates=200,
        level=0.95,
    )


def make_verdicts(methodology):
    """Every indicator is where it belongs but the first three."""
    items = methodology.indicator_keys
    frame = pd.DataFrame({"indicator": items, "verdict": "own", "other_factor": "F2"})
    frame.loc[:2, "verdict"] = ["cross", "other", "none"]
    return frame.assign(share=[0.5, np.nan, *[0.9] * (len(items) - 2)])


def make_bundle(methodology, *, synthetic=False, **results):
    """Wrap results as a bundle; manifest and run are not read by figures."""
    return Bundle(
        folder=Path("results"),
        manifest=None,
        run=None,
        edition=make_edition(synthetic=synthetic),
        methodology=methodology,
        results=results,
    )


@pytest.fixture(scope="session")
def groups(methodology):
    return {group.key: tuple(group.indicators) for group in methodology.groups}


@pytest.fixture(scope="session")
def bundle(methodology, groups):
    return make_bundle(
        methodology,
        stars=make_stars(),
        regions=make_regions(),
        group_means=make_group_means(methodology),
        weight_stability=make_stability(),
        **make_sensitivity_results(methodology),
        **make_rating_results(methodology),
        **make_reliability(groups),
        exploratory=make_model(methodology),
        **make_agreement_results(methodology),
        factor_number=make_factor_number(groups),
        confirmatory=make_confirmatory(groups),
        validity=make_validity(groups),
        region_congruence=make_congruence(groups),
        levels=make_levels(groups),
    )


@pytest.fixture
def cut_bundle(bundle, methodology):
    """Make the bundle again with some results replaced (``None`` takes one out)."""

    def cut(**changes):
        results = {**bundle.results, **changes}
        return make_bundle(methodology, **{k: v for k, v in results.items() if v is not None})

    return cut
