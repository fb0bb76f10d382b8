"""Quantiles, k-means and hierarchical clusters against R, and against every partition there is."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.cluster.hierarchy import fcluster, linkage

from clientindex.errors import StatisticsError
from clientindex.rating.star_rules import (
    Hierarchical,
    KMeans,
    OptimalKMeans,
    QuantileCuts,
    apply_rule,
    compute_quantiles,
)

REFERENCE = Path(__file__).parents[2] / "reference" / "rating"
SAMPLES = ["eruptions", "continuous"]
# 15 digits are printed; scores are settled to 9 decimals, of which middles and means keep 9.
PRINTED = 1e-9


@pytest.fixture(scope="module")
def samples() -> dict[str, np.ndarray]:
    table = pd.read_csv(REFERENCE / "stars_input.csv")
    return {name: part.to_numpy(float) for name, part in table.groupby("sample")["x"]}


@pytest.fixture(scope="module")
def from_r() -> dict[tuple[str, str], np.ndarray]:
    table = pd.read_csv(REFERENCE / "stars_expected.csv").sort_values("place", kind="stable")
    grouped = table.groupby(["sample", "statistic"])["value"]
    return {key: part.to_numpy(float) for key, part in grouped}


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize("kind", range(1, 10))
def test_quantiles_of_all_types_equal_r(samples, from_r, sample: str, kind: int) -> None:
    rule = QuantileCuts.of_equal_shares(5, quantile_type=kind)
    found = apply_rule(rule, samples[sample])
    np.testing.assert_allclose(found.cuts, from_r[sample, f"quantile_{kind}"], atol=PRINTED)


def test_added_shares_do_not_pass_on_to_the_next_centre() -> None:
    shares = np.cumsum([0.2] * 3)
    assert shares[-1] > 0.6
    rule = QuantileCuts(shares=(0.2, 0.2, 0.2, 0.4), quantile_type=1)
    assert rule.find_cuts(np.arange(1.0, 11.0)).tolist() == [2, 4, 6]
    assert compute_quantiles(np.arange(1.0, 11.0), shares[2:], quantile_type=1).tolist() == [7]


def test_many_ties_leave_a_star_empty_and_that_is_counted() -> None:
    scores = np.array([1.0, 2.0, *[5.0] * 20, 8.0, 9.0])
    found = apply_rule(QuantileCuts.of_equal_shares(4), scores)
    assert found.counts.tolist() == [2, 0, 0, 22]


@pytest.mark.parametrize("sample", SAMPLES)
def test_k_means_equals_lloyd_of_r(samples, from_r, sample: str) -> None:
    scores = samples[sample]
    fit = KMeans(n_stars=5).fit(scores)
    np.testing.assert_allclose(fit.start, from_r[sample, "lloyd_start"], atol=PRINTED)
    np.testing.assert_allclose(fit.centres, from_r[sample, "lloyd_centres"], atol=PRINTED)
    assert fit.within == pytest.approx(from_r[sample, "lloyd_within"][0], rel=PRINTED)
    stars = apply_rule(KMeans(n_stars=5), scores).stars
    np.testing.assert_array_equal(stars, from_r[sample, "lloyd_stars"])


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_best_partition_is_the_best_of_5000_starts_of_r(samples, from_r, sample: str) -> None:
    fit = OptimalKMeans(n_stars=5).fit(samples[sample])
    np.testing.assert_allclose(fit.centres, from_r[sample, "best_centres"], atol=PRINTED)
    assert fit.within == pytest.approx(from_r[sample, "best_within"][0], rel=PRINTED)
    assert fit.within <= KMeans(n_stars=5).fit(samples[sample]).within * (1 + 1e-12)


def test_k_means_from_the_best_centres_stays_there(samples) -> None:
    best = OptimalKMeans(n_stars=5).fit(samples["continuous"])
    fit = KMeans(n_stars=5, start=tuple(best.centres.tolist())).fit(samples["continuous"])
    np.testing.assert_allclose(fit.centres, best.centres, atol=PRINTED)
    assert fit.n_steps == 1


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("k", [2, 3, 5])
def test_no_partition_is_better(k: int, weighted: bool) -> None:
    rng = np.random.default_rng(10 * k + weighted)
    for _ in range(15):
        scores = np.sort(rng.normal(60, 10, 13).round(1))
        weights = rng.uniform(0.5, 9, 13) if weighted else np.ones(13)
        parts = [np.split(np.arange(13), borders) for borders in combinations(range(1, 13), k - 1)]
        best = min(sum(_within(scores[p], weights[p]) for p in part) for part in parts)
        rule = OptimalKMeans(n_stars=k, weights=weights if weighted else None)
        assert rule.fit(scores).within == pytest.approx(best, rel=1e-9)
        stars = apply_rule(rule, scores).stars
        own = sum(_within(scores[stars == s], weights[stars == s]) for s in range(1, k + 1))
        assert own == pytest.approx(best, rel=1e-9)


def _within(scores, weights) -> float:
    return float(weights @ (scores - np.average(scores, weights=weights)) ** 2)


def test_weights_are_repeated_scores() -> None:
    scores, n = np.array([1.0, 2.0, 4.0, 7.0, 7.5, 11.0]), np.array([5, 1, 1, 3, 1, 2])
    weighted = OptimalKMeans(n_stars=3, weights=n.astype(float)).fit(scores)
    repeated = OptimalKMeans(n_stars=3).fit(np.repeat(scores, n))
    np.testing.assert_allclose(weighted.centres, repeated.centres)
    np.testing.assert_array_equal(weighted.cuts, repeated.cuts)


def test_the_example_of_the_published_algorithm() -> None:
    # The example that implementations of Ckmeans.1d.dp share: -1 four times, 2 three times, 4 to 6.
    scores = np.array([-1.0, 2, -1, 2, 4, 5, 6, -1, 2, -1])
    fit = OptimalKMeans(n_stars=3).fit(scores)
    assert fit.centres.tolist() == pytest.approx([-1, 2, 5])
    assert fit.within == pytest.approx(2)
    assert fit.cuts.tolist() == [0.5, 3.0]


def test_the_limit_keeps_far_scores_from_moving_a_centre() -> None:
    # By hand: centres settle at 1 and (10 + 11 + 30) / 3 = 17; then 30 is 13 away, 10 is 7 away.
    scores, start = np.array([0.0, 1.0, 2.0, 10.0, 11.0, 30.0]), (1.0, 17.0)
    plain = KMeans(n_stars=2, start=start).fit(scores)
    assert plain.centres.tolist() == [1, 17]
    held = KMeans(n_stars=2, start=start, limit=8.0).fit(scores)
    assert held.centres.tolist() == [1, 10.5]
    assert held.n_far == 1
    assert apply_rule(KMeans(n_stars=2, start=start, limit=8.0), scores).stars[-1] == 2


def test_ties_that_spoil_the_start_are_refused_in_words() -> None:
    scores = np.array([1.0, 2.0, *[5.0] * 20, 8.0])
    with pytest.raises(StatisticsError, match="ties leave bin 2, 3 of 4 without a score"):
        apply_rule(KMeans(n_stars=4), scores)
    with pytest.raises(StatisticsError, match="ties leave start centres of k-means equal"):
        apply_rule(KMeans(n_stars=4, start="quantiles"), scores)
    given = apply_rule(KMeans(n_stars=4, start=(1.0, 2.0, 5.0, 8.0)), scores)
    assert given.counts.tolist() == [1, 1, 20, 1]


def test_a_cluster_without_scores_keeps_its_centre() -> None:
    fit = KMeans(n_stars=3, start=(1.0, 50.0, 99.0)).fit(np.array([0.0, 2.0, 97.0, 101.0]))
    assert fit.centres.tolist() == [1, 50, 99]


def test_a_score_in_the_middle_belongs_to_the_upper_cluster() -> None:
    found = apply_rule(KMeans(n_stars=2, start=(0.0, 10.0)), [0.0, 5.0, 10.0])
    assert found.stars.tolist() == [1, 2, 2]
    assert found.cuts.tolist() == [3.75]


@pytest.mark.parametrize("method", ["ward", "average", "complete"])
def test_hierarchical_clusters_equal_r_and_scipy(samples, from_r, method: str) -> None:
    scores = samples["continuous"]
    stars = apply_rule(Hierarchical(n_stars=5, linkage=method), scores).stars
    name = "ward.D2" if method == "ward" else method
    np.testing.assert_array_equal(stars, from_r["continuous", name])
    for k in (2, 4, 8):
        labels = fcluster(linkage(scores[:, None], method), k, "maxclust")
        order = pd.Series(scores).groupby(labels).mean().rank().astype(int)
        wanted = pd.Series(labels).map(order).to_numpy()
        found = apply_rule(Hierarchical(n_stars=k, linkage=method), scores).stars
        np.testing.assert_array_equal(found, wanted)


def test_of_tied_distances_the_lowest_pair_is_joined_first() -> None:
    scores = np.array([0.1, 0.2, 0.3, 0.4])
    found = apply_rule(Hierarchical(n_stars=3, linkage="average"), scores)
    assert found.stars.tolist() == [1, 1, 2, 3]


def test_a_gap_that_cannot_be_halved_has_its_border_on_the_upper_score() -> None:
    scores = np.array([1.0, 1.0 + 1e-9, 5.0])
    for rule in (OptimalKMeans(n_stars=3), Hierarchical(n_stars=3)):
        assert apply_rule(rule, scores).stars.tolist() == [1, 2, 3]
