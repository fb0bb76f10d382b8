"""Over-dispersion: the consistency factor, metafor, literal formulas, simulated false flags."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2, norm

from clientindex.errors import StatisticsError
from clientindex.rating.regional import (
    compute_limits,
    compute_winsorised_mean_square,
    estimate_overdispersion,
    find_unusual,
)
from clientindex.rating.regional.overdispersion import winsorise

STORED = Path(__file__).parents[2] / "reference" / "rating"


def test_factor_of_many_values_is_the_closed_form():
    for share in (0.01, 0.05, 0.1, 0.2, 0.4):
        a = norm.ppf(1 - share)
        wanted = 1 - 2 * share - 2 * a * norm.pdf(a) + 2 * share * a**2
        found = compute_winsorised_mean_square(200_000, int(200_000 * share))
        assert found == pytest.approx(wanted, rel=2e-4), share


def test_factor_of_three_values_is_the_variance_of_their_median():
    # All three become the median.
    assert compute_winsorised_mean_square(3, 1) == pytest.approx(1 - np.sqrt(3) / np.pi, rel=1e-9)


@pytest.mark.parametrize(("number", "drawn_in"), [(5, 1), (13, 1), (30, 3), (100, 20)])
def test_factor_is_the_simulated_mean(number, drawn_in):
    rng = np.random.default_rng(number)
    z = np.sort(rng.standard_normal((60_000, number)), axis=1)
    clipped = np.clip(z, z[:, [drawn_in]], z[:, [-drawn_in - 1]])
    squares = (clipped**2).mean(axis=1)
    error = squares.std() / np.sqrt(len(squares))
    assert abs(squares.mean() - compute_winsorised_mean_square(number, drawn_in)) < 4 * error


@pytest.mark.parametrize("target", ["median", "mean", 70.0])
def test_phi_is_unbiased_without_overdispersion(target):
    rng = np.random.default_rng(3)
    error = rng.uniform(1, 4, 30)
    found = [
        estimate_overdispersion(70 + rng.normal(0, error), error, target=target, winsorised=0.1)
        for _ in range(3000)
    ]
    phi = np.array([each.phi for each in found])
    assert abs(phi.mean() - 1) < 4 * phi.std() / np.sqrt(3000) + 0.005
    assert {each.drawn_in for each in found} == {3}


def test_phi_without_its_factor_would_be_a_third_too_small():
    rng = np.random.default_rng(4)
    found = estimate_overdispersion(
        rng.standard_normal(4000), np.ones(4000), target=0.0, winsorised=0.1
    )
    assert found.phi_winsorised == pytest.approx(0.679, abs=0.04)
    assert found.phi == pytest.approx(1, abs=0.06)


@pytest.mark.parametrize("name", ["varied", "alike", "even"])
def test_additive_variance_without_winsorising_is_metafors(name):
    data = pd.read_csv(STORED / "regional_input.csv").query("set == @name")
    wanted = pd.read_csv(STORED / "regional_expected.csv").query("set == @name")
    wanted = wanted.set_index("statistic")["estimate"]
    y, error = data["y"].to_numpy(), data["error"].to_numpy()
    found = estimate_overdispersion(y, error, target="mean", winsorised=0)
    assert found.tau2_moments == pytest.approx(wanted["dersimonian_laird"], rel=1e-9)
    assert found.q == pytest.approx(wanted["q"], rel=1e-9)
    assert found.target == pytest.approx(wanted["fixed_mean"], rel=1e-9)
    assert found.p_value == pytest.approx(chi2.sf(wanted["q"], len(y) - 1), rel=1e-9)


def test_spiegelhalters_formulas_by_hand():
    # For a target set from outside.
    y, error = np.array([4.0, 7, 10, 13, 22]), np.array([1.0, 2, 1, 2, 3])
    found = estimate_overdispersion(y, error, target=10.0, winsorised=0.2)
    np.testing.assert_allclose(found.z, [-6, -1.5, 0, 1.5, 4])
    assert winsorise(found.z, 1).tolist() == [-1.5, -1.5, 0, 1.5, 1.5]
    assert found.phi_winsorised == pytest.approx(9 / 5, rel=1e-12)
    phi = 1.8 / compute_winsorised_mean_square(5, 1)
    w = error**-2
    assert found.phi == pytest.approx(phi, rel=1e-12)
    assert found.tau2_moments == pytest.approx(5 * (phi - 1) / w.sum(), rel=1e-12)
    again = winsorise((y - 10) / np.sqrt(error**2 + found.tau2), 1)
    factor = compute_winsorised_mean_square(5, 1)
    assert (again**2).mean() == pytest.approx(factor, rel=1e-9)
    assert found.q == pytest.approx(36 + 2.25 + 2.25 + 16, rel=1e-12)
    low, high = compute_limits(np.array([2.0]), found, model="multiplicative", level=0.95)
    assert high - 10 == pytest.approx([norm.ppf(0.975) * 2 * np.sqrt(phi)], rel=1e-12)
    assert low == pytest.approx(20 - high, rel=1e-12)
    _, high = compute_limits(np.array([2.0]), found, model="additive", level=0.998)
    assert high - 10 == pytest.approx([norm.ppf(0.999) * np.sqrt(4 + found.tau2)], rel=1e-12)
    _, high = compute_limits(np.array([2.0]), found, model="plain", level=0.95)
    assert high - 10 == pytest.approx([3.919928], rel=1e-6)


def test_units_more_alike_than_chance_narrow_nothing():
    found = estimate_overdispersion(
        70 + np.linspace(-0.1, 0.1, 20), np.ones(20), target="median", winsorised=0.1
    )
    assert found.phi < 0.05
    assert (found.scale, found.tau2) == (1.0, 0.0)


def _flag(found, y, error, model):
    return find_unusual(y, error, found, model=model, fdr=0.05).flagged


@pytest.mark.parametrize("model", ["multiplicative", "additive"])
def test_false_flags_are_as_rare_as_the_rate_says_when_the_model_holds(model):
    rng = np.random.default_rng(8)
    any_flag = []
    for _ in range(800):
        error = rng.uniform(1, 4, 80)
        spread = 2 * error if model == "multiplicative" else np.sqrt(error**2 + 9)
        y = 70 + rng.normal(0, spread)
        found = estimate_overdispersion(y, error, target="median", winsorised=0.1)
        any_flag.append((_flag(found, y, error, model) != "").any())
    # Without an unusual unit, the false discovery rate is the chance of any flag; the spread that
    # is itself estimated makes it a little higher.
    assert 0.03 <= np.mean(any_flag) <= 0.1


def test_additive_variance_is_unbiased_where_errors_differ_and_the_moment_formula_is_not():
    rng = np.random.default_rng(8)
    error = rng.uniform(1, 4, 80)
    found = [
        estimate_overdispersion(
            70 + rng.normal(0, np.sqrt(error**2 + 9)), error, target="median", winsorised=0.1
        )
        for _ in range(500)
    ]
    assert np.mean([each.tau2 for each in found]) == pytest.approx(9, abs=0.4)
    assert np.mean([each.tau2_moments for each in found]) < 8


def test_plain_limits_would_flag_most_of_overdispersed_units():
    rng = np.random.default_rng(9)
    error = rng.uniform(1, 4, 200)
    y = 70 + rng.normal(0, np.sqrt(error**2 + 49))
    found = estimate_overdispersion(y, error, target="median", winsorised=0.1)
    assert (_flag(found, y, error, "plain") != "").mean() > 0.4
    assert (_flag(found, y, error, "additive") != "").sum() <= 2
    assert np.sqrt(found.tau2) == pytest.approx(7, abs=1)


def test_truly_unusual_units_are_found_on_both_sides():
    rng = np.random.default_rng(10)
    shares, found_of = [], []
    for _ in range(60):
        error = rng.uniform(1, 3, 100)
        y = 70 + rng.normal(0, np.sqrt(error**2 + 4))
        y[:5] += 20
        y[5:10] -= 20
        fit = estimate_overdispersion(y, error, target="median", winsorised=0.1)
        flagged = _flag(fit, y, error, "additive")
        assert (flagged[:5] != "low").all()
        assert (flagged[5:10] != "high").all()
        found_of.append((flagged[:10] != "").mean())
        shares.append((flagged[10:] != "").sum() / max((flagged != "").sum(), 1))
    assert np.mean(found_of) > 0.95
    assert np.mean(shares) <= 0.05


def test_bad_input_is_refused():
    y, error = np.arange(6.0), np.ones(6)
    with pytest.raises(StatisticsError, match="needs 5 units, found 4"):
        estimate_overdispersion(y[:4], error[:4], target="mean", winsorised=0.1)
    with pytest.raises(StatisticsError, match="error above 0"):
        estimate_overdispersion(y, error * 0, target="mean", winsorised=0.1)
    with pytest.raises(StatisticsError, match=r"below 0\.5, found 0\.5"):
        estimate_overdispersion(y, error, target="mean", winsorised=0.5)
    with pytest.raises(StatisticsError, match="cannot be drawn in"):
        compute_winsorised_mean_square(4, 2)
    found = estimate_overdispersion(y, error, target="mean", winsorised=0.1)
    with pytest.raises(StatisticsError, match="false discovery rate"):
        find_unusual(y, error, found, model="additive", fdr=0)
