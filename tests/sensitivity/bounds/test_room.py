"""Bounds of an edition: the rating itself is called with the weights that are found."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from clientindex.errors import StatisticsError
from clientindex.methodology import Methodology
from clientindex.methodology.weight_bounds_settings import WeightBoundsSettings
from clientindex.rating import assign_stars, compute_scores
from clientindex.rating.blend import blend_checklists
from clientindex.rating.weighting import make_weight_plan
from clientindex.results import Unavailable
from clientindex.results.weight_bounds import WeightBounds
from clientindex.sensitivity.bounds import assess_weight_bounds
from clientindex.sensitivity.drawn_index import ModelIndex
from clientindex.sensitivity.draws import DrawScheme, WeightDraws, draw_weightings

EXACT = 1e-9
SETTINGS = WeightBoundsSettings()


def change(methodology, **sections):
    raw = methodology.model_dump(by_alias=True)
    for name, value in sections.items():
        raw[name] = raw[name] | value if name == "scoring" else value
    return Methodology.model_validate(raw)


@pytest.mark.parametrize("weights", ["within_band", "rescaled"])
@pytest.mark.parametrize(
    "scoring",
    [
        {},
        {"missing_group": "reweight"},
        {"missing_indicator": "impute_group_mean"},
        {"aggregation": "geometric"},
        {"levels": {"index": "geometric"}},
        {
            "levels": {"group": "harmonic"},
            "missing_indicator": "refuse",
            "missing_group": "reweight",
        },
        {"missing_indicator": "impute_region_mean"},
    ],
)
def test_no_random_weights_pass_the_bounds(methodology, moments, rate, scoring, weights):
    own = change(methodology, scoring=scoring)
    moments = positive(moments)
    regions = dict.fromkeys(moments.centres, "R")
    register = pd.DataFrame({"centre": moments.centres, "name": "n", "region": "R"})
    stars = assign_stars(compute_scores(moments, own, regions=regions), own, register=register)
    settings = WeightBoundsSettings(weights=weights)
    found = assess_weight_bounds(moments, stars, own, settings=settings, regions=regions)
    assert isinstance(found, WeightBounds)
    frame = found.frame
    assert len(frame) > 3
    assert "index_differs" not in set(found.left_out["reason"])
    drawn = ModelIndex.of(
        moments, own, centres=frame["centre"].tolist(), regions=regions, measures=None
    )
    width = 0.25 if weights == "rescaled" else 0.1
    draws = draw_band(make_weight_plan(own), size=1500, band=width, seed=9)
    index = drawn.compute(draws)
    assert (index >= frame["lower"].to_numpy() - EXACT).all()
    assert (index <= frame["upper"].to_numpy() + EXACT).all()
    assert (frame["lower"] <= frame["estimate"]).all()
    assert (frame["upper"] >= frame["estimate"]).all()


def draw_band(plan, *, size, band, seed):
    scheme = DrawScheme(band=band)
    return draw_weightings(plan, scheme, first=0, size=size, seed=np.random.SeedSequence(seed))


def positive(moments):
    return replace(moments, mean=np.maximum(moments.mean, 1.0))


def complete(moments):
    rng = np.random.default_rng(2)
    level = rng.normal(68, 9, (len(moments.centres), 1, 1))
    mean = np.clip(level + rng.normal(0, 10, moments.mean.shape), 1, 100)
    return replace(moments, mean=mean, cov_mean=np.nan_to_num(moments.cov_mean, nan=0.0) + 0.0)


def test_bounds_are_reached_by_the_rating_itself(methodology, moments, rate):
    """The extreme weights, put to the rating of the edition, give exactly the bounds."""
    moments = complete(moments)
    stars = rate(moments, methodology)
    found = assess_weight_bounds(moments, stars, methodology, settings=SETTINGS)
    assert found.frame["reached"].all()
    centres = found.frame["centre"].tolist()
    drawn = ModelIndex.of(moments, methodology, centres=centres, regions=None, measures=None)
    plan = make_weight_plan(methodology)
    pooled = moments.mean.mean(axis=1)[pd.Index(moments.centres).get_indexer(centres)]
    for name, sign in (("lower", -1), ("upper", 1)):
        for place in range(0, len(centres), 7):
            weights = fill_by_hand(sign * pooled[place], plan, 0.25)
            index = drawn.compute(weights)[0, place]
            assert index == pytest.approx(found.frame[name].iloc[place], abs=EXACT)


def fill_by_hand(x, plan, band):
    """Fill least weights up from the largest value down, in plain Python."""

    def fill(values, stated):
        weights = stated * (1 - band)
        left = 1 - weights.sum()
        for at in np.argsort(-values):
            given = min(left, 2 * band * stated[at])
            weights[at] += given
            left -= given
        return weights

    inner, best = np.empty(len(x)), []
    for g in range(len(plan.outer)):
        at = plan.group_of == g
        inner[at] = fill(x[at], plan.inner[at])
        best.append(inner[at] @ x[at])
    return WeightDraws(inner=inner[None], outer=fill(np.array(best), plan.outer)[None])


def test_certain_stars_and_smallest_bands_agree(methodology, moments, rate):
    """A star is certain at 25 % exactly where the smallest band that changes it is wider."""
    stars = rate(moments, methodology)
    found = assess_weight_bounds(moments, stars, methodology, settings=SETTINGS)
    frame = found.frame
    assert found.stars_by == "cut_points"
    assert 0 < frame["certain"].sum() < len(frame)
    smallest = frame["smallest_band_pct"].fillna(np.inf)
    assert (frame["certain"].to_numpy(bool) == (smallest > 25).to_numpy()).all()
    cuts = np.array([50.0, 60, 70, 80])
    assert (np.searchsorted(cuts, frame["lower"], side="right") + 1 == frame["star_low"]).all()
    row = frame[frame["wins_band_pct"] > 1].iloc[0]
    for band, wins in ((row["wins_band_pct"], True), (row["wins_band_pct"] - 0.01, False)):
        narrow = WeightBoundsSettings(band_pct=band)
        again = assess_weight_bounds(moments, stars, methodology, settings=narrow).frame
        own = again[again["centre"] == row["centre"]].iloc[0]
        assert (own["star_high"] > row["star"]) == wins


def test_one_level_moves_within_both(methodology, moments, rate):
    stars = rate(moments, methodology)
    found = {
        moves: assess_weight_bounds(
            moments, stars, methodology, settings=WeightBoundsSettings(moves=moves)
        ).frame
        for moves in ("both", "groups", "indicators")
    }
    for moves in ("groups", "indicators"):
        assert (found[moves]["upper"] <= found["both"]["upper"] + EXACT).all()
        assert (found[moves]["upper"] > found[moves]["estimate"]).all()
    # Weights of groups alone move the index as if groups were indicators.
    frame = compute_scores(moments, methodology).frame
    groups = frame[(frame["segment"] == "all") & (frame["kind"] == "group")]
    wide = groups.pivot_table(index="centre", columns="key", values="estimate")
    wide = wide.reindex(columns=list(methodology.group_keys))
    centre = next(c for c in found["groups"].loc[found["groups"]["reached"], "centre"])
    scores, v = wide.loc[centre].to_numpy(), make_weight_plan(methodology).outer
    order = np.argsort(-scores)
    w = 0.75 * v
    left = 1 - w.sum()
    for at in order:
        given = min(left, 0.5 * v[at])
        w[at] += given
        left -= given
    upper = found["groups"].set_index("centre").loc[centre, "upper"]
    assert upper == pytest.approx(w @ scores, abs=EXACT)


def test_z_scores_of_groups_are_exact_where_weights_of_groups_alone_move(
    methodology, moments, rate
):
    own = change(
        methodology,
        scoring={"normalise_groups": "z", "scale": "standard"},
        stars={"minimum_sample": 1, "rule": "quantiles", "stars": 3},
    )
    stars = rate(moments, own)
    refused = assess_weight_bounds(moments, stars, own, settings=SETTINGS)
    assert isinstance(refused, Unavailable)
    assert refused.reason == "groups_normalised"
    settings = WeightBoundsSettings(moves="groups")
    found = assess_weight_bounds(moments, stars, own, settings=settings)
    drawn = ModelIndex.of(
        moments, own, centres=found.frame["centre"].tolist(), regions=None, measures=None
    )
    plan = make_weight_plan(own)
    draws = draw_band(plan, size=800, band=0.1, seed=1)
    still = WeightDraws(inner=np.broadcast_to(plan.inner, draws.inner.shape), outer=draws.outer)
    index = drawn.compute(still)
    assert (index >= found.frame["lower"].to_numpy() - EXACT).all()
    assert (index <= found.frame["upper"].to_numpy() + EXACT).all()


def test_quantiles_have_bounds_and_clusters_have_none(methodology, moments, rate):
    narrow = WeightBoundsSettings(band_pct=3)
    rule = {"minimum_sample": 1, "rule": "quantiles", "stars": 3}
    own = change(methodology, stars=rule)
    stars = rate(moments, own)
    found = assess_weight_bounds(moments, stars, own, settings=narrow)
    assert found.stars_by == "bounds"
    assert 0 < found.frame["certain"].sum() < len(found.frame)
    assert found.frame["smallest_band_pct"].isna().all()
    assert set(found.left_out["reason"]) >= {"cut_points_found"}
    # Random weights within the band never move a certain star.
    centres = found.frame["centre"].tolist()
    drawn = ModelIndex.of(moments, own, centres=centres, regions=None, measures=None)
    draws = draw_band(make_weight_plan(own), size=300, band=0.014, seed=1)
    certain = found.frame["certain"].to_numpy(bool)
    for index in drawn.compute(draws):
        cuts = np.quantile(index, [1 / 3, 2 / 3])
        level = np.searchsorted(cuts, index, side="right") + 1
        assert (level[certain] == found.frame["star"].to_numpy(float)[certain]).all()
    own = change(methodology, stars={**rule, "rule": "k_means"})
    found = assess_weight_bounds(moments, rate(moments, own), own, settings=narrow)
    assert found.stars_by == "none"
    assert found.frame["certain"].isna().all()
    assert found.frame["lower"].notna().all()


def test_blended_checklists_shift_the_bounds(methodology, moments):
    raw = methodology.model_dump(by_alias=True)
    raw["checklist"] = {**raw["checklist"], "use": "blend", "weight": 0.25}
    own = Methodology.model_validate(raw)
    checklists = pd.DataFrame(
        {"centre": list(moments.centres[:20]), "key": "index", "estimate": 90.0, "variance": 0.0}
    )
    register = pd.DataFrame({"centre": moments.centres, "name": "n", "region": "R"})
    survey = compute_scores(moments, own)
    plain = assess_weight_bounds(
        moments, assign_stars(survey, own, register=register), own, settings=SETTINGS
    ).frame.set_index("centre")
    stars = assign_stars(blend_checklists(survey, checklists, weight=0.25), own, register=register)
    found = assess_weight_bounds(moments, stars, own, settings=SETTINGS, checklists=checklists)
    frame = found.frame.set_index("centre")
    for name in ("lower", "upper", "estimate"):
        for centre in frame.index:
            expected = plain.loc[centre, name]
            if centre in moments.centres[:20]:
                expected = 0.75 * expected + 0.25 * 90
            assert frame.loc[centre, name] == pytest.approx(expected, abs=EXACT)
    # Without the checklists the published index is another one, and that is told.
    lost = assess_weight_bounds(moments, stars, own, settings=SETTINGS)
    assert set(lost.left_out.loc[lost.left_out["statistic"] == "bounds", "reason"]) == {
        "index_differs"
    }
    assert len(lost.frame) < len(frame)


def test_swaps_of_neighbours_and_of_a_stated_pair(methodology, moments, rate):
    moments = complete(moments)
    stars = rate(moments, methodology)
    centres = stars.frame.loc[stars.frame["star"].notna(), "centre"].tolist()
    found = assess_weight_bounds(
        moments, stars, methodology, settings=SETTINGS, pairs=[(centres[5], centres[2])]
    )
    swaps = found.swaps
    assert len(swaps) == len(centres)
    assert swaps["neighbours"].sum() == len(centres) - 1
    last = swaps.iloc[-1]
    assert (last["first"], last["second"]) == (centres[2], centres[5])
    assert (swaps["difference"] >= 0).all()
    assert (swaps["l1_indicators"] <= swaps["l1_groups"].fillna(np.inf) + EXACT).all()
    assert len(found.tidy()) == 2 * len(centres) + len(swaps)
    with pytest.raises(StatisticsError, match="without a star cannot swap places: nobody"):
        assess_weight_bounds(
            moments, stars, methodology, settings=SETTINGS, pairs=[("nobody", centres[0])]
        )
    with pytest.raises(StatisticsError, match="two different centres"):
        assess_weight_bounds(
            moments, stars, methodology, settings=SETTINGS, pairs=[(centres[0], centres[0])]
        )


def test_pairs_that_lack_different_indicators_are_told(methodology, moments, rate):
    found = assess_weight_bounds(
        moments, rate(moments, methodology), methodology, settings=SETTINGS
    )
    lost = found.left_out[found.left_out["statistic"] == "swap"]
    assert set(lost["reason"]) == {"different_indicators"}
    assert len(lost) + len(found.swaps) == len(found.frame) - 1


def test_what_has_no_bounds_is_told(methodology, moments, rate):
    median = change(methodology, scoring={"levels": {"group": "median"}})
    found = assess_weight_bounds(moments, rate(moments, median), median, settings=SETTINGS)
    assert isinstance(found, Unavailable)
    assert found.reason == "median"
    groups = WeightBoundsSettings(moves="groups")
    assert isinstance(
        assess_weight_bounds(moments, rate(moments, median), median, settings=groups),
        WeightBounds,
    )
    mixed = change(methodology, scoring={"levels": {"index": "geometric"}})
    found = assess_weight_bounds(
        positive(moments), rate(positive(moments), mixed), mixed, settings=SETTINGS
    )
    assert "means_differ" in set(found.left_out["reason"])
    assert found.swaps.empty


@pytest.mark.parametrize("band", [0, -5, 100.1, float("nan")])
def test_a_band_is_above_0_and_up_to_100_per_cent(band):
    with pytest.raises(ValidationError, match="band_pct"):
        WeightBoundsSettings(band_pct=band)


def test_two_thousand_centres_below_two_seconds(methodology, make_moments, rate):
    rng = np.random.default_rng(0)
    mean = np.clip(rng.normal(68, 8, (2000, 1, 1)) + rng.normal(0, 10, (2000, 2, 20)), 0, 100)
    moments = make_moments(mean, methodology)
    stars = rate(moments, methodology)
    start = time.process_time()
    found = assess_weight_bounds(moments, stars, methodology, settings=SETTINGS)
    assert time.process_time() - start < 2
    assert len(found.frame) == 2000
