"""The three concordance correlations: definitions, variances and edges."""

import numpy as np
import pytest

from clientindex.agreement.coefficients import (
    estimate_concordance,
    estimate_concordance_components,
    estimate_concordance_u,
    estimate_icc,
)

CLOSED_FORM = 1e-10


def simulate(rng, n, *, shift=0.5, scale=1.2):
    true = rng.normal(0, 2, n)
    return true + rng.normal(0, 1, n), shift + scale * true + rng.normal(0, 1, n)


def test_moment_value_has_divisor_n():
    x, y = simulate(np.random.default_rng(1), 30)
    covariance = np.cov(x, y, ddof=0)
    wanted = 2 * covariance[0, 1] / (np.trace(covariance) + (x.mean() - y.mean()) ** 2)
    found = estimate_concordance(x, y, level=0.95)
    assert found.ccc.estimate == pytest.approx(wanted, rel=CLOSED_FORM)
    assert found.pearson * found.accuracy == pytest.approx(wanted, rel=CLOSED_FORM)
    assert estimate_concordance_u(x, y, level=0.95).estimate == pytest.approx(
        wanted, rel=CLOSED_FORM
    )


def test_u_statistic_equals_sums_over_all_pairs():
    x, y = simulate(np.random.default_rng(2), 12)
    n = len(x)
    same = [[((x[i] - y[i]) ** 2 + (x[j] - y[j]) ** 2) / 2 for j in range(n)] for i in range(n)]
    cross = [[((x[i] - y[j]) ** 2 + (x[j] - y[i]) ** 2) / 2 for j in range(n)] for i in range(n)]
    off = ~np.eye(n, dtype=bool)
    rows = [np.where(off, table, 0).sum(axis=1) / (n - 1) for table in (same, cross)]
    u, v = (row.mean() for row in rows)
    below = u + (n - 1) * v
    slope = n * (n - 1) / below**2 * np.array([-v, u])
    influence = 2 * slope @ np.array([rows[0] - u, rows[1] - v])
    found = estimate_concordance_u(x, y, level=0.95)
    assert found.estimate == pytest.approx((n - 1) * (v - u) / below, rel=CLOSED_FORM)
    assert found.std_error == pytest.approx(np.sqrt((influence**2).sum()) / n, rel=CLOSED_FORM)


def test_standard_errors_equal_the_spread_of_estimates_and_cccrm_falls_short():
    rng = np.random.default_rng(3)
    values, errors = [], []
    for _ in range(1500):
        x, y = simulate(rng, 200)
        moment = estimate_concordance(x, y, level=0.95).ccc
        u = estimate_concordance_u(x, y, level=0.95)
        half = estimate_concordance_u(x, y, level=0.95, projection="cccrm")
        values.append(moment.estimate)
        errors.append([moment.std_error, u.std_error, half.std_error])
    lin, right, short = np.mean(errors, axis=0) / np.std(values)
    assert lin == pytest.approx(1, abs=0.06)
    assert right == pytest.approx(1, abs=0.06)
    assert short < 0.9


def test_components_are_icc_of_absolute_agreement_where_sources_differ():
    x, y = simulate(np.random.default_rng(4), 50, shift=3)
    ratings = np.column_stack([x, y])
    found = estimate_concordance_components(ratings, level=0.95).estimate
    assert found == pytest.approx(estimate_icc(ratings, level=0.95).absolute.estimate, rel=1e-12)


def test_components_leave_out_a_negative_variance_of_sources():
    x, y = simulate(np.random.default_rng(5), 50, scale=1)
    y += x.mean() - y.mean()
    ratings = np.column_stack([x, y])
    found = estimate_concordance_components(ratings, level=0.95).estimate
    assert found == pytest.approx(estimate_icc(ratings, level=0.95).consistency.estimate, rel=1e-12)


@pytest.mark.parametrize("scale", ["fisher", "asymptotic"])
def test_uncorrelated_pairs_have_a_finite_variance(scale):
    x, y = np.array([1.0, 2, 3, 2]), np.array([2.0, 1, 2, 3])
    found = estimate_concordance(x, y, level=0.95, scale=scale).ccc
    assert found.estimate == pytest.approx(0, abs=1e-12)
    assert 0.1 < found.std_error < 2


def test_perfect_agreement_is_one_without_doubt():
    x = np.array([1.0, 2, 4, 7])
    found = [
        estimate_concordance(x, x, level=0.95).ccc,
        estimate_concordance_u(x, x, level=0.95),
        estimate_concordance_components(np.column_stack([x, x]), level=0.95),
    ]
    for one in found:
        assert (one.estimate, one.ci_low, one.ci_high) == pytest.approx((1, 1, 1))


def test_undefined_and_refused():
    x = np.array([1.0, 2, 4])
    for one in (
        estimate_concordance(x, x * 0, level=0.95).ccc,
        estimate_concordance_u(x, x * 0, level=0.95),
        estimate_concordance_components(np.column_stack([x, x * 0]), level=0.95),
    ):
        assert one.method == "undefined: all values of one source are equal"
    assert np.isnan(estimate_concordance(x[:2], x[:2], level=0.95).accuracy)
    with pytest.raises(ValueError, match="at least two columns"):
        estimate_concordance_components(x[:, None], level=0.95)
