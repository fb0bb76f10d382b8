"""Alpha of groups as other programs have it, whatever is missing, reversed, split or resampled."""

import numpy as np
import pandas as pd
import pingouin
import pytest
from numpy.random import SeedSequence

from clientindex.counts import add_counts, count_pairs, draw_centre_weights, iterate_batches
from clientindex.errors import StatisticsError
from clientindex.reliability.consistency import assess_consistency
from clientindex.reliability.scopes import list_scopes
from weighted_rows import alpha_of_rows, percentiles

FULL_PRECISION = 1e-12
R_DIGITS = 1e-9
"""R's output of tests/reference/psychometrics is stored with 15 significant digits."""

SEED = SeedSequence(0)
GROUPS = {"a": slice(0, 3), "b": slice(3, 6), "c": slice(6, 9), "index": slice(0, 9)}
ITEMS = [f"{group}{number}" for group in "abc" for number in (1, 2, 3)]


def key_answers(answers):
    return answers[ITEMS].assign(b2=6 - answers["b2"])


def compute(counts, methodology, strata, seed=SEED):
    """Assess everybody and segments."""
    scopes = list_scopes(counts, methodology, strata, kinds=["segment"])
    return assess_consistency(scopes, methodology, seed=seed)


def rows_of(result, statistic="alpha", *, kind="all", part="all"):
    frame = result.frame
    chosen = (frame["kind"] == kind) & (frame["part"] == part) & (frame["method"] == "bootstrap")
    return frame[chosen & (frame["statistic"] == statistic)].set_index("group")


@pytest.fixture(scope="module")
def pairwise(r_counts, r_methodology, r_strata):
    return compute(r_counts, r_methodology, r_strata)


@pytest.fixture(scope="module")
def complete(r_counts, r_methodology_complete, r_strata):
    return compute(r_counts, r_methodology_complete, r_strata)


@pytest.mark.parametrize("missing", ["pairwise", "complete"])
def test_alpha_is_that_of_psych_with_answers_missing(missing, request, r_folder):
    reference = pd.read_csv(r_folder / "alpha.csv").query("missing == @missing").set_index("group")
    result = request.getfixturevalue(missing)
    assert result.missing == missing
    rows = rows_of(result).loc[reference.index]
    assert rows["estimate"].to_numpy() == pytest.approx(reference["raw_alpha"], abs=R_DIGITS)
    mean = rows_of(result, "mean_inter_item").loc[reference.index, "estimate"].to_numpy()
    assert mean == pytest.approx(reference["average_r"].to_numpy(), abs=R_DIGITS)


@pytest.mark.parametrize("missing", ["pairwise", "complete"])
def test_alpha_is_that_of_pingouin_at_full_precision(missing, request, r_answers):
    keyed = key_answers(r_answers)
    policy = missing
    if missing == "complete":  # pingouin drops rows by group, the methodology by survey
        keyed, policy = keyed.dropna(), "listwise"
    rows = rows_of(request.getfixturevalue(missing))
    for group, columns in GROUPS.items():
        wanted, _ = pingouin.cronbach_alpha(keyed.iloc[:, columns], nan_policy=policy)
        assert rows.loc[group, "estimate"] == pytest.approx(wanted, abs=FULL_PRECISION)


def test_published_alphas_of_the_bfi_data(bfi, bfi_counts, bfi_methodology):
    """The raw alphas that the documentation of psych::alpha and psych::bfi quotes."""
    few = bfi_methodology.intervals.model_copy(update={"bootstrap_replicates": 100})
    methodology = bfi_methodology.model_copy(update={"intervals": few})
    rows = rows_of(compute(bfi_counts, methodology, dict.fromkeys(bfi["centre"], "nowhere")))
    found = rows["estimate"].loc[list(methodology.group_keys)].to_numpy()
    assert found == pytest.approx([0.70, 0.73, 0.76, 0.81, 0.60], abs=0.005)
    for group in methodology.groups:
        keys = list(group.indicators)
        turned = [k for k in keys if methodology.indicator(k).direction == "negative"]
        keyed = bfi[keys].assign(**{key: 7 - bfi[key] for key in turned})
        wanted, _ = pingouin.cronbach_alpha(keyed, nan_policy="pairwise")
        assert rows.loc[group.key, "estimate"] == pytest.approx(wanted, abs=FULL_PRECISION)


