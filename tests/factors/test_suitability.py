from __future__ import annotations

import warnings
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
    compute_suitability,
)
from clientindex.results import Suitability, Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from clientindex.counts import PairCounts
    from clientindex.methodology import Methodology

CLOSED_FORM = 1e-12
R_DIGITS = 1e-9
"""R's output is stored with 15 significant digits."""

SEED = SeedSequence(0)
ITEMS = [f"{group}{number}" for group in "abc" for number in (1, 2, 3)]


@pytest.fixture(scope="module")
def result(
    r_counts: PairCounts, r_methodology: Methodology, r_strata: Mapping[str, str]
) -> Suitability:
    found = compute_suitability(r_counts, r_methodology, strata=r_strata, seed=SEED)
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
    found = compute_suitability(r_counts, r_methodology_complete, strata=r_strata, seed=SEED)
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


def test_interval_equals_a_bootstrap_that_repeats_the_rows_of_centres(
    result: Suitability, r_answers: pd.DataFrame, r_strata: Mapping[str, str]
) -> None:
    centres = sorted(r_strata)
    strata = [r_strata[centre] for centre in centres]
    weights = draw_centre_weights(strata, 200, np.random.default_rng(SEED))
    position = pd.Index(centres).get_indexer(pd.Index(r_answers["centre"]))
    items = r_answers[ITEMS]
    drawn = [items.loc[np.repeat(items.index, w[position])].corr().to_numpy() for w in weights]
    kmo, msa = compute_sampling_adequacy(np.array(drawn))
    limits = np.quantile(kmo, [0.025, 0.975])
    assert [result.kmo_ci_low, result.kmo_ci_high] == pytest.approx(limits, abs=1e-9)
    found = result.frame[["ci_low", "ci_high"]].to_numpy().T
    assert found == pytest.approx(np.quantile(msa, [0.025, 0.975], axis=0), abs=1e-9)
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
    again = compute_suitability(counts, r_methodology, strata=r_strata, seed=SEED)
    assert isinstance(again, Suitability)
    pd.testing.assert_frame_equal(result.tidy(), again.tidy(), check_exact=True)


def refuse(answers: pd.DataFrame, methodology: Methodology, code_answers: Any) -> Unavailable:
    counts = count_pairs(code_answers(answers, methodology), methodology)
    strata = dict.fromkeys(answers["centre"], "east")
    found = compute_suitability(counts, methodology, strata=strata, seed=SEED)
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
    assert doubled.reason == "not_positive_definite"


def test_contradicting_pairwise_correlations_are_refused_with_their_eigenvalue(
    make_methodology: Any, code_answers: Any
) -> None:
    x, gap = np.array([1.0, 2, 3, 4]), np.full(4, np.nan)
    frame = pd.DataFrame(
        {
            "a": np.concatenate([x, gap, x]),
            "b": np.concatenate([x, x, gap]),
            "c": np.concatenate([gap, x, 5 - x]),
            "centre": ["k1", "k2"] * 6,
        }
    )
    found = refuse(frame, make_methodology({"one": ["a", "b", "c"]}), code_answers)
    assert found.reason == "not_positive_definite"
    assert float(found.detail) == pytest.approx(-1.0)


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
        compute_suitability(r_counts, r_methodology, strata={}, seed=SEED)
