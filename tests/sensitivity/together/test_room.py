"""Everything together reduces to its parts: the draws of star doubt, and random weightings."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from clientindex.errors import StatisticsError
from clientindex.methodology import Methodology
from clientindex.methodology.sobol_settings import MethodAlternatives
from clientindex.methodology.together_settings import TogetherSettings
from clientindex.rating.index_draws import draw_indices
from clientindex.rating.star_doubt.room import assess_star_doubt
from clientindex.rating.star_doubt.stated import restate_rule
from clientindex.results import Unavailable
from clientindex.sensitivity.stability import compute_weight_stability
from clientindex.sensitivity.together.room import assess_together

SEED = np.random.SeedSequence(2026)
DRAWS, PAIRS = 4_000, 1_500
MONTE_CARLO = 4.5
"""Standard errors of the difference of two simulations, of 30 centres and 5 stars."""


@pytest.fixture(scope="module")
def joint(moments, stars, methodology):
    settings = TogetherSettings(draws=400)
    return assess_together(moments, stars, methodology, seed=SEED, settings=settings)


def _doubt_by_draws(moments, stars, methodology):
    starred = stars.frame[stars.frame["withheld"] == ""]
    draws = draw_indices(
        moments, methodology, centres=list(starred["centre"]), draws=DRAWS, seed=SEED
    )
    stated = restate_rule(stars, methodology)
    return assess_star_doubt(
        stars,
        draws,
        methodology,
        rule=stated.rule,
        labels=stated.labels,
        limits=stated.limits,
    )


def _differ(ours, theirs, *, n_ours, n_theirs):
    """Return the largest difference of probabilities in its own Monte Carlo errors."""
    p = (ours + theirs) / 2
    error = np.sqrt(np.maximum(p * (1 - p), 1e-3) * (1 / n_ours + 1 / n_theirs))
    return float((np.abs(ours - theirs) / error).max())


def test_sampling_error_alone_is_the_draws_route_of_star_doubt(moments, stars, methodology):
    settings = TogetherSettings(draws=PAIRS, sources=("sampling",))
    ours = assess_together(moments, stars, methodology, seed=SEED, settings=settings)
    theirs = _doubt_by_draws(moments, stars, methodology).probabilities
    both = ours.probabilities.merge(theirs, on=["centre", "star"], validate="1:1")
    assert len(both) == len(theirs)
    off = _differ(both["p"].to_numpy(), both["draws"].to_numpy(), n_ours=2 * PAIRS, n_theirs=DRAWS)
    assert off < MONTE_CARLO
    # Nothing else moves: all doubt, and all variance, are of sampling error.
    parts = ours.parts.pivot_table(
        index=["centre", "quantity"], columns="source", values="estimate"
    )
    assert np.array_equal(parts["sampling"], parts["all"])
    exact = stars.frame.set_index("centre")["std_error"].reindex(ours.centres["centre"])
    assert ours.centres["std_dev"].to_numpy() == pytest.approx(exact.to_numpy(), rel=0.12)


def test_so_it_is_where_the_rule_finds_cut_points(moments, methodology, rate):
    base = methodology.model_dump(by_alias=True)
    rule = {"minimum_sample": 30, "rule": "quantiles", "stars": 3}
    other = Methodology.model_validate(base | {"stars": rule})
    stars = rate(moments, other)
    settings = TogetherSettings(draws=PAIRS, sources=("sampling",))
    ours = assess_together(moments, stars, other, seed=SEED, settings=settings)
    theirs = _doubt_by_draws(moments, stars, other)
    assert ours.drawn_around == theirs.drawn_around == "shrunk"
    both = ours.probabilities.merge(theirs.probabilities, on=["centre", "star"])
    off = _differ(both["p"].to_numpy(), both["draws"].to_numpy(), n_ours=2 * PAIRS, n_theirs=DRAWS)
    assert off < MONTE_CARLO


def test_weights_alone_are_random_weightings(moments, stars, make_methodology):
    methodology = make_methodology(draws=DRAWS)
    theirs = compute_weight_stability(moments, stars, methodology, seed=SEED).frame
    settings = TogetherSettings(draws=PAIRS, sources=("weights",))
    ours = assess_together(moments, stars, methodology, seed=SEED, settings=settings).centres
    both = ours.merge(theirs, on="centre", suffixes=("", "_weights"), validate="1:1")
    assert len(both) == len(theirs)
    off = _differ(
        both["p_star"].to_numpy(),
        both["share_same_star"].to_numpy(),
        n_ours=2 * PAIRS,
        n_theirs=DRAWS,
    )
    assert off < MONTE_CARLO
    for name in ("rank_low", "rank_median", "rank_high"):
        assert np.abs(both[name] - both[f"{name}_weights"]).max() <= 1
    assert both["p_star_sampling"].isna().all()


def test_parts_of_doubt_and_variance_sum_to_the_whole(joint):
    table = joint.parts.pivot_table(
        index=["quantity", "centre"], columns="source", values="estimate"
    )
    sums = table[["sampling", "weights", "method"]].sum(axis=1)
    assert sums.to_numpy() == pytest.approx(table["all"].to_numpy(), abs=1e-9)
    doubt = table.loc["doubt"].reindex(joint.centres["centre"])
    assert doubt["all"].to_numpy() == pytest.approx(1 - joint.centres["p_star"], abs=1e-12)
    deviation = np.sqrt(table.loc["variance"].reindex(joint.centres["centre"])["all"])
    assert joint.centres["std_dev"].to_numpy() == pytest.approx(deviation.to_numpy())
    share = joint.probabilities.groupby("centre")["p"].sum()
    assert share.to_numpy() == pytest.approx(1, abs=1e-12)


def test_summary_sums_over_centres(joint):
    table = joint.summary.set_index(["statistic", "source"])["estimate"]
    centres = joint.centres
    assert table["expected_accuracy", "all"] == pytest.approx(centres["p_star"].mean())
    wrong = table["expected_wrong", "all"]
    assert wrong == pytest.approx((1 - centres["p_star"]).sum())
    own = sum(table["expected_wrong", source] for source in ("sampling", "weights", "method"))
    assert own == pytest.approx(wrong)
    parts = joint.summary.set_index(["statistic", "source"])["share"]
    assert parts["expected_wrong", "all"] == pytest.approx(1, abs=1e-12)
    share = table["expected_wrong", "weights"] / wrong
    assert parts["expected_wrong", "weights"] == pytest.approx(share, rel=1e-12)
    assert np.isnan(parts["expected_accuracy", "all"])
    assert (joint.centres["rank_low"] <= joint.centres["rank_high"]).all()
    assert joint.runs == 400 * 14
    assert np.isfinite(joint.tidy()["estimate"].to_numpy(float)).all()


def test_variance_of_sampling_error_and_weights_is_as_alone(joint, moments, stars, methodology):
    """Without interaction to speak of, the parts are the variances of each source alone."""
    alone = {}
    for source in ("sampling", "weights"):
        settings = TogetherSettings(draws=400, sources=(source,))
        found = assess_together(moments, stars, methodology, seed=SEED, settings=settings)
        alone[source] = (found.centres["std_dev"] ** 2).mean()
    variance = joint.parts[joint.parts["quantity"] == "variance"]
    mean = variance.groupby("source")["estimate"].mean()
    for source, value in alone.items():
        assert mean[source] == pytest.approx(value, rel=0.1)


def test_workers_do_not_change_a_bit(moments, stars, methodology):
    settings = TogetherSettings(draws=70)
    one, two = (
        assess_together(moments, stars, methodology, seed=SEED, settings=settings, workers=workers)
        for workers in (1, 2)
    )
    for name in ("centres", "probabilities", "parts", "summary"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name), check_exact=True)


def test_what_does_not_move_is_left_out(moments, stars, methodology):
    none = MethodAlternatives(aggregation=(), missing_indicator=())
    settings = TogetherSettings(draws=20, sources=("weights", "method"), alternatives=none)
    found = assess_together(moments, stars, methodology, seed=SEED, settings=settings)
    reasons = found.left_out.set_index(["kind", "key"])["reason"]
    assert reasons["source", "sampling"] == "switched_off"
    assert reasons["source", "method"] == "no_alternative"
    nothing = TogetherSettings(draws=20, sources=("method",), alternatives=none)
    lack = assess_together(moments, stars, methodology, seed=SEED, settings=nothing)
    assert lack == Unavailable(stage="sensitivity", reason="nothing_moves")


def test_settings_and_workers_are_checked(moments, stars, methodology):
    with pytest.raises(ValueError, match="stands once"):
        TogetherSettings(sources=("weights", "weights"))
    with pytest.raises(ValueError, match="greater than or equal to 2"):
        TogetherSettings(draws=0)
    with pytest.raises(StatisticsError, match="at least one worker"):
        assess_together(moments, stars, methodology, seed=SEED, workers=0)
