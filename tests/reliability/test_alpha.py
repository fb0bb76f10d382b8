from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pingouin
import pytest
from numpy.random import SeedSequence

from clientindex.counts import (
    add_counts,
    count_pairs,
    draw_centre_weights,
    iterate_batches,
)
from clientindex.errors import StatisticsError
from clientindex.reliability import compute_alpha, compute_cronbach
from clientindex.results import AlphaTable, Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from clientindex.counts import PairCounts
    from clientindex.methodology import Methodology

CLOSED_FORM = 1e-12
R_DIGITS = 1e-9
"""R's output is stored with 15 significant digits."""

SEED = SeedSequence(0)
GROUPS = {"a": slice(0, 3), "b": slice(3, 6), "c": slice(6, 9), "index": slice(0, 9)}
ITEMS = [f"{group}{number}" for group in "abc" for number in (1, 2, 3)]


def key_answers(answers: pd.DataFrame) -> pd.DataFrame:
    return answers[ITEMS].assign(b2=6 - answers["b2"])


def brute_alpha(cov: pd.DataFrame) -> float:
    k = len(cov)
    total = cov.to_numpy().sum()
    return k / (k - 1) * (1 - np.diag(cov).sum() / total)


def compute(
    counts: PairCounts, methodology: Methodology, strata: Mapping[str, str], seed: Any = SEED
) -> AlphaTable:
    result = compute_alpha(counts, methodology, strata=strata, seed=seed)
    assert isinstance(result, AlphaTable)
    return result


def rows_of(result: AlphaTable, segment: str = "all") -> pd.DataFrame:
    return result.frame[result.frame["segment"] == segment].set_index("group")


@pytest.mark.parametrize("missing", ["pairwise", "complete"])
def test_alpha_equals_psych(
    missing: str,
    r_counts: PairCounts,
    r_methodology: Methodology,
    r_methodology_complete: Methodology,
    r_strata: Mapping[str, str],
    r_folder: Path,
) -> None:
    methodology = r_methodology if missing == "pairwise" else r_methodology_complete
    reference = pd.read_csv(r_folder / "alpha.csv").query("missing == @missing").set_index("group")
    result = compute(r_counts, methodology, r_strata)
    rows = rows_of(result).loc[reference.index]
    assert result.missing == missing
    assert rows["estimate"].to_numpy() == pytest.approx(reference["raw_alpha"], abs=R_DIGITS)
    if missing == "complete":  # with gaps psych divides pairwise covariances by other variances
        average = reference["average_r"].to_numpy()
        assert rows["mean_inter_item"].to_numpy() == pytest.approx(average, abs=R_DIGITS)


def test_mean_correlation_is_that_of_r_pairwise(
    r_counts: PairCounts, r_methodology: Methodology, r_strata: Mapping[str, str], r_folder: Path
) -> None:
    r = pd.read_csv(r_folder / "correlations.csv").to_numpy()
    rows = rows_of(compute(r_counts, r_methodology, r_strata))
    for group, columns in GROUPS.items():
        part = r[columns, columns]
        wanted = part[np.triu_indices(len(part), 1)].mean()
        assert rows.loc[group, "mean_inter_item"] == pytest.approx(wanted, abs=R_DIGITS)


@pytest.mark.parametrize("missing", ["pairwise", "listwise"])
def test_alpha_equals_pingouin_at_full_precision(
    missing: str,
    r_answers: pd.DataFrame,
    r_counts: PairCounts,
    r_methodology: Methodology,
    r_methodology_complete: Methodology,
    r_strata: Mapping[str, str],
) -> None:
    keyed = key_answers(r_answers)
    if missing == "listwise":  # pingouin drops rows by group, the methodology by survey
        keyed = keyed.dropna()
    methodology = r_methodology if missing == "pairwise" else r_methodology_complete
    rows = rows_of(compute(r_counts, methodology, r_strata))
    for group, columns in GROUPS.items():
        wanted, _ = pingouin.cronbach_alpha(keyed.iloc[:, columns], nan_policy=missing)
        assert rows.loc[group, "estimate"] == pytest.approx(wanted, abs=CLOSED_FORM)


