"""Smooth curves against mgcv, a line that costs nothing, and curves of known shape."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.interpolate import CubicSpline

from clientindex.sensitivity.importance.correlation import correlate
from clientindex.sensitivity.importance.smooth import fit_many, fit_smooth, make_basis

FOLDER = Path(__file__).parents[2] / "reference" / "sensitivity" / "importance"
# Both searches for the smoothness end within their own tolerance.
IMPORTANCE, EDF = 1e-7, 1e-6
ROUNDING = 1e-9
EXPECTED = pd.read_csv(FOLDER / "smooth_expected.csv")


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "smooth_input.csv").astype(float)


@pytest.mark.parametrize("place", range(len(EXPECTED)))
def test_curves_are_those_of_mgcv(data: pd.DataFrame, place: int) -> None:
    row = EXPECTED.iloc[place]
    basis = make_basis(data[row["component"]].to_numpy(), n_knots=int(row["knots"]))
    assert basis is not None
    y = data["y"].to_numpy()
    found = fit_smooth(basis, y, np.ones((1, len(y))))
    assert found.importance[0] == pytest.approx(row["importance"], abs=IMPORTANCE)
    assert found.edf[0] == pytest.approx(row["edf"], abs=EDF)
    many = fit_many(basis, np.stack([y, 3 * y + 1]))
    np.testing.assert_allclose(many.importance, found.importance[0], atol=IMPORTANCE)
    held = fit_many(basis, y[None], penalty=float(found.penalty[0]))
    assert held.importance[0] == pytest.approx(found.importance[0], abs=ROUNDING)


def test_a_curve_never_explains_less_than_a_line(data: pd.DataFrame) -> None:
    rng = np.random.default_rng(1)
    weights = rng.multinomial(89, np.full(90, 1 / 90), size=50) * 90 / 89
    y = data["y"].to_numpy()
    for name in "abcd":
        x = data[name].to_numpy()
        basis = make_basis(x, n_knots=10)
        assert basis is not None
        linear = correlate(y, x[:, None], weights)[:, 0] ** 2
        assert (fit_smooth(basis, y, weights).importance >= linear - ROUNDING).all()


def test_a_line_is_found_whole() -> None:
    x = np.random.default_rng(4).normal(size=50)
    basis = make_basis(x, n_knots=8)
    assert basis is not None
    found = fit_smooth(basis, 3 - 2 * x, np.ones((1, 50)))
    assert found.importance[0] == pytest.approx(1, abs=ROUNDING)


def test_the_penalty_is_the_integral_of_the_squared_second_derivative() -> None:
    x = np.linspace(0, 3, 30) ** 2
    basis = make_basis(x, n_knots=5)
    assert basis is not None
    values = np.array([0.0, 2.0, -1.0, 1.0, 0.5])
    knots = np.quantile(x, np.linspace(0, 1, 5))
    curve = CubicSpline(knots, values, bc_type="natural")
    total = sum(
        quad(lambda at: float(curve(at, 2)) ** 2, low, high)[0] for low, high in pairwise(knots)
    )
    assert values @ basis.penalty @ values == pytest.approx(total, rel=1e-9)


def test_weights_of_a_centre_drawn_twice_are_no_two_centres(data: pd.DataFrame) -> None:
    """All centres twice: the same curve as once, not the rougher one of 180 centres."""
    basis = make_basis(data["a"].to_numpy(), n_knots=8)
    assert basis is not None
    y = data["y"].to_numpy()
    found = fit_smooth(basis, y, np.ones((2, 90)) * [[1.0], [2.0]])
    assert found.importance[1] == pytest.approx(found.importance[0], abs=IMPORTANCE)
    assert found.edf[1] == pytest.approx(found.edf[0], abs=EDF)


def test_two_values_have_no_curve() -> None:
    assert make_basis(np.array([1.0, 2.0, 1.0, 2.0]), n_knots=5) is None


def test_an_index_that_does_not_vary_has_no_importance() -> None:
    basis = make_basis(np.arange(20.0), n_knots=5)
    assert basis is not None
    assert np.isnan(fit_smooth(basis, np.full(20, 7.0), np.ones((1, 20))).importance).all()
