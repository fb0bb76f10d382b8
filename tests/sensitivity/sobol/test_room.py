"""Variance-based sensitivity of an edition: known truth, what is left out, the same bytes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from clientindex.errors import StatisticsError
from clientindex.methodology.sobol_settings import MethodAlternatives, SobolSettings
from clientindex.rating.weighting import (
    find_present,
    make_weight_plan,
    share_inner,
    share_outer,
    share_segments,
)
from clientindex.results import Unavailable
from clientindex.sensitivity.sobol.room import assess_sobol
from clientindex.sensitivity.together.room import assess_together

SEED = np.random.SeedSequence(2026)
NONE = MethodAlternatives(aggregation=(), missing_indicator=(), star_rule=())
FEW = SobolSettings(
    base_size=64, sequences=8, alternatives=MethodAlternatives(star_rule=("quantiles",))
)


def _find_slopes(moments, methodology, centre):
    """Return derivatives of a centre's index by the factors on weights, indicators first."""
    plan = make_weight_plan(methodology)
    mean = moments.mean[[moments.centres.index(centre)]]
    presence = find_present(~np.isnan(mean), plan)
    inner = share_inner(presence, plan, inner=plan.inner)
    outer = share_outer(presence, outer=plan.outer)
    segment = share_segments(presence.index, plan)
    groups = np.add.reduceat(inner * np.nan_to_num(mean), plan.starts, axis=-1)
    index = (groups * outer).sum(axis=-1)
    away = np.where(np.isnan(mean), 0.0, mean - groups[..., plan.group_of])
    of_items = segment[..., None] * outer[..., plan.group_of] * inner * away
    of_groups = segment[..., None] * outer * (groups - index[..., None])
    return np.concatenate([of_items.sum(axis=1)[0], of_groups.sum(axis=1)[0]])


@pytest.mark.parametrize("place", [0, 5, 17])
def test_in_a_narrow_band_indices_are_squares_of_slopes(moments, stars, methodology, place):
    centre = stars.frame.loc[stars.frame["withheld"] == "", "centre"].iloc[place]
    settings = SobolSettings(
        base_size=1024,
        sequences=16,
        band_pct=0.01,
        sampling=False,
        alternatives=NONE,
        centres=(centre,),
    )
    found = assess_sobol(moments, stars, methodology, seed=SEED, settings=settings)
    rows = found.indices[
        (found.indices["output"] == "centre_index") & (found.indices["input_kind"] != "source")
    ].set_index("input")
    slopes = _find_slopes(moments, methodology, centre)
    keys = [*methodology.indicator_keys, *methodology.group_keys]
    truth = pd.Series(slopes**2 / (slopes**2).sum(), index=keys).reindex(rows.index)
    for kind in ("first", "total"):
        assert np.all(np.abs(rows[kind] - truth) <= 4.5 * rows[f"{kind}_se"] + 1e-6)
    assert np.abs(rows["total"] - truth).max() < 0.05


def test_sources_and_choices_are_analysed_with_sampling_error(moments, stars, methodology):
    found = assess_sobol(moments, stars, methodology, seed=SEED, settings=FEW)
    indices = found.indices
    sources = indices[indices["input_kind"] == "source"]
    assert set(sources["input"]) == {"weights", "method", "sampling"}
    single = indices[indices["input_kind"] == "sampling"].set_index(["output", "key"])
    whole = sources[sources["input"] == "sampling"].set_index(["output", "key"])
    assert np.array_equal(single["first"], whole["first"], equal_nan=True)
    assert set(indices.loc[indices["input_kind"] == "choice", "input"]) == {
        "aggregation",
        "missing_indicator",
        "star_rule",
    }
    # An index does not depend on the star rule, whoever else moves.
    rule = indices[(indices["input"] == "star_rule") & (indices["output"] == "centre_index")]
    assert (rule[["first", "total"]].to_numpy() == 0).all()
    total = sources.groupby(["output", "key"])["total"].sum()
    assert (total > 0.6).all()
    assert set(found.options["choice"]) == {"aggregation", "missing_indicator", "star_rule"}
    assert found.options[found.options["own"]]["option"].tolist() == [
        "arithmetic",
        "reweight",
        "fixed",
    ]
    n = found.convergence["n"].unique().tolist()
    assert n == [8, 16, 32, 64]
    last = found.convergence[found.convergence["n"] == 64]
    assert np.array_equal(last["first"], indices["first"], equal_nan=True)
    assert found.tidy()["estimate"].notna().all()
    assert len(found.tidy()) == 2 * int(indices["first"].notna().sum())