def test_published_alphas_of_the_bfi_data(
    bfi: pd.DataFrame, bfi_counts: PairCounts, bfi_methodology: Methodology
) -> None:
    """The raw alphas that the documentation of psych::alpha and psych::bfi quotes."""
    strata = dict.fromkeys(bfi["centre"], "nowhere")
    rows = rows_of(compute(bfi_counts, bfi_methodology, strata))
    published = [0.70, 0.73, 0.76, 0.81, 0.60]
    found = rows["estimate"].loc[list(bfi_methodology.group_keys)].to_numpy()
    assert found == pytest.approx(published, abs=0.005)
    for group in bfi_methodology.groups:
        keys = list(group.indicators)
        turned = [k for k in keys if bfi_methodology.indicator(k).direction == "negative"]
        keyed = bfi[keys].assign(**{key: 7 - bfi[key] for key in turned})
        wanted, _ = pingouin.cronbach_alpha(keyed, nan_policy="pairwise")
        assert rows.loc[group.key, "estimate"] == pytest.approx(wanted, abs=CLOSED_FORM)


def test_tau_equivalent_items_follow_spearman_and_brown() -> None:
    for k in (2, 5, 20):
        for r in (0.0, 0.3, 0.9):
            cov = 4.0 * (np.eye(k) * (1 - r) + r)
            wanted = k * r / (1 + (k - 1) * r)
            assert compute_cronbach(cov) == pytest.approx(wanted, abs=CLOSED_FORM)


def test_negative_alpha_is_given_as_it_is_and_no_variance_as_missing() -> None:
    cov = np.array([[[1.0, -0.5], [-0.5, 1.0]], [[1.0, -1.0], [-1.0, 1.0]]])
    alpha = compute_cronbach(cov)
    assert alpha[0] == pytest.approx(-2.0)
    assert np.isnan(alpha[1])


def test_interval_equals_a_bootstrap_that_repeats_the_rows_of_centres(
    r_answers: pd.DataFrame,
    r_counts: PairCounts,
    r_methodology: Methodology,
    r_strata: Mapping[str, str],
) -> None:
    result = compute(r_counts, r_methodology, r_strata)
    centres = sorted(r_strata)
    strata = [r_strata[centre] for centre in centres]
    weights = draw_centre_weights(strata, 200, np.random.default_rng(SEED))
    keyed = key_answers(r_answers)
    position = pd.Index(centres).get_indexer(pd.Index(r_answers["centre"]))
    for group, columns in GROUPS.items():
        part = keyed.iloc[:, columns]
        drawn = [brute_alpha(part.loc[np.repeat(part.index, w[position])].cov()) for w in weights]
        row = rows_of(result).loc[group]
        wanted = [np.std(drawn, ddof=1), *np.quantile(drawn, [0.025, 0.975])]
        found = row[["std_error", "ci_low", "ci_high"]].to_numpy(float)
        assert found == pytest.approx(wanted, abs=1e-10)
    assert result.replicates == 200
    assert result.level == 0.95
    assert result.seed == 0


def test_any_chunking_gives_the_same_bytes(
    r_answers: pd.DataFrame,
    r_methodology: Methodology,
    r_strata: Mapping[str, str],
    code_answers: Any,
) -> None:
    shuffled = r_answers.sample(frac=1, random_state=3)
    whole = count_pairs(code_answers(r_answers, r_methodology), r_methodology)
    batches = iterate_batches(code_answers(shuffled, r_methodology), 7)
    chunked = add_counts(count_pairs(batch, r_methodology) for batch in batches)
    one, two = (compute(counts, r_methodology, r_strata) for counts in (whole, chunked))
    pd.testing.assert_frame_equal(one.frame, two.frame, check_exact=True)


def test_the_seed_decides_the_interval_and_is_not_consumed(
    r_counts: PairCounts, r_methodology: Methodology, r_strata: Mapping[str, str]
) -> None:
    seed = SeedSequence(5)
    one, again = (compute(r_counts, r_methodology, r_strata, seed) for _ in range(2))
    other = compute(r_counts, r_methodology, r_strata, SeedSequence(6))
    pd.testing.assert_frame_equal(one.frame, again.frame, check_exact=True)
    assert (one.frame["ci_low"] != other.frame["ci_low"]).all()
    assert (one.frame["estimate"] == other.frame["estimate"]).all()


