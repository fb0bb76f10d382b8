"""Signs in checklists, bunching and the mixture: closed forms and brute force."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import chi2, norm

from clientindex.agreement.inflation import (
    compare_unverifiable,
    compute_probabilities,
    compute_set_difference,
    estimate_inflating_share,
    find_bunching,
    find_checklist_signs,
)
from clientindex.errors import StatisticsError

ROUNDING = 1e-10
# A search over a rough grid finds no more than this below the maximum.
GRID = 1e-3
LEVEL, FDR = 0.95, 0.05


def test_ceiling_and_zero_spread_leave_missing_answers_out():
    nan = np.nan
    signs = find_checklist_signs(
        np.array([[5, 5, nan], [5, nan, nan], [nan] * 3, [4, 4, 4], [5, 5, 4]]), highest=5
    )
    assert signs.n_items.tolist() == [2, 1, 0, 3, 3]
    np.testing.assert_allclose(signs.ceiling_share, [1, 1, nan, 0, 2 / 3])
    assert signs.is_at_ceiling.tolist() == [True, False, False, False, False]
    assert signs.has_no_spread.tolist() == [True, False, False, True, False]
    with pytest.raises(StatisticsError, match="1 checklist values are above the highest, 4"):
        find_checklist_signs(np.array([[5.0, 4.0]]), highest=4)


def test_difference_of_sets_by_hand():
    gap = np.array([[10.0, 20, 3, 5], [10, np.nan, 3, 5], [np.nan, np.nan, 3, 5]])
    covariance = np.tile(np.full((4, 4), 1.0) + 3 * np.eye(4), (3, 1, 1))
    chosen = np.array([True, True, False, False])
    difference, error = compute_set_difference(gap, covariance, chosen)
    np.testing.assert_allclose(difference, [11, 6, np.nan])
    # What all items share cancels; 3 / 2 + 3 / 2 and 3 + 3 / 2 remain.
    np.testing.assert_allclose(error, [math.sqrt(3), math.sqrt(4.5), np.nan])


def test_centres_that_inflate_what_nobody_verifies_are_found():
    rng = np.random.default_rng(7)
    n, items = 1000, 20
    chosen = np.arange(items) < 8
    covariance = np.tile(4.0 + 8 * np.eye(items), (n, 1, 1))
    inflating = rng.random(n) < 0.1
    error = rng.normal(0, 2, (n, 1)) + rng.normal(0, math.sqrt(8), (n, items))
    gap = 5 + 4 * chosen + error + rng.normal(0, 1.5, (n, 1)) * chosen
    gap = gap + 12 * inflating[:, None] * chosen
    found = compare_unverifiable(
        gap, covariance=covariance, unverifiable=chosen, fdr=FDR, level=LEVEL
    )
    assert found.typical == pytest.approx(4, abs=0.5)
    assert found.spread.tau == pytest.approx(1.5, rel=0.2)
    assert (found.flagged & inflating).sum() / inflating.sum() > 0.9
    assert (found.flagged & ~inflating).sum() / found.flagged.sum() <= FDR


def test_sets_that_cannot_be_compared_are_refused():
    gap, covariance = np.zeros((40, 3)), np.zeros((40, 3, 3))
    with pytest.raises(StatisticsError, match="one of them has no indicator"):
        compare_unverifiable(
            gap, covariance=covariance, unverifiable=np.ones(3, bool), fdr=FDR, level=LEVEL
        )
    gap[5:, 0] = np.nan
    with pytest.raises(StatisticsError, match=r"30 centres with gaps in both sets .* found 5"):
        compare_unverifiable(
            gap,
            covariance=covariance,
            unverifiable=np.array([True, False, False]),
            fdr=FDR,
            level=LEVEL,
        )


def test_bunching_counts_and_exact_p():
    scores = np.array([58.0, 59.9, 60, 60.5, 61.9, 62, 78, 79, 80, 81, np.nan])
    found = find_bunching(scores, cuts=np.array([80.0, 60.0]), width=2, level=LEVEL)
    assert found.cuts[:2].tolist() == [60, 80]
    assert found.below.tolist() == [2, 2, 4]
    assert found.above.tolist() == [3, 2, 5]
    wanted = [
        sum(math.comb(n, k) for k in range(above, n + 1)) / 2**n
        for above, n in ((3, 5), (2, 4), (5, 9))
    ]
    np.testing.assert_allclose(found.p_value, wanted, rtol=ROUNDING)
    assert found.tidy()["subject"].tolist() == ["60", "80", "all"]
    assert found.tidy()["n"].tolist() == [5, 4, 9]
    # Clopper and Pearson, 3 of 5.
    assert found.ci_low[0] == pytest.approx(0.14663, abs=1e-5)
    assert found.ci_high[0] == pytest.approx(0.94726, abs=1e-5)


def test_bunching_is_found_where_staff_steer_to_cuts():
    rng = np.random.default_rng(8)
    honest = rng.uniform(40, 100, 3000)
    cuts = np.array([50.0, 65, 80])
    steered = honest.copy()
    for cut in cuts:
        just_below = (honest >= cut - 1) & (honest < cut) & (rng.random(3000) < 0.5)
        steered[just_below] = cut + 0.2
    assert find_bunching(honest, cuts=cuts, width=1.5, level=LEVEL).p_value[-1] > 0.05
    assert find_bunching(steered, cuts=cuts, width=1.5, level=LEVEL).p_value[-1] < 1e-4


def test_windows_that_are_empty_overlap_or_have_no_width():
    empty = find_bunching(np.array([10.0]), cuts=np.array([60.0]), width=2, level=LEVEL)
    assert np.isnan(np.r_[empty.share, empty.p_value, empty.ci_low, empty.ci_high]).all()
    with pytest.raises(StatisticsError, match="3 points at cuts 5 points apart overlap"):
        find_bunching(np.ones(3), cuts=np.array([60.0, 65]), width=3, level=LEVEL)
    with pytest.raises(StatisticsError, match="positive width"):
        find_bunching(np.ones(3), cuts=np.array([60.0]), width=0, level=LEVEL)


def draw_mixture(seed, share=0.15, shift=4.0, n=1000):
    rng = np.random.default_rng(seed)
    return rng.normal(0, 1, n) + shift * (rng.random(n) < share)


def log_likelihood(z, share, shift, extra=0.0):
    """Return the sum of logs with a standard null, from the definition."""
    wide = np.sqrt(1 + extra**2)
    return np.log((1 - share) * norm.pdf(z) + share * norm.pdf(z, shift, wide)).sum()


def test_mixture_is_the_maximum_and_the_interval_is_the_profile():
    z = draw_mixture(9)
    found = estimate_inflating_share(z, level=LEVEL, null="standard")
    assert (found.null_mean, found.null_sd) == (0, 1)
    at = log_likelihood(z, found.share, found.shift, found.extra_sd)
    assert found.log_likelihood == pytest.approx(at, rel=ROUNDING)
    assert found.log_likelihood_none == pytest.approx(norm.logpdf(z).sum(), rel=ROUNDING)
    shifts, extras = np.linspace(2, 6, 81), np.linspace(0, 2, 21)

    def profile(share):
        return max(log_likelihood(z, share, shift, extra) for shift in shifts for extra in extras)

    assert max(profile(share) for share in np.linspace(0.1, 0.2, 11)) <= at + ROUNDING
    drop = chi2.ppf(LEVEL, 1) / 2
    for end in (found.ci_low, found.ci_high):
        # The grid of shifts is 0.05 wide; near the maximum it loses less than 0.05.
        assert 0 <= at - profile(end) - drop + GRID < 0.05


def test_mixture_recovers_share_shift_and_null():
    found = [estimate_inflating_share(draw_mixture(seed), level=LEVEL) for seed in range(10, 22)]
    assert np.mean([one.share for one in found]) == pytest.approx(0.15, abs=0.01)
    assert np.mean([one.shift for one in found]) == pytest.approx(4, abs=0.15)
    assert np.mean([one.null_sd for one in found]) == pytest.approx(1, abs=0.03)
    held = [one.ci_low <= 0.15 <= one.ci_high for one in found]
    # Centres drawn at random: the number that inflate varies too. 12 samples, 95 % intervals.
    assert sum(held) >= 10


def test_mixture_does_not_separate_where_nobody_inflates():
    for seed in range(4):
        z = np.random.default_rng(seed).normal(0, 1.1, 1000)
        found = estimate_inflating_share(z, level=LEVEL)
        assert not found.is_separated
        assert found.log_likelihood >= found.log_likelihood_none


def test_a_small_shift_leaves_the_share_open():
    wide = estimate_inflating_share(draw_mixture(30, shift=1.2), level=LEVEL)
    narrow = estimate_inflating_share(draw_mixture(30, shift=5.0), level=LEVEL)
    assert wide.ci_high - wide.ci_low > 3 * (narrow.ci_high - narrow.ci_low)
    assert not wide.is_separated


def test_a_skewed_null_is_taken_for_inflation():
    """What the docstring warns of: no centre inflates, and the share is far from 0."""
    skewed = (np.random.default_rng(32).gamma(4, 1, 2000) - 4) / 2
    found = estimate_inflating_share(skewed, level=LEVEL)
    assert found.ci_low > 0.05


def test_probabilities_follow_bayes_and_are_zero_below_the_null():
    found = estimate_inflating_share(draw_mixture(31), level=LEVEL)
    z = np.array([-9.0, 0.5, 2.0, 6.0, np.nan])
    probability = compute_probabilities(z, found)
    wide = np.hypot(found.null_sd, found.extra_sd)
    shifted = found.share * norm.pdf(z, found.null_mean + found.shift, wide)
    honest = (1 - found.share) * norm.pdf(z, found.null_mean, found.null_sd)
    np.testing.assert_allclose(probability[1:], (shifted / (shifted + honest))[1:], rtol=1e-8)
    assert probability[0] == 0


def test_too_few_centres_or_no_spread_have_no_share():
    with pytest.raises(StatisticsError, match="needs 100 centres, found 99"):
        estimate_inflating_share(np.r_[np.arange(99.0), np.nan], level=LEVEL)
    with pytest.raises(StatisticsError, match="all gaps are equal"):
        estimate_inflating_share(np.ones(200), level=LEVEL)
