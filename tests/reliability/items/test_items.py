"""Item analysis: numbers of psych, pandas and pingouin, bootstrap, keys, refusals."""

import numpy as np
import pandas as pd
import pingouin
import pytest
from numpy.random import SeedSequence

from clientindex.counts import draw_centre_weights
from clientindex.reliability.items import analyse_items
from clientindex.reliability.items.relations import RELATIONS, compute_relations
from clientindex.reliability.scopes import list_scopes
from clientindex.results import load_result, save_result
from weighted_rows import correlate_rows, percentiles

SEED = SeedSequence(5)


@pytest.fixture(scope="module")
def analyse(make_letters, count_letters):
    """Return a function that analyses answers with a methodology."""

    def analyse(answers, methodology=None, **options):
        settings = methodology or make_letters(replicates=100)
        counts, strata = count_letters(answers, settings)
        return analyse_items(list_scopes(counts, settings, strata), settings, seed=SEED, **options)

    return analyse


@pytest.fixture(scope="module")
def found(analyse, reliability_answers):
    return analyse(reliability_answers)


@pytest.fixture(scope="module")
def of_r(reliability_folder):
    return pd.read_csv(reliability_folder / "items.csv")


def take(frame, **values):
    chosen = frame
    for name, value in ({"kind": "all"} | values).items():
        chosen = chosen[chosen[name] == value]
    return chosen


@pytest.mark.parametrize("group", ["a", "b", "c", "index"])
@pytest.mark.parametrize("statistic", RELATIONS)
def test_relations_are_those_of_psych(found, of_r, group, statistic):
    ours = take(found.relations, group=group, statistic=statistic).set_index("indicator")
    theirs = of_r[(of_r["group"] == group) & (of_r["statistic"] == statistic)]
    expected = theirs.set_index("indicator")["value"]
    pd.testing.assert_series_equal(
        ours["estimate"], expected.loc[ours.index], check_names=False, atol=1e-6, rtol=0
    )
    assert (ours["ci_low"] < ours["ci_high"]).all()


@pytest.mark.parametrize("group", ["visual", "textual", "speed", "hs"])
def test_relations_of_holzinger_and_swineford_are_those_of_psych(covariances, of_r, group):
    found = compute_relations(covariances[group][None])
    for statistic in RELATIONS:
        theirs = of_r[(of_r["group"] == group) & (of_r["statistic"] == statistic)]
        assert found[statistic][0] == pytest.approx(theirs["value"].to_numpy(), abs=1e-9)


@pytest.mark.parametrize("statistic", ["mean", "sd", "skew", "kurtosis", "floor", "ceiling"])
def test_distribution_is_that_of_psych(found, of_r, statistic):
    ours = take(found.items, statistic=statistic).set_index("indicator")["estimate"]
    theirs = of_r[(of_r["group"] == "index") & (of_r["statistic"] == statistic)]
    np.testing.assert_allclose(ours, theirs.set_index("indicator")["value"].loc[ours.index])


def test_shares_of_answers_as_given_are_those_of_pandas(found, reliability_answers):
    shares = take(found.options, indicator="a3").set_index("answer")["estimate"]
    expected = reliability_answers["a3"].value_counts(normalize=True).sort_index()
    np.testing.assert_allclose(shares, expected)
    assert take(found.options, indicator="a3")["n"].sum() == 600


def test_alpha_without_an_indicator_is_that_of_pingouin(found, reliability_answers):
    rows = take(found.relations, group="b", statistic="alpha_if_dropped").set_index("indicator")
    keys = ["b1", "b2", "b3", "b4"]
    for key in keys:
        rest = reliability_answers[[k for k in keys if k != key]]
        expected = pingouin.cronbach_alpha(rest)[0]
        assert rows.loc[key, "estimate"] == pytest.approx(expected, abs=1e-12)


