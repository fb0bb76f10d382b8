"""Drawn indices: their centre, spread and form, where each is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import kstest, norm, t

from clientindex.counts import CentreMoments
from clientindex.errors import StatisticsError
from clientindex.rating import assign_stars, compute_scores
from clientindex.rating.index_draws import draw_indices

SEED = np.random.SeedSequence(3)
DRAWS = 4000


def make_flat_moments(methodology, mean, variance, df=np.inf):
    """Return one centre with one segment and independent means."""
    k = len(methodology.indicator_keys)
    means = np.full((1, 2, k), np.nan)
    means[0, 0] = mean
    covariance = np.full((1, 2, k, k), np.nan)
    covariance[0, 0] = np.diag(np.full(k, variance))
    n = np.where(np.isnan(means), 0.0, 50.0)
    return CentreMoments(
        centres=("C00",),
        segments=methodology.segment_keys,
        indicators=methodology.indicator_keys,
        mean=means,
        n=n,
        cov_mean=covariance,
        n_respondents=n.max(axis=-1),
        std_error_method="exact",
        df=np.full(n.shape[:2], df),
    )


def take_errors_as_known(moments):
    return replace(moments, df=np.full(moments.n_respondents.shape, np.inf))


def list_starred(moments, methodology, register, visitors=None):
    scores = compute_scores(moments, methodology, visitors=visitors)
    stars = assign_stars(scores, methodology, register=register).frame
    return stars[stars["withheld"] == ""]


def make_register(moments):
    from star_frames import make_register as make

    register = make(["North"] * len(moments.centres))
    return register.assign(centre=list(moments.centres))


@pytest.mark.parametrize("kind", ["complete_answers", "answers"])
def test_draws_have_the_index_and_its_exact_error(kind, methodology, make_moments, request):
    moments = take_errors_as_known(make_moments(request.getfixturevalue(kind), methodology))
    visitors = dict.fromkeys(moments.centres, 60.0)
    starred = list_starred(moments, methodology, make_register(moments), visitors)
    found = draw_indices(
        moments,
        methodology,
        centres=list(starred["centre"]),
        draws=DRAWS,
        seed=SEED,
        visitors=visitors,
        aggregate=None,
    )
    error = starred["std_error"].to_numpy(float)
    # Means near an end of the scale are cut; where few are, the normal law is left.
    assert found.clipped < 0.02
    spread = found.indices.std(axis=0, ddof=1)
    assert np.median(spread / error) == pytest.approx(1, abs=0.03)
    off = (found.indices.mean(axis=0) - starred["estimate"]) / error
    assert np.abs(off).max() < 0.2
    assert np.median(np.abs(off)) < 0.03


def test_a_mean_near_the_end_is_cut_as_the_normal_law_says(methodology):
    moments = make_flat_moments(methodology, mean=99.0, variance=4.0)
    found = draw_indices(moments, methodology, centres=["C00"], draws=20_000, seed=SEED)
    assert found.clipped == pytest.approx(norm.sf(100, 99, 2), abs=0.005)
    z = 0.5
    expected = 99 - 2 * (norm.pdf(z) - z * norm.sf(z))
    assert found.indices.mean() == pytest.approx(expected, abs=0.03)
    assert found.indices.max() <= 100 + 1e-9


def test_draws_are_as_wide_as_the_degrees_of_freedom_say(methodology):
    moments = make_flat_moments(methodology, mean=50.0, variance=4.0, df=9)
    found = draw_indices(moments, methodology, centres=["C00"], draws=100_000, seed=SEED)
    error = float(compute_scores(moments, methodology).frame["std_error"].iloc[0])
    # All indicators of a draw share one width, so that their sum has Student's t too.
    assert kstest((found.indices[:, 0] - 50) / error, t(9).cdf).pvalue > 0.01
    assert found.indices.std() / error == pytest.approx(np.sqrt(9 / 7), rel=0.02)


def test_an_aggregation_that_is_not_linear_is_carried_through(methodology):
    moments = make_flat_moments(methodology, mean=60.0, variance=9.0)
    # The product of two independent means has the variance below, exactly.
    found = draw_indices(
        moments,
        methodology,
        centres=["C00"],
        draws=40_000,
        seed=SEED,
        aggregate=lambda means: means[:, :, 0, 0] * means[:, :, 0, 1] / 100,
    )
    assert found.indices.mean() == pytest.approx(36, abs=0.06)
    variance = (2 * 60**2 * 9 + 81) / 1e4
    assert found.indices.var() == pytest.approx(variance, rel=0.03)


def test_draws_do_not_depend_on_blocks_and_follow_the_seed(
    methodology, make_moments, answers, monkeypatch
):
    moments = make_moments(answers, methodology)
    starred = list_starred(moments, methodology, make_register(moments))

    def draw(seed):
        centres = list(starred["centre"])
        return draw_indices(moments, methodology, centres=centres, draws=50, seed=seed).indices

    whole = draw(SEED)
    monkeypatch.setattr("clientindex.rating.index_draws.BLOCK_SIZE", 1)
    assert draw(SEED) == pytest.approx(whole, rel=1e-12)
    assert np.array_equal(draw(SEED), draw(SEED))
    assert not np.array_equal(draw(np.random.SeedSequence(4)), whole)


def test_centres_without_answers_or_index_are_refused(methodology, make_moments, sparse_answers):
    moments = make_moments(sparse_answers, methodology)
    with pytest.raises(StatisticsError, match="without answers: nowhere"):
        draw_indices(moments, methodology, centres=["nowhere"], draws=10, seed=SEED)
    scores = compute_scores(moments, methodology).frame
    index = scores[(scores["kind"] == "index") & (scores["segment"] == "all")]
    lost = index.loc[index["estimate"].isna(), "centre"].iloc[0]
    with pytest.raises(StatisticsError, match="without an index"):
        draw_indices(moments, methodology, centres=[lost], draws=10, seed=SEED)


def test_the_methodologys_own_mean_is_carried_through(
    make_methodology, make_moments, complete_answers
):
    geometric = make_methodology(levels={"index": {"kind": "geometric"}})
    moments = take_errors_as_known(make_moments(complete_answers, geometric))
    starred = list_starred(moments, geometric, make_register(moments))
    found = draw_indices(
        moments, geometric, centres=list(starred["centre"]), draws=DRAWS, seed=SEED
    )
    found.check(starred)
    # The delta method's error against draws: near means, and far from 0, they agree.
    ratio = found.indices.std(axis=0, ddof=1) / starred["std_error"].to_numpy(float)
    assert np.median(ratio) == pytest.approx(1, abs=0.05)
    plain = make_methodology()
    other = draw_indices(moments, plain, centres=list(starred["centre"]), draws=10, seed=SEED)
    with pytest.raises(StatisticsError, match="other indices"):
        other.check(starred)


def test_draws_follow_an_index_that_a_checklist_has_a_share_of(methodology):
    moments = make_flat_moments(methodology, 60.0, 9.0)
    starred = list_starred(moments, methodology, make_register(moments))
    found = draw_indices(moments, methodology, centres=["C00"], draws=DRAWS, seed=SEED)
    # A quarter of a checklist of 90 points that errs by 4: mean 67.5, error sqrt((3 s)² + 16) / 4.
    error = float(starred["std_error"].iloc[0])
    blended = np.sqrt(0.75**2 * error**2 + 0.25**2 * 16)
    after = pd.DataFrame({"centre": ["C00"], "estimate": [67.5], "std_error": [blended]})
    moved = found.follow(*(frame.set_index("centre") for frame in (starred, after)))
    moved.check(after)
    np.testing.assert_allclose(
        moved.indices, 67.5 + (found.indices - 60.0) * blended / error, rtol=1e-12
    )
    assert found.found[0] == pytest.approx(60.0)