def test_interval_is_a_bootstrap_that_weights_the_rows_of_centres(pairwise, r_answers, r_strata):
    centres = sorted(r_strata)
    regions = [r_strata[centre] for centre in centres]
    weights = draw_centre_weights(regions, 200, np.random.default_rng(SEED))
    keyed = key_answers(r_answers)
    position = pd.Index(centres).get_indexer(pd.Index(r_answers["centre"]))
    for group, columns in GROUPS.items():
        part = keyed.iloc[:, columns]
        drawn = [alpha_of_rows(part, w[position]) for w in weights]
        row = rows_of(pairwise).loc[group]
        wanted = [np.std(drawn, ddof=1), *percentiles(drawn)]
        found = row[["std_error", "ci_low", "ci_high"]].to_numpy(float)
        assert found == pytest.approx(wanted, abs=1e-10)
    assert (pairwise.replicates, pairwise.level, pairwise.seed) == (200, 0.95, 0)


def test_any_chunking_and_order_give_the_same_bytes(
    pairwise, r_answers, r_methodology, r_strata, code_answers
):
    shuffled = r_answers.sample(frac=1, random_state=3)
    batches = iterate_batches(code_answers(shuffled, r_methodology), 7)
    chunked = add_counts(count_pairs(batch, r_methodology) for batch in batches)
    again = compute(chunked, r_methodology, r_strata)
    pd.testing.assert_frame_equal(pairwise.frame, again.frame, check_exact=True)


def test_the_seed_decides_the_interval_and_is_not_consumed(r_counts, r_methodology, r_strata):
    seed = SeedSequence(5)
    one, again = (compute(r_counts, r_methodology, r_strata, seed) for _ in range(2))
    other = compute(r_counts, r_methodology, r_strata, SeedSequence(6))
    pd.testing.assert_frame_equal(one.frame, again.frame, check_exact=True)
    assert (rows_of(one)["ci_low"] != rows_of(other)["ci_low"]).all()
    assert (rows_of(one)["estimate"] == rows_of(other)["estimate"]).all()
    sampled = rows_of(one, "lambda_4")["estimate"] == rows_of(other, "lambda_4")["estimate"]
    assert sampled.all()  # nine indicators have 126 splits: all of them


def test_a_seed_is_told_by_the_integer_that_it_came_from(r_counts, r_methodology, r_strata):
    child = SeedSequence(2026).spawn(3)[1]
    assert compute(r_counts, r_methodology, r_strata, child).seed == 2026
    with pytest.raises(StatisticsError, match="one integer"):
        compute(r_counts, r_methodology, r_strata, SeedSequence([1, 2]))


def test_clustered_answers_widen_the_interval(make_methodology, code_answers):
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
        result = compute(counts, methodology, dict.fromkeys(names, "east"))
        row = rows_of(result).loc["one"]
        widths.append(row["ci_high"] - row["ci_low"])
        feldt = result.frame[(result.frame["method"] == "feldt")].iloc[0]
    clustered, independent = widths
    assert clustered > 1.5 * independent
    assert independent == pytest.approx(feldt["ci_high"] - feldt["ci_low"], rel=0.15)


def test_a_segment_has_the_rows_it_would_have_alone(
    r_answers, make_methodology, r_strata, code_answers
):
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
    employers = result.frame[result.frame["part"] == "employers"]
    whole = compute(alone, methodology, r_strata).frame
    pd.testing.assert_frame_equal(
        employers.drop(columns=["kind", "part"]).reset_index(drop=True),
        whole[whole["kind"] == "all"].drop(columns=["kind", "part"]).reset_index(drop=True),
        check_exact=True,
    )
    assert set(result.frame.loc[result.frame["kind"] == "segment", "part"]) == {
        "citizens",
        "employers",
    }


def test_reversing_an_indicator_and_its_key_changes_nothing(
    pairwise, r_answers, r_methodology, make_methodology, r_strata, code_answers
):
    groups = {group.key: list(group.indicators) for group in r_methodology.groups}
    forward = make_methodology(groups, intervals={"bootstrap_replicates": 200})
    turned = r_answers.assign(b2=6 - r_answers["b2"])
    counts = count_pairs(code_answers(turned, forward), forward)
    again = compute(counts, forward, r_strata)
    linear = ~pairwise.frame["statistic"].isin(["ordinal_alpha", "latent_omega", "green_yang"])
    pd.testing.assert_frame_equal(pairwise.frame[linear], again.frame[linear], check_exact=True)
    pd.testing.assert_frame_equal(pairwise.frame[~linear], again.frame[~linear], rtol=0, atol=1e-6)


