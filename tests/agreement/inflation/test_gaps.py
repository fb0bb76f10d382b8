"""Gaps, robust spread, region effects, tests and funnel on a truth that is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.stats import false_discovery_control, norm

from clientindex.agreement.inflation import (
    adjust_p,
    compute_funnel_limits,
    compute_threshold,
    compute_weighted_median,
    estimate_inflating_share,
    estimate_regions,
    estimate_spread,
    find_smallest_inflation,
    fit_gap_model,
    standardise_against_zero,
    standardise_gaps,
    take_gaps,
)
from clientindex.agreement.inflation.spread import compute_ratio_error
from clientindex.errors import StatisticsError

# Closed forms in double precision.
ROUNDING = 1e-10
# 10 % far above widen the gaps by 7 %, which is 10 % of this tau; the rest is chance.
TAU_BIAS = 0.16
LEVEL, FDR = 0.95, 0.05

CENTRES, REGIONS = 2000, 40
INFLATING, INFLATION = 0.1, 15.0
TAU, REGION_SD, LENIENCY = 4.0, 3.0, 7.0
SEEDS = range(8)


@dataclass(frozen=True)
class Truth:
    gaps: object
    inflating: np.ndarray
    effects: np.ndarray


def simulate(seed, share=INFLATING, inflation=INFLATION, centres=CENTRES):
    rng = np.random.default_rng(seed)
    regions = rng.integers(0, REGIONS, centres)
    effects = LENIENCY + rng.normal(0, REGION_SD, REGIONS)
    error = rng.uniform(1.5, 4, centres)
    inflating = rng.random(centres) < share
    true = rng.normal(60, 8, centres)
    survey = true + rng.normal(0, error)
    checklist = true + effects[regions] + rng.normal(0, TAU, centres) + inflation * inflating
    gaps = take_gaps(checklist, survey, survey_variance=error**2, regions=regions)
    return Truth(gaps=gaps, inflating=inflating, effects=effects)


@pytest.fixture(scope="module")
def truths():
    return [simulate(seed) for seed in SEEDS]


@pytest.fixture(scope="module")
def models(truths):
    return [fit_gap_model(truth.gaps, level=LEVEL) for truth in truths]


@pytest.fixture(scope="module")
def outlying(truths, models):
    pairs = zip(truths, models, strict=True)
    return [standardise_gaps(truth.gaps, model, fdr=FDR) for truth, model in pairs]


def get_false_share(found, truth):
    return (found.flagged & ~truth.inflating).sum() / max(found.n_flagged, 1)


def test_gaps_are_checklist_minus_survey_with_both_errors():
    checklist, survey = np.arange(40.0), np.zeros(40)
    checklist[3], survey[5] = np.nan, np.nan
    variance = np.full(40, 2.0)
    variance[7] = np.nan
    regions = np.array(["b", "a"] * 20)
    alone = take_gaps(checklist, survey, survey_variance=variance, regions=regions)
    both = take_gaps(
        checklist,
        survey,
        survey_variance=variance,
        regions=regions,
        checklist_variance=np.full(40, 3.0),
    )
    assert (alone.n, alone.n_dropped) == (37, 3)
    assert np.flatnonzero(~alone.kept).tolist() == [3, 5, 7]
    np.testing.assert_array_equal(alone.gap, checklist[alone.kept])
    assert set(alone.variance) == {2.0}
    assert set(both.variance) == {5.0}
    assert both.has_checklist_error
    assert not alone.has_checklist_error
    np.testing.assert_array_equal(alone.labels[alone.regions], regions[alone.kept])


def test_gaps_that_mean_nothing_are_refused():
    x, v, r = np.arange(40.0), np.ones(40), np.zeros(40)
    with pytest.raises(StatisticsError, match=r"needs 30 centres .* found 29"):
        take_gaps(x[:29], x[:29] * 0, survey_variance=v[:29], regions=r[:29])
    with pytest.raises(StatisticsError, match="all gaps are equal"):
        take_gaps(x + 1, x, survey_variance=v, regions=r)
    with pytest.raises(StatisticsError, match=r"one value a centre.*; 40 error variances are neg"):
        take_gaps(x, x * 0, survey_variance=-v, regions=r[:3])


@pytest.mark.parametrize(("method", "kappa2"), [("mad", 1.3606), ("lower_quantile", 2.2073)])
def test_spread_has_the_error_that_its_interval_takes(method, kappa2):
    assert compute_ratio_error(method, 1) == pytest.approx(np.sqrt(kappa2), rel=1e-4)
    rng = np.random.default_rng(1)
    n, variance = 400, np.zeros(400)
    found = [
        estimate_spread(rng.normal(0, 3.0, n), variance, level=LEVEL, method=method)
        for _ in range(400)
    ]
    tau = np.array([one.tau for one in found])
    # 400 draws tell a standard deviation to about 3.5 %.
    assert tau.std() / 3 * np.sqrt(n) == pytest.approx(np.sqrt(kappa2), rel=0.1)
    covered = np.mean([one.ci_low <= 3 <= one.ci_high for one in found])
    assert 0.92 <= covered <= 0.98


def test_spread_without_errors_is_the_robust_standard_deviation():
    x = np.random.default_rng(2).normal(0, 5, 101)
    none = np.zeros(101)
    mad = np.median(np.abs(x - np.median(x))) / norm.ppf(0.75)
    lower = np.median(x) - np.quantile(x, norm.cdf(-1))
    # A floor of 1e-12 of the variance keeps 0 / 0 away.
    assert estimate_spread(x, none, level=LEVEL, method="mad").tau == pytest.approx(mad, rel=1e-9)
    assert estimate_spread(x, none, level=LEVEL).tau == pytest.approx(lower, rel=1e-9)


def test_spread_is_zero_when_errors_explain_all():
    x = np.random.default_rng(3).normal(0, 1, 200)
    found = estimate_spread(x, np.full(200, 4.0), level=LEVEL)
    assert found.tau == found.ci_low == 0


def test_spread_of_equal_gaps_without_error_is_refused():
    x = np.r_[np.zeros(90), np.arange(10.0)]
    with pytest.raises(StatisticsError, match="most are equal and have no error"):
        estimate_spread(x, np.zeros(100), level=LEVEL, method="mad")


def test_inflating_centres_do_not_hide_themselves(truths, models):
    """A standard deviation of all gaps is half too large; the robust one nearly right."""
    for truth, model in zip(truths, models, strict=True):
        residual = truth.gaps.gap - model.regions.effect[truth.gaps.regions]
        plain = np.sqrt(residual.var() - truth.gaps.variance.mean())
        assert plain > 1.4 * TAU
        assert model.spread.tau == pytest.approx(TAU, rel=TAU_BIAS)
        mad = fit_gap_model(truth.gaps, level=LEVEL, method="mad").spread.tau
        assert TAU < mad < plain


def test_region_effects_are_recovered(truths, models):
    covered, errors, raw = [], [], []
    for truth, model in zip(truths, models, strict=True):
        regions = model.regions
        covered.append((regions.ci_low <= truth.effects) & (truth.effects <= regions.ci_high))
        errors.append(regions.effect - truth.effects)
        raw.append([truth.gaps.gap[truth.gaps.regions == r].mean() for r in range(REGIONS)])
        raw[-1] -= truth.effects
        assert np.sqrt(regions.between.reml) == pytest.approx(REGION_SD, rel=0.35)
    # The median keeps 0.14 of a standard deviation of the inflation, a mean 1.5 points of it.
    assert 0.4 < np.mean(errors) < 1.0
    assert np.mean(raw) > 1.3
    assert 0.82 <= np.mean(covered) <= 0.97


def test_one_region_is_compared_with_its_own_median():
    truth = simulate(11)
    one = take_gaps(
        truth.gaps.gap,
        np.zeros(CENTRES),
        survey_variance=truth.gaps.variance,
        regions=np.zeros(CENTRES),
    )
    found = estimate_regions(one, tau=TAU, level=LEVEL)
    assert found.between is None
    assert np.isnan(found.shrinkage).all()
    np.testing.assert_array_equal(found.effect, found.median)
    assert np.isfinite(fit_gap_model(one, level=LEVEL).spread.tau)


def test_a_lone_centre_is_not_its_own_standard():
    gap = np.r_[np.random.default_rng(5).normal(0, 2, 60), 30.0]
    gaps = take_gaps(
        gap, np.zeros(61), survey_variance=np.ones(61), regions=np.r_[np.arange(60) // 20, 9]
    )
    model = fit_gap_model(gaps, level=LEVEL)
    # Four regions, one of them 30 points off: the variance of regions is then large, and the lone
    # centre keeps most of its gap as its region's. It is never said to be expected in full.
    assert model.regions.effect[-1] < 30
    assert model.regions.shrinkage[-1] == model.regions.shrinkage.max()


def test_tidy_has_a_row_a_region(models):
    table = models[0].regions.tidy()
    assert len(table) == REGIONS
    assert table["n"].sum() == CENTRES
    assert (table["ci_low"] < table["estimate"]).all()


@pytest.mark.parametrize(
    ("weights", "wanted"),
    [([1, 1, 1, 1], 2.5), ([1, 1, 1, 3], 3.5), ([5, 1, 1, 1], 1.0), ([1, 1, 4, 1], 3.0)],
)
def test_weighted_median(weights, wanted):
    x, order = np.array([1.0, 2.0, 3.0, 4.0]), [2, 0, 3, 1]
    weights = np.array(weights, float)
    assert compute_weighted_median(x[order], weights[order]) == wanted
    repeated = np.repeat(x, weights.astype(int))
    assert np.median(repeated) == wanted


def test_false_discovery_rate_is_held(truths, outlying):
    false = [get_false_share(found, truth) for found, truth in zip(outlying, truths, strict=True)]
    assert np.mean(false) <= FDR
    hits = [(f.flagged & t.inflating).sum() for f, t in zip(outlying, truths, strict=True)]
    # Not many of two hundred are found: that is what the statement of power is for.
    assert min(hits) > 40


def test_nobody_is_flagged_where_nobody_inflates():
    flagged = []
    for seed in range(20, 40):
        truth = simulate(seed, share=0.0)
        model = fit_gap_model(truth.gaps, level=LEVEL)
        flagged.append(standardise_gaps(truth.gaps, model, fdr=FDR).n_flagged)
    # With no inflating centre the rate is the probability that any is flagged.
    assert np.mean(np.array(flagged) > 0) <= 0.25


def test_the_naive_test_flags_most_centres_nearly_all_falsely(truths):
    for truth in truths:
        naive = standardise_against_zero(truth.gaps, fdr=FDR)
        assert naive.n_flagged > CENTRES / 2
        assert get_false_share(naive, truth) > 0.8


def test_the_naive_test_of_one_gap():
    gap = np.arange(40.0)
    gaps = take_gaps(gap, np.zeros(40), survey_variance=np.full(40, 4.0), regions=np.zeros(40))
    naive = standardise_against_zero(gaps, fdr=FDR)
    np.testing.assert_allclose(naive.p_value, norm.sf(gap / 2), rtol=ROUNDING)


def test_a_gap_without_spread_is_no_test():
    variance = np.ones(40)
    variance[0] = 0
    gaps = take_gaps(
        np.arange(40.0) % 7, np.zeros(40), survey_variance=variance, regions=np.zeros(40)
    )
    naive = standardise_against_zero(gaps, fdr=FDR)
    assert np.isnan([naive.z[0], naive.p_value[0], naive.q_value[0]]).all()
    assert not naive.flagged[0]


def adjust_by_definition(p):
    """Return the smallest rate at which the step-up rule rejects each."""
    n = len(p)
    return np.array([min(min(1.0, n * x / (p <= x).sum()) for x in p if x >= own) for own in p])


def test_adjusted_p_values_equal_scipy_and_the_definition():
    p = np.random.default_rng(4).beta(0.5, 2, 60)
    np.testing.assert_allclose(adjust_p(p), adjust_by_definition(p), rtol=ROUNDING)
    np.testing.assert_allclose(adjust_p(p), false_discovery_control(p), rtol=ROUNDING)
    held = adjust_p(np.r_[p[:30], np.nan, p[30:]])
    np.testing.assert_allclose(held[np.isfinite(held)], adjust_p(p), rtol=ROUNDING)
    assert np.isnan(adjust_p(np.full(3, np.nan))).all()


@pytest.mark.parametrize("rate", [0.0, 1.0, -0.1])
def test_a_rate_outside_is_refused(rate):
    with pytest.raises(StatisticsError, match="false discovery rate lies between 0 and 1"):
        compute_threshold(np.array([0.1]), fdr=rate)


def test_funnel_limits():
    error = np.array([0.0, 3.0])
    found = compute_funnel_limits(error, tau=4.0, expected=7.0)
    np.testing.assert_allclose(found.high[0], 7 + 1.959963984540054 * np.array([4, 5]))
    np.testing.assert_allclose(found.high[1], 7 + 3.090232306167813 * np.array([4, 5]))
    np.testing.assert_allclose(found.low + found.high, 14)


def test_funnel_holds_honest_centres(truths, models):
    inside = []
    for truth, model in zip(truths, models, strict=True):
        limits = compute_funnel_limits(np.sqrt(truth.gaps.variance), tau=model.spread.tau)
        residual = truth.gaps.gap - model.regions.effect[truth.gaps.regions]
        within = (limits.low < residual) & (residual < limits.high)
        inside.append(within[:, ~truth.inflating].mean(axis=1))
    np.testing.assert_allclose(np.mean(inside, axis=0), [0.96, 0.999], atol=0.01)


def test_threshold_flags_what_the_rate_flags(outlying):
    for found in outlying:
        threshold = compute_threshold(found.p_value, fdr=FDR)
        np.testing.assert_array_equal(found.p_value <= threshold, found.flagged)
    assert compute_threshold(np.array([0.5, 0.9, np.nan]), fdr=FDR) == FDR / 2
    with pytest.raises(StatisticsError, match="no centre has a test"):
        compute_threshold(np.array([np.nan]), fdr=FDR)


def test_smallest_inflation_is_found_with_the_power(outlying):
    rng = np.random.default_rng(6)
    error = np.array([1.0, 3.0, 6.0])
    found = find_smallest_inflation(error, tau=TAU, p=outlying[0].p_value, fdr=FDR)
    spread = np.hypot(TAU, error)
    gap = found.inflation + rng.normal(0, spread, (40_000, 3))
    flagged = norm.sf(gap / spread) <= found.threshold_p
    # Standard error of a share of 40,000.
    np.testing.assert_allclose(flagged.mean(axis=0), 0.8, atol=0.008)
    np.testing.assert_allclose(found.quantiles[[0, 3, -1]], found.inflation)


def test_more_answers_do_not_find_everything():
    found = find_smallest_inflation(np.zeros(1), tau=TAU, p=np.array([0.5]), fdr=FDR, power=0.5)
    assert found.inflation[0] == pytest.approx(norm.isf(FDR) * TAU, rel=ROUNDING)
    with pytest.raises(StatisticsError, match="power lies between 0 and 1, found 1"):
        find_smallest_inflation(np.zeros(1), tau=TAU, p=np.array([0.5]), fdr=FDR, power=1.0)


def test_share_of_inflating_centres_is_recovered(truths, outlying):
    """The interval of 95 % holds the truth in at least 6 of 8 samples, and never 0."""
    found = [estimate_inflating_share(one.z, level=LEVEL) for one in outlying]
    true = [truth.inflating.mean() for truth in truths]
    held = [one.ci_low <= at <= one.ci_high for one, at in zip(found, true, strict=True)]
    assert sum(held) >= len(SEEDS) - 2
    assert all(one.ci_low > 0.04 for one in found)
    assert np.mean([one.share for one in found]) == pytest.approx(INFLATING, abs=0.03)
    assert all(one.is_separated for one in found)
    table = found[0].tidy()
    assert table.loc[0, ["estimate", "n"]].tolist() == [found[0].share, CENTRES]


def test_a_null_that_is_not_estimated_hides_inflating_centres(truths, outlying):
    """The spread is 7 % too large, honest z narrower than 1: the share comes out low."""
    for truth, one in zip(truths[:3], outlying[:3], strict=True):
        standard = estimate_inflating_share(one.z, level=LEVEL, null="standard")
        estimated = estimate_inflating_share(one.z, level=LEVEL)
        assert estimated.null_sd < 1
        assert standard.share < min(estimated.share, truth.inflating.mean())


def test_tidy_spread(models):
    table = models[0].spread.tidy()
    assert table.loc[0, "ci_low"] < table.loc[0, "estimate"] < table.loc[0, "ci_high"]