def test_intervals_are_percentiles_over_centres_drawn_whole(found, reliability_answers):
    answers = reliability_answers
    region = answers.groupby("centre")["region"].first()
    place = region.index.get_indexer(answers["centre"])
    one, rest = answers["b1"], answers[["b2", "b3", "b4"]].sum(axis=1)
    pair = pd.DataFrame({"one": one, "rest": rest})
    drawn = []
    for row in draw_centre_weights(list(region), 100, np.random.default_rng(SEED)):
        w = row[place]
        drawn.append((np.average(one, weights=w), correlate_rows(pair, w)[0, 1]))
    low, high = percentiles(drawn)
    mean = take(found.items, indicator="b1", statistic="mean").iloc[0]
    rest = take(found.relations, group="b", indicator="b1", statistic="item_rest").iloc[0]
    assert [mean["ci_low"], rest["ci_low"]] == pytest.approx(list(low))
    assert [mean["ci_high"], rest["ci_high"]] == pytest.approx(list(high))
    assert mean["std_error"] == pytest.approx(np.std([pair[0] for pair in drawn], ddof=1))


def test_every_part_is_analysed_alone(found, analyse, reliability_answers):
    alone = analyse(reliability_answers[reliability_answers["region"] == "r2"])
    part = take(found.items, kind="region", part="r2")
    pd.testing.assert_series_equal(
        part["estimate"].reset_index(drop=True),
        take(alone.items)["estimate"].reset_index(drop=True),
    )
    assert set(found.items["kind"]) == {"all", "region"}


def test_an_indicator_that_runs_against_its_key_is_named(
    analyse, make_letters, reliability_answers, found
):
    assert not len(found.against_key)
    wrong = analyse(reliability_answers, make_letters(reversed_keys=(), replicates=100))
    rows = take(wrong.against_key, group="a")
    assert list(rows["indicator"]) == ["a3"]
    assert rows["sure"].all()
    keys = ["a1", "a2", "a4", "a5"]
    rest = reliability_answers[keys].sum(axis=1)
    assert rows["estimate"].iloc[0] == pytest.approx(reliability_answers["a3"].corr(rest))


def test_missing_answers_are_shared_among_everybody(analyse, reliability_answers):
    answers = reliability_answers.astype({"b1": float})
    answers.loc[:59, "b1"] = np.nan
    found = analyse(answers)
    row = take(found.items, indicator="b1", statistic="missing").iloc[0]
    assert row["estimate"] == pytest.approx(0.1)
    assert row["n"] == 540
    mean = take(found.items, indicator="b1", statistic="mean").iloc[0]
    assert mean["estimate"] == pytest.approx(answers["b1"].mean())


def test_reasons_have_wilson_intervals_widened_by_clustering(analyse, reliability_answers):
    reasons = pd.DataFrame(
        {
            "segment": ["citizens"] * 2,
            "indicator": ["b1", "b2"],
            "reason": ["dont_know", "dont_know"],
            "n": [60, 0],
            "n_asked": [600, 600],
        }
    )
    answers = reliability_answers.astype({"b1": float})
    answers.loc[:59, "b1"] = np.nan
    found = analyse(answers, no_answer=reasons)
    rows = take(found.reasons).set_index("indicator")
    assert rows.loc["b1", "estimate"] == pytest.approx(0.1)
    # Whole centres did not answer, so the interval is far wider than Wilson's of 600 (.079, .127).
    assert rows.loc["b1", "ci_low"] < 0.06
    assert rows.loc["b1", "ci_high"] > 0.16
    # Nobody: Wilson's upper end z^2 / (n + z^2), published for x = 0.
    assert rows.loc["b2", "ci_high"] == pytest.approx(1.959964**2 / (600 + 1.959964**2), rel=1e-6)


def test_same_seed_gives_the_same_numbers(analyse, reliability_answers, found):
    again = analyse(reliability_answers)
    pd.testing.assert_frame_equal(again.relations, found.relations)


def reasons_of(found, group, kind="all"):
    rows = found.left_out[(found.left_out["kind"] == kind) & (found.left_out["group"] == group)]
    return dict(
        zip(rows["statistic"], zip(rows["reason"], rows["detail"], strict=True), strict=True)
    )


def test_small_groups_say_what_they_lack(analyse, make_letters, reliability_answers):
    methodology = make_letters({"a": ["a1"], "b": ["b1", "b2"]}, reversed_keys=(), replicates=100)
    found = analyse(reliability_answers, methodology)
    assert reasons_of(found, "a") == {"": ("one_indicator", "a1")}
    assert reasons_of(found, "b") == {"alpha_if_dropped": ("two_indicators", "")}
    rest = take(found.relations, group="b", statistic="item_rest")["estimate"]
    expected = reliability_answers["b1"].corr(reliability_answers["b2"])
    np.testing.assert_allclose(rest, expected)


