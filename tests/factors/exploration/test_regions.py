from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from factor_analyzer import FactorAnalyzer
from scipy.linalg import orthogonal_procrustes

from clientindex.counts import count_pairs
from clientindex.factors.adapter import extract_loadings, rotate_loadings
from clientindex.factors.exploration import compare_regions
from clientindex.factors.matching import find_alignment
from clientindex.factors.sample import draw_factor_sample
from clientindex.results import RegionCongruence, Unavailable

if TYPE_CHECKING:
    from clientindex.factors.sample import FactorSample
    from clientindex.methodology import Methodology

ITERATIVE = 1e-4
"""Congruences of loadings that factor_analyzer leaves 1e-5 from their minimum."""

SEED = np.random.SeedSequence(7)
GROUPS = {group: [f"{group}{number}" for number in (1, 2, 3)] for group in "abc"}
ITEMS = [key for members in GROUPS.values() for key in members]
REGIONS = {"east": 8, "north": 1, "south": 4, "west": 2}


def simulate_answers() -> pd.DataFrame:
    """Three groups everywhere but in the south, where the second and third mix."""
    rng = np.random.default_rng(11)
    parts = []
    for region, n_centres in REGIONS.items():
        loadings = np.kron(np.eye(3), np.full((3, 1), 0.75))
        if region == "south":
            loadings[3:] = 0.75 * np.eye(3)[[1, 2, 1, 2, 1, 2]]
        size = {"west": 12, "north": 150}.get(region, 60)
        for centre in range(n_centres):
            factors = 0.5 * rng.normal(size=(size, 1)) + 0.85 * rng.normal(size=(size, 3))
            latent = factors @ loadings.T + 0.65 * rng.normal(size=(size, 9))
            answers = 1 + (latent[..., None] > np.array([-1.2, -0.5, 0.3, 1.0])).sum(axis=2)
            parts.append(
                pd.DataFrame(answers, columns=ITEMS).assign(
                    centre=f"{region}{centre}", region=region, segment="citizens"
                )
            )
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    return simulate_answers()


def choose(make_methodology: Any, **factors: Any) -> Methodology:
    settings = {"n_factors": 3, "correlations": "pearson", **factors}
    return make_methodology(GROUPS, intervals={"bootstrap_replicates": 100}, factors=settings)


@pytest.fixture(scope="module")
def methodology(make_methodology: Any) -> Methodology:
    return choose(make_methodology)


def draw(answers: pd.DataFrame, methodology: Methodology, code_answers: Any) -> FactorSample:
    counts = count_pairs(code_answers(answers, methodology), methodology)
    strata = dict(zip(answers["centre"], answers["region"], strict=True))
    found = draw_factor_sample(counts, methodology, strata=strata, seed=np.random.SeedSequence(0))
    assert not isinstance(found, Unavailable)
    return found


@pytest.fixture(scope="module")
def sample(answers: pd.DataFrame, methodology: Methodology, code_answers: Any) -> FactorSample:
    return draw(answers, methodology, code_answers)


@pytest.fixture(scope="module")
def result(sample: FactorSample, methodology: Methodology) -> RegionCongruence:
    found = compare_regions(sample, methodology, seed=SEED)
    assert isinstance(found, RegionCongruence)
    return found


def test_congruence_equals_procrustes_of_scipy_on_the_answers(
    result: RegionCongruence, answers: pd.DataFrame
) -> None:
    """The axes of each region are turned to the country's, then read on its oblique factors."""
    country = extract_loadings(answers[ITEMS].corr().to_numpy(), n_factors=3, method="minres")
    rotated = rotate_loadings(country, "oblimin")
    order, signs = find_alignment(np.kron(np.eye(3), np.ones((3, 1))), rotated.loadings)
    pattern = rotated.reorder(order, signs).loadings
    to_pattern = np.linalg.lstsq(country, pattern, rcond=None)[0]
    for region in ("east", "north", "south"):
        r = answers.loc[answers["region"] == region, ITEMS].corr().to_numpy()
        loadings = fit_minres(r)
        turn, _ = orthogonal_procrustes(loadings, country)
        turned = loadings @ turn @ to_pattern
        lengths = np.linalg.norm(pattern, axis=0) * np.linalg.norm(turned, axis=0)
        wanted = np.sum(pattern * turned, axis=0) / lengths
        found = result.frame.query("region == @region")
        assert found["factor"].tolist() == ["a", "b", "c"]
        assert found["estimate"].to_numpy() == pytest.approx(wanted, abs=ITERATIVE)


