"""Agreement statistics against R, published results and pingouin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pingouin
import pytest

from clientindex.agreement.coefficients import (
    Estimate,
    estimate_bias,
    estimate_icc,
    estimate_limits,
    estimate_pearson,
    estimate_sd_difference,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

REFERENCE = Path(__file__).parents[2] / "reference" / "agreement"

# Closed forms; R prints 15 digits, and its noncentral t stops at a relative 1e-11 or so.
CLOSED_FORM = 1e-12
NONCENTRAL = 1e-9
# pingouin prints ICC intervals to two decimals.
PINGOUIN_INTERVAL = 0.005 + 1e-12

STATISTICS: dict[str, Callable[..., Estimate]] = {
    "bias": estimate_bias,
    "sd_difference": estimate_sd_difference,
    "loa_low": lambda x, y, level: estimate_limits(x, y, level=level).low,
    "loa_high": lambda x, y, level: estimate_limits(x, y, level=level).high,
    "pearson_r": estimate_pearson,
    "icc_a1": lambda x, y, level: estimate_icc(np.column_stack([x, y]), level=level).absolute,
    "icc_c1": lambda x, y, level: estimate_icc(np.column_stack([x, y]), level=level).consistency,
}


@pytest.mark.parametrize("statistic", STATISTICS)
@pytest.mark.parametrize("data", ["centres", "ties"])
@pytest.mark.parametrize("level", [0.9, 0.95])
def test_estimates_and_intervals_equal_r(statistic: str, data: str, level: float) -> None:
    pairs = pd.read_csv(REFERENCE / "pairs.csv").query("set == @data")
    table = pd.read_csv(REFERENCE / "expected.csv").set_index(["set", "level", "statistic"])
    wanted = table.loc[(data, level, statistic)]
    x, y = pairs["survey"].to_numpy(), pairs["checklist"].to_numpy()
    found = STATISTICS[statistic](x, y, level=level)
    tolerance = NONCENTRAL if statistic.startswith("loa") else CLOSED_FORM
    assert found.estimate == pytest.approx(wanted["estimate"], rel=CLOSED_FORM)
    assert found.ci_low == pytest.approx(wanted["ci_low"], rel=tolerance)
    assert found.ci_high == pytest.approx(wanted["ci_high"], rel=tolerance)


def pair_icc(ratings: NDArray[np.float64], *, level: float) -> tuple[Estimate, Estimate]:
    found = estimate_icc(ratings, level=level)
    return found.absolute, found.consistency


# pingouin 0.6 calls dropna(inplace=True), which pandas 3 will drop; nothing to do with the numbers.
@pytest.mark.filterwarnings("ignore:The inplace keyword:pandas.errors.Pandas4Warning")
def test_icc_equals_pingouin_up_to_its_rounding() -> None:
    rng = np.random.default_rng(3)
    level = rng.normal(70, 8, (60, 1))
    ratings = level + rng.normal(0, 5, (60, 2)) + [0, 4]
    long = pd.DataFrame(
        {
            "centre": np.repeat(np.arange(60), 2),
            "source": ["survey", "checklist"] * 60,
            "points": ratings.ravel(),
        }
    )
    table = pingouin.intraclass_corr(long, targets="centre", raters="source", ratings="points")
    rows = table.set_index("Type")
    interval = next(name for name in rows.columns if name.startswith("CI95"))
    names = ("ICC(A,1)", "ICC(C,1)") if "ICC(A,1)" in rows.index else ("ICC2", "ICC3")
    for found, name in zip(pair_icc(ratings, level=0.95), names, strict=True):
        assert found.estimate == pytest.approx(rows.loc[name, "ICC"], abs=1e-10)
        low, high = rows.loc[name, interval]
        assert found.ci_low == pytest.approx(low, abs=PINGOUIN_INTERVAL)
        assert found.ci_high == pytest.approx(high, abs=PINGOUIN_INTERVAL)


def test_exact_limits_cover_at_their_level() -> None:
    """The upper limit of N(0, 1) differences is 1.96; 2,000 samples of 12 pairs, error 0.5 %."""
    rng = np.random.default_rng(7)
    truth, hits = 1.959963984540054, 0
    for differences in rng.normal(size=(2000, 12)):
        high = estimate_limits(np.zeros(12), differences, level=0.95).high
        hits += high.ci_low <= truth <= high.ci_high
    assert hits / 2000 == pytest.approx(0.95, abs=0.015)


def test_swapping_the_sources_turns_the_bias_round() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.uniform(40, 90, (2, 15))
    for name in ("sd_difference", "pearson_r", "icc_a1", "icc_c1"):
        one, two = STATISTICS[name](x, y, level=0.9), STATISTICS[name](y, x, level=0.9)
        assert one.estimate == pytest.approx(two.estimate, rel=CLOSED_FORM)
    limits, swapped = estimate_limits(x, y, level=0.9), estimate_limits(y, x, level=0.9)
    assert limits.low.ci_low == pytest.approx(-swapped.high.ci_high, rel=CLOSED_FORM)
    assert limits.high.ci_low == pytest.approx(-swapped.low.ci_high, rel=CLOSED_FORM)


@pytest.mark.parametrize("name", ["pearson_r", "icc_a1", "icc_c1"])
def test_constant_source_leaves_correlation_and_icc_undefined(name: str) -> None:
    x, y = np.full(5, 70.0), np.array([60.0, 70, 80, 75, 90])
    found = STATISTICS[name](x, y, level=0.95)
    assert np.isnan([found.estimate, found.ci_low, found.ci_high]).all()
    assert found.method.startswith("undefined: ")


def test_constant_source_keeps_bias_and_limits() -> None:
    x, y = np.full(5, 70.0), np.array([60.0, 70, 80, 75, 90])
    for name in ("bias", "sd_difference", "loa_low", "loa_high"):
        found = STATISTICS[name](x, y, level=0.95)
        assert np.isfinite([found.estimate, found.ci_low, found.ci_high]).all()


def test_perfect_agreement_is_one_without_doubt() -> None:
    x = np.array([50.0, 60, 75, 90])
    for name in ("pearson_r", "icc_a1", "icc_c1"):
        found = STATISTICS[name](x, x.copy(), level=0.95)
        assert (found.estimate, found.ci_low, found.ci_high) == pytest.approx((1, 1, 1))


@pytest.mark.parametrize("noise", [1e-6, 1e-7, 1e-8, 1e-9])
def test_agreement_up_to_rounding_has_an_interval(noise: float) -> None:
    rng = np.random.default_rng(0)
    x = rng.uniform(40, 90, 30)
    y = x + noise * rng.normal(size=30)
    for found in pair_icc(np.column_stack([x, y]), level=0.95):
        assert (found.estimate, found.ci_low, found.ci_high) == pytest.approx((1, 1, 1), abs=1e-12)


def test_constant_gap_is_consistent_but_not_in_agreement() -> None:
    x = np.array([50.0, 60, 75, 90])
    absolute, consistency = pair_icc(np.column_stack([x, x + 10]), level=0.95)
    assert (consistency.estimate, consistency.ci_low) == (1, 1)
    assert 0 <= absolute.ci_low < absolute.estimate < 1
    assert estimate_sd_difference(x, x + 10, level=0.95).ci_high == pytest.approx(0, abs=1e-12)


def test_three_centres_say_nothing_about_a_correlation() -> None:
    found = estimate_pearson(np.array([1.0, 2, 4]), np.array([2.0, 3, 3]), level=0.95)
    assert (found.ci_low, found.ci_high) == (-1, 1)
