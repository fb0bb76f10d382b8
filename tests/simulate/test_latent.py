import numpy as np
import pytest
from scipy.stats import norm

from clientindex.methodology import Methodology
from clientindex.simulate.latent import (
    CENTRE_SHARE,
    REGION_SHARE,
    compute_thresholds,
    draw_effects,
    draw_model,
)

EXACT = 1e-12
SPREAD = 0.02
"""Sampling error of a variance of about 0.1 from 20,000 centres, five times over."""


def test_thresholds_give_the_shares_they_were_made_for() -> None:
    cuts = compute_thresholds(5, power=2.0)
    assert norm.cdf(cuts) == pytest.approx([0.04, 0.16, 0.36, 0.64], abs=EXACT)


def test_every_indicator_has_latent_variance_one(methodology: Methodology) -> None:
    model = draw_model(methodology, rng=np.random.default_rng(3))
    implied = model.loadings @ model.factor_correlations @ model.loadings.T
    assert np.diag(implied) + model.uniqueness_sd**2 == pytest.approx(np.ones(20), abs=EXACT)
    assert np.linalg.eigvalsh(model.factor_correlations).min() > 0


def test_an_indicator_loads_on_the_halo_and_on_its_own_group(methodology: Methodology) -> None:
    model = draw_model(methodology, rng=np.random.default_rng(3))
    group = model.loadings[:, 1:].argmax(axis=1)
    assert group.tolist() == [0] * 4 + [1] * 4 + [2] * 4 + [3] * 4 + [4] * 4
    assert (np.count_nonzero(model.loadings, axis=1) == 2).all()


def test_answers_fall_with_quality_where_reverse_keyed(other_methodology: Methodology) -> None:
    model = draw_model(other_methodology, rng=np.random.default_rng(3))
    assert model.answers[0].tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert model.answers[1].tolist() == [7, 6, 5, 4, 3, 2, 1]
    assert model.answers[2].tolist() == [3, 2, 1]
    assert model.points[2].tolist() == [0, 80, 100]


def test_effects_have_the_variance_and_correlation_asked_for(methodology: Methodology) -> None:
    model = draw_model(methodology, rng=np.random.default_rng(3))
    region_of = np.arange(20_000)  # every centre a region of its own
    _, effects = draw_effects(model, region_of, rng=np.random.default_rng(4))
    expected = (REGION_SHARE + CENTRE_SHARE) * model.factor_correlations
    assert np.cov(effects.T) == pytest.approx(expected, abs=SPREAD)


def test_centres_of_a_region_share_its_effect(methodology: Methodology) -> None:
    model = draw_model(methodology, rng=np.random.default_rng(3))
    region_of = np.repeat(np.arange(4), 5_000)
    regions, effects = draw_effects(model, region_of, rng=np.random.default_rng(4))
    means = np.array([effects[region_of == r].mean(axis=0) for r in range(4)])
    assert means == pytest.approx(regions, abs=SPREAD)
