"""Ranks and stars under random weightings against a naive loop with the same random numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import kendalltau, rankdata

from clientindex.errors import StatisticsError
from clientindex.rating.weighting import find_present, make_weight_plan
from clientindex.results import Unavailable, WeightStability
from clientindex.sensitivity.draws import DrawScheme, compute_drawn_index, draw_weightings
from clientindex.sensitivity.stability import compute_weight_stability

if TYPE_CHECKING:
    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.results import Stars

TOLERANCE = 1e-12
SEED = 2026


def run(moments: CentreMoments, stars: Stars, methodology: Methodology, **kw: Any) -> Any:
    seed = np.random.SeedSequence(SEED)
    return compute_weight_stability(moments, stars, methodology, seed=seed, **kw)


def loop_draws(
    moments: CentreMoments, stars: Stars, methodology: Methodology
) -> tuple[np.ndarray, np.ndarray]:
    """Return ranks and stars, shape (draws, centres), one draw and one centre at a time."""
    starred = stars.frame[stars.frame["star"].notna()]
    rows = [moments.centres.index(centre) for centre in starred["centre"]]
    plan = make_weight_plan(methodology)
    seed, scheme = np.random.SeedSequence(SEED), DrawScheme(band=0.25)
    presence = find_present(~np.isnan(moments.mean[rows]), plan)
    ranks, given = [], []
    for number in range(methodology.sensitivity.draws):
        one = draw_weightings(plan, scheme, first=number, size=1, seed=seed)
        index = compute_drawn_index(moments.mean[rows], presence, plan, draws=one)[0]
        ranks.append(rankdata(-index, method="min"))
        given.append(
            [
                next(b.stars for b in reversed(methodology.stars.bands) if score >= b.lower)
                for score in index
            ]
        )
    return np.array(ranks), np.array(given)


def test_summary_equals_a_naive_loop(
    moments: CentreMoments, stars: Stars, methodology: Methodology
) -> None:
    found = run(moments, stars, methodology)
    ranks, given = loop_draws(moments, stars, methodology)
    frame = found.frame
    nominal = frame["rank"].to_numpy(int)
    same = given == frame["star"].to_numpy(int)
    np.testing.assert_allclose(frame["share_same_star"], same.mean(axis=0), atol=TOLERANCE)
    p = same.mean(axis=0)
    np.testing.assert_allclose(frame["share_same_star_se"], np.sqrt(p * (1 - p) / 60))
    quantiles = np.quantile(ranks, [0.025, 0.5, 0.975], axis=0, method="inverted_cdf")
    columns = ["rank_low", "rank_median", "rank_high"]
    np.testing.assert_array_equal(frame[columns].to_numpy().T, quantiles)
    assert found.mean_share_same_star == pytest.approx(same.mean(), abs=TOLERANCE)
    se = same.mean(axis=1).std(ddof=1) / np.sqrt(60)
    assert found.mean_share_same_star_se == pytest.approx(se, abs=TOLERANCE)
    shift = np.abs(ranks - nominal).mean()
    assert found.mean_abs_rank_shift == pytest.approx(shift, abs=TOLERANCE)
    tau = np.mean([kendalltau(nominal, row).statistic for row in ranks])
    assert found.mean_kendall_tau == pytest.approx(tau, abs=TOLERANCE)
    assert 0 < shift < 10
    assert 0 < same.mean() < 1


def test_rows_follow_the_nominal_rank(
    moments: CentreMoments, stars: Stars, methodology: Methodology
) -> None:
    found = run(moments, stars, methodology)
    starred = stars.frame[stars.frame["star"].notna()].reset_index(drop=True)
    pd.testing.assert_frame_equal(
        found.frame[["centre", "star", "rank"]], starred[["centre", "star", "rank"]]
    )
    assert (found.draws, found.seed, found.band_pct, found.level) == (60, SEED, 25, 0.95)


@pytest.mark.parametrize("block_cells", [1, 5000, 7777])
def test_block_size_leaves_every_bit(
    block_cells: int, moments: CentreMoments, stars: Stars, methodology: Methodology
) -> None:
    whole, parts = (
        run(moments, stars, methodology),
        run(moments, stars, methodology, block_cells=block_cells),
    )
    pd.testing.assert_frame_equal(whole.frame, parts.frame, check_exact=True)
    assert whole.mean_kendall_tau == parts.mean_kendall_tau
    assert whole.mean_share_same_star_se == parts.mean_share_same_star_se
    assert whole.mean_abs_rank_shift == parts.mean_abs_rank_shift


def test_a_seed_that_is_not_one_integer_is_refused(
    moments: CentreMoments, stars: Stars, methodology: Methodology
) -> None:
    def compute(seed: np.random.SeedSequence) -> Any:
        return compute_weight_stability(moments, stars, methodology, seed=seed)

    with pytest.raises(StatisticsError, match="one integer"):
        compute(np.random.SeedSequence([1, 2]))
    assert compute(np.random.SeedSequence(np.int64(5))).seed == 5


def test_seed_zero_is_a_seed_of_its_own(
    moments: CentreMoments, stars: Stars, methodology: Methodology
) -> None:
    zero, again, other = (
        compute_weight_stability(moments, stars, methodology, seed=np.random.SeedSequence(s))
        for s in (0, 0, 1)
    )
    assert isinstance(zero, WeightStability)
    assert zero.seed == 0
    pd.testing.assert_frame_equal(zero.frame, again.frame)
    assert zero.mean_kendall_tau != other.mean_kendall_tau


def test_withheld_centres_are_left_out(
    methodology: Methodology, make_moments: Any, rate: Any
) -> None:
    rng = np.random.default_rng(1)
    moments = make_moments(rng.uniform(50, 90, (5, 2, 20)), methodology)
    moments.n_respondents[0] = 1
    found = run(moments, rate(moments, methodology), methodology)
    assert sorted(found.frame["centre"]) == ["C001", "C002", "C003", "C004"]
    assert found.frame["rank_high"].max() <= 4


def test_equal_centres_stay_tied_and_have_no_tau(
    methodology: Methodology, make_moments: Any, rate: Any
) -> None:
    moments = make_moments(np.full((4, 2, 20), 73.0), methodology)
    found = run(moments, rate(moments, methodology), methodology)
    assert (found.frame[["rank", "rank_low", "rank_high"]] == 1).all(axis=None)
    assert (found.frame["share_same_star"] == 1).all()
    assert np.isnan(found.mean_kendall_tau)
    assert found.mean_abs_rank_shift == 0


@pytest.mark.parametrize("n_centres", [0, 1])
def test_nothing_to_rank_is_said(
    n_centres: int, methodology: Methodology, make_moments: Any, rate: Any
) -> None:
    moments = make_moments(np.full((2, 2, 20), 73.0), methodology)
    moments.n_respondents[n_centres:] = 1
    found = run(moments, rate(moments, methodology), methodology)
    assert found == Unavailable(stage="sensitivity", reason="too_few_stars", detail=str(n_centres))


def test_stars_of_other_centres_are_refused(
    stars: Stars, methodology: Methodology, make_moments: Any
) -> None:
    moments = make_moments(np.full((2, 2, 20), 73.0), methodology)
    with pytest.raises(StatisticsError, match="without indicator means: "):
        run(moments, stars, methodology)
