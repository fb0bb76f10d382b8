"""The whole battery at once: every number with its interval, the same bytes however it is run."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.random import SeedSequence

from clientindex.reliability import RELIABILITY_RESULTS, assess
from clientindex.reliability.consistency import assess_consistency
from clientindex.reliability.draws import summarise
from clientindex.reliability.scopes import list_scopes
from clientindex.results import load_result, save_result
from clientindex.threads import use_threads
from reliability.contract import find_silent, find_untold, list_frames
from weighted_rows import percentiles

KEYS = ["a1", "a2", "a3", "b1", "b2", "b3"]


@pytest.fixture(scope="module")
def answers(reliability_answers):
    """Twelve centres of two regions, two segments and two periods; some answers are missing."""
    number = reliability_answers["centre"].str[1:].astype(int)
    frame = reliability_answers[number < 12].reset_index(drop=True)
    rng = np.random.default_rng(7)
    frame = frame.astype(dict.fromkeys(KEYS, float)).assign(
        region=[f"r{n % 2}" for n in number[number < 12]],
        segment=np.where(rng.random(len(frame)) < 0.4, "employers", "citizens"),
        period=np.where(rng.random(len(frame)) < 0.5, "2026Q1", "2026Q2"),
    )
    frame[KEYS] = frame[KEYS].mask(rng.random((len(frame), len(KEYS))) < 0.03)
    frame.loc[frame["centre"] == "c03", KEYS] = [5, 5, 2, 5, 5, 4]
    return frame


@pytest.fixture(scope="module")
def methodology(make_letters):
    return make_letters(
        {"a": KEYS[:3], "b": KEYS[3:]},
        replicates=100,
        segments=("citizens", "employers"),
        factors={"n_factors": 1},
    )


@pytest.fixture(scope="module")
def material(answers, methodology, count_letters, code_answers):
    """Everything that `assess` is given, but the seed."""
    counts, strata = count_letters(answers, methodology)
    rng = np.random.default_rng(1)
    asked = answers.groupby("segment")[KEYS]
    missing = [
        {"segment": segment, "indicator": key, "reason": "empty", "n": n, "n_asked": len(part)}
        for segment, part in asked
        for key, n in part.isna().sum().items()
    ]
    return {
        "counts": counts,
        "methodology": methodology,
        "strata": strata,
        "responses": replace(
            code_answers(answers, methodology),
            day=rng.integers(0, 3, len(answers)).astype(np.int32),
            duration=rng.exponential(40, len(answers)),
        ),
        "no_answer": pd.DataFrame(missing),
    }


@pytest.fixture(scope="module")
def found(material):
    return assess(**material, seed=0)


def test_every_estimate_of_every_frame_has_an_interval_that_holds_it(found):
    assert find_silent(found) == []


def test_everything_is_told_of_every_part_of_the_data(found, material):
    scopes = list_scopes(material["counts"], material["methodology"], material["strata"])
    assert [(scope.kind, scope.part) for scope in scopes] == [
        ("all", "all"),
        ("segment", "citizens"),
        ("segment", "employers"),
        ("region", "r0"),
        ("region", "r1"),
        ("period", "2026Q1"),
        ("period", "2026Q2"),
    ]
    assert find_untold(found, scopes, material["methodology"]) == []


def test_everybody_together_needs_few_excuses(found):
    """What is left out of all data: omegas of several factors, of which there are two."""
    reasons = {
        (name, row["reason"])
        for name, result in found.results().items()
        for row in result.left_out[result.left_out["kind"] == "all"].to_dict("records")
    }
    assert reasons <= {
        ("indicator_sets", "two_indicators"),  # omega of three without one of them
        ("omegas", "few_factors"),
        ("omegas", "model_status"),
        ("omegas", "too_few_centres"),
        ("answer_quality", "too_few_answers"),  # the centre that only has suspicious answers
    }


def test_answers_needed_and_variances_alone_may_be_infinite(found):
    for name, result in found.results().items():
        for frame_name, frame in list_frames(result).items():
            numbers = frame.select_dtypes("float")
            endless = numbers.columns[np.isinf(numbers).any()]
            assert name == "centre_reliability" or not len(endless)
            assert set(endless) <= {"estimate", "ci_low", "ci_high"}
            assert frame_name in {"answers", "components"} or not len(endless)


def assert_same(one, other):
    for name, result in one.results().items():
        for frame_name, frame in list_frames(result).items():
            again = getattr(other.results()[name], frame_name)
            pd.testing.assert_frame_equal(
                frame, again, check_exact=True, obj=f"{name}.{frame_name}"
            )
        pd.testing.assert_frame_equal(result.left_out, other.results()[name].left_out)


@pytest.mark.parametrize("threads", [1, 3])
def test_any_number_of_threads_gives_the_same_bytes(found, material, threads):
    """From a seed sequence made of the same integer, too."""
    with use_threads(threads):
        assert_same(found, assess(**material, seed=SeedSequence(0)))


def test_zero_is_a_seed_and_another_one_draws_other_centres(found, material):
    assert found.consistency.seed == found.answer_quality.seed == 0
    scopes = list_scopes(material["counts"], material["methodology"], material["strata"])
    other = assess_consistency(scopes, material["methodology"], seed=SeedSequence(1)).frame
    one, two = (f[f["method"] == "bootstrap"] for f in (found.consistency.frame, other))
    np.testing.assert_array_equal(one["estimate"], two["estimate"])
    assert (one["ci_low"] != two["ci_low"]).mean() > 0.9


def test_results_come_by_name_in_the_order_of_the_analysis(found):
    assert list(found.results()) == list(RELIABILITY_RESULTS)
    assert RELIABILITY_RESULTS[0] == "consistency"


def test_alpha_before_anybody_is_taken_away_is_the_alpha_that_is_published(found):
    alpha = found.consistency.frame.query("statistic == 'alpha' and method == 'bootstrap'")
    for row in found.answer_quality.effects.query("statistic == 'alpha'").to_dict("records"):
        same = alpha.query(
            "kind == @row['kind'] and part == @row['part'] and group == @row['group']"
        )
        published = same[["estimate", "ci_low", "ci_high"]].to_numpy()[0]
        assert [row["before"], row["before_low"], row["before_high"]] == pytest.approx(
            list(published), abs=1e-12
        )


def test_alpha_without_an_indicator_is_the_same_in_both_analyses(found):
    """Percentiles of resamples in one, a jackknife with t in the other: wider with few centres."""
    relations = found.item_analysis.relations.query(
        "statistic == 'alpha_if_dropped' and group != 'index'"
    ).set_index(["kind", "part", "indicator"])
    changes = found.indicator_sets.changes.query("change == 'drop' and statistic == 'alpha'")
    own = changes[changes["group"] == changes["indicator"].str[0]]
    both = own.set_index(["kind", "part", "indicator"]).join(relations, suffixes=("", "_items"))
    np.testing.assert_allclose(both["after"], both["estimate_items"], atol=1e-12)
    whole = both.xs("all", level="kind")
    widths = (whole["after_high"] - whole["after_low"]) / (
        whole["ci_high_items"] - whole["ci_low_items"]
    )
    assert 0.9 < widths.median() < 1.8


def test_every_result_is_read_back_equal(found, tmp_path):
    for name, result in found.results().items():
        save_result(result, tmp_path, name=name)
        again = load_result(tmp_path, name=name)
        for frame_name, frame in list_frames(result).items():
            pd.testing.assert_frame_equal(
                frame, getattr(again, frame_name), obj=f"{name}.{frame_name}"
            )
        pd.testing.assert_frame_equal(result.left_out, again.left_out, check_dtype=False)


def test_tidy_rows_have_their_intervals_and_levels(found):
    for name, result in found.results().items():
        tidy = result.tidy()
        assert not tidy.duplicated(["subject", "segment", "statistic", "method"]).any() or name in {
            "answer_quality",
            "centre_reliability",
        }
        assert (tidy["level"] == 0.95).all(), name
        assert tidy["method"].ne("").all(), name


def test_without_regions_all_centres_are_one(material):
    counts, methodology = material["counts"], material["methodology"]
    few = counts.select((counts.units["period"] == "2026Q1").to_numpy())
    one = assess(few, methodology=methodology)
    everywhere = dict.fromkeys(few.units["centre"], "all")
    two = assess_consistency(
        list_scopes(few, methodology, everywhere), methodology, seed=SeedSequence(0)
    )
    pd.testing.assert_frame_equal(one.consistency.frame, two.frame)
    reasons = one.centre_reliability.left_out
    assert "one_region" in set(reasons.loc[reasons["statistic"] == "regions", "reason"])


def test_percentiles_are_order_statistics_and_the_error_is_that_of_replicates():
    rng = np.random.default_rng(2)
    drawn = rng.normal(size=(201, 3))
    drawn[0] = 0.0
    found = summarise(drawn, 0.9)
    low, high = percentiles(drawn[1:], 0.9)
    np.testing.assert_allclose(found.ci_low, low)
    np.testing.assert_allclose(found.ci_high, high)
    np.testing.assert_allclose(found.std_error, drawn[1:].std(axis=0, ddof=1))
    assert not found.unstable.any()


def test_an_interval_is_drawn_out_to_an_estimate_that_resampling_leaves_behind():
    """All resamples of an optimum lie above it: the interval begins at the estimate."""
    drawn = np.concatenate([[0.5], np.linspace(0.6, 0.7, 100)])
    found = summarise(drawn, 0.95)
    assert found.row()["ci_low"] == 0.5
    assert found.row()["ci_high"] == pytest.approx(percentiles(drawn[1:])[1])
    turned = summarise(-drawn, 0.95)
    assert turned.row()["ci_high"] == -0.5


def test_an_interval_needs_half_of_the_replicates():
    drawn = np.linspace(0, 1, 101)
    drawn[1:52] = np.nan
    assert summarise(drawn, 0.95).unstable
    assert np.isnan(summarise(drawn, 0.95).row()["ci_low"])
    drawn[51] = 0.5
    assert not summarise(drawn, 0.95).unstable
    undefined = summarise(np.array([np.nan, 1.0, 2.0]), 0.95)
    assert not undefined.unstable
    assert np.isnan(undefined.row()["estimate"])
