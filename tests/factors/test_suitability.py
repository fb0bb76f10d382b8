from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from factor_analyzer.factor_analyzer import calculate_bartlett_sphericity, calculate_kmo
from numpy.random import SeedSequence

from clientindex.counts import (
    add_counts,
    compute_correlation,
    count_pairs,
    draw_centre_weights,
    iterate_batches,
)
from clientindex.errors import StatisticsError
from clientindex.factors import (
    compute_bartlett,
    compute_centre_sums,
    compute_sampling_adequacy,
    compute_smc,
    compute_suitability,
)
from clientindex.factors.sample import draw_factor_sample
from clientindex.results import Suitability, Unavailable
from weighted_rows import correlate_rows, percentiles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientindex.counts import PairCounts
    from clientindex.methodology import Methodology

CLOSED_FORM = 1e-12
R_DIGITS = 1e-9
"""R's output is stored with 15 significant digits."""

SEED = SeedSequence(0)
ITEMS = [f"{group}{number}" for group in "abc" for number in (1, 2, 3)]

NUMBER = Path(__file__).parents[1] / "reference" / "number"
"""Answers of 800 respondents to 20 questions in five groups, and what psych says of them."""

PSYCH_POLYCHORIC = 1e-4
"""Correlations of psych are up to 2e-5 from the root; partial ones carry that on."""


def lead_with(methodology: Methodology, correlations: str) -> Methodology:
    settings = methodology.factors.model_copy(update={"correlations": correlations})
    return methodology.model_copy(update={"factors": settings})


def draw_and_compute(
    counts: PairCounts,
    methodology: Methodology,
    strata: Mapping[str, str],
    correlations: str = "pearson",
) -> Suitability | Unavailable:
    sample = draw_factor_sample(counts, methodology, strata=strata, seed=SEED)
    if isinstance(sample, Unavailable):
        return sample
    return compute_suitability(sample, lead_with(methodology, correlations))


@pytest.fixture(scope="module")
def result(
    r_counts: PairCounts, r_methodology: Methodology, r_strata: Mapping[str, str]
) -> Suitability:
    found = draw_and_compute(r_counts, r_methodology, r_strata)
    assert isinstance(found, Suitability)
    return found


def test_keyed_pairwise_correlations_equal_those_of_r(
    r_counts: PairCounts, r_methodology: Methodology, r_folder: Path
) -> None:
    total = compute_centre_sums(r_counts, r_methodology).sums.total()
    wanted = pd.read_csv(r_folder / "correlations.csv").to_numpy()
    assert compute_correlation(total) == pytest.approx(wanted, abs=R_DIGITS)


def test_sampling_adequacy_equals_psych(result: Suitability, r_folder: Path) -> None:
    reference = pd.read_csv(r_folder / "kmo.csv").set_index("indicator")["msa"]
    assert result.kmo == pytest.approx(reference["index"], abs=R_DIGITS)
    assert result.frame["indicator"].tolist() == ITEMS
    assert result.frame["msa"].to_numpy() == pytest.approx(reference[ITEMS], abs=R_DIGITS)


def test_bartlett_and_determinant_equal_psych(result: Suitability, r_folder: Path) -> None:
    reference = pd.read_csv(r_folder / "bartlett.csv").loc[0]
    assert result.n == reference["n"]
    assert result.bartlett_df == reference["df"]
    assert result.bartlett_chi2 == pytest.approx(reference["chi2"], rel=R_DIGITS)
    assert result.bartlett_p == pytest.approx(reference["p"], rel=1e-6)
    assert result.determinant == pytest.approx(reference["determinant"], rel=R_DIGITS)


def test_complete_answers_agree_with_factor_analyzer(
    r_answers: pd.DataFrame,
    r_counts: PairCounts,
    r_methodology_complete: Methodology,
    r_strata: Mapping[str, str],
) -> None:
    whole = r_answers[ITEMS].dropna()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # factor_analyzer falls back to a pseudo-inverse aloud
        msa, kmo = calculate_kmo(whole)
        chi2, p = calculate_bartlett_sphericity(whole)
    found = draw_and_compute(r_counts, r_methodology_complete, r_strata)
    assert isinstance(found, Suitability)
    assert found.n == len(whole)
    assert found.missing == "complete"
    assert found.kmo == pytest.approx(kmo, abs=R_DIGITS)
    assert found.frame["msa"].to_numpy() == pytest.approx(msa, abs=R_DIGITS)
    assert found.bartlett_chi2 == pytest.approx(chi2, rel=R_DIGITS)
    assert found.bartlett_p == pytest.approx(p, rel=1e-6)