def fit_minres(r: Any) -> Any:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = FactorAnalyzer(n_factors=3, rotation=None, is_corr_matrix=True)
        model.fit(r)
    return model.loadings_


def test_a_region_with_another_structure_is_less_congruent(result: RegionCongruence) -> None:
    least = result.frame.groupby("region")["estimate"].min()
    assert least["east"] > 0.95
    assert least["south"] < 0.85
    same = result.frame.query("region == 'east'")
    assert (same["ci_low"] < same["estimate"]).all()
    assert (same["ci_high"] <= 1).all()
    assert result.frame.query("region == 'south' and factor == 'b'")["ci_high"].item() < 0.9


def test_one_centre_has_no_interval_and_few_respondents_no_row(result: RegionCongruence) -> None:
    lonely = result.frame.query("region == 'north'")
    assert lonely[["ci_low", "ci_high"]].isna().all(axis=None)
    assert lonely["n_centres"].tolist() == [1, 1, 1]
    assert lonely["n"].tolist() == [150] * 3
    left = result.left_out.set_index("region")
    assert left.index.tolist() == ["west"]
    assert left.loc["west", "reason"] == "too_few_answers"
    assert left.loc["west", "detail"] == ", ".join(ITEMS)
    assert left.loc["west", ["n", "n_centres"]].tolist() == [24, 2]


def test_a_flat_indicator_leaves_its_region_out(
    answers: pd.DataFrame, methodology: Methodology, code_answers: Any
) -> None:
    flat = answers.copy()
    flat.loc[flat["region"] == "east", "b2"] = 4
    found = compare_regions(draw(flat, methodology, code_answers), methodology, seed=SEED)
    assert isinstance(found, RegionCongruence)
    row = found.left_out.query("region == 'east'").iloc[0]
    assert (row["reason"], row["detail"]) == ("zero_variance", "b2")


def test_polychoric_regions_agree_with_pearson_in_what_they_say(
    answers: pd.DataFrame, make_methodology: Any, code_answers: Any, result: RegionCongruence
) -> None:
    ordinal = choose(make_methodology, correlations="polychoric")
    found = compare_regions(draw(answers, ordinal, code_answers), ordinal, seed=SEED)
    assert isinstance(found, RegionCongruence)
    assert found.basis == "polychoric"
    difference = found.frame["estimate"] - result.frame["estimate"]
    assert difference.abs().max() < 0.05
    assert found.frame.query("region == 'east'")["ci_low"].notna().all()


def test_a_general_factor_is_compared_under_the_name_of_the_index(
    sample: FactorSample, make_methodology: Any
) -> None:
    general = choose(make_methodology, rotation="bifactor", n_factors=3)
    found = compare_regions(sample, general, seed=SEED)
    assert isinstance(found, RegionCongruence)
    assert found.frame.query("region == 'east'")["factor"].tolist() == ["index", "a", "b", "c"]


def test_the_same_seed_gives_the_same_intervals(
    sample: FactorSample, methodology: Methodology, result: RegionCongruence
) -> None:
    again = compare_regions(sample, methodology, seed=SEED)
    assert isinstance(again, RegionCongruence)
    pd.testing.assert_frame_equal(again.frame, result.frame, check_exact=True)


def test_one_region_has_nothing_to_be_compared_with(
    answers: pd.DataFrame, methodology: Methodology, code_answers: Any
) -> None:
    alone = draw(answers.assign(region="all"), methodology, code_answers)
    found = compare_regions(alone, methodology, seed=SEED)
    assert found == Unavailable(stage="factors", reason="one_region")
