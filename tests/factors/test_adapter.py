from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from factor_analyzer import FactorAnalyzer

from clientindex.errors import StatisticsError
from clientindex.factors.adapter import extract_loadings, rotate_loadings
from clientindex.factors.matching import align_to
from clientindex.factors.solution import Solution

if TYPE_CHECKING:
    from pathlib import Path

ITERATIVE = 1e-4
"""psych and factor_analyzer minimise with other optimisers; they stop about 2e-5 apart."""

PLANTED = 5e-4
"""The same for a matrix that the model fits exactly, where the objective is flattest."""

SOLUTIONS = [
    ("minres", "oblimin"),
    ("minres", "promax"),
    ("minres", "varimax"),
    ("minres", "none"),
    ("ml", "oblimin"),
]


def match(wanted: Any, loadings: Any) -> tuple[Any, Any]:
    """Return the columns of `loadings` that resemble those wanted, and their signs."""
    products = wanted.T @ loadings
    order = np.abs(products).argmax(axis=1)
    return order, np.sign(products[np.arange(len(order)), order])


def fit_solution(r: Any, *, n_factors: int, method: Any, rotation: Any) -> Solution:
    loadings = extract_loadings(r, n_factors=n_factors, method=method)
    if rotation == "none":
        return Solution(loadings=loadings, phi=np.eye(n_factors))
    return rotate_loadings(loadings, rotation)


@pytest.fixture(scope="module")
def r(r_folder: Path) -> Any:
    return pd.read_csv(r_folder / "correlations.csv").to_numpy()


@pytest.mark.parametrize(("method", "rotation"), SOLUTIONS)
def test_solution_equals_psych(method: Any, rotation: Any, r: Any, r_folder: Path) -> None:
    chosen = "method == @method and rotation == @rotation"
    loadings = pd.read_csv(r_folder / "loadings.csv").query(chosen)
    factors = pd.read_csv(r_folder / "factors.csv").query(chosen)
    wanted = loadings[["L1", "L2", "L3"]].to_numpy()
    found = fit_solution(r, n_factors=3, method=method, rotation=rotation)
    assert align_to(wanted, found.loadings) == pytest.approx(wanted, abs=ITERATIVE)
    communality = np.sum((found.loadings @ found.phi) * found.loadings, axis=1)
    assert communality == pytest.approx(loadings["communality"].to_numpy(), abs=ITERATIVE)
    variance = np.sort(np.diag(found.phi @ found.loadings.T @ found.loadings))
    assert variance == pytest.approx(np.sort(factors["ss_loadings"]), abs=5 * ITERATIVE)
    order, signs = match(wanted, found.loadings)
    phi = found.phi[np.ix_(order, order)] * np.outer(signs, signs)
    assert phi == pytest.approx(factors[["P1", "P2", "P3"]].to_numpy(), abs=ITERATIVE)


def test_planted_oblique_structure_is_recovered_with_its_own_correlations() -> None:
    """The smallest factor comes first, so that sorting loadings without phi would show."""
    planted = np.zeros((12, 3))
    planted[np.arange(12), np.repeat([0, 1, 2], [3, 4, 5])] = np.linspace(0.6, 0.8, 12)
    phi = np.array([[1.0, 0.1, 0.3], [0.1, 1.0, 0.5], [0.3, 0.5, 1.0]])
    r = planted @ phi @ planted.T
    np.fill_diagonal(r, 1.0)
    found = fit_solution(r, n_factors=3, method="minres", rotation="oblimin")
    order, signs = match(planted, found.loadings)
    assert found.loadings[:, order] * signs == pytest.approx(planted, abs=PLANTED)
    turned = found.phi[np.ix_(order, order)] * np.outer(signs, signs)
    assert turned == pytest.approx(phi, abs=5 * PLANTED)
    implied = found.loadings @ found.phi @ found.loadings.T
    off = ~np.eye(12, dtype=bool)
    assert implied[off] == pytest.approx(r[off], abs=PLANTED)


def test_one_factor_is_recovered() -> None:
    loadings = np.array([0.9, 0.7, 0.5, 0.6])
    r = np.outer(loadings, loadings)
    np.fill_diagonal(r, 1.0)
    found = extract_loadings(r, n_factors=1, method="minres")
    assert np.abs(found[:, 0]) == pytest.approx(loadings, abs=PLANTED)


def test_the_matrix_given_is_not_changed(r: Any) -> None:
    before = r.copy()
    fit_solution(r, n_factors=2, method="ml", rotation="varimax")
    np.testing.assert_array_equal(r, before)


def test_a_fit_that_does_not_converge_is_refused(monkeypatch: pytest.MonkeyPatch, r: Any) -> None:
    def warn(self: Any, x: Any) -> None:
        import warnings

        warnings.warn("Failed to converge: ABNORMAL", stacklevel=1)

    monkeypatch.setattr(FactorAnalyzer, "fit", warn)
    with pytest.raises(StatisticsError, match=r"minres factor model with 3 factors .* ABNORMAL"):
        fit_solution(r, n_factors=3, method="minres", rotation="none")


@pytest.mark.parametrize("rotation", ["varimax", "promax"])
def test_indicators_without_any_correlation_cannot_be_rotated(rotation: Any) -> None:
    with pytest.raises(StatisticsError, match=f"cannot be rotated by {rotation}"):
        fit_solution(np.eye(8), n_factors=3, method="minres", rotation=rotation)
