"""Rules that draw nothing, against psych, nFactors and formulas of papers written in R."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from clientindex.factors.number.acceleration import choose_bend, compute_accelerations
from clientindex.factors.number.empirical_kaiser import compute_kaiser_references
from clientindex.factors.number.factor_fits import count_tried, fit_factors
from clientindex.factors.number.hull import choose_hull, compute_common_parts
from clientindex.factors.number.parallel import KINDS, compute_eigenvalues, count_leading
from clientindex.factors.number.partial_average import choose_smallest, compute_partial_averages
from clientindex.factors.number.simple_structure import choose_best, compute_simple_fits
from clientindex.factors.number.varimax import rotate_varimax

SETS = ["hs", "pearson", "polychoric"]

CLOSED_FORM = 1e-9
ITERATIVE = 1e-4
"""psych stops about 2e-5 from the minimum of its discrepancy."""


@pytest.fixture
def known(read_reference: Any) -> Any:
    table = read_reference("criteria")

    def select(name: str, rule: str) -> Any:
        rows = table[(table["set"] == name) & (table["rule"] == rule)]
        return rows["value"].to_numpy(), rows["n_factors"].to_numpy()

    return select


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("kind", KINDS)
def test_eigenvalues_equal_those_of_parallel_analysis_in_psych(
    name: str, kind: Any, matrices: Any, read_reference: Any
) -> None:
    table = read_reference("eigenvalues")
    wanted = table[(table["set"] == name) & (table["kind"] == kind)]["value"].to_numpy()
    assert compute_eigenvalues(matrices[name][0], kind) == pytest.approx(wanted, abs=CLOSED_FORM)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize(("rule", "power"), [("map", 2), ("map_revised", 4)])
def test_partial_averages_equal_the_definition(
    name: str, rule: str, power: int, matrices: Any, known: Any
) -> None:
    found = compute_partial_averages(matrices[name][0][None])[power]
    wanted, numbers = known(name, rule)
    assert found[0] == pytest.approx(wanted, abs=CLOSED_FORM)
    assert choose_smallest(found) == numbers[wanted.argmin()]


@pytest.mark.parametrize("name", SETS)
def test_partial_averages_equal_psych(name: str, matrices: Any, known: Any) -> None:
    wanted, numbers = known(name, "map_psych")
    found = compute_partial_averages(matrices[name][0][None])[2][0]
    assert found[numbers] == pytest.approx(wanted, abs=CLOSED_FORM)


@pytest.mark.parametrize("name", SETS)
def test_empirical_kaiser_equals_the_formula_of_its_authors(
    name: str, matrices: Any, known: Any
) -> None:
    """Auerswald and Moshagen (2019) subtract references that went before, not eigenvalues."""
    r, n = matrices[name]
    eigenvalues = compute_eigenvalues(r[None], "components")
    found = compute_kaiser_references(eigenvalues, n)
    wanted, _ = known(name, "empirical_kaiser")
    assert found[0] == pytest.approx(wanted, abs=CLOSED_FORM)
    passed = eigenvalues[0] > wanted
    assert count_leading(eigenvalues, found) == passed.argmin()


@pytest.mark.parametrize("name", SETS)
def test_accelerations_equal_nfactors(name: str, matrices: Any, known: Any) -> None:
    eigenvalues = compute_eigenvalues(matrices[name][0][None], "components")
    found = compute_accelerations(eigenvalues)
    wanted, numbers = known(name, "acceleration")
    large = eigenvalues[0, numbers - 1] >= 1
    assert found[0, large] == pytest.approx(wanted[large], abs=CLOSED_FORM)
    assert np.isnan(found[0, ~large]).all()
    assert choose_bend(found) == known(name, "acceleration_vote")[1]


@pytest.mark.parametrize("name", SETS)
def test_hull_equals_its_definition_on_fits_of_psych(name: str, matrices: Any, known: Any) -> None:
    r = matrices[name][0][None]
    wanted_parts, numbers = known(name, "common_part")
    parts = compute_common_parts(r, fit_factors(r, numbers[-1]))
    assert parts[0] == pytest.approx(wanted_parts, abs=ITERATIVE, nan_ok=True)
    votes, scree = choose_hull(parts, r.shape[1], parallel=np.array([np.nan]))
    wanted, _ = known(name, "hull")
    assert np.isfinite(scree[0]).tolist() == np.isfinite(wanted).tolist()
    # A ratio of differences of fits: their errors count by as much as the ratio is large.
    assert scree[0] == pytest.approx(wanted, rel=0.005, nan_ok=True)
    assert votes == np.nanargmax(wanted)


@pytest.mark.parametrize("name", SETS)
def test_hull_has_the_exact_scree_values_of_given_fits(
    name: str, matrices: Any, known: Any
) -> None:
    parts, _ = known(name, "common_part")
    n_items = len(matrices[name][0])
    _, scree = choose_hull(parts[None], n_items, parallel=np.array([np.nan]))
    assert scree[0] == pytest.approx(known(name, "hull")[0], rel=1e-9, nan_ok=True)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("complexity", [1, 2])
def test_simple_structure_equals_its_definition_and_psych(
    name: str, complexity: int, matrices: Any, known: Any
) -> None:
    """Psych's varimax stops before its maximum; superfluous factors let loadings change rank."""
    r = matrices[name][0][None]
    wanted, numbers = known(name, f"vss_{complexity}")
    rotated = [rotate_varimax(fit) for fit in fit_factors(r, numbers[-1])]
    found = compute_simple_fits(r, rotated, complexity=complexity)
    assert found[0] == pytest.approx(wanted, abs=ITERATIVE)
    psych, _ = known(name, f"vss_{complexity}_psych")
    own = slice(complexity - 1, 5)  # psych writes 0 where there are fewer factors
    assert found[0, own] == pytest.approx(psych[own], abs=5e-4)
    assert choose_best(found) == numbers[wanted.argmax()]


def test_no_more_factors_are_tried_than_are_identified() -> None:
    assert [count_tried(k, 3) for k in (1, 2, 3, 4, 5, 6, 9, 20)] == [0, 0, 1, 1, 2, 3, 5, 8]
    assert count_tried(40, 7) == 10


def test_hull_looks_one_factor_beyond_parallel_analysis_but_three_at_least() -> None:
    fit = np.array([0.2, 0.5, 0.6, 0.7, 0.75, 0.95, 0.96, 0.965])
    bounds = np.array([np.nan, 5, 4, 1])
    votes, scree = choose_hull(np.tile(fit, (4, 1)), 20, parallel=bounds)
    assert votes.tolist() == [5, 5, 1, 1]
    assert np.isnan(scree[3, 3:]).all()
    assert np.isnan(scree[2, 5:]).all()
