"""Five statistics from sums: against repeated rows, numpy, and a simulation with known truth."""

from __future__ import annotations

import numpy as np
import pytest

from clientindex.agreement.coefficients import (
    compute_krippendorff,
    estimate_bias,
    estimate_concordance,
    estimate_limits,
    estimate_pearson,
    estimate_sd_difference,
)
from clientindex.agreement.resampled import LIMITS, STATISTICS, resample_pairs
from clientindex.counts import draw_centre_weights


@pytest.fixture(scope="module")
def pairs() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    survey = rng.normal(70, 8, (60, 3))
    checklist = 20 + 0.7 * survey + rng.normal(8, 6, (60, 3))
    survey[3, 1] = checklist[7, 2] = np.nan
    return survey, checklist


def compute_each(x: np.ndarray, y: np.ndarray) -> list[float]:
    return [
        estimate_bias(x, y, level=0.95).estimate,
        estimate_sd_difference(x, y, level=0.95).estimate,
        estimate_pearson(x, y, level=0.95).estimate,
        estimate_concordance(x, y, level=0.95).ccc.estimate,
        compute_krippendorff(np.column_stack([x, y]), metric="interval"),
    ]


def test_estimates_are_those_of_the_functions_of_pairs(
    pairs: tuple[np.ndarray, np.ndarray],
) -> None:
    survey, checklist = pairs
    found = resample_pairs(survey, checklist, weights=np.ones((3, 60)), level=0.95)
    for place in range(3):
        both = np.isfinite(survey[:, place] + checklist[:, place])
        wanted = compute_each(survey[both, place], checklist[both, place])
        assert found.estimate[place] == pytest.approx(wanted, rel=1e-12)
        assert found.n[place] == both.sum()


def test_a_resample_is_the_sample_of_repeated_centres() -> None:
    """Weights that repeat rows give, drawn three times, percentiles equal to that one value."""
    rng = np.random.default_rng(2)
    x = rng.normal(60, 9, 40)
    y = x + rng.normal(5, 4, 40)
    times = rng.multinomial(40, np.full(40, 1 / 40))
    rows = np.repeat(np.arange(40), times)
    found = resample_pairs(
        x[:, None], y[:, None], weights=np.tile(times.astype(float), (50, 1)), level=0.95
    )
    wanted = compute_each(x[rows], y[rows])
    assert found.ci_low[0] == pytest.approx(wanted, rel=1e-10)
    assert found.ci_high[0] == pytest.approx(wanted, rel=1e-10)


def test_limits_come_when_they_are_asked_for(pairs: tuple[np.ndarray, np.ndarray]) -> None:
    survey, checklist = pairs
    x, y = survey[:, :1], checklist[:, :1]
    weights = draw_centre_weights(["a"] * 60, 500, np.random.default_rng(3))
    without = resample_pairs(x, y, weights=weights, level=0.95)
    found = resample_pairs(x, y, weights=weights, level=0.95, coverage=0.9)
    assert without.statistics == STATISTICS
    assert found.statistics == (*STATISTICS, *LIMITS)
    assert found.ci_low[:, :5] == pytest.approx(without.ci_low, rel=1e-12)
    exact = estimate_limits(x[:, 0], y[:, 0], level=0.95, coverage=0.9)
    for at, limit in ((5, exact.low), (6, exact.high)):
        assert found.estimate[0, at] == pytest.approx(limit.estimate, rel=1e-10)
        # Differences are normal here, so the exact interval is right and the other one near it.
        assert found.ci_low[0, at] == pytest.approx(limit.ci_low, abs=0.6 * limit.std_error)
        assert found.ci_high[0, at] == pytest.approx(limit.ci_high, abs=0.6 * limit.std_error)


def test_a_large_offset_does_not_cost_digits() -> None:
    rng = np.random.default_rng(2)
    x = 1e6 + rng.normal(0, 1e-1, 50)
    y = x + rng.normal(0, 1e-1, 50)
    found = resample_pairs(x[:, None], y[:, None], weights=np.ones((2, 50)), level=0.95)
    assert found.estimate[0, 2] == pytest.approx(np.corrcoef(x, y)[0, 1], rel=1e-6)


def test_a_constant_source_has_no_correlation_but_a_bias() -> None:
    x = np.random.default_rng(1).normal(60, 5, 30)
    y = np.full(30, 100.0)
    weights = draw_centre_weights(["a"] * 30, 200, np.random.default_rng(1))
    found = resample_pairs(x[:, None], y[:, None], weights=weights, level=0.95)
    named = dict(zip(STATISTICS, found.ci_low[0], strict=True))
    assert np.isnan(named["pearson_r"])
    assert named["bias"] < (y - x).mean() < found.ci_high[0, 0]


def test_intervals_hold_the_truth_at_their_level() -> None:
    """Normal pairs of known bias 5, SD 6, r 0.8, CCC; 300 samples of 80 centres in 4 regions."""
    rng = np.random.default_rng(77)
    cov = np.array([[64.0, 48.0], [48.0, 56.25]])
    truth = np.array([5.0, np.sqrt(64 + 56.25 - 96), 48 / np.sqrt(64 * 56.25), 0, 0])
    truth[3] = 2 * 48 / (64 + 56.25 + 25)
    truth[4] = 1 - (64 + 56.25 - 96 + 25) / (2 * ((64 + 56.25) / 2 + 25 / 4))
    regions = [f"r{c % 4}" for c in range(80)]
    held = np.zeros(5)
    for _ in range(300):
        x, y = rng.multivariate_normal([60.0, 65.0], cov, size=80).T
        weights = draw_centre_weights(regions, 300, rng)
        found = resample_pairs(x[:, None], y[:, None], weights=weights, level=0.95)
        held += (found.ci_low[0] <= truth) & (truth <= found.ci_high[0])
    assert (held / 300 > 0.90).all()
    assert (held / 300 < 0.985).all()