def test_clustered_answers_widen_the_interval(make_methodology: Any, code_answers: Any) -> None:
    rng = np.random.default_rng(8)
    centre = np.repeat(np.arange(30), 40)
    quality = rng.normal(size=(30, 1))[centre] + rng.normal(size=(1200, 1))
    latent = quality + rng.normal(size=(1200, 3)) + rng.normal(size=(30, 3))[centre]
    frame = pd.DataFrame(np.clip(np.round(latent + 3), 1, 5), columns=["a", "b", "c"])
    methodology = make_methodology(
        {"one": ["a", "b", "c"]}, intervals={"bootstrap_replicates": 400}
    )
    widths = []
    for labels in (centre, np.arange(1200)):
        names = [f"k{number:04d}" for number in labels]
        answers = frame.assign(centre=names, segment="citizens")
        counts = count_pairs(code_answers(answers, methodology), methodology)
        row = rows_of(compute(counts, methodology, dict.fromkeys(names, "east"))).loc["one"]
        widths.append(row["ci_high"] - row["ci_low"])
    clustered, independent = widths
    assert clustered > 1.5 * independent


def test_a_segment_has_the_rows_it_would_have_alone(
    r_answers: pd.DataFrame,
    make_methodology: Any,
    r_strata: Mapping[str, str],
    code_answers: Any,
) -> None:
    methodology = make_methodology(
        {"a": ITEMS[:3], "b": ITEMS[3:6]},
        reversed_keys=("b2",),
        segments=("citizens", "employers"),
        intervals={"bootstrap_replicates": 100},
    )
    half = np.arange(len(r_answers)) % 2 == 0
    answers = r_answers.assign(segment=np.where(half, "citizens", "employers"))
    counts = count_pairs(code_answers(answers, methodology), methodology)
    alone = count_pairs(code_answers(answers[~half], methodology), methodology)
    result = compute(counts, methodology, r_strata)
    assert result.frame["segment"].unique().tolist() == ["all", "citizens", "employers"]
    assert rows_of(result).index.tolist() == ["a", "b", "index"]
    pd.testing.assert_frame_equal(
        rows_of(result, "employers").drop(columns="segment", errors="ignore"),
        rows_of(compute(alone, methodology, r_strata)).drop(columns="segment", errors="ignore"),
    )
    assert rows_of(result)["n_centres"].tolist() == [24] * 3


def test_reversing_an_indicator_and_its_key_changes_nothing(
    r_answers: pd.DataFrame,
    r_counts: PairCounts,
    r_methodology: Methodology,
    make_methodology: Any,
    r_strata: Mapping[str, str],
    code_answers: Any,
) -> None:
    groups = {group.key: list(group.indicators) for group in r_methodology.groups}
    changes = {"intervals": {"bootstrap_replicates": 200}}
    forward = make_methodology(groups, **changes)
    turned = r_answers.assign(b2=6 - r_answers["b2"])
    counts = count_pairs(code_answers(turned, forward), forward)
    one, two = compute(r_counts, r_methodology, r_strata), compute(counts, forward, r_strata)
    pd.testing.assert_frame_equal(one.frame, two.frame, check_exact=True)


def test_groups_of_one_indicator_have_no_row(
    r_answers: pd.DataFrame,
    make_methodology: Any,
    r_strata: Mapping[str, str],
    code_answers: Any,
) -> None:
    methodology = make_methodology({"lone": ["a1"], "pair": ["a2", "a3"]})
    counts = count_pairs(code_answers(r_answers, methodology), methodology)
    assert rows_of(compute(counts, methodology, r_strata)).index.tolist() == ["pair", "index"]


def refuse(answers: pd.DataFrame, methodology: Methodology, code_answers: Any) -> Unavailable:
    counts = count_pairs(code_answers(answers, methodology), methodology)
    strata = dict.fromkeys(answers["centre"], "east")
    result = compute_alpha(counts, methodology, strata=strata, seed=SEED)
    assert isinstance(result, Unavailable)
    assert result.stage == "reliability"
    return result


