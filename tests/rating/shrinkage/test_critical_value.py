"""Critical values against R ebci, its published checks, and the linear programme on a grid."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog
from scipy.stats import ncx2, norm

from clientindex.errors import StatisticsError
from clientindex.rating.shrinkage import compute_critical_values, compute_noncoverage

STORED = Path(__file__).parents[2] / "reference" / "rating"

# R optimises the dual to about 1e-9 and takes the critical value of an unbounded kurtosis where
# non-coverage differs by less than 1e-5.
SOLVED = 1e-6
NEARLY_UNBOUNDED = 2e-4


def find_critical(bias, kurtosis, level):
    return float(compute_critical_values(np.array([bias**2]), kurtosis=kurtosis, level=level)[0])


def test_values_equal_ebci():
    table = pd.read_csv(STORED / "critical_expected.csv")
    for row in table.itertuples():
        found = find_critical(row.bias, row.kurtosis, row.level)
        tolerance = NEARLY_UNBOUNDED if row.kurtosis >= 100 else SOLVED
        assert found == pytest.approx(row.critical, rel=tolerance), row


@pytest.mark.parametrize(
    ("bias", "kurtosis", "level", "printed"),
    [
        (5, 3, 0.95, 11.88358367),
        (1, 3, 0.8, 1.8494683),
        (10, 3, 0.95, 24.86172217),
        (2.8, 8, 0.9, 7.0779747158),
    ],
)
def test_values_equal_the_checks_that_the_authors_publish(bias, kurtosis, level, printed):
    assert find_critical(bias, kurtosis, level) == pytest.approx(printed, abs=1e-7)


def test_noncoverage_equals_the_checks_that_the_authors_publish():
    found = compute_noncoverage(np.array([1.0]), np.array([11.9699639845401]), kurtosis=3)
    assert found[0] == pytest.approx(6.0216e-05, abs=1e-9)
    found = compute_noncoverage(np.array([2.8**2]), np.array([7.1324290147839]), kurtosis=8)
    assert found[0] == pytest.approx(0.09805099, abs=1e-8)


@pytest.mark.parametrize("kurtosis", [1.2, 3.0, 7.0, np.inf])
@pytest.mark.parametrize(("bias", "critical"), [(0.4, 2.1), (1.0, 3.5), (2.0, 5.5), (0.1, 2.0)])
def test_noncoverage_is_the_linear_programme(bias, critical, kurtosis):
    m2 = bias**2
    grid = np.concatenate([np.linspace(0, 4 * critical**2, 6000), [m2]])
    outside = norm.cdf(np.sqrt(grid) - critical) + norm.cdf(-np.sqrt(grid) - critical)
    bounds = {} if np.isinf(kurtosis) else {"A_ub": grid[None] ** 2, "b_ub": [kurtosis * m2**2]}
    best = linprog(
        -outside, A_eq=np.vstack([np.ones_like(grid), grid]), b_eq=[1, m2], method="highs", **bounds
    )
    found = compute_noncoverage(np.array([m2]), np.array([critical]), kurtosis=kurtosis)[0]
    assert found >= -best.fun - 1e-8
    assert found == pytest.approx(-best.fun, abs=2e-6)


def test_limits_are_the_closed_forms():
    bias = np.array([0.0, 0.5, 3.0])
    found = compute_critical_values(bias**2, kurtosis=1, level=0.95)
    assert found == pytest.approx(np.sqrt(ncx2.ppf(0.95, 1, np.maximum(bias**2, 1e-300))), rel=1e-7)
    # Without bias it is the normal quantile, whatever the kurtosis.
    assert find_critical(0, 50, 0.9) == pytest.approx(norm.ppf(0.95), rel=1e-12)


def test_values_rise_with_bias_kurtosis_and_level():
    bias = np.geomspace(0.01, 100, 60)
    low = compute_critical_values(bias**2, kurtosis=3, level=0.9)
    high = compute_critical_values(bias**2, kurtosis=9, level=0.9)
    assert (np.diff(low) > 0).all()
    assert (high >= low - 1e-9).all()
    assert (compute_critical_values(bias**2, kurtosis=3, level=0.95) > low).all()
    back = compute_noncoverage(bias**2, low, kurtosis=3)
    assert back == pytest.approx(np.full(60, 0.1), abs=1e-9)


def test_impossible_moments_are_refused():
    for m2, kurtosis in ((-1.0, 3), (np.nan, 3), (np.inf, 3), (1.0, 0.5), (1.0, np.nan)):
        with pytest.raises(StatisticsError, match="squared biases from 0 and a kurtosis from 1"):
            compute_critical_values(np.array([m2]), kurtosis=kurtosis, level=0.9)