def test_workers_do_not_change_a_bit(moments, stars, methodology):
    one, two = (
        assess_sobol(moments, stars, methodology, seed=SEED, settings=FEW, workers=workers)
        for workers in (1, 2)
    )
    for name in ("outputs", "indices", "convergence"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name), check_exact=True)


def test_what_cannot_move_is_left_out(moments, stars, methodology):
    settings = SobolSettings(base_size=64, sequences=8, sampling=False, alternatives=NONE)
    found = assess_sobol(moments, stars, methodology, seed=SEED, settings=settings)
    reasons = found.left_out.set_index(["kind", "key"])["reason"]
    assert reasons["sampling", "sampling"] == "switched_off"
    assert reasons["choice", "aggregation"] == "no_alternative"
    assert reasons["choice", "missing_group"] == "nothing_missing"
    nothing = SobolSettings(weights=False, sampling=False, alternatives=NONE)
    lack = assess_sobol(moments, stars, methodology, seed=SEED, settings=nothing)
    assert lack == Unavailable(stage="sensitivity", reason="nothing_moves")


def test_bootstrap_of_a_random_sample_is_offered(moments, stars, methodology):
    settings = SobolSettings(
        base_size=64, sequences=64, interval="percentile", replicates=100, alternatives=NONE
    )
    found = assess_sobol(moments, stars, methodology, seed=SEED, settings=settings)
    known = found.indices.dropna()
    assert found.replicates == 100
    assert (known["total_low"] <= known["total_high"]).all()
    assert (known["total_low"] >= 0).all()


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"base_size": 1000}, "power of 2"),
        ({"interval": "percentile"}, "as many sequences as rows"),
        ({"base_size": 128, "sequences": 128}, None),
        ({"sequences": 1}, "two sequences or more"),
        ({"band_pct": 120}, "less than or equal to 100"),
        ({"base_size": 0}, "greater than or equal to 64"),
    ],
)
def test_settings_are_checked(fields, told):
    if told is None:
        SobolSettings(**fields)
        return
    with pytest.raises(ValueError, match=told):
        SobolSettings(**fields)


def test_centres_without_a_star_and_other_moments_are_refused(moments, stars, methodology):
    settings = SobolSettings(base_size=64, sequences=8, centres=("nowhere",))
    with pytest.raises(StatisticsError, match="without a star: nowhere"):
        assess_sobol(moments, stars, methodology, seed=SEED, settings=settings)
    frame = stars.frame.assign(estimate=stars.frame["estimate"] + 1)
    with pytest.raises(StatisticsError, match="other indices than those that have stars"):
        assess_sobol(moments, replace(stars, frame=frame), methodology, seed=SEED, settings=FEW)


@pytest.mark.parametrize("assess", [assess_sobol, assess_together])
def test_a_method_that_leaves_centres_without_an_index_is_named_as_the_reason(
    moments, methodology, make_moments, rate, assess
):
    # Nobody in the region B answered one indicator: there is no mean of the region to stand in.
    mean = np.nan_to_num(moments.mean, nan=60.0)
    mean[:3, :, methodology.indicator_keys.index("competence")] = np.nan
    scoring = methodology.scoring.model_copy(update={"missing_indicator": "reweight"})
    own = methodology.model_copy(update={"scoring": scoring})
    lacking = make_moments(mean, own)
    found = assess(
        lacking,
        rate(lacking, own),
        own,
        seed=SEED,
        regions={centre: "B" if n < 3 else "A" for n, centre in enumerate(lacking.centres)},
    )
    assert found == Unavailable(stage="sensitivity", reason="runs_without_index", detail="3")