@pytest.mark.parametrize(("k", "r"), [(2, 0.4), (5, 0.3), (20, 0.6)])
def test_equal_correlations_have_a_closed_form(k: int, r: float) -> None:
    matrix = np.eye(k) * (1 - r) + r
    partial = r / (1 + (k - 2) * r)
    wanted = r**2 / (r**2 + partial**2)
    kmo, msa = compute_sampling_adequacy(matrix)
    assert kmo == pytest.approx(wanted, abs=CLOSED_FORM)
    assert msa == pytest.approx(np.full(k, wanted), abs=CLOSED_FORM)
    chi2, df, _ = compute_bartlett(matrix, 100)
    log_det = (k - 1) * np.log(1 - r) + np.log(1 + (k - 1) * r)
    assert chi2 == pytest.approx(-(99 - (2 * k + 5) / 6) * log_det)
    assert df == k * (k - 1) / 2


def test_uncorrelated_indicators_are_not_distinguished_from_chance() -> None:
    chi2, _, p = compute_bartlett(np.eye(6), 100)
    assert (chi2, p) == (0, 1)


def test_interval_equals_a_bootstrap_that_weights_the_rows_of_centres(
    result: Suitability, r_answers: pd.DataFrame, r_strata: Mapping[str, str]
) -> None:
    centres = sorted(r_strata)
    strata = [r_strata[centre] for centre in centres]
    weights = draw_centre_weights(strata, 200, np.random.default_rng(SEED))
    position = pd.Index(centres).get_indexer(pd.Index(r_answers["centre"]))
    items = r_answers[ITEMS]
    drawn = [correlate_rows(items, w[position]) for w in weights]
    kmo, msa = compute_sampling_adequacy(np.array(drawn))
    limits = percentiles(kmo)
    assert [result.kmo_ci_low, result.kmo_ci_high] == pytest.approx(limits, abs=1e-9)
    found = result.frame[["ci_low", "ci_high"]].to_numpy().T
    assert found == pytest.approx(np.array(percentiles(msa)), abs=1e-9)
    assert result.replicates == 200


def test_any_chunking_gives_the_same_bytes(
    result: Suitability,
    r_answers: pd.DataFrame,
    r_methodology: Methodology,
    r_strata: Mapping[str, str],
    code_answers: Any,
) -> None:
    shuffled = r_answers.sample(frac=1, random_state=3)
    batches = iterate_batches(code_answers(shuffled, r_methodology), 11)
    counts = add_counts(count_pairs(batch, r_methodology) for batch in batches)
    again = draw_and_compute(counts, r_methodology, r_strata)
    assert isinstance(again, Suitability)
    pd.testing.assert_frame_equal(result.tidy(), again.tidy(), check_exact=True)


def refuse(answers: pd.DataFrame, methodology: Methodology, code_answers: Any) -> Unavailable:
    counts = count_pairs(code_answers(answers, methodology), methodology)
    strata = dict.fromkeys(answers["centre"], "east")
    found = draw_and_compute(counts, methodology, strata)
    assert isinstance(found, Unavailable)
    assert found.stage == "factors"
    return found


def test_undefined_correlations_say_why(
    r_answers: pd.DataFrame, make_methodology: Any, code_answers: Any
) -> None:
    methodology = make_methodology({"one": ["a1", "a2", "a3"]})
    assert refuse(r_answers.assign(centre="c00"), methodology, code_answers).reason == "one_centre"
    constant = refuse(r_answers.assign(a2=4), methodology, code_answers)
    assert (constant.reason, constant.detail) == ("zero_variance", "a2")
    lonely = refuse(r_answers, make_methodology({"one": ["a1"]}), code_answers)
    assert lonely.reason == "too_few_indicators"
    doubled = refuse(r_answers.assign(a2=r_answers["a1"]), methodology, code_answers)
    assert (doubled.reason, doubled.detail) == ("identical_indicators", "a1, a2")


def test_contradicting_pairwise_correlations_are_refused_with_their_eigenvalue(
    make_methodology: Any, code_answers: Any
) -> None:
    """Correlations of 0.8, 0.8 and -0.8 have the eigenvalue 1 - 2 * 0.8."""
    x, y, gap = np.array([1.0, 2, 3, 4]), np.array([1.0, 2, 4, 3]), np.full(4, np.nan)
    frame = pd.DataFrame(
        {
            "a": np.concatenate([x, gap, x]),
            "b": np.concatenate([y, x, gap]),
            "c": np.concatenate([gap, y, 5 - y]),
            "centre": ["k1", "k2"] * 6,
        }
    )
    found = refuse(frame, make_methodology({"one": ["a", "b", "c"]}), code_answers)
    assert found.reason == "not_positive_definite"
    assert float(found.detail) == pytest.approx(-0.6)


