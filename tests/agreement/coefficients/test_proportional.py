"""Proportional bias: regression limits, Pitman and Morgan, and what a slope cannot show."""

import numpy as np
import pytest
import statsmodels.api as sm

from clientindex.agreement.coefficients import compare_variances, fit_proportional_bias

CLOSED_FORM = 1e-10


def simulate(seed=1, n=80):
    rng = np.random.default_rng(seed)
    x = rng.normal(60, 10, n)
    return x, 5 + 1.1 * x + rng.normal(0, 4, n)


def test_regression_is_that_of_statsmodels():
    x, y = simulate()
    found = fit_proportional_bias(x, y, level=0.9)
    fit = sm.OLS(y - x, sm.add_constant((x + y) / 2)).fit()
    wanted = np.column_stack([fit.params, fit.bse, fit.conf_int(0.1)])
    for estimate, row in zip((found.intercept, found.slope), wanted, strict=True):
        values = (estimate.estimate, estimate.std_error, estimate.ci_low, estimate.ci_high)
        assert values == pytest.approx(row, rel=CLOSED_FORM)
    assert found.p_value == pytest.approx(fit.pvalues[1], rel=CLOSED_FORM)
    assert found.residual_sd == pytest.approx(np.sqrt(fit.mse_resid), rel=CLOSED_FORM)
    spread = sm.OLS(np.abs(fit.resid), sm.add_constant((x + y) / 2)).fit().params
    assert (found.spread_intercept, found.spread_slope) == pytest.approx(spread, rel=CLOSED_FORM)


def test_regression_limits_are_those_of_bland_and_altman():
    """Their 2.46 is 1.96 sqrt(pi / 2)."""
    found = fit_proportional_bias(*simulate(), level=0.95)
    at = np.array([40.0, 70])
    low, high = found.compute_limits(at, coverage=0.95)
    spread = found.spread_intercept + found.spread_slope * at
    assert (high - low) / 2 == pytest.approx(2.4564 * spread, rel=1e-4)
    low, high = found.compute_limits(at, coverage=0.95, constant_spread=True)
    assert (high - low) / 2 == pytest.approx(1.959964 * found.residual_sd, rel=1e-6)


def test_limits_hold_their_share_where_the_spread_grows():
    rng = np.random.default_rng(2)
    x = rng.uniform(20, 90, 4000)
    y = x + rng.normal(0, 0.1 * x)
    found = fit_proportional_bias(x, y, level=0.95)
    for half in (x < 50, x >= 50):
        low, high = found.compute_limits((x + y)[half] / 2, coverage=0.95)
        inside = ((y - x)[half] >= low) & ((y - x)[half] <= high)
        assert inside.mean() == pytest.approx(0.95, abs=0.015)


def test_negative_spread_gives_no_limits():
    found = fit_proportional_bias(*simulate(), level=0.95)
    beyond = np.array([-1e4, 1e4])
    assert np.isnan(found.compute_limits(beyond, coverage=0.95)).any()


def test_pitman_morgan_is_the_test_of_the_slope():
    x, y = simulate(3)
    found = compare_variances(x, y, level=0.95)
    assert found.p_value == pytest.approx(
        fit_proportional_bias(x, y, level=0.95).p_value, rel=CLOSED_FORM
    )


def test_slope_is_not_zero_without_any_proportional_bias():
    """One method only measures with more error; the scale is the same."""
    rng = np.random.default_rng(4)
    true = rng.normal(60, 10, 5000)
    x, y = true + rng.normal(0, 2, 5000), true + rng.normal(0, 8, 5000)
    found = fit_proportional_bias(x, y, level=0.95)
    assert found.slope.ci_low > 0.2
    assert found.p_value < 1e-10


def test_undefined_where_nothing_varies():
    x = np.array([1.0, 2, 3])
    assert fit_proportional_bias(x, 6 - x, level=0.95).slope.method.startswith(
        "undefined: all means"
    )
    assert np.isnan(compare_variances(x, x + 1, level=0.95).p_value)
    assert np.isnan(fit_proportional_bias(x[:2], x[:2], level=0.95).p_value)
