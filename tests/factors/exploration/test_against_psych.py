from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from clientindex.factors.exploration.extract import extract
from clientindex.factors.exploration.fit_measures import compute_fit, compute_implied
from clientindex.factors.exploration.schmid_leiman import transform_schmid_leiman
from clientindex.factors.exploration.solve import Plan, compute_degrees_of_freedom, fit_plan
from clientindex.factors.matching import align_to, compute_congruence, find_alignment

R = Path(__file__).parents[2] / "reference" / "exploratory"

ITERATIVE = 1e-4
"""psych stops about 2e-5 from the minimum of its discrepancy."""

CLOSED_FORM = 1e-6

SETS = {"hs": (301, 3, 3), "ordinal": (1500, 5, 4)}
METHODS = {"minres": "minres", "ml": "ml", "principal_axis": "pa"}
ROTATIONS = ["oblimin", "promax", "varimax", "geomin", "bifactor", "target"]


def read_correlations(name: str) -> Any:
    return pd.read_csv(R / f"{name}_correlations.csv").to_numpy()


def membership_of(name: str) -> Any:
    _, n_groups, size = SETS[name]
    return np.repeat(np.eye(n_groups, dtype=bool), size, axis=1)


def read_loadings(name: str, method: str, rotation: str, column: str = "loading") -> Any:
    rows = pd.read_csv(R / "loadings.csv").query(
        "set == @name and method == @method and rotation == @rotation"
    )
    return rows[column].to_numpy().reshape(-1, rows["factor"].max())


def read_phi(name: str, method: str, rotation: str) -> Any:
    rows = pd.read_csv(R / "factor_correlations.csv").query(
        "set == @name and method == @method and rotation == @rotation"
    )
    return rows["phi"].to_numpy().reshape(rows["factor"].max(), -1)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("method", METHODS)
def test_unrotated_loadings_equal_psych(name: str, method: Any) -> None:
    wanted = read_loadings(name, METHODS[method], "none")
    found = extract(read_correlations(name), n_factors=SETS[name][1], method=method)
    assert align_to(wanted, found.loadings[0]) == pytest.approx(wanted, abs=ITERATIVE)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("rotation", ROTATIONS)
def test_rotated_models_equal_psych(name: str, rotation: Any) -> None:
    assert_equals_psych(name, "minres", rotation)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("method", ["ml", "principal_axis"])
def test_other_extractions_rotated_equal_psych(name: str, method: str) -> None:
    assert_equals_psych(name, method, "oblimin")


def assert_equals_psych(name: str, method: Any, rotation: Any) -> None:
    """Flat rotations carry the 2e-5 of psych's extraction on to three times as much."""
    tolerance = 3 * ITERATIVE if rotation in ("bifactor", "geomin") else ITERATIVE
    plan = Plan(
        n_factors=SETS[name][1], method=method, rotation=rotation, membership=membership_of(name)
    )
    found = fit_plan(read_correlations(name), plan).solution
    wanted = read_loadings(name, METHODS[method], rotation)
    order, signs = find_alignment(wanted, found.loadings)
    turned = found.reorder(order, signs)
    assert turned.loadings == pytest.approx(wanted, abs=tolerance)
    assert turned.phi == pytest.approx(read_phi(name, METHODS[method], rotation), abs=tolerance)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("method", METHODS)
def test_fit_equals_psych(name: str, method: Any) -> None:
    n, n_factors, _ = SETS[name]
    r = read_correlations(name)
    loadings = extract(r, n_factors=n_factors, method=method).loadings[0]
    df = compute_degrees_of_freedom(len(r), n_factors)
    found = compute_fit(
        r,
        compute_implied(loadings, np.eye(n_factors)),
        n_factors=n_factors,
        df=df,
        n=n,
        level=0.95,
    ).set_index("statistic")
    chosen = "set == @name and method == @psych"
    psych = METHODS[method]
    wanted = pd.read_csv(R / "fit.csv").query(chosen, local_dict={"name": name, "psych": psych})
    values = wanted.set_index("statistic")["value"]
    for statistic in ("chi2", "df", "p", "rmsea", "tli", "bic", "rmsr"):
        got = found.loc[statistic, "estimate"]
        assert got == pytest.approx(values[statistic], rel=ITERATIVE), statistic
    ends = found.loc["rmsea", ["ci_low", "ci_high"]].tolist()
    assert ends == pytest.approx([values["rmsea_low"], values["rmsea_high"]], abs=1e-5)


def test_a_model_without_degrees_of_freedom_has_no_test() -> None:
    loadings = np.array([[0.8], [0.7], [0.6]])
    r = compute_implied(loadings, np.eye(1))
    fit = compute_fit(r, r, n_factors=1, df=0, n=100, level=0.95).set_index("statistic")
    assert fit.loc["chi2", "estimate"] == pytest.approx(0, abs=1e-10)
    assert fit.loc["rmsr", "estimate"] == 0
    assert fit.loc[["p", "rmsea", "tli"], "estimate"].isna().all()


@pytest.mark.parametrize("name", SETS)
def test_schmid_leiman_equals_psych(name: str) -> None:
    """From psych's own oblimin solution, so that only the transformation is compared."""
    rows = pd.read_csv(R / "schmid_leiman.csv").query("set == @name")
    n_factors = rows["factor"].max()
    wanted = rows["schmid"].to_numpy().reshape(-1, n_factors + 1)
    pattern = read_loadings(name, "minres", "oblimin")
    phi = read_phi(name, "minres", "oblimin")
    found, defined = transform_schmid_leiman(pattern[None], phi[None])
    assert defined.all()
    assert found[0, :, 0] == pytest.approx(wanted[:, 0], abs=2 * ITERATIVE)
    assert align_to(wanted[:, 1:], found[0, :, 1:]) == pytest.approx(
        wanted[:, 1:], abs=2 * ITERATIVE
    )


def test_schmid_leiman_of_a_hierarchy_in_closed_form() -> None:
    """Thurstone's hierarchy: general loadings are products of loadings of both orders."""
    second = np.array([0.9, 0.8, 0.7, 0.6])
    phi = np.outer(second, second)
    np.fill_diagonal(phi, 1)
    pattern = np.zeros((8, 4))
    pattern[np.arange(8), np.repeat(range(4), 2)] = np.linspace(0.8, 0.5, 8)
    found, _ = transform_schmid_leiman(pattern[None], phi[None])
    assert found[0, :, 0] == pytest.approx(pattern @ second, abs=CLOSED_FORM)
    assert found[0, :, 1:] == pytest.approx(pattern * np.sqrt(1 - second**2), abs=CLOSED_FORM)


@pytest.mark.parametrize("name", SETS)
def test_congruence_equals_psych(name: str) -> None:
    rows = pd.read_csv(R / "congruence.csv").query("set == @name")
    wanted = rows["congruence"].to_numpy().reshape(rows["factor"].max(), -1)
    pattern = membership_of(name).T.astype(float)
    loadings = pd.read_csv(R / "schmid_leiman.csv").query("set == @name and factor > 0")
    found = compute_congruence(loadings["pattern"].to_numpy().reshape(len(pattern), -1), pattern)
    assert found == pytest.approx(wanted, abs=CLOSED_FORM)