@pytest.mark.parametrize("n", [11, 31, 42, 49, 52])
def test_answers_that_always_add_up_to_the_same_have_no_alpha(n, make_methodology, code_answers):
    """By cancellation their sum keeps a variance of 1e-16 or so, of either sign."""
    rng = np.random.default_rng(n)
    a, b = rng.integers(1, 5, n), rng.integers(1, 5, n)
    answers = pd.DataFrame({"a": a, "b": b, "c": 10 - a - b, "segment": "citizens"})
    answers["centre"] = [f"k{row % 5}" for row in range(n)]
    methodology = make_methodology(
        {"one": ["a", "b", "c"]}, maximum=10, intervals={"bootstrap_replicates": 100}
    )
    counts = count_pairs(code_answers(answers, methodology), methodology)
    result = compute(counts, methodology, dict.fromkeys(answers["centre"], "east"))
    reasons = result.left_out[result.left_out["group"] == "one"].set_index("statistic")
    assert reasons.loc["alpha", "reason"] == "no_total_variance"
    assert not len(rows_of(result))


def test_replicates_without_variance_are_left_out_of_the_interval(make_methodology, code_answers):
    """Of three centres one never differs: a ninth of the resamples is that one twice."""
    flat = pd.DataFrame({"a": [3.0] * 4, "b": [3.0] * 4, "centre": "k1"})
    varied = pd.DataFrame({"a": [1.0, 2, 4, 5], "b": [1.0, 3, 4, 5], "centre": "k2"})
    other = pd.DataFrame({"a": [2.0, 2, 5, 5], "b": [1.0, 2, 3, 5], "centre": "k3"})
    answers = pd.concat([flat, varied, other], ignore_index=True).assign(segment="citizens")
    methodology = make_methodology({"one": ["a", "b"]}, intervals={"bootstrap_replicates": 400})
    counts = count_pairs(code_answers(answers, methodology), methodology)
    result = compute(counts, methodology, dict.fromkeys(["k1", "k2", "k3"], "east"))
    weights = draw_centre_weights(["east"] * 3, 400, np.random.default_rng(SEED))
    kept = weights[weights[:, 1:].any(axis=1)]
    values = [alpha_of_rows(answers[["a", "b"]], np.repeat(w, 4)) for w in kept]
    assert 300 < len(values) < 400
    row = rows_of(result).loc["one"]
    assert [row["ci_low"], row["ci_high"]] == pytest.approx(percentiles(values))


def test_a_segment_where_alpha_is_undefined_says_so(
    r_answers, make_methodology, r_strata, code_answers
):
    methodology = make_methodology(
        {"a": ITEMS[:3]},
        segments=("citizens", "employers"),
        intervals={"bootstrap_replicates": 100},
    )
    employers = np.arange(len(r_answers)) % 3 == 0
    answers = r_answers.assign(segment=np.where(employers, "employers", "citizens"))
    answers.loc[employers, "a1"] = 5
    counts = count_pairs(code_answers(answers, methodology), methodology)
    result = compute(counts, methodology, r_strata)
    assert set(result.frame["part"]) >= {"all", "citizens"}
    assert "employers" not in set(result.frame["part"])
    row = result.left_out[(result.left_out["part"] == "employers")].iloc[0]
    assert (row["group"], row["reason"], row["detail"]) == ("a", "zero_variance", "a1")


def test_tidy_has_a_row_for_every_estimate(pairwise):
    tidy = pairwise.tidy()
    assert len(tidy) == len(pairwise.frame)
    assert tidy["estimate"].between(tidy["ci_low"], tidy["ci_high"]).all()
    alpha = tidy[(tidy["statistic"] == "alpha") & tidy["method"].str.startswith("bootstrap")]
    assert set(alpha["subject"]) >= {"a", "b", "c", "index"}
    assert set(alpha["method"]) == {"bootstrap, pairwise"}