def test_undefined_alphas_say_why(
    r_answers: pd.DataFrame, make_methodology: Any, code_answers: Any
) -> None:
    methodology = make_methodology({"one": ["a1", "a2"], "two": ["b1"]})
    one_centre = refuse(r_answers.assign(centre="c00"), methodology, code_answers)
    assert one_centre.reason == "one_centre"
    constant = refuse(r_answers.assign(a2=4, b1=5), methodology, code_answers)
    assert (constant.reason, constant.detail) == ("zero_variance", "a2, b1")
    unanswered = refuse(r_answers.assign(b1=np.nan), methodology, code_answers)
    assert unanswered.reason == "too_few_answers"
    assert "b1" in unanswered.detail
    lonely = refuse(r_answers, make_methodology({"one": ["a1"]}), code_answers)
    assert lonely.reason == "too_few_indicators"
    opposed = refuse(r_answers.assign(a2=6 - r_answers["a1"]), methodology, code_answers)
    assert (opposed.reason, opposed.detail) == ("not_positive_definite", "one")


@pytest.mark.parametrize("n", [11, 31, 42, 49, 52])
def test_answers_that_always_add_up_to_the_same_have_no_alpha(
    n: int, make_methodology: Any, code_answers: Any
) -> None:
    rng = np.random.default_rng(n)
    a, b = rng.integers(1, 5, n), rng.integers(1, 5, n)
    answers = pd.DataFrame({"a": a, "b": b, "c": 10 - a - b, "segment": "citizens"})
    answers["centre"] = [f"k{row % 5}" for row in range(n)]
    found = refuse(answers, make_methodology({"one": ["a", "b", "c"]}, maximum=10), code_answers)
    assert (found.reason, found.detail) == ("not_positive_definite", "one")


def test_a_segment_where_alpha_is_undefined_is_left_out(
    r_answers: pd.DataFrame,
    make_methodology: Any,
    r_strata: Mapping[str, str],
    code_answers: Any,
) -> None:
    methodology = make_methodology({"a": ITEMS[:3]}, segments=("citizens", "employers"))
    employers = np.arange(len(r_answers)) % 3 == 0
    answers = r_answers.assign(segment=np.where(employers, "employers", "citizens"))
    answers.loc[employers, "a1"] = 5
    counts = count_pairs(code_answers(answers, methodology), methodology)
    result = compute(counts, methodology, r_strata)
    assert result.frame["segment"].unique().tolist() == ["all", "citizens"]


def test_replicates_without_variance_are_counted_out(
    make_methodology: Any, code_answers: Any
) -> None:
    flat = pd.DataFrame({"a": [3.0] * 4, "b": [3.0] * 4, "centre": "k1"})
    varied = pd.DataFrame({"a": [1.0, 2, 4, 5], "b": [1.0, 3, 4, 5], "centre": "k2"})
    answers = pd.concat([flat, varied]).assign(segment="citizens")
    methodology = make_methodology({"one": ["a", "b"]}, intervals={"bootstrap_replicates": 400})
    counts = count_pairs(code_answers(answers, methodology), methodology)
    result = compute(counts, methodology, {"k1": "east", "k2": "east"})
    weights = draw_centre_weights(["east", "east"], 400, np.random.default_rng(SEED))
    assert result.replicates == np.count_nonzero(weights[:, 1])
    assert result.replicates < 400


def test_a_centre_without_a_region_is_refused(
    r_counts: PairCounts, r_methodology: Methodology, r_strata: Mapping[str, str]
) -> None:
    partial = {centre: region for centre, region in r_strata.items() if centre != "c07"}
    with pytest.raises(StatisticsError, match="no region is known for centres c07"):
        compute_alpha(r_counts, r_methodology, strata=partial, seed=SEED)


def test_a_seed_that_is_not_one_integer_is_refused(
    r_counts: PairCounts, r_methodology: Methodology, r_strata: Mapping[str, str]
) -> None:
    with pytest.raises(StatisticsError, match="one integer"):
        compute_alpha(r_counts, r_methodology, strata=r_strata, seed=SeedSequence([1, 2]))
    child = SeedSequence(2026).spawn(3)[1]
    assert compute(r_counts, r_methodology, r_strata, child).seed == 2026


def test_tidy_has_a_row_for_every_estimate(
    r_counts: PairCounts, r_methodology: Methodology, r_strata: Mapping[str, str]
) -> None:
    tidy = compute(r_counts, r_methodology, r_strata).tidy()
    assert tidy["subject"].tolist() == ["a", "b", "c", "index"], "one segment is not told twice"
    assert tidy["estimate"].between(tidy["ci_low"], tidy["ci_high"]).all()
    assert (tidy["method"] == "percentile bootstrap over centres (200), pairwise").all()
