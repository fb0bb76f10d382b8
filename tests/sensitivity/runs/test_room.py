"""The model of an edition: the published run, other star rules, z scores, what does not fit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from clientindex.errors import StatisticsError
from clientindex.methodology import Methodology
from clientindex.methodology.sobol_settings import MethodAlternatives
from clientindex.rating import assign_stars, compute_scores
from clientindex.rating.star_rules import QuantileCuts, apply_rule
from clientindex.sensitivity.drawn_index import LinearIndex
from clientindex.sensitivity.draws import WeightDraws
from clientindex.sensitivity.runs.model import RunInputs
from clientindex.sensitivity.runs.room import run_published, set_up_runs

SEED = np.random.SeedSequence(1)
NONE = MethodAlternatives(aggregation=(), missing_indicator=())


def _vary(own, **changes):
    """Return one run with other inputs."""
    fields = {name: getattr(own, name) for name in ("draw", "method", "rule", "inner", "outer")}
    return RunInputs(**{**fields, **{k: np.array([v]) for k, v in changes.items()}})


def test_a_run_under_other_weights_is_that_of_random_weightings(moments, stars, methodology):
    setup = set_up_runs(moments, stars, methodology, alternatives=NONE, seed=SEED)
    factors = np.random.default_rng(1).uniform(0.75, 1.25, (6, 25))
    inner, outer = setup.model.weigh(factors)
    zero = np.zeros(6, dtype=int)
    found = setup.model.run(
        RunInputs(draw=zero - 1, method=zero, rule=zero, inner=inner, outer=outer)
    )
    linear = LinearIndex.of(moments, methodology, centres=list(setup.starred["centre"]))
    index = linear.compute(WeightDraws(inner=inner, outer=outer))
    ours = found.index[:, setup.model.published.places]
    assert ours == pytest.approx(index, abs=1e-10)


def test_a_factor_of_0_leaves_a_weight_that_asks_for_answers(moments, stars, methodology):
    setup = set_up_runs(moments, stars, methodology, alternatives=NONE, seed=SEED)
    inner, outer = setup.model.weigh(np.zeros((1, 25)))
    plan = setup.model.plan
    assert inner[0] == pytest.approx(plan.inner)
    assert outer[0] == pytest.approx(plan.outer)
    inner, outer = setup.model.weigh(np.array([[0.0] * 3 + [1.0] * 22]))
    assert (inner > 0).all()
    assert np.isfinite(
        setup.model.run(_vary(run_published(setup.model), inner=inner[0])).index
    ).all()


def test_another_star_rule_is_that_of_the_rating(moments, stars, methodology):
    alternatives = MethodAlternatives(
        aggregation=(), missing_indicator=(), star_rule=("quantiles", "k_means")
    )
    setup = set_up_runs(moments, stars, methodology, alternatives=alternatives, seed=SEED)
    own = run_published(setup.model)
    found = setup.model.run(_vary(own, rule=1))
    rule = QuantileCuts.of_equal_shares(5)
    expected = apply_rule(rule, setup.starred["estimate"].to_numpy(float)).stars
    assert np.array_equal(found.levels[0], expected)


@pytest.fixture(scope="module")
def by_peers(moments, methodology):
    """Return stars by quantiles inside two regions, and their methodology."""
    base = methodology.model_dump(by_alias=True)
    rule = {
        "minimum_sample": 30,
        "rule": "quantiles",
        "stars": 3,
        "peer_groups": {"by": "region"},
    }
    other = Methodology.model_validate(base | {"stars": rule})
    regions = [f"R{i % 2}" for i in range(len(moments.centres))]
    register = pd.DataFrame({"centre": moments.centres, "name": "n", "region": regions})
    return assign_stars(compute_scores(moments, other), other, register=register), other


def test_cut_points_that_were_found_can_be_stated(moments, by_peers):
    stars, methodology = by_peers
    alternatives = MethodAlternatives(aggregation=(), missing_indicator=(), star_rule=("fixed",))
    setup = set_up_runs(moments, stars, methodology, alternatives=alternatives, seed=SEED)
    own = run_published(setup.model)
    stated, found = (setup.model.run(_vary(own, rule=rule)) for rule in (1, 0))
    assert np.array_equal(stated.levels, found.levels)
    assert np.array_equal(found.levels[0], setup.model.published.levels)
    assert setup.model.posterior is not None


def test_z_scores_of_groups_are_put_back_to_points(moments, stars, methodology):
    alternatives = MethodAlternatives(aggregation=(), missing_indicator=(), normalise_groups=("z",))
    setup = set_up_runs(moments, stars, methodology, alternatives=alternatives, seed=SEED)
    found = setup.model.run(_vary(run_published(setup.model), method=1))
    own = setup.model.published
    index = found.index[0, own.places]
    assert index.mean() == pytest.approx(own.index.mean())
    assert index.std() == pytest.approx(own.index.std())
    scoring = methodology.scoring.model_copy(update={"normalise_groups": "z", "scale": "standard"})
    fields = {key: getattr(methodology, key) for key in Methodology.model_fields}
    by_z = Methodology.model_construct(**{**fields, "scoring": scoring})
    frame = compute_scores(moments, by_z).frame
    rows = frame[(frame["segment"] == "all") & (frame["kind"] == "index")]
    z = rows.set_index("centre")["estimate"].reindex(setup.starred["centre"]).to_numpy()
    back = own.index.mean() + own.index.std() * (z - z.mean()) / z.std()
    assert index == pytest.approx(back, abs=1e-9)


def test_stars_of_another_rule_are_refused(moments, stars, methodology):
    frame = stars.frame.assign(star=stars.frame["star"].where(stars.frame["star"] != 4, 3))
    with pytest.raises(StatisticsError, match="does not give the stars that were given"):
        set_up_runs(moments, replace(stars, frame=frame), methodology, alternatives=NONE, seed=SEED)


def test_a_starred_centre_without_means_is_refused(moments, stars, methodology):
    frame = stars.frame.copy()
    frame.loc[frame.index[0], "centre"] = "elsewhere"
    with pytest.raises(StatisticsError, match="without indicator means: elsewhere"):
        set_up_runs(
            moments,
            replace(stars, frame=frame),
            methodology,
            alternatives=NONE,
            seed=SEED,
            regions=dict.fromkeys(moments.centres, "R"),
        )
