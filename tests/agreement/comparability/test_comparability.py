"""Linking and description of scales: closed forms, brute force with pandas, a simulated truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from scipy.stats import t as student

from clientindex.agreement.comparability import (
    ChecklistItems,
    declare_common,
    describe_comparability,
    estimate_share,
    estimate_straight_lining,
    link_equipercentile,
    link_mean_sigma,
)
from clientindex.agreement.comparability.description import mark_tied
from clientindex.agreement.comparability.equipercentile import compute_mid_distribution
from clientindex.errors import StatisticsError
from clientindex.reliability.centres.jackknife import Strata
from clientindex.results.base import TIDY_COLUMNS

# Closed forms and brute force in double precision.
ROUNDING = 1e-10
LEVEL = 0.95
ENDS = (0.0, 100.0)


def draw_scores(seed, n):
    rng = np.random.default_rng(seed)
    survey = rng.normal(70, 8, n)
    return survey, 40 + 0.5 * survey + rng.normal(0, 5, n)


def link_by_percentile(survey, checklist, **asked):
    settings = {"level": LEVEL, "seed": np.random.SeedSequence(0), "resamples": 50} | asked
    return link_equipercentile(survey, checklist, **settings)


@pytest.mark.parametrize(("count", "n"), [(0, 12), (3, 12), (12, 12), (1, 2_000)])
def test_a_share_has_the_interval_of_wilson(count, n):
    share = estimate_share(count, n, level=LEVEL)
    p, z = count / n, norm.ppf(0.975)
    centre, width = p + z**2 / (2 * n), z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    expected = np.clip(np.array([centre - width, centre + width]) / (1 + z**2 / n), 0, 1)
    assert (share.estimate, share.n) == (p, n)
    assert [share.ci_low, share.ci_high] == pytest.approx(expected, abs=1e-12)
    assert share.method == "Wilson"
    assert share.ci_low <= p <= share.ci_high


def test_a_share_of_nothing_is_undefined_with_a_reason():
    share = estimate_share(0, 0, level=LEVEL)
    assert np.isnan(share.estimate)
    assert share.method == "undefined: there is nothing to count"
    with pytest.raises(ValueError, match="between 0 and 3, not be 4"):
        estimate_share(4, 3, level=LEVEL)


def test_a_common_scale_changes_nothing_and_says_what_lies_outside():
    values = np.array([0.0, 50.0, np.nan, 100.0])
    scale = declare_common(values, values, low=0, high=100)
    linked = scale.apply(values)
    assert linked == pytest.approx(values, nan_ok=True)
    assert linked is not values
    with pytest.raises(StatisticsError, match="2 values of the checklist lie outside 0 to 100"):
        declare_common(values, np.array([101.0, -1.0, 5.0, np.nan]), low=0, high=100)
    with pytest.raises(StatisticsError, match="must be below"):
        declare_common(values, values, low=1, high=1)


def test_mean_sigma_gives_the_mean_and_deviation_of_the_survey():
    survey, checklist = draw_scores(0, 60)
    link = link_mean_sigma(survey, checklist, level=LEVEL)
    linked = link.apply(checklist)
    assert linked.mean() == pytest.approx(survey.mean(), rel=ROUNDING)
    assert linked.std(ddof=1) == pytest.approx(survey.std(ddof=1), rel=ROUNDING)
    slope = survey.std() / checklist.std()
    assert link.slope.estimate == pytest.approx(slope, rel=ROUNDING)
    assert link.intercept.estimate == pytest.approx(survey.mean() - slope * checklist.mean())


def test_mean_sigma_takes_the_mean_sampling_variance_out_of_the_survey():
    survey, checklist = draw_scores(1, 40)
    error = np.linspace(1, 20, 40)
    link = link_mean_sigma(survey, checklist, level=LEVEL, sampling_variance=error)
    variance = survey.var(ddof=1) - error.mean()
    assert link.slope.estimate == pytest.approx(
        np.sqrt(variance / checklist.var(ddof=1)), rel=ROUNDING
    )


@pytest.mark.parametrize("regions", [1, 3])
def test_intervals_of_mean_sigma_are_the_jackknife_by_hand(regions):
    survey, checklist = draw_scores(2, 30)
    error = np.linspace(1, 10, 30)
    codes = np.arange(30) % regions
    link = link_mean_sigma(
        survey, checklist, level=LEVEL, sampling_variance=error, strata=Strata(codes=codes)
    )
    left_out = []
    for place in range(30):
        x, y, e = (np.delete(v, place) for v in (survey, checklist, error))
        left_out.append(np.sqrt((x.var(ddof=1) - e.mean()) / y.var(ddof=1)))
    parts = pd.Series(left_out).groupby(codes)
    squares = parts.agg(lambda v: len(v) / (len(v) - 1) * ((v - v.mean()) ** 2).sum()).sum()
    variance = (29 / 30) ** 2 * squares
    margin = student.ppf(0.975, 30 - regions - 1) * np.sqrt(variance)
    assert link.slope.std_error == pytest.approx(np.sqrt(variance), rel=1e-8)
    assert link.slope.ci_high - link.slope.estimate == pytest.approx(margin, rel=1e-8)


def test_only_the_corrected_link_finds_the_true_widths():
    rng = np.random.default_rng(2026)
    true = rng.normal(70, 6, 2_000)
    error = rng.uniform(10, 40, 2_000)
    survey = true + rng.normal(0, np.sqrt(error))
    checklist = 20 + 0.8 * true
    link = link_mean_sigma(survey, checklist, level=LEVEL, sampling_variance=error)
    naive = link_mean_sigma(survey, checklist, level=LEVEL)
    assert link.slope.ci_low < 1 / 0.8 < link.slope.ci_high
    assert link.slope.std_error < 0.03
    assert naive.slope.ci_low > 1 / 0.8


def test_linked_scores_are_cut_at_the_ends_and_counted():
    survey, checklist = draw_scores(3, 50)
    link = link_mean_sigma(survey, checklist, level=LEVEL, low=60, high=80)
    linked = link.apply(np.array([0.0, checklist.mean(), 1_000.0, np.nan]))
    assert linked[[0, 2]].tolist() == [60, 80]
    assert np.isnan(linked[3])
    assert link.count_cut(np.array([0.0, checklist.mean(), 1_000.0, np.nan])) == 2


def test_no_spread_beyond_sampling_error_is_undefined_with_a_reason():
    survey, checklist = draw_scores(4, 20)
    link = link_mean_sigma(survey, checklist, level=LEVEL, sampling_variance=np.full(20, 1e4))
    assert np.isnan([link.slope.estimate, link.intercept.estimate]).all()
    assert "no spread left" in link.method
    assert np.isnan(link.apply(checklist)).all()


def test_mean_sigma_drops_and_counts_incomplete_centres():
    survey, checklist = draw_scores(5, 20)
    survey[3], checklist[4] = np.nan, np.nan
    link = link_mean_sigma(survey, checklist, level=LEVEL)
    assert (link.n, link.n_dropped) == (18, 2)
    assert set(link.tidy()["n"]) == {18}


@pytest.mark.parametrize("link", [link_mean_sigma, link_by_percentile])
def test_a_constant_side_or_too_few_centres_are_refused_in_words(link):
    survey, checklist = draw_scores(6, 20)
    with pytest.raises(StatisticsError, match="all values of one measurement are equal"):
        link(survey, np.full(20, 100.0), level=LEVEL)
    with pytest.raises(StatisticsError, match="needs 3 centres with both measurements, found 2"):
        link(survey[:2], checklist[:2], level=LEVEL)


def test_ties_have_the_percentile_of_their_middle():
    values = np.array([1.0, 1, 1, 2, 5, 5, 9, 9])
    distinct, percentile = compute_mid_distribution(values, np.ones(8))
    ranks = pd.Series(values).rank(method="average")
    expected = ((ranks - 0.5) / 8).groupby(values).first()
    assert distinct.tolist() == expected.index.tolist()
    assert percentile == pytest.approx(expected.to_numpy(), rel=ROUNDING)


def test_weights_of_the_mid_distribution_are_repetitions():
    values, times = np.array([3.0, 1, 2, 3]), np.array([2, 0, 3, 1])
    weighted = compute_mid_distribution(values, times.astype(float))
    repeated = compute_mid_distribution(np.repeat(values, times), np.ones(6))
    assert np.array(weighted) == pytest.approx(np.array(repeated), rel=ROUNDING)


def test_without_ties_the_link_joins_equal_ranks():
    survey, checklist = draw_scores(7, 30)
    link = link_by_percentile(survey, checklist)
    order = np.argsort(checklist)
    assert link.apply(checklist[order]) == pytest.approx(np.sort(survey), rel=ROUNDING)


def test_equipercentile_finds_any_increasing_relation():
    survey, _ = draw_scores(8, 200)
    checklist = np.exp(survey / 20)
    link = link_by_percentile(survey, checklist)
    assert link.apply(checklist) == pytest.approx(survey, rel=ROUNDING)
    between = (np.sort(checklist)[10] + np.sort(checklist)[11]) / 2
    assert link.apply(between) == pytest.approx((np.sort(survey)[10] + np.sort(survey)[11]) / 2)


def test_a_ceiling_stays_together_at_its_middle_percentile():
    survey = np.arange(10.0)
    checklist = np.array([1.0, 2, 3, 4, 5, 6, 100, 100, 100, 100])
    link = link_by_percentile(survey, checklist)
    # The share 0.4 at the ceiling has percentile 0.8; the survey's value k has (k + 0.5) / 10.
    assert link.apply(np.array([100.0, 500.0])).tolist() == pytest.approx([7.5, 7.5])
    assert (link.ceiling.estimate, link.ceiling.n) == (0.4, 10)
    assert link.knots["count"].tolist() == [1, 1, 1, 1, 1, 1, 4]


def test_there_is_no_extrapolation_and_missing_stays_missing():
    survey, checklist = draw_scores(9, 25)
    linked = link_by_percentile(survey, checklist).apply(np.array([-1e3, 1e3, np.nan]))
    assert linked[:2] == pytest.approx([survey.min(), survey.max()], rel=ROUNDING)
    assert np.isnan(linked[2])


def test_bootstrap_intervals_of_the_link_cover_a_true_percentile():
    inside, runs, at = 0, 100, 90.0
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        survey = rng.normal(70, 8, 150)
        # One checklist score for each 5 points; 90 stands for the survey's middle.
        checklist = np.clip(np.round((survey + rng.normal(0, 8, 150) + 20) / 5) * 5, 0, 100)
        link = link_by_percentile(
            survey, checklist, seed=np.random.SeedSequence(seed), resamples=200
        )
        row = link.knots[link.knots["checklist"] == at].iloc[0]
        inside += row["ci_low"] < 70 < row["ci_high"]
    # Of 100 runs a share of 0.95 has a standard error of 0.022.
    assert 0.88 <= inside / runs <= 1.0


def test_the_same_seed_gives_the_same_link_and_it_is_told_tidily():
    survey, checklist = draw_scores(10, 25)
    survey[0] = np.nan
    first, second = (link_by_percentile(survey, checklist) for _ in range(2))
    assert first.knots.equals(second.knots)
    assert (first.n, first.n_dropped) == (24, 1)
    assert list(first.tidy().columns) == list(TIDY_COLUMNS)
    assert set(first.tidy()["method"]) == {"bootstrap over centres, percentiles"}


def test_a_higher_checklist_never_gets_a_lower_linked_score():
    rng = np.random.default_rng(11)
    survey, checklist = rng.integers(60, 80, 80).astype(float), rng.integers(85, 101, 80)
    link = link_by_percentile(survey, checklist.astype(float))
    assert (np.diff(link.apply(np.linspace(80, 105, 500))) >= 0).all()


ANSWERS = np.array(
    [
        [1.0, 1, 1, 1],
        [0, 0, np.nan, 0],
        [1, 0, 1, 1],
        [1, np.nan, np.nan, np.nan],
        [0.5, 0.5, 0.5, 0.5],
        [np.nan, np.nan, np.nan, np.nan],
    ]
)


def test_straight_lined_checklists_are_those_with_all_answers_alike():
    found = estimate_straight_lining(ANSWERS, low=0, high=1, level=LEVEL)
    assert found.flagged.tolist() == [True, True, False, False, True, False]
    assert found.able.tolist() == [True, True, True, False, True, False]
    shares = (found.share, found.share_highest, found.share_lowest)
    assert [share.estimate for share in shares] == [0.75, 0.25, 0.25]
    assert {share.n for share in shares} == {4}


def test_checklists_with_few_items_are_not_counted():
    found = estimate_straight_lining(ANSWERS, low=0, high=1, level=LEVEL, fewest_items=4)
    assert found.able.tolist() == [True, False, True, False, True, False]
    nothing = estimate_straight_lining(ANSWERS[[5]], low=0, high=1, level=LEVEL)
    assert np.isnan(nothing.share.estimate)
    with pytest.raises(StatisticsError, match="from 2 items on, not from 1"):
        estimate_straight_lining(ANSWERS, low=0, high=1, level=LEVEL, fewest_items=1)


def make_study():
    rng = np.random.default_rng(12)
    survey = np.round(rng.uniform(60, 100, (200, 2)))
    checklist = np.minimum(np.round(rng.uniform(70, 130, (200, 2))), 100.0)
    survey[:3, 0] = np.nan
    survey[3, 1] = 0.0
    checklist[2:12, 1] = np.nan
    checklist[20, 0] = survey[20, 0]
    return survey, checklist


def test_every_share_is_that_of_pandas():
    survey, checklist = make_study()
    found = describe_comparability(
        survey, checklist, groups=("front", "back"), ends=ENDS, level=LEVEL
    )
    table = found.frame.set_index(["group", "side", "statistic"])
    for place, group in enumerate(("front", "back")):
        pair = pd.DataFrame({"survey": survey[:, place], "checklist": checklist[:, place]})
        for side in ("survey", "checklist"):
            given = pair[side].dropna()
            expected = {
                "ceiling": (given == 100).mean(),
                "floor": (given == 0).mean(),
                "tied": given.duplicated(keep=False).mean(),
            }
            for statistic, share in expected.items():
                row = table.loc[(group, side, statistic)]
                assert row["estimate"] == pytest.approx(share, rel=ROUNDING)
                assert row["n"] == len(given)
                assert row["ci_low"] <= share <= row["ci_high"]
            row = table.loc[(group, side, "missing")]
            assert (row["estimate"], row["n"]) == (pair[side].isna().mean(), 200)
        both = pair.dropna()
        row = table.loc[(group, "both", "equal")]
        assert row["estimate"] == pytest.approx((both["survey"] == both["checklist"]).mean())
        assert row["n"] == len(both)
        row = table.loc[(group, "both", "missing")]
        assert row["estimate"] == pytest.approx(1 - len(both) / 200)


def test_a_checklist_may_have_its_own_ends():
    survey, checklist = np.array([[0.0], [10.0]]), np.array([[1.0], [5.0]])
    asked = {"groups": ("front",), "ends": (0.0, 10.0), "level": LEVEL}
    for ends, share in ((None, 0.0), ((1.0, 5.0), 0.5)):
        frame = describe_comparability(survey, checklist, checklist_ends=ends, **asked).frame
        rows = frame[(frame["side"] == "checklist") & frame["statistic"].isin(["ceiling", "floor"])]
        assert rows["estimate"].tolist() == [share, share]


def test_straight_lining_is_told_by_group_and_over_all():
    survey, checklist = np.full((6, 2), 50.0), np.full((6, 2), 50.0)
    membership = np.array([[True, True, False, False], [False, False, True, True]])
    items = ChecklistItems(answers=ANSWERS, membership=membership, low=0, high=1)
    found = describe_comparability(
        survey, checklist, groups=("front", "back"), ends=ENDS, level=LEVEL, items=items
    )
    rows = found.frame[found.frame["statistic"] == "straight_lined"].set_index("group")
    # Of the first two items: 3 of 4 able; of the last two: 3 of 3; of all: 3 of 4.
    assert rows["estimate"].to_dict() == {"front": 0.75, "back": 1.0, "all": 0.75}
    assert rows["n"].to_dict() == {"front": 4, "back": 3, "all": 4}
    tidy = found.tidy()
    assert list(tidy.columns) == list(TIDY_COLUMNS)
    assert "checklist_straight_lined" in set(tidy["statistic"])
    assert not tidy.duplicated(["subject", "statistic"]).any()


def test_a_side_without_scores_is_undefined_with_a_reason():
    survey, checklist = np.full((5, 1), 70.0), np.full((5, 1), np.nan)
    found = describe_comparability(survey, checklist, groups=("front",), ends=ENDS, level=LEVEL)
    table = found.frame.set_index(["side", "statistic"])
    assert table.loc[("checklist", "missing"), "estimate"] == 1
    for place in (("checklist", "ceiling"), ("both", "equal")):
        assert np.isnan(table.loc[place, "estimate"])
        assert table.loc[place, "method"] == "undefined: there is nothing to count"


def test_the_order_of_centres_does_not_matter():
    survey, checklist = make_study()
    order = np.random.default_rng(0).permutation(200)
    frames = [
        describe_comparability(x, y, groups=("front", "back"), ends=ENDS, level=LEVEL).frame
        for x, y in ((survey, checklist), (survey[order], checklist[order]))
    ]
    assert frames[0].equals(frames[1])


def test_tied_values_are_found_up_to_rounding():
    assert mark_tied(np.array([0.1 + 0.2, 5.0, 0.3, 7.0])).tolist() == [True, False, True, False]
    assert mark_tied(np.array([])).tolist() == []
    assert mark_tied(np.array([4.0])).tolist() == [False]


def test_shapes_that_disagree_are_refused_in_words():
    survey, checklist = make_study()
    asked = {"ends": ENDS, "level": LEVEL}
    with pytest.raises(StatisticsError, match="scores must be of 1 groups"):
        describe_comparability(survey, checklist, groups=("front",), **asked)
    items = ChecklistItems(answers=ANSWERS, membership=np.ones((2, 4), dtype=bool), low=0, high=1)
    with pytest.raises(StatisticsError, match="items must be of the same centres"):
        describe_comparability(survey, checklist, groups=("a", "b"), items=items, **asked)
