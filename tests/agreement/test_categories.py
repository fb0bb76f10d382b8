"""Agreement in categories: published results through the room, hand counts, input without any."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from scipy.stats import false_discovery_control

from agreement_reference import FILES, read_data, read_reference
from agreement_sources import Model, assert_explained, make_sources, simulate_sources
from clientindex.agreement.categories import assess_categories
from clientindex.agreement.coefficients import compute_krippendorff
from clientindex.agreement.coefficients.ordinal_table import compute_ordinal_alpha
from clientindex.methodology import Methodology
from clientindex.rating.bands import find_stars
from clientindex.results import CategoryAgreement, Unavailable

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.agreement.sources import TwoSources

SEED = np.random.SeedSequence(3)
COEFFICIENTS = ["percent", "kappa", "kappa_linear", "kappa_quadratic", "ac1", "ac2"]
COEFFICIENTS += ["alpha_ordinal"]
PAIR = "irr::anxiety rater1,rater2"
REFERENCE_NAMES = {
    "kappa": "Cohen kappa unweighted",
    "kappa_linear": "Cohen kappa equal",
    "kappa_quadratic": "Cohen kappa squared",
}


def run(
    sources: TwoSources, methodology: Methodology, stars: pd.Series | None = None
) -> CategoryAgreement | Unavailable:
    def find(scores: np.ndarray) -> np.ndarray:
        return find_stars(scores, methodology.stars.bands)

    if stars is None:
        survey = sources.survey[:, 0]
        known = np.isfinite(survey)
        stars = pd.Series(pd.NA, index=list(sources.centres), dtype="Int64")
        stars[known] = find(survey[known])
    return assess_categories(sources, methodology, survey_stars=stars, find_stars=find, seed=SEED)


def rate(
    methodology: Methodology, survey: list[int], checklist: list[int], stars: int
) -> CategoryAgreement:
    """Run on ratings of 1, 2, ...: bands of ten points, every score in the middle of one."""
    raw = methodology.model_dump(by_alias=True)
    raw["stars"]["bands"] = [
        {"stars": k + 1, "from": 10.0 * k, "to": 10.0 * (k + 1) if k + 1 < stars else 100.0}
        for k in range(stars)
    ]
    changed = Methodology.model_validate(raw)
    shape = (len(survey), 3 + len(methodology.indicator_keys))
    spread = [np.broadcast_to(np.array(r)[:, None] * 10.0 - 5, shape) for r in (survey, checklist)]
    sources = make_sources(
        changed,
        survey=spread[0],
        checklist=spread[1],
        covariance=np.zeros((*shape, shape[1])),
        regions=np.array(["R"] * len(survey)),
    )
    found = run(sources, changed)
    assert isinstance(found, CategoryAgreement)
    return found


def get(found: CategoryAgreement, subject: str = "stars") -> pd.DataFrame:
    return found.frame[found.frame["subject"] == subject].set_index("statistic")


def test_kappas_of_stars_are_the_published_ones(
    methodology: Methodology, shared_reference: Path
) -> None:
    ratings = read_data(shared_reference, PAIR).astype(int)
    found = get(rate(methodology, *ratings.T.tolist(), stars=int(ratings.max())))
    rows = read_reference(shared_reference)
    rows = rows[(rows["dataset"] == PAIR) & (rows["trust"] == "ok")]
    compared = 0
    assert PAIR in FILES
    for name, theirs in REFERENCE_NAMES.items():
        for _, row in rows[rows["statistic"] == theirs].iterrows():
            for column, value in (("estimate", "estimate"), ("std_error", "se")):
                if np.isfinite(row[value]):
                    assert found.loc[name, column] == pytest.approx(row[value], rel=1e-9)
                    compared += 1
    assert compared >= 9
    # Two raters have one Krippendorff's alpha.
    alpha = compute_krippendorff(ratings.astype(float), metric="ordinal")
    assert found.loc["alpha_ordinal", "estimate"] == pytest.approx(alpha, rel=1e-12)


def test_percent_and_gwet_by_hand_count_unused_stars(methodology: Methodology) -> None:
    survey, checklist = [1, 1, 2, 2, 2, 3, 3, 1], [1, 2, 2, 2, 3, 3, 3, 3]
    found = get(rate(methodology, survey, checklist, stars=4))
    share = np.array([4, 6, 6, 0]) / 16
    chance = (share * (1 - share)).sum() / 3
    observed = 5 / 8
    assert found.loc["percent", "estimate"] == observed
    assert found.loc["ac1", "estimate"] == pytest.approx((observed - chance) / (1 - chance))
    weights = 1 - (np.arange(4)[:, None] - np.arange(4)) ** 2 / 9
    chance = weights.sum() / 12 * (share * (1 - share)).sum()
    observed = np.mean([weights[a - 1, b - 1] for a, b in zip(survey, checklist, strict=True)])
    assert found.loc["ac2", "estimate"] == pytest.approx((observed - chance) / (1 - chance))
    assert (found["n"] == 8).all()


def test_ordinal_alpha_of_tables_is_krippendorffs() -> None:
    rng = np.random.default_rng(1)
    tables = rng.integers(0, 5, (40, 4, 4)).astype(float)
    tables[:5, :, 2:], tables[:5, 2:] = 0, 0
    found = compute_ordinal_alpha(tables)
    for table, alpha in zip(tables, found, strict=True):
        pairs = [(i, j) for i in range(4) for j in range(4) for _ in range(int(table[i, j]))]
        expected = compute_krippendorff(np.array(pairs, dtype=float), metric="ordinal")
        assert alpha == pytest.approx(expected, rel=1e-10, nan_ok=True)
    single = np.zeros((4, 4))
    single[1, 1] = 7
    assert np.isnan(compute_ordinal_alpha(np.stack([single, 0 * single]))).all()


@pytest.fixture(scope="module")
def sources(methodology: Methodology) -> TwoSources:
    model = Model(centres=150, regions=6, mean=62.0, leniency=5.0, trait_own=4.0)
    return simulate_sources(methodology, model, seed=5).sources


def test_every_subject_has_every_coefficient_and_a_whole_table(sources, methodology) -> None:
    found = run(sources, methodology)
    subjects = ["stars", *methodology.indicator_keys]
    assert found.frame["subject"].unique().tolist() == subjects
    assert found.frame["statistic"].tolist() == COEFFICIENTS * len(subjects)
    assert found.table.groupby("subject")["n"].agg(["sum", "size"]).to_numpy().tolist() == (
        [[150, 25]] * len(subjects)
    )
    for part in (found.frame, found.margins, found.table):
        assert_explained(part)
    assert (found.frame["ci_low"] <= found.frame["estimate"]).all()
    assert (found.frame["ci_high"] >= found.frame["estimate"]).all()
    assert found.left_out.empty
    assert len(found.tidy()) == len(found.frame)
    star = found.table[(found.table["subject"] == "stars") & (found.table["n"] > 0)].iloc[0]
    survey = find_stars(sources.survey[:, 0], methodology.stars.bands)
    checklist = find_stars(sources.checklist[:, 0], methodology.stars.bands)
    same = (survey == star["survey"]) & (checklist == star["checklist"])
    assert star["n"] == same.sum()


def test_margins_are_adjusted_over_indicators(sources, methodology) -> None:
    margins = run(sources, methodology).margins
    stars, indicators = (margins[margins["kind"] == k] for k in ("stars", "indicator"))
    assert stars["q_value"].tolist() == stars["p_value"].tolist()
    expected = false_discovery_control(indicators["p_value"])
    np.testing.assert_allclose(indicators["q_value"], expected)
    # Two categories: McNemar's (b - c)² / (b + c) = (6 - 1)² / 7.
    found = rate(methodology, [1] * 6 + [2] * 4, [2] * 6 + [1] + [2] * 3, stars=2)
    row = found.margins[found.margins["subject"] == "stars"].iloc[0]
    assert (row["statistic"], row["df"]) == (pytest.approx(25 / 7), 1)


def test_the_same_seed_gives_the_same_intervals(sources, methodology) -> None:
    one, two = run(sources, methodology), run(sources, methodology)
    pd.testing.assert_frame_equal(one.frame, two.frame)
    alpha = get(one).loc["alpha_ordinal"]
    width = alpha["ci_high"] - alpha["ci_low"]
    assert width == pytest.approx(2 * 1.96 * alpha["std_error"], rel=0.15)


def test_withheld_stars_have_no_pair(sources, methodology) -> None:
    stars = pd.Series(find_stars(sources.survey[:, 0], methodology.stars.bands))
    stars.index = pd.Index(sources.centres)
    stars = stars.astype("Int64")
    stars.iloc[:40] = pd.NA
    found = run(sources, methodology, stars)
    assert set(get(found)["n"]) == {110}
    assert set(get(found, "a")["n"]) == {150}


def test_one_category_and_perfect_agreement_are_told(methodology) -> None:
    found = rate(methodology, [2] * 9, [2] * 9, stars=3)
    assert found.frame.empty
    assert found.margins.empty
    told = found.left_out[found.left_out["subject"] == "stars"]
    assert dict(zip(told["statistic"], told["reason"], strict=True)) == {
        **dict.fromkeys(COEFFICIENTS, "one_category"),
        "margins": "never_differ",
    }
    found = rate(methodology, [1, 2, 3] * 4, [1, 2, 3] * 4, stars=3)
    assert get(found)["estimate"].tolist() == pytest.approx([1.0] * 7)
    assert set(found.left_out["reason"]) == {"never_differ"}


def test_constant_checklists_agree_by_chance_only(sources, methodology) -> None:
    constant = replace(sources, checklist=np.full_like(sources.checklist, 100.0))
    found = get(run(constant, methodology))
    assert found.loc[["kappa", "kappa_linear", "kappa_quadratic"], "estimate"].tolist() == (
        pytest.approx([0, 0, 0], abs=1e-12)
    )
    assert_explained(found)


@pytest.mark.parametrize("shared", [0, 1, 2])
def test_fewer_than_three_shared_centres_are_refused(sources, methodology, shared) -> None:
    checklist = sources.checklist.copy()
    checklist[shared:] = np.nan
    found = run(replace(sources, checklist=checklist), methodology)
    assert found == Unavailable(stage="agreement", reason="too_few_centres", detail=f"{shared}/3")
    checklist[:, 3] = sources.checklist[:, 3]
    found = run(replace(sources, checklist=checklist), methodology)
    assert found.frame["subject"].unique().tolist() == ["a"]
    assert ["stars", "", "too_few_centres", f"{shared}/3"] in found.left_out.to_numpy().tolist()


def test_four_shared_centres_are_compared(sources, methodology) -> None:
    checklist = sources.checklist.copy()
    checklist[4:] = np.nan
    found = run(replace(sources, checklist=checklist), methodology)
    left_out = set(zip(found.left_out["subject"], found.left_out["statistic"], strict=True))
    undefined = found.frame[found.frame.isna().any(axis=1)]
    assert set(zip(undefined["subject"], undefined["statistic"], strict=True)) <= left_out