def test_an_interval_from_few_usable_replicates_is_refused(
    make_methodology: Any, code_answers: Any
) -> None:
    flat = np.full(4, 3.0)
    blocks = []
    for number in range(3):  # each centre alone tells of one indicator's variance
        block = dict.fromkeys("abc", flat) | {"abc"[number]: np.array([1.0, 2, 4, 5])}
        blocks.append(pd.DataFrame(block).assign(centre=f"k{number}"))
    methodology = make_methodology({"one": ["a", "b", "c"]})
    found = refuse(pd.concat(blocks, ignore_index=True), methodology, code_answers)
    assert found.reason == "unstable_resampling"
    assert found.detail.endswith("/1000")


def test_a_centre_without_a_region_is_refused(
    r_counts: PairCounts, r_methodology: Methodology
) -> None:
    with pytest.raises(StatisticsError, match="no region is known for centres c00, c01"):
        draw_and_compute(r_counts, r_methodology, {})


def test_both_kinds_of_correlations_stand_side_by_side_and_one_leads(
    r_counts: PairCounts, r_methodology: Methodology, r_strata: Mapping[str, str]
) -> None:
    sample = draw_factor_sample(r_counts, r_methodology, strata=r_strata, seed=SEED)
    for basis in ("pearson", "polychoric"):
        found = compute_suitability(sample, lead_with(r_methodology, basis))
        assert found.basis == basis
        kmo, msa = compute_sampling_adequacy(sample.correlations[basis])
        assert found.kmo == pytest.approx(kmo, abs=CLOSED_FORM)
        assert found.frame["msa"].to_numpy() == pytest.approx(msa, abs=CLOSED_FORM)
        rows = found.by_basis.loc[found.by_basis["basis"] == basis].set_index("statistic")
        assert rows.loc["smc", "estimate"].to_numpy() == pytest.approx(
            compute_smc(sample.correlations[basis]), abs=CLOSED_FORM
        )
        assert rows.loc["determinant", "estimate"] == pytest.approx(found.determinant)
        assert rows.loc["bartlett_chi2", "estimate"] == pytest.approx(found.bartlett_chi2)
    assert set(found.by_basis["basis"]) == {"pearson", "polychoric"}
    assert not found.uninformative


def test_a_group_is_measured_by_its_own_indicators(
    r_counts: PairCounts, r_methodology: Methodology, r_strata: Mapping[str, str]
) -> None:
    sample = draw_factor_sample(r_counts, r_methodology, strata=r_strata, seed=SEED)
    found = compute_suitability(sample, r_methodology)
    r, drawn = sample.correlations["polychoric"], sample.replicates["polychoric"]
    for row, members in zip(found.groups.itertuples(), np.arange(9).reshape(3, 3), strict=True):
        own = np.ix_(members, members)
        assert row.estimate == pytest.approx(compute_sampling_adequacy(r[own])[0], abs=CLOSED_FORM)
        replicates = [compute_sampling_adequacy(each[own])[0] for each in drawn]
        ends = percentiles(replicates)
        assert [row.ci_low, row.ci_high] == pytest.approx(ends, abs=1e-9)
    assert found.groups["group"].tolist() == ["a", "b", "c"]


def test_squared_multiple_correlations_are_those_of_a_regression() -> None:
    r = np.array([[1, 0.5, 0.3], [0.5, 1, 0.4], [0.3, 0.4, 1]])
    explained = r[0, 1:] @ np.linalg.solve(r[1:, 1:], r[0, 1:])
    assert compute_smc(r)[0] == pytest.approx(explained, abs=CLOSED_FORM)


def test_indicators_without_any_correlation_have_no_adequacy(
    r_counts: PairCounts, r_methodology: Methodology, r_strata: Mapping[str, str]
) -> None:
    sample = draw_factor_sample(r_counts, r_methodology, strata=r_strata, seed=SEED)
    flat = replace(sample, correlations=dict.fromkeys(("pearson", "polychoric"), np.eye(9)))
    found = compute_suitability(flat, r_methodology)
    assert isinstance(found, Unavailable)
    assert found.reason == "no_correlation"


def test_many_respondents_make_the_chi_square_uninformative(
    r_counts: PairCounts, r_methodology: Methodology, r_strata: Mapping[str, str]
) -> None:
    sample = draw_factor_sample(r_counts, r_methodology, strata=r_strata, seed=SEED)
    found = compute_suitability(replace(sample, n=100_001), r_methodology)
    assert found.uninformative