def test_an_indicator_without_variance_is_named_and_still_described(analyse, reliability_answers):
    found = analyse(reliability_answers.assign(b2=4))
    told = dict.fromkeys(["", "skew", "kurtosis"], ("zero_variance", "b2"))
    assert reasons_of(found, "b") == told
    assert take(found.items, indicator="b2", statistic="sd")["estimate"].iloc[0] == 0
    assert not len(take(found.items, indicator="b2", statistic="skew"))
    assert len(take(found.relations, group="c"))


def test_sums_that_only_rounding_leaves_have_no_correlations():
    """Two of three indicators cancel: the rest of the third does not vary, nor does their sum."""
    rng = np.random.default_rng(1)
    a, c = rng.integers(1, 6, (2, 50))
    cov = np.cov(np.stack([a / 3, (6 - a) / 3, c / 3]))
    found = compute_relations(cov[None])
    assert np.isnan(found["item_rest"][0, 2])
    assert np.isfinite(found["item_rest"][0, :2]).all()
    opposed = compute_relations(cov[None, :2, :2])
    assert np.isnan(opposed["item_total"]).all()
    assert opposed["item_rest"][0] == pytest.approx([-1.0, -1.0])


def test_an_indicator_whose_rest_cancels_is_named_and_the_others_are_told(
    analyse, make_letters, reliability_answers
):
    methodology = make_letters({"b": ["b1", "b2", "b3"]}, reversed_keys=(), replicates=100)
    found = analyse(reliability_answers.assign(b2=6 - reliability_answers["b1"]), methodology)
    rows = take(found.relations, group="b", statistic="item_rest")
    assert list(rows["indicator"]) == ["b1", "b2"]
    assert reasons_of(found, "b")["item_rest"] == ("no_total_variance", "b3")


def test_negatively_keyed_indicators_have_no_corrected_correlations(
    analyse, make_letters, reliability_answers
):
    """Their common variances add up to less than nothing, though none follows from the others."""
    methodology = make_letters({"n": ["b1", "a3", "c1"]}, reversed_keys=(), replicates=100)
    found = analyse(reliability_answers, methodology)
    assert reasons_of(found, "n")["item_total_corrected"] == ("not_positive_definite", "")
    against = take(found.against_key, group="n")
    assert "a3" in set(against["indicator"])
    assert (against["ci_low"] <= against["estimate"]).all()
    assert (against["estimate"] <= against["ci_high"]).all()


def test_why_answers_are_missing_is_not_told_of_one_centre(analyse, reliability_answers):
    """Its design effect is unknown."""
    reasons = pd.DataFrame(
        {
            "segment": ["citizens"],
            "indicator": ["b1"],
            "reason": ["dont_know"],
            "n": [60],
            "n_asked": [600],
        }
    )
    one = reliability_answers.assign(centre="c00", region="r0")
    found = analyse(one, no_answer=reasons)
    assert not len(found.reasons)
    assert list(found.left_out["reason"]) == ["one_centre"]


def test_a_copy_of_an_indicator_has_no_corrected_correlation(analyse, reliability_answers):
    found = analyse(reliability_answers.assign(b2=reliability_answers["b1"]))
    assert reasons_of(found, "b") == {"item_total_corrected": ("singular", "")}


def test_one_centre_is_refused(analyse, reliability_answers):
    found = analyse(reliability_answers.assign(centre="c00", region="r0"))
    assert list(found.left_out["reason"]) == ["one_centre"]


def test_a_result_that_was_saved_is_read_back_equal(found, tmp_path):
    save_result(found, tmp_path, name="item_analysis")
    again = load_result(tmp_path, name="item_analysis")
    pd.testing.assert_frame_equal(again.relations, found.relations)
    tidy = again.tidy()
    assert set(tidy["statistic"]) >= {"mean", "item_rest", "item_rest_of_all", "share_of_answer_5"}
