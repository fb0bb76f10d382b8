from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from clientindex.factors.matching import align_to, assign_groups, compute_group_squares

MEMBERSHIP = np.repeat(np.eye(3, dtype=bool), 2, axis=1)
"""Three groups of two indicators."""

orders = st.permutations(range(3))
signs_of_three = hnp.arrays(float, 3, elements=st.sampled_from([-1, 1]))


def simple_structure(n_factors: int) -> Any:
    loadings = np.full((6, n_factors), 0.05)
    for factor in range(min(n_factors, 3)):
        loadings[2 * factor : 2 * factor + 2, factor] = [0.8, 0.6 - 0.1 * factor]
    return loadings


@given(
    order=st.permutations(range(3)), signs=hnp.arrays(float, 3, elements=st.sampled_from([-1, 1]))
)
def test_factors_follow_the_groups_whatever_their_order_and_sign(order: Any, signs: Any) -> None:
    wanted = simple_structure(3)
    mixed = wanted[:, order] * signs
    found = assign_groups(mixed, MEMBERSHIP)
    np.testing.assert_allclose(mixed[:, found.order] * found.signs, wanted)
    assert found.groups.tolist() == [0, 1, 2]


@given(
    order=st.permutations(range(3)), signs=hnp.arrays(float, 3, elements=st.sampled_from([-1, 1]))
)
def test_aligning_undoes_any_permutation_and_sign(order: Any, signs: Any) -> None:
    reference = simple_structure(3)
    near = reference + np.linspace(-0.05, 0.05, 18).reshape(6, 3)
    np.testing.assert_allclose(align_to(reference, near[:, order] * signs), near)


def test_a_factor_is_assigned_to_one_group_only() -> None:
    loadings = simple_structure(3)
    loadings[:, 2] = [0.8, 0.61, 0, 0, 0.3, 0.3]  # loads most on the first group
    assert assign_groups(loadings[:, [2, 1, 0]], MEMBERSHIP).order.tolist() == [2, 1, 0]


def test_fewer_factors_than_groups_keep_the_order_of_their_groups() -> None:
    loadings = simple_structure(3)[:, [2, 0]]
    found = assign_groups(loadings, MEMBERSHIP)
    assert found.order.tolist() == [1, 0]
    assert found.signs.tolist() == [1, 1]
    assert found.groups.tolist() == [0, 2]


def test_factors_without_a_group_come_last_and_the_larger_first() -> None:
    small, large = np.full(6, -0.05), np.full(6, 0.15)
    loadings = np.column_stack([small, simple_structure(3), large])
    found = assign_groups(loadings, MEMBERSHIP)
    assert found.order.tolist() == [1, 2, 3, 4, 0]
    assert found.signs.tolist() == [1, 1, 1, 1, -1]
    assert found.groups.tolist() == [0, 1, 2, -1, -1]


def test_squares_are_summed_by_group() -> None:
    squares = compute_group_squares(simple_structure(3), MEMBERSHIP)
    assert np.diag(squares) == pytest.approx([0.64 + 0.36, 0.64 + 0.25, 0.64 + 0.16])
    assert squares[0, 1] == pytest.approx(2 * 0.05**2)