def read_psych(name: str) -> pd.Series:
    table = pd.read_csv(NUMBER / "suitability.csv")
    return table[table["set"] == name].set_index(["statistic", "subject"])["value"]


@pytest.mark.parametrize(
    ("name", "path", "n"),
    [
        ("hs", NUMBER.parent / "exploratory" / "hs_correlations.csv", 301),
        ("polychoric", NUMBER / "polychoric.csv", 800),
    ],
)
def test_every_measure_of_a_given_matrix_equals_psych(name: str, path: Path, n: int) -> None:
    r, psych = pd.read_csv(path).to_numpy(), read_psych(name)
    kmo, msa = compute_sampling_adequacy(r)
    assert kmo == pytest.approx(psych["kmo", "index"], abs=R_DIGITS)
    assert msa == pytest.approx(psych["msa"].to_numpy(), abs=R_DIGITS)
    assert compute_smc(r) == pytest.approx(psych["smc"].to_numpy(), abs=R_DIGITS)
    assert np.linalg.det(r) == pytest.approx(psych["determinant", "index"], rel=R_DIGITS)
    chi2, df, p = compute_bartlett(r, n)
    assert chi2 == pytest.approx(psych["bartlett_chi2", "index"], rel=R_DIGITS)
    assert df == psych["bartlett_df", "index"]
    assert p == pytest.approx(psych["bartlett_p", "index"], rel=1e-6, abs=1e-300)
    groups = psych["kmo"].drop("index")
    size = len(r) // len(groups)
    for number, wanted in enumerate(groups):
        own = np.s_[number * size : (number + 1) * size, number * size : (number + 1) * size]
        assert compute_sampling_adequacy(r[own])[0] == pytest.approx(wanted, abs=R_DIGITS)


@pytest.mark.parametrize(
    ("basis", "tolerance"), [("pearson", R_DIGITS), ("polychoric", PSYCH_POLYCHORIC)]
)
def test_suitability_of_answers_equals_psych_for_both_kinds_of_correlations(
    basis: str, tolerance: float, make_methodology: Any, code_answers: Any
) -> None:
    answers = pd.read_csv(NUMBER / "answers.csv").assign(segment="citizens")
    groups = {group: [f"{group}{number}" for number in range(1, 5)] for group in "abcde"}
    methodology = make_methodology(groups, intervals={"bootstrap_replicates": 100})
    counts = count_pairs(code_answers(answers, methodology), methodology)
    strata = dict.fromkeys(answers["centre"], "east")
    found = draw_and_compute(counts, methodology, strata, basis)
    assert isinstance(found, Suitability)
    psych = read_psych(basis)
    keys = found.frame["indicator"].tolist()
    for measure in ("msa", "smc"):
        wanted = psych[measure][keys].to_numpy()
        assert found.frame[measure].to_numpy() == pytest.approx(wanted, abs=tolerance)
    of_groups = psych["kmo"][found.groups["group"].tolist()].to_numpy()
    assert found.groups["estimate"].to_numpy() == pytest.approx(of_groups, abs=tolerance)
    assert found.kmo == pytest.approx(psych["kmo", "index"], abs=tolerance)
    assert found.determinant == pytest.approx(psych["determinant", "index"], rel=10 * tolerance)
    assert found.bartlett_chi2 == pytest.approx(psych["bartlett_chi2", "index"], rel=tolerance)
    assert found.bartlett_df == 190
    for table in (found.frame, found.groups):
        assert (table["ci_low"] < table["ci_high"]).all()
    other = found.by_basis[found.by_basis["basis"] != basis]
    rows = other.set_index(["statistic", "subject"])["estimate"]
    lagging = read_psych(other["basis"].iloc[0])
    for statistic in ("kmo", "msa", "smc"):
        wanted = lagging[statistic][rows[statistic].index].to_numpy()
        assert rows[statistic].to_numpy() == pytest.approx(wanted, abs=PSYCH_POLYCHORIC)


def test_a_group_of_one_has_no_adequacy_and_one_of_two_says_nothing(
    r_answers: pd.DataFrame, make_methodology: Any, code_answers: Any
) -> None:
    methodology = make_methodology({"one": ["a1"], "two": ["b1", "b3"], "rest": ["c1", "c2"]})
    counts = count_pairs(code_answers(r_answers, methodology), methodology)
    found = draw_and_compute(counts, methodology, dict.fromkeys(r_answers["centre"], "east"))
    assert isinstance(found, Suitability)
    groups = found.groups.set_index("group")
    assert groups.loc["one"].isna().all()
    assert groups.loc[["two", "rest"]].to_numpy() == pytest.approx(np.full((2, 3), 0.5))
