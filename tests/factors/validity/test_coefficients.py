"""Coefficients of validity from loadings, by the formulas of their papers one term at a time."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientindex.factors.validity import (
    compute_bifactor,
    compute_convergent,
    compute_htmt,
    compute_puc,
)

TWO = np.array([[True, True, True, False, False], [False, False, False, True, True]])
LOADINGS = np.array([0.8, 0.7, 0.6, 0.9, 0.5])
PHI = np.array([[1, 0.6], [0.6, 1]])


def spread(sizes):
    """Return the membership of groups of these sizes."""
    return np.repeat(np.eye(len(sizes), dtype=bool), sizes, axis=1)


def test_convergent_validity_of_two_groups():
    ave, reliability, shared = compute_convergent(LOADINGS, PHI, TWO)
    assert ave == pytest.approx([(0.64 + 0.49 + 0.36) / 3, (0.81 + 0.25) / 2])
    assert reliability == pytest.approx(
        [2.1**2 / (2.1**2 + 3 - 1.49), 1.4**2 / (1.4**2 + 2 - 1.06)]
    )
    assert shared == pytest.approx([0.36, 0.36])


def test_a_single_indicator_has_no_convergent_validity():
    ave, reliability, shared = compute_convergent(
        np.array([0.8, 0.7, 1.0]), PHI, np.array([[True, True, False], [False, False, True]])
    )
    assert np.isnan([ave[1], reliability[1]]).all()
    assert shared[1] == pytest.approx(0.36)


def test_one_group_shares_nothing_known():
    assert np.isnan(compute_convergent(LOADINGS, np.eye(1), np.ones((1, 5), bool))[2]).all()


def test_bifactor_coefficients_of_a_small_model():
    general, own = np.array([0.6, 0.6, 0.6, 0.5, 0.5]), np.array([0.4, 0.4, 0.4, 0.3, 0.3])
    overall, groups = compute_bifactor(general, own, TWO)
    unique = 5 - (3 * 0.36 + 2 * 0.25) - (3 * 0.16 + 2 * 0.09)
    variance = 2.8**2 + 1.2**2 + 0.6**2 + unique
    assert overall == pytest.approx(
        [
            1.58 / (1.58 + 0.66),
            (2.8**2 + 1.2**2 + 0.6**2) / variance,
            2.8**2 / variance,
            2.8**2 / (2.8**2 + 1.2**2 + 0.6**2),
        ]
    )
    first = 1.8**2 + 1.2**2 + 3 * (1 - 0.36 - 0.16)
    assert groups[:, 0] == pytest.approx(
        [(1.8**2 + 1.2**2) / first, 1.2**2 / first, 0.48 / (0.48 + 1.08)]
    )


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [((4, 4, 4, 4, 4), 160 / 190), ((3, 2), 6 / 10), ((1, 1, 1), 1.0), ((6,), 0.0)],
)
def test_percent_of_uncontaminated_correlations(sizes, expected):
    assert compute_puc(spread(sizes)) == pytest.approx(expected)


def test_percent_of_uncontaminated_correlations_needs_a_pair():
    assert np.isnan(compute_puc(spread((1,))))


def test_htmt_is_that_of_semtools(validity_folder):
    r = pd.read_csv(validity_folder / "polychoric.csv").to_numpy()
    reference = pd.read_csv(validity_folder / "htmt.csv")
    plain, geometric = compute_htmt(r, spread((4, 4, 4, 4, 4)))
    assert plain == pytest.approx(reference["htmt"].to_numpy(), abs=1e-12)
    assert geometric == pytest.approx(reference["htmt2"].to_numpy(), abs=1e-12)


def test_htmt_of_many_matrices_is_that_of_each():
    rng = np.random.default_rng(5)
    answers = rng.standard_normal((7, 50, 5)) + rng.standard_normal((7, 50, 1))
    matrices = np.array([np.corrcoef(one.T) for one in answers])
    together = compute_htmt(matrices, TWO)
    for row, matrix in enumerate(matrices):
        assert together[0][row] == compute_htmt(matrix, TWO)[0]
        assert together[1][row] == pytest.approx(compute_htmt(matrix, TWO)[1], rel=1e-14)


def test_a_group_of_one_indicator_has_no_htmt():
    r = np.full((4, 4), 0.4) + 0.6 * np.eye(4)
    plain, geometric = compute_htmt(r, spread((2, 1, 1)))
    assert np.isnan(plain).all()
    assert np.isnan(geometric).all()


def test_opposite_signs_do_not_cancel():
    r = np.eye(4)
    r[0, 1] = r[1, 0] = r[2, 3] = r[3, 2] = 0.5
    r[0, 2] = r[2, 0] = r[1, 3] = r[3, 1] = 0.4
    r[0, 3] = r[3, 0] = r[1, 2] = r[2, 1] = -0.4
    plain, geometric = compute_htmt(r, spread((2, 2)))
    assert plain == pytest.approx([0.8])
    assert geometric == pytest.approx([0.8])


@settings(max_examples=50, deadline=None)
@given(loading=st.floats(0.3, 0.95), phi=st.floats(0.05, 0.99))
def test_htmt_of_equal_loadings_is_the_correlation_of_factors(loading, phi):
    """Both ratios recover the correlation of two factors that are measured equally well."""
    factors = np.repeat(np.array([[1, phi], [phi, 1]]), 3, axis=0).repeat(3, axis=1)
    r = loading**2 * factors
    np.fill_diagonal(r, 1.0)
    plain, geometric = compute_htmt(r, spread((3, 3)))
    assert plain == pytest.approx([phi])
    assert geometric == pytest.approx([phi])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0.3, 0.9), min_size=6, max_size=6), st.floats(0.1, 0.95))
def test_htmt2_recovers_the_correlation_of_factors_under_unequal_loadings(loadings, phi):
    """Roemer et al. (2021): geometric means do, arithmetic ones do not."""
    scaled = np.array(loadings)
    factors = np.repeat(np.array([[1, phi], [phi, 1]]), 3, axis=0).repeat(3, axis=1)
    r = np.outer(scaled, scaled) * factors
    np.fill_diagonal(r, 1.0)
    assert compute_htmt(r, spread((3, 3)))[1] == pytest.approx([phi])
