from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from clientindex.factors.matching import align_to, find_alignment
from clientindex.factors.rotation import criteria, rotate, rotate_replicates
from clientindex.factors.rotation.target import build_target
from clientindex.factors.solution import Solution

R = Path(__file__).parents[2] / "reference" / "exploratory"

OPTIMUM = 1e-6
"""Criteria at the lowest minimum that R found from 21 starts and that we found from 31."""

ROTATED = 1e-4
"""Loadings there: a criterion is flat at its minimum, so its argument is known less exactly."""

SAME = 1e-6
"""Loadings of two algorithms that both stop at a gradient of 1e-7."""

BY_OURSELVES = ["geomin", "bifactor", "target"]
SIZES = {"hs": (3, 3), "ordinal": (5, 4)}


def membership_of(name: str) -> Any:
    n_groups, size = SIZES[name]
    return np.repeat(np.eye(n_groups, dtype=bool), size, axis=1)


def read(name: str, rotation: str, method: str = "minres") -> tuple[Any, Solution]:
    chosen = "set == @name and method == @method and rotation == @rotation"
    rows = pd.read_csv(R / "loadings.csv").query(chosen)
    n_factors = rows["factor"].max()
    phi = pd.read_csv(R / "factor_correlations.csv").query(chosen)["phi"].to_numpy()
    return rows["unrotated"].to_numpy().reshape(-1, n_factors), Solution(
        loadings=rows["loading"].to_numpy().reshape(-1, n_factors),
        phi=phi.reshape(n_factors, n_factors),
    )


def criterion_of(name: str, rotation: str) -> Any:
    if rotation == "target":
        groups = np.arange(len(membership_of(name)))
        return criteria.TargetCriterion(build_target(membership_of(name), groups))
    return getattr(criteria, rotation)


def assert_same(found: Solution, wanted: Solution, tolerance: float) -> None:
    order, signs = find_alignment(wanted.loadings, found.loadings)
    turned = found.reorder(order, signs)
    assert turned.loadings == pytest.approx(wanted.loadings, abs=tolerance)
    assert turned.phi == pytest.approx(wanted.phi, abs=2 * tolerance)


@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize("rotation", BY_OURSELVES)
def test_the_lowest_minimum_is_that_of_gparotation(name: str, rotation: Any) -> None:
    unrotated, wanted = read(name, rotation)
    found = rotate(unrotated, rotation, membership=membership_of(name))
    assert_same(found, wanted, ROTATED)
    values = pd.read_csv(R / "criteria.csv").query("set == @name and rotation == @rotation")
    value = criterion_of(name, rotation)(found.loadings[None])[0][0]
    assert value == pytest.approx(values["criterion"].item(), abs=OPTIMUM)


@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize("rotation", ["oblimin", "promax", "varimax"])
def test_rotations_of_factor_analyzer_equal_those_of_r(name: str, rotation: Any) -> None:
    unrotated, wanted = read(name, rotation)
    assert_same(rotate(unrotated, rotation, membership=membership_of(name)), wanted, ROTATED)


@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize("rotation", ["oblimin", "promax", "varimax", *BY_OURSELVES])
def test_rotated_loadings_reproduce_the_unrotated_model(name: str, rotation: Any) -> None:
    unrotated, _ = read(name, rotation)
    found = rotate(unrotated, rotation, membership=membership_of(name))
    implied = found.loadings @ found.phi @ found.loadings.T
    assert implied == pytest.approx(unrotated @ unrotated.T, abs=1e-10)
    assert np.diag(found.phi) == pytest.approx(np.ones(len(found.phi)))


@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize("rotation", ["oblimin", "promax", "varimax", *BY_OURSELVES])
def test_replicates_are_rotated_as_the_sample_is(name: str, rotation: Any) -> None:
    """The sample itself, on other axes of the same space, is a replicate.

    So our gradient projection equals factor_analyzer's oblimin, promax and varimax.
    """
    unrotated, _ = read(name, rotation)
    settings: Any = {"membership": membership_of(name)}
    reference = rotate(unrotated, rotation, **settings)
    n_factors = unrotated.shape[1]
    axes, _ = np.linalg.qr(np.random.default_rng(5).normal(size=(n_factors, n_factors)))
    turned = (unrotated @ axes)[None]
    found = rotate_replicates(
        turned, rotation, unrotated=unrotated, reference=reference, **settings
    )
    assert found.converged.all()
    aligned = align_to(reference.loadings, found.loadings[0])
    assert aligned == pytest.approx(reference.loadings, abs=SAME)


