"""Cut points: bands hold their lower end, ties are never divided, bad input is refused in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientindex.errors import StatisticsError
from clientindex.rating.star_rules import (
    FixedCuts,
    Hierarchical,
    KMeans,
    OptimalKMeans,
    PeerGroups,
    QuantileCuts,
    apply_rule,
)

FIXED = FixedCuts(cuts=(50.0, 60.0, 70.0, 80.0))
FROM_DATA = [
    QuantileCuts.of_equal_shares(3),
    KMeans(n_stars=3),
    KMeans(n_stars=3, start="quantiles", limit=5.0),
    OptimalKMeans(n_stars=3),
    Hierarchical(n_stars=3),
    Hierarchical(n_stars=3, linkage="average"),
    Hierarchical(n_stars=3, linkage="complete"),
]


@pytest.mark.parametrize(
    ("score", "star"),
    [(0, 1), (49.999, 1), (50, 2), (60, 3), (69.99999, 3), (70, 4), (80, 5), (100, 5)],
)
def test_bands_hold_their_lower_end_only(score: float, star: int) -> None:
    assert apply_rule(FIXED, [score]).stars.tolist() == [star]


def test_fixed_cuts_equal_pandas_cut() -> None:
    scores = np.random.default_rng(1).uniform(0, 100, 500).round(0)
    edges = [-np.inf, *FIXED.cuts, np.inf]
    wanted = pd.cut(scores, edges, right=False, labels=False) + 1
    np.testing.assert_array_equal(apply_rule(FIXED, scores).stars, wanted)


def test_noise_of_a_weighted_sum_costs_no_star_on_either_side() -> None:
    score, third = 80 * sum([0.1] * 10), 100 / 3
    assert score < 80
    assert apply_rule(FIXED, [score]).stars.tolist() == [5]
    assert apply_rule(FixedCuts(cuts=(third,)), [third]).stars.tolist() == [2]


def test_counts_of_stars() -> None:
    found = apply_rule(FIXED, [10, 55, 56, 90])
    assert found.counts.tolist() == [1, 2, 0, 0, 1]
    assert found.n_stars == 5


@pytest.mark.parametrize(
    ("cuts", "words"),
    [
        ((50.0, 50.0), "must rise, but 50 follows 50"),
        ((60.0, 50.0), "must rise, but 50 follows 60"),
        ((50.0, 50.0 + 1e-12), "must rise"),
        ((), "one or more numbers"),
        ((50.0, float("nan")), "one or more numbers"),
    ],
)
def test_cut_points_out_of_order_are_refused(cuts: tuple[float, ...], words: str) -> None:
    with pytest.raises(StatisticsError, match=words):
        FixedCuts(cuts=cuts)


@pytest.mark.parametrize("rule", [FIXED, *FROM_DATA])
def test_missing_scores_are_refused(rule) -> None:
    with pytest.raises(StatisticsError, match="1 of 5 scores are missing or infinite"):
        apply_rule(rule, [1.0, 2.0, np.nan, 3.0, 4.0])
    with pytest.raises(StatisticsError, match="one score or more"):
        apply_rule(rule, [])


@pytest.mark.parametrize("rule", FROM_DATA)
@pytest.mark.parametrize("scores", [[70.0] * 8, [70.0, 70.0, 80.0, 80.0, 80.0 + 1e-12]])
def test_more_stars_than_distinct_scores_are_refused(rule, scores: list[float]) -> None:
    with pytest.raises(StatisticsError, match=r"3 stars cannot be found in [12] distinct scores"):
        apply_rule(rule, scores)


@pytest.mark.parametrize("rule", [FROM_DATA[0], *FROM_DATA[3:]])
def test_as_many_distinct_scores_as_stars_give_each_its_own(rule) -> None:
    assert apply_rule(rule, [3.0, 1.0, 2.0]).stars.tolist() == [3, 1, 2]


@pytest.mark.parametrize("rule", [FIXED, *FROM_DATA])
def test_all_tied_have_one_star_by_fixed_cuts_only(rule) -> None:
    if rule is FIXED:
        assert apply_rule(rule, [70.0] * 4).stars.tolist() == [4] * 4
    else:
        with pytest.raises(StatisticsError, match="use fewer stars or fixed cut points"):
            apply_rule(rule, [70.0] * 4)


@pytest.mark.parametrize("rule", FROM_DATA)
@given(data=st.data())
def test_ties_are_never_divided_and_order_is_kept(rule, data: st.DataObject) -> None:
    values = data.draw(st.lists(st.integers(0, 30), min_size=12, max_size=40))
    scores = np.array(values, dtype=float) * 1.1
    try:
        stars = apply_rule(rule, scores).stars
    except StatisticsError:
        return  # which refusals there are, other tests say
    lowest = pd.Series(stars).groupby(scores).min()
    np.testing.assert_array_equal(stars, lowest[scores])
    assert lowest.is_monotonic_increasing
    shuffled = np.random.default_rng(0).permutation(len(scores))
    np.testing.assert_array_equal(apply_rule(rule, scores[shuffled]).stars, stars[shuffled])


@pytest.mark.parametrize("make", [KMeans, OptimalKMeans, Hierarchical])
def test_one_star_is_no_rule(make) -> None:
    with pytest.raises(StatisticsError, match="at least 2 different stars"):
        make(n_stars=1)


def test_unknown_settings_are_refused() -> None:
    with pytest.raises(StatisticsError, match="linkages ward, average, complete"):
        Hierarchical(n_stars=3, linkage="single")
    with pytest.raises(StatisticsError, match="starts from"):
        KMeans(n_stars=3, start="random")
    with pytest.raises(StatisticsError, match="3 stars need as many start centres, got 2"):
        KMeans(n_stars=3, start=(1.0, 2.0))
    with pytest.raises(StatisticsError, match="must be positive"):
        KMeans(n_stars=3, limit=0.0)
    with pytest.raises(StatisticsError, match="types 1 to 9"):
        KMeans(n_stars=3, quantile_type=10)
    with pytest.raises(StatisticsError, match="positive and sum to 1"):
        QuantileCuts(shares=(0.5, 0.6))
    with pytest.raises(StatisticsError, match="weights of k-means must be positive"):
        OptimalKMeans(n_stars=2, weights=np.array([1.0, 0.0]))
    with pytest.raises(StatisticsError, match="2 weights do not fit 3 scores"):
        apply_rule(OptimalKMeans(n_stars=2, weights=np.ones(2)), [1.0, 2.0, 3.0])


class TestPeerGroups:
    scores = np.array([1.0, 2.0, 3.0, 4.0, 10.0, 20.0, 30.0, 40.0])
    groups = np.array([0, 0, 0, 0, 1, 1, 1, 1])

    def test_the_rule_is_applied_inside_each_group(self) -> None:
        rule = PeerGroups(
            rule=QuantileCuts.of_equal_shares(2), groups=self.groups, names=("small", "large")
        )
        found = apply_rule(rule, self.scores)
        assert found.stars.tolist() == [1, 1, 2, 2, 1, 1, 2, 2]
        assert found.cuts.tolist() == [[2.5]] * 4 + [[25.0]] * 4
        assert rule.find_group_cuts(self.scores).tolist() == [[2.5], [25.0]]

    def test_each_group_may_have_its_own_rule(self) -> None:
        rules = (FixedCuts(cuts=(3.5,)), FixedCuts(cuts=(15.0,)))
        rule = PeerGroups(rule=rules, groups=self.groups, names=("small", "large"))
        assert apply_rule(rule, self.scores).stars.tolist() == [1, 1, 1, 2, 1, 2, 2, 2]

    def test_an_empty_or_small_group_is_named(self) -> None:
        half = QuantileCuts.of_equal_shares(2)
        with pytest.raises(StatisticsError, match=r"without 1 centres: rural \(0\)"):
            PeerGroups(rule=half, groups=self.groups, names=("small", "large", "rural"))
        with pytest.raises(StatisticsError, match=r"small \(4\), large \(4\)"):
            PeerGroups(rule=half, groups=self.groups, names=("small", "large"), fewest=5)
        with pytest.raises(StatisticsError, match="numbered 0 to 0"):
            PeerGroups(rule=half, groups=self.groups, names=("small",))

    def test_a_refusal_names_the_group(self) -> None:
        rule = PeerGroups(
            rule=OptimalKMeans(n_stars=2), groups=self.groups, names=("small", "large")
        )
        with pytest.raises(StatisticsError, match="peer group large: 2 stars cannot be found in 1"):
            apply_rule(rule, np.where(self.groups == 1, 7.0, self.scores))

    def test_other_numbers_of_centres_or_rules_are_refused(self) -> None:
        rule = PeerGroups(rule=FixedCuts(cuts=(3.5,)), groups=self.groups, names=("a", "b"))
        with pytest.raises(StatisticsError, match="3 scores do not fit 8 centres"):
            apply_rule(rule, [1.0, 2.0, 3.0])
        with pytest.raises(StatisticsError, match="one rule each"):
            PeerGroups(rule=(FixedCuts(cuts=(1.0,)),), groups=self.groups, names=("a", "b"))
