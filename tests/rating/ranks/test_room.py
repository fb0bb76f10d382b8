"""Ranks with their doubt, by scope: against closed forms, R csranks and known truth."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from clientindex.errors import StatisticsError
from clientindex.methodology.doubt_settings import DoubtSettings, ShrinkageSettings
from clientindex.rating.posterior import find_posterior
from clientindex.rating.ranks.room import assess_ranks
from clientindex.results import Unavailable, storage
from clientindex.results.ranks import RankTable
from clientindex.results.storage import load_result, save_result
from star_frames import draw_normal, make_stars

STORED = Path(__file__).parents[2] / "reference" / "rating"
SEED = np.random.SeedSequence(11)
REGIONS = ["North"] * 4 + ["South"] * 3 + ["West"]
ESTIMATES = (90.0, 70.0, 69.0, 40.0, 88.0, 66.0, 50.0, 75.0)
ENDS = [f"{kind}_{end}" for kind in ("marginal", "simultaneous") for end in ("low", "high")]


@pytest.fixture
def stars(methodology):
    return make_stars(methodology, ESTIMATES, [2.0] * 8, regions=REGIONS)


@pytest.fixture
def table(stars, methodology):
    return assess_ranks(stars, draw_normal(stars), methodology, seed=SEED)


def take(table, scope):
    return table.frame[table.frame["scope"] == scope].set_index("centre")


def test_scopes_are_the_country_and_regions_of_two_or_more(table):
    assert table.scopes["scope"].tolist() == ["country", "North", "South"]
    assert table.scopes["n"].tolist() == [8, 4, 3]
    assert table.scopes["top_count"].tolist() == [1, 1, 1]
    assert table.left_out.to_dict("records") == [
        {"scope": "West", "statistic": "rank", "reason": "one_centre", "detail": "C007"}
    ]
    assert table.frame["scope"].drop_duplicates().tolist() == ["country", "North", "South"]
    assert take(table, "North")["rank"].tolist() == [1, 2, 3, 4]
    assert take(table, "country").index[0] == "C000"


def test_far_apart_centres_have_one_rank_and_near_ones_share_a_set(table):
    north = take(table, "North")
    # Differences of 20 and more are 7 standard errors; those of 1 are a third of one.
    assert north.loc["C000", ENDS].tolist() == [1, 1, 1, 1]
    assert north.loc["C003", ENDS].tolist() == [4, 4, 4, 4]
    assert north.loc["C001", ENDS].tolist() == [2, 3, 2, 3]
    assert north["certain_best"].tolist() == [True, False, False, False]
    assert north["possible_best"].tolist() == [True, False, False, False]
    assert north["p_top"].round(6).tolist() == [1, 0, 0, 0]
    country = take(table, "country")
    assert country.loc[["C000", "C004"], "possible_best"].all()
    assert not country["certain_best"].any()


def test_the_chance_of_the_top_is_the_normal_law_of_a_difference(methodology):
    estimates, errors = np.array([70.0, 62.0]), np.array([3.0, 4.0])
    stars = make_stars(methodology, estimates, errors)
    settings = DoubtSettings(
        top_share=0.5, rank_sets=False, shrinkage=ShrinkageSettings(estimator="reml")
    )
    draws = draw_normal(stars, draws=20_000)
    table = assess_ranks(stars, draws, methodology, seed=SEED, settings=settings)
    known = find_posterior(estimates, errors, estimator="reml", level=0.95)
    gap = known.mean[0] - known.mean[1]
    p = norm.cdf(gap / np.sqrt((known.deviation**2).sum()))
    assert 0.6 < p < 0.95
    country = take(table, "country")
    assert country["p_top"].tolist() == pytest.approx([p, 1 - p], abs=0.015)
    assert country["expected_rank"].tolist() == pytest.approx([2 - p, 1 + p], abs=0.015)
    assert table.frame[ENDS].isna().all(axis=None)
    assert table.left_out["reason"].tolist() == ["switched_off"]


def test_sets_are_those_of_csranks_but_for_draws(methodology):
    pisa = pd.read_csv(STORED / "pisa_2018.csv")
    rows = pd.read_csv(STORED / "ranks_expected.csv").query("set == 'pisa' and level == 0.95")
    # Scores of PISA on the scale of points: ranks depend on neither origin nor unit.
    scores, errors = pisa["math_score"] / 10, pisa["math_se"] / 10
    stars = make_stars(methodology, scores, errors)
    settings = DoubtSettings(draws=20_000)
    draws = draw_normal(stars, draws=20_000)
    table = assess_ranks(stars, draws, methodology, seed=SEED, settings=settings)
    country = take(table, "country").sort_index()
    for cover in ("marginal", "simultaneous"):
        wanted = rows[(rows["cover"] == cover) & rows["stepdown"]].sort_values("unit")
        ours = country[[f"{cover}_low", f"{cover}_high"]].to_numpy(float)
        off = np.abs(ours - wanted[["low", "high"]].to_numpy(float))
        # Both draw: a difference near the critical value may fall on either side.
        assert off.max() <= 1
        assert (off > 0).mean() < 0.1


def test_intervals_hold_true_ranks_as_they_promise(methodology):
    rng = np.random.default_rng(5)
    settings = DoubtSettings(draws=400)
    inside = {"marginal": [], "simultaneous": [], "posterior": [], "rank": []}
    for _ in range(60):
        true = 60 + 5 * rng.standard_normal(40)
        stars = make_stars(methodology, true + 3 * rng.standard_normal(40), [3.0] * 40)
        draws = draw_normal(stars, draws=400, seed=int(rng.integers(1000)))
        seed = np.random.SeedSequence(int(rng.integers(1000)))
        table = assess_ranks(stars, draws, methodology, seed=seed, settings=settings)
        frame = take(table, "country").sort_index()
        rank = (-true).argsort().argsort() + 1
        for name, found in inside.items():
            low, high = (frame[f"{name}_{end}"].to_numpy(int) for end in ("low", "high"))
            found.append((low <= rank) & (rank <= high))
    covered = {name: np.mean(found) for name, found in inside.items()}
    assert covered["marginal"] > 0.94
    assert np.mean([found.all() for found in inside["simultaneous"]]) > 0.9
    assert covered["posterior"] == pytest.approx(0.95, abs=0.03)


def test_ties_share_the_smallest_rank_and_nothing_is_shown(methodology):
    stars = make_stars(methodology, [60.0] * 5, [2.0] * 5)
    frame = assess_ranks(stars, draw_normal(stars), methodology, seed=SEED).frame
    assert frame.loc[frame["scope"] == "country", "rank"].tolist() == [1] * 5
    assert (frame["simultaneous_high"] == 5).all()
    assert (frame["simultaneous_low"] == 1).all()


def test_without_any_error_every_rank_is_known(methodology):
    stars = make_stars(methodology, [60, 70, 80, 70, 50], [0.0] * 5)
    frame = take(assess_ranks(stars, draw_normal(stars), methodology, seed=SEED), "country")
    assert frame["rank"].tolist() == [1, 2, 2, 4, 5]
    for name in ("posterior", "rank"):
        assert frame[f"{name}_low"].tolist() == frame["rank"].tolist()
        assert frame[f"{name}_high"].tolist() == frame["rank"].tolist()
    assert frame["simultaneous_low"].tolist() == [1, 2, 2, 4, 5]
    assert frame["simultaneous_high"].tolist() == [1, 3, 3, 4, 5]


def test_what_has_no_ranks_is_told(methodology, stars):
    one = make_stars(methodology, [60.0], [2.0])
    assert assess_ranks(one, draw_normal(one), methodology, seed=SEED) == Unavailable(
        stage="rating", reason="one_centre"
    )
    nobody = make_stars(methodology, [60, 70], [2, 2], n=1)
    found = assess_ranks(nobody, draw_normal(nobody), methodology, seed=SEED)
    assert found.reason == "no_stars"
    unknown = replace(stars, frame=stars.frame.assign(std_error=np.nan))
    found = assess_ranks(unknown, draw_normal(stars), methodology, seed=SEED)
    assert (found.reason, found.detail) == ("unknown_error", "8/8")
    with pytest.raises(StatisticsError, match="those of the starred centres"):
        assess_ranks(stars, draw_normal(one), methodology, seed=SEED)
    three = make_stars(methodology, [60, 70, 80], [2, 2, 2])
    settings = DoubtSettings(draws=100, level=0.999)
    draws = draw_normal(three, draws=100)
    found = assess_ranks(three, draws, methodology, seed=SEED, settings=settings)
    assert found.left_out[["scope", "statistic", "reason"]].to_numpy().tolist() == [
        ["country", "posterior", "too_few_centres"],
        ["country", "sets", "too_few_draws"],
        ["North", "sets", "too_few_draws"],
    ]
    assert found.frame["p_top"].isna().all()


def test_the_result_is_stored_told_and_repeated(table, stars, methodology, tmp_path, monkeypatch):
    monkeypatch.setitem(storage.RESULT_TYPES, "RankTable", RankTable)
    save_result(table, tmp_path, name="ranks")
    assert load_result(tmp_path, name="ranks").frame.equals(table.frame)
    tidy = table.tidy()
    assert len(tidy) == 5 * len(table.frame)
    again = assess_ranks(stars, draw_normal(stars), methodology, seed=np.random.SeedSequence(11))
    assert again.frame.equals(table.frame)