@pytest.mark.parametrize("rotation", ["oblimin", "geomin", "bifactor", "varimax", "target"])
def test_gradients_are_the_slopes_of_the_criteria(rotation: str) -> None:
    loadings = np.random.default_rng(2).uniform(-0.9, 0.9, (1, 20, 5))
    criterion = criterion_of("ordinal", rotation)
    _, gradient = criterion(loadings)
    for row, column in [(0, 0), (3, 1), (19, 4)]:
        step = np.zeros_like(loadings)
        step[0, row, column] = 1e-6
        slope = (criterion(loadings + step)[0] - criterion(loadings - step)[0]) / 2e-6
        assert gradient[0, row, column] == pytest.approx(slope[0], abs=1e-8)


def test_a_perfect_bifactor_structure_is_found_whatever_the_axes() -> None:
    """The example of Jennrich and Bentler: one general factor and group factors, turned round."""
    planted = np.zeros((12, 4))
    planted[:, 0] = np.linspace(0.5, 0.7, 12)
    planted[np.arange(12), np.repeat([1, 2, 3], 4)] = np.linspace(0.6, 0.4, 12)
    axes, _ = np.linalg.qr(np.random.default_rng(8).normal(size=(4, 4)))
    found = rotate(planted @ axes, "bifactor", membership=np.ones((1, 12), dtype=bool))
    signs = np.sign(found.loadings[:, 0].sum())
    assert found.loadings[:, 0] * signs == pytest.approx(planted[:, 0], abs=1e-6)
    assert align_to(planted, found.loadings) == pytest.approx(planted, abs=1e-6)
    assert found.phi == pytest.approx(np.eye(4), abs=1e-12)


def test_a_target_with_zeros_met_exactly_leaves_nothing_to_miss() -> None:
    planted = np.zeros((9, 3))
    planted[np.arange(9), np.repeat([0, 1, 2], 3)] = np.linspace(0.8, 0.5, 9)
    phi = np.array([[1, 0.5, 0.3], [0.5, 1, 0.4], [0.3, 0.4, 1]])
    unrotated = planted @ np.linalg.cholesky(phi)
    found = rotate(unrotated, "target", membership=membership_of("hs"))
    assert np.abs(found.loadings) == pytest.approx(planted, abs=1e-6)
    assert np.abs(found.phi) == pytest.approx(phi, abs=1e-6)


def test_a_target_of_more_factors_than_groups_makes_the_rest_small() -> None:
    unrotated, _ = read("ordinal", "bifactor")
    found = rotate(unrotated, "target", membership=membership_of("ordinal"))
    squares = np.sum(found.loadings**2, axis=0)
    assert squares.argmin() == 5
    own = membership_of("ordinal") @ found.loadings[:, :5] ** 2
    assert own.argmax(axis=0).tolist() == [0, 1, 2, 3, 4]


def test_a_target_of_fewer_factors_than_groups_leaves_the_other_groups_free() -> None:
    target = build_target(membership_of("hs"), np.array([0, 2]))
    assert target.specified[:3].tolist() == [[False, True]] * 3
    assert not target.specified[3:6].any()
    assert target.specified[6:].tolist() == [[True, False]] * 3
    unrotated, _ = read("hs", "none")
    found = rotate(unrotated[:, :2], "target", membership=membership_of("hs"))
    assert found.loadings.shape == (9, 2)


def test_one_factor_is_left_alone() -> None:
    loadings = np.array([[0.9], [0.7], [0.5]])
    found = rotate(loadings, "geomin", membership=np.ones((1, 3), dtype=bool))
    np.testing.assert_array_equal(found.loadings, loadings)
    assert found.phi.tolist() == [[1.0]]
