"""Comparison data against a simulation of whole populations in R, and on known structures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from clientindex.factors.number import comparison_data
from clientindex.factors.number.comparison_data import compare_data
from clientindex.factors.number.margins import Margins
from clientindex.factors.number.ordinal_data import Estimator
from clientindex.factors.number.population import attenuate, build_population
from clientindex.methodology.factor_settings import ZeroCells

BASES = ["pearson", "polychoric"]
VALUES = np.arange(1.0, 6)


def make_margins(n_items: int) -> Margins:
    """Margins that lean to one side, each item's a little differently."""
    cuts = np.array([-1.3, -0.6, 0.3, 1.0]) + np.linspace(-0.4, 0.2, n_items)[:, None]
    ends = np.pad(norm.cdf(cuts), ((0, 0), (1, 1)), constant_values=(0, 1))
    return Margins(shares=np.diff(ends), values=np.tile(VALUES, (n_items, 1)))


def correlate_groups(n_groups: int, size: int, *, loading: float, phi: float) -> Any:
    """Correlations of normal variables with so many equally correlated factors."""
    factors = np.full((n_groups, n_groups), phi) + (1 - phi) * np.eye(n_groups)
    r = loading**2 * np.repeat(np.repeat(factors, size, axis=0), size, axis=1)
    np.fill_diagonal(r, 1)
    return r


def compare(r: Any, margins: Margins, basis: Any, *, n: int, seed: int = 1, **sizes: int) -> Any:
    estimator = Estimator(basis=basis, values=margins.values, zero_cells=ZeroCells())
    sizes = {"n_tried": 6, "n_samples": 100} | sizes
    return compare_data(r, margins, estimator, n=n, rng=np.random.default_rng(seed), **sizes)


def test_distances_equal_a_simulation_of_whole_populations_in_r(
    matrices: Any, margins: Margins, read_reference: Any
) -> None:
    """R's populations are 20,000 drawn persons: their own eigenvalues are off by about 0.01."""
    wanted = read_reference("comparison")["mean"].to_numpy()
    r, n = matrices["pearson"]
    found = compare(r, margins, "pearson", n=n, n_samples=200)
    assert found.vote == 5
    assert found.distances == pytest.approx(wanted, abs=0.01)


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("n_groups", [1, 3, 5])
def test_known_numbers_of_factors_are_found(basis: Any, n_groups: int) -> None:
    """The matrix is one of a sample, or it would fit a larger number of factors too well."""
    size = 12 if n_groups == 1 else 4
    latent = correlate_groups(n_groups, size, loading=0.7, phi=0.3)
    margins = make_margins(len(latent))
    rng = np.random.default_rng(11)
    x = rng.multivariate_normal(np.zeros(len(latent)), latent, 900).T
    codes = np.sum(x[..., None] >= margins.cuts[:, None, 1:-1], axis=-1, dtype=np.int8)
    estimator = Estimator(basis=basis, values=margins.values, zero_cells=ZeroCells())
    r = estimator.correlate(lambda: codes, 1)[0]
    assert compare(r, margins, basis, n=900).vote == n_groups


def test_the_same_seed_gives_the_same_bytes_and_another_other_ones(
    matrices: Any, margins: Margins
) -> None:
    r, n = matrices["pearson"]
    one, two, other = (
        compare(r, margins, "pearson", n=n, n_tried=2, seed=seed).distances for seed in (1, 1, 2)
    )
    assert one.tobytes() == two.tobytes()
    assert one.tobytes() != other.tobytes()


@pytest.mark.parametrize("basis", BASES)
def test_shrunk_deviations_agree_with_drawing_all(
    basis: Any, matrices: Any, margins: Margins, monkeypatch: Any
) -> None:
    r, n = matrices[basis]
    whole = compare(r, margins, basis, n=n, n_tried=3, n_samples=80).distances
    monkeypatch.setattr(comparison_data, "LARGEST_DRAWN", 400)
    shrunk = compare(r, margins, basis, n=n, n_tried=3, n_samples=80, seed=2).distances
    # Distances spread by 0.02, so the difference of two means of 80 has an error of 0.003.
    assert shrunk == pytest.approx(whole, abs=0.01)


def test_many_respondents_are_not_drawn_and_come_nearer(matrices: Any, margins: Margins) -> None:
    r, _ = matrices["pearson"]
    population = build_population(r, margins, n_factors=5, basis="pearson")
    assert population is not None
    few, many = (
        compare(population.r, margins, "pearson", n=n, n_tried=5).distances[-1]
        for n in (10_000, 1_000_000)
    )
    assert few / many == pytest.approx(10, rel=0.3)


def test_halves_attenuate_by_the_arcsine() -> None:
    margins = Margins(shares=np.full((2, 2), 0.5), values=np.tile([1.0, 2], (2, 1)))
    for rho in (-0.8, 0.0, 0.3, 0.9):
        r = attenuate(np.array([[1, rho], [rho, 1]]), margins)
        assert r[0, 1] == pytest.approx(2 / np.pi * np.arcsin(rho), abs=1e-9)


def test_categories_attenuate_by_the_integral() -> None:
    margins, rho = make_margins(2), 0.6
    law = multivariate_normal(cov=[[1, rho], [rho, 1]])
    edges = np.clip(margins.cuts, -9, 9)
    below = np.array([[law.cdf([a, b]) for b in edges[1]] for a in edges[0]])
    cells = np.diff(np.diff(below, axis=0), axis=1)
    own, other = cells.sum(axis=1), cells.sum(axis=0)
    spread = np.sqrt(np.array([p @ VALUES**2 - (p @ VALUES) ** 2 for p in (own, other)]))
    wanted = (VALUES @ cells @ VALUES - (own @ VALUES) * (other @ VALUES)) / spread.prod()
    found = attenuate(np.array([[1, rho], [rho, 1]]), margins)
    assert found[0, 1] == pytest.approx(wanted, abs=1e-6)


def test_a_population_of_the_true_factors_reproduces_the_correlations() -> None:
    latent = correlate_groups(3, 4, loading=0.7, phi=0.4)
    margins = make_margins(12)
    answered = attenuate(latent, margins)
    built = build_population(answered, margins, n_factors=3, basis="pearson")
    assert built is not None
    assert built.r == pytest.approx(answered, abs=1e-4)
    assert built.loadings @ built.loadings.T + np.diag(built.uniquenesses) == pytest.approx(
        latent, abs=1e-3
    )


def test_there_is_no_vote_between_fewer_than_two_numbers(margins: Margins, matrices: Any) -> None:
    found = compare(matrices["pearson"][0], margins, "pearson", n=800, n_tried=1)
    assert np.isnan(found.vote)
    assert len(found.distances) == 0


def test_there_is_no_vote_where_small_samples_leave_an_indicator_without_variance() -> None:
    shares = np.tile([0.997, 0.003], (8, 1))
    margins = Margins(shares=shares, values=np.tile([1.0, 2], (8, 1)))
    r = correlate_groups(2, 4, loading=0.6, phi=0.2)
    for basis in BASES:
        found = compare(r, margins, basis, n=20, n_samples=20, n_tried=3)
        assert np.isnan(found.vote)
