"""The doubt of stars that were given: against closed forms, the normal law and known truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from clientindex.errors import StatisticsError
from clientindex.methodology.doubt_settings import DoubtSettings
from clientindex.rating.star_doubt import compute_misclassification
from clientindex.rating.star_doubt.room import assess_star_doubt
from clientindex.rating.star_rules import FixedCuts, PeerGroups, QuantileCuts, apply_rule
from clientindex.results import Unavailable, storage
from clientindex.results.star_doubt import StarDoubt
from clientindex.results.storage import load_result, save_result
from star_frames import draw_normal, make_stars, replace_stars

ROUTES = ("normal", "draws", "shrunk")
CUTS = (50.0, 60.0, 70.0, 80.0)

ESTIMATES = (85.0, 71.0, 64.0, 58.0, 49.0, 40.0)
ERRORS = (2.0, 4.0, 2.0, 3.0, 1.0, 2.0)

# Four standard errors of a share of 2,000 draws.
MONTE_CARLO = 4 * 0.5 / np.sqrt(2000)


def get_statistic(found, route, statistic, column="estimate"):
    rows = found.summary.set_index(["route", "statistic"])
    return float(rows.loc[(route, statistic), column])


@pytest.fixture
def stars(methodology):
    return make_stars(methodology, ESTIMATES, ERRORS)


@pytest.fixture
def doubt(stars, methodology):
    return assess_star_doubt(stars, draw_normal(stars), methodology)


def test_the_normal_route_is_the_normal_law_and_agrees_with_the_stars(stars, doubt):
    ends = np.array([-np.inf, *CUTS, np.inf])
    for centre, estimate, error in zip(stars.frame["centre"], ESTIMATES, ERRORS, strict=True):
        rows = doubt.probabilities[doubt.probabilities["centre"] == centre]
        assert rows["star"].tolist() == [1, 2, 3, 4, 5]
        expected = np.diff(norm.cdf(ends, estimate, error))
        assert rows["normal"].to_numpy() == pytest.approx(expected, abs=1e-12)
    assert doubt.centres["p_star_normal"].to_numpy() == pytest.approx(stars.frame["p_star"])
    assert (doubt.leading, doubt.drawn_around, doubt.rule) == ("normal", "estimate", "fixed")


def test_draws_of_fixed_cuts_are_the_normal_route_but_for_their_number(doubt):
    frame = doubt.probabilities
    assert frame["draws"].to_numpy() == pytest.approx(frame["normal"], abs=MONTE_CARLO)
    assert frame.groupby("centre")[list(ROUTES)].sum().to_numpy() == pytest.approx(1)


def test_distances_by_hand(doubt):
    rows = doubt.centres.set_index("centre")
    columns = ["points_up", "points_down", "errors_up", "errors_down"]
    assert rows.loc["C001", columns].tolist() == [9.0, 1.0, 2.25, 0.25]
    assert rows.loc["C000", columns].tolist() == [np.inf, 5.0, np.inf, 2.5]
    assert rows.loc["C005", columns].tolist() == [10.0, np.inf, 5.0, np.inf]


def test_sums_over_centres_by_hand(doubt):
    right = doubt.centres["p_star_normal"].sum()
    assert get_statistic(doubt, "normal", "expected_wrong") == pytest.approx(6 - right)
    assert get_statistic(doubt, "normal", "expected_accuracy") == pytest.approx(right / 6)
    sure = norm.sf(80, 85, 2), norm.cdf(70, 64, 2) - norm.cdf(60, 64, 2), norm.cdf(50, 40, 2)
    assert min(sure) > 0.95
    assert doubt.centres.set_index("centre")["certain"].to_dict() == {
        **dict.fromkeys(("C001", "C003", "C004"), False),
        **dict.fromkeys(("C000", "C002", "C005"), True),
    }
    assert get_statistic(doubt, "normal", "certain") == 3
    assert doubt.table["centres"].sum() == pytest.approx(6)
    diagonal = doubt.table[doubt.table["star"] == doubt.table["true_star"]]
    assert diagonal["centres"].sum() == pytest.approx(right)


def test_the_monte_carlo_error_is_what_repetition_shows(stars, methodology):
    runs = [
        assess_star_doubt(stars, draw_normal(stars, draws=200, seed=seed), methodology)
        for seed in range(60)
    ]
    for statistic in ("expected_accuracy", "expected_wrong"):
        seen = np.std([get_statistic(run, "draws", statistic) for run in runs], ddof=1)
        told = np.mean([get_statistic(run, "draws", statistic, "mc_error") for run in runs])
        # The standard deviation of 60 values is known to about a tenth.
        assert told == pytest.approx(seen, rel=0.3)
        assert get_statistic(runs[0], "normal", statistic, "mc_error") == 0


def draw_population(methodology, *, reliability, centres=2000, seed=7):
    rng = np.random.default_rng(seed)
    spread = 5.0
    error = spread * np.sqrt(1 / reliability - 1)
    true = 60 + spread * rng.standard_normal(centres)
    seen = true + error * rng.standard_normal(centres)
    stars = make_stars(methodology, seen, np.full(centres, error))
    order = [int(centre[1:]) for centre in stars.frame["centre"]]
    return stars, true[order]


def test_quantile_stars_are_as_often_wrong_as_the_closed_form_says(methodology):
    rule = QuantileCuts.of_equal_shares(5)
    stars, true = draw_population(methodology, reliability=0.7)
    given = apply_rule(rule, stars.frame["estimate"].to_numpy(float)).stars
    stars = replace_stars(stars, given)
    found = assess_star_doubt(stars, draw_normal(stars, draws=400), methodology, rule=rule)
    quantiles = norm.ppf([0.2, 0.4, 0.6, 0.8])
    wrong = compute_misclassification(quantiles, reliability=0.7, basis="own_distribution").wrong
    expected = get_statistic(found, "draws", "expected_accuracy")
    # Both within the sampling error of 2,000 centres.
    assert expected == pytest.approx(1 - wrong, abs=0.02)
    really = (apply_rule(rule, true).stars == given).mean()
    assert expected == pytest.approx(really, abs=0.03)
    assert (found.leading, found.drawn_around, found.rule) == ("draws", "shrunk", "quantiles")
    # True scores vary less than estimates: their quantiles lie inside those of the estimates.
    cuts = found.cuts
    assert cuts["ci_low"].iloc[0] > cuts["cut"].iloc[0]
    assert cuts["ci_high"].iloc[3] < cuts["cut"].iloc[3]
    truth = np.quantile(true, [0.2, 0.4, 0.6, 0.8])
    inside = (cuts["ci_low"] - 0.3 < truth) & (truth < cuts["ci_high"] + 0.3)
    assert inside.all()


def test_shrunk_probabilities_come_true_where_normal_ones_do_not(methodology):
    stars, true = draw_population(methodology, reliability=0.4)
    found = assess_star_doubt(stars, draw_normal(stars, draws=100), methodology)
    given = found.centres["star"].to_numpy(int)
    right = apply_rule(FixedCuts(cuts=CUTS), true).stars == given
    assert get_statistic(found, "shrunk", "expected_accuracy") == pytest.approx(
        right.mean(), abs=0.03
    )
    outer = np.isin(given, (1, 5))
    shrunk, normal = found.centres["p_star_shrunk"][outer], found.centres["p_star_normal"][outer]
    assert abs(shrunk.mean() - right[outer].mean()) < 0.05
    assert normal.mean() - right[outer].mean() > 0.2


def test_peer_groups_have_cut_points_of_their_own(stars, methodology):
    estimates = stars.frame["estimate"].to_numpy(float)
    groups = np.array([0, 1, 0, 1, 0, 1])
    rule = PeerGroups(rule=QuantileCuts.of_equal_shares(2), groups=groups, names=("big", "small"))
    stars = replace_stars(stars, apply_rule(rule, estimates).stars)
    found = assess_star_doubt(stars, draw_normal(stars), methodology, rule=rule)
    assert found.cuts["peer_group"].tolist() == ["big", "small"]
    assert found.cuts["cut"].tolist() == [64.0, 58.0]
    assert (found.cuts["ci_low"] < found.cuts["ci_high"]).all()
    assert found.rule == "peer_groups.quantiles"
    # A centre whose cut is its own score: one of three, it is above or it is not.
    assert found.centres["p_star_draws"].between(0, 1).all()


def test_caps_hold_in_every_route(stars, methodology):
    limits = np.array([3, 5, 5, 5, 5, 5])
    capped = replace_stars(stars, [3, 4, 3, 2, 1, 1])
    found = assess_star_doubt(capped, draw_normal(stars), methodology, limits=limits)
    rows = found.probabilities[found.probabilities["centre"] == "C000"].set_index("star")
    assert (rows.loc[[4, 5], list(ROUTES)] == 0).all(axis=None)
    assert rows.loc[3, "normal"] == pytest.approx(norm.sf(60, 85, 2))
    first = found.centres.iloc[0]
    assert first["points_up"] == np.inf
    assert first["points_down"] == 25.0


def test_half_stars_are_within_one_when_they_differ_by_two_levels(stars, methodology):
    cuts = (45.0, 50.0, 55.0, 60.0, 65.0, 70.0, 75.0, 80.0)
    labels = [1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5]
    rule = FixedCuts(cuts=cuts)
    levels = apply_rule(rule, np.array(ESTIMATES)).stars
    stars = replace_stars(stars, np.array(labels)[levels - 1])
    found = assess_star_doubt(stars, draw_normal(stars), methodology, rule=rule, labels=labels)
    assert found.centres["star"].tolist() == [5.0, 4.0, 3.0, 2.5, 1.5, 1.0]
    row = found.centres.set_index("centre").loc["C003"]
    # 58 has 2.5 stars (55 to 60); 1.5 to 3.5 stars are 45 to 70.
    assert row["p_within_one"] == pytest.approx(np.diff(norm.cdf([45, 70], 58, 3))[0])


def test_a_score_without_error_is_certain(methodology):
    stars = make_stars(methodology, [85, 71, 64, 58, 49], [0, 4, 2, 3, 1])
    found = assess_star_doubt(stars, draw_normal(stars), methodology)
    row = found.centres.iloc[0]
    assert (row["p_star_normal"], row["p_star_draws"], row["p_star_shrunk"]) == (1, 1, 1)
    assert row["errors_down"] == np.inf


def test_withheld_stars_keep_their_reason_and_have_no_doubt(methodology):
    n = np.array([100, 100, 3, 100, 100, 40])
    stars = make_stars(methodology, ESTIMATES, ERRORS, n=n)
    settings = DoubtSettings(small_sample=50)
    found = assess_star_doubt(stars, draw_normal(stars), methodology, settings=settings)
    row = found.centres.set_index("centre").loc["C002"]
    assert row["withheld"] == "small_sample"
    assert row[["star", "certain", "p_star_normal", "points_up"]].isna().all()
    assert "C002" not in set(found.probabilities["centre"])
    small = found.centres.set_index("centre")["small_n"]
    assert small[small].index.tolist() == ["C005", "C002"]


def test_too_few_centres_for_a_posterior_are_told(methodology):
    stars = make_stars(methodology, [85, 71, 64], [2, 3, 4])
    found = assess_star_doubt(stars, draw_normal(stars), methodology)
    assert found.left_out.to_dict("records") == [
        {"statistic": "shrunk", "reason": "too_few_centres", "detail": "3/4"}
    ]
    assert found.centres["p_star_shrunk"].isna().all()
    rule = QuantileCuts.of_equal_shares(2)
    stars = replace_stars(stars, [2, 2, 1])
    found = assess_star_doubt(stars, draw_normal(stars), methodology, rule=rule)
    assert found.left_out["statistic"].tolist() == ["draws", "shrunk"]
    assert found.leading == "normal"


def test_stars_without_a_standard_error_have_no_doubt(stars, methodology):
    frame = stars.frame.assign(std_error=[np.nan, *ERRORS[1:]])
    found = assess_star_doubt(replace(stars, frame=frame), draw_normal(stars), methodology)
    assert found == Unavailable(stage="rating", reason="unknown_error", detail="1/6")


def test_what_cannot_be_doubted_is_refused_or_unavailable(methodology):
    nobody = make_stars(methodology, [60, 70], [2, 2], n=1)
    found = assess_star_doubt(nobody, draw_normal(nobody), methodology)
    assert found == Unavailable(stage="rating", reason="no_stars")
    tied = make_stars(methodology, [60, 60, 60, 60, 60], [2] * 5)
    rule = QuantileCuts.of_equal_shares(3)
    found = assess_star_doubt(tied, draw_normal(tied), methodology, rule=rule)
    assert isinstance(found, Unavailable)
    assert found.reason == "rule_refused"
    assert "distinct scores" in found.detail
    stars = make_stars(methodology, ESTIMATES, ERRORS)
    with pytest.raises(StatisticsError, match="those of the starred centres"):
        assess_star_doubt(stars, draw_normal(tied), methodology)
    with pytest.raises(StatisticsError, match="does not give the stars"):
        assess_star_doubt(
            stars, draw_normal(stars), methodology, rule=FixedCuts(cuts=(40, 50, 60, 70))
        )


def test_the_result_is_stored_and_told(doubt, tmp_path, monkeypatch):
    monkeypatch.setitem(storage.RESULT_TYPES, "StarDoubt", StarDoubt)
    save_result(doubt, tmp_path, name="star_doubt")
    loaded = load_result(tmp_path, name="star_doubt")
    assert loaded.centres.equals(doubt.centres)
    tidy = doubt.tidy()
    assert (tidy["statistic"] == "p_star").sum() == 3 * 6
    assert tidy["estimate"].notna().all()
