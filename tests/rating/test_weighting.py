"""Effective weights in small cases worked by hand, and their properties."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from clientindex.rating.weighting import (
    find_present,
    make_weight_plan,
    share_inner,
    share_outer,
    share_segments,
)

SHAPE = (6, 2, 5)  # centres, segments, indicators of the small methodology
presence_arrays = arrays(np.bool_, SHAPE)


def test_plan_reads_the_methodology(make_methodology: Any) -> None:
    plan = make_weight_plan(make_methodology())
    np.testing.assert_array_equal(plan.starts, [0, 2])
    np.testing.assert_array_equal(plan.group_of, [0, 0, 1, 1, 1])
    np.testing.assert_array_equal(plan.inner, [0.7, 0.3, 0.5, 0.25, 0.25])
    np.testing.assert_array_equal(plan.outer, [0.6, 0.4])
    np.testing.assert_array_equal(plan.segment, [0.7, 0.3])


def test_missing_weights_are_shared_in_proportion(make_methodology: Any) -> None:
    plan = make_weight_plan(make_methodology())
    there = np.array([[[True, True, True, False, True]]])
    presence = find_present(there, plan)
    inner = share_inner(presence, plan, inner=plan.inner)[0, 0]
    np.testing.assert_allclose(inner, [0.7, 0.3, 2 / 3, 0, 1 / 3])
    np.testing.assert_array_equal(presence.reweighted[0, 0], [False, True])


@pytest.mark.parametrize(("rule", "index"), [("refuse", False), ("reweight", True)])
def test_missing_group_leaves_no_index_or_shares_its_weight(
    rule: str, index: bool, make_methodology: Any
) -> None:
    plan = make_weight_plan(make_methodology(missing_group=rule))
    presence = find_present(np.array([[[False, False, True, True, True]]]), plan)
    assert presence.index[0, 0] == index
    outer = share_outer(presence, outer=plan.outer)[0, 0]
    np.testing.assert_array_equal(outer, [0, 1] if index else [0, 0])


def test_refused_indicator_leaves_the_group_without_a_score(make_methodology: Any) -> None:
    plan = make_weight_plan(make_methodology(missing_indicator="refuse"))
    presence = find_present(np.array([[[True, False, True, True, True]]]), plan)
    np.testing.assert_array_equal(presence.groups[0, 0], [False, True])
    assert not presence.reweighted.any()
    assert share_inner(presence, plan, inner=plan.inner)[0, 0, 0] == 0


def test_one_segment_alone_counts_fully(make_methodology: Any) -> None:
    plan = make_weight_plan(make_methodology())
    share = share_segments(np.array([[True, True], [False, True], [False, False]]), plan)
    np.testing.assert_allclose(share, [[0.7, 0.3], [0, 1], [0, 0]])


@given(there=presence_arrays, rule=st.sampled_from(["refuse", "reweight"]))
def test_effective_weights_sum_to_one_exactly_where_there_is_a_score(
    there: Any, rule: str, make_methodology: Any
) -> None:
    plan = make_weight_plan(make_methodology(missing_indicator=rule, missing_group=rule))
    presence = find_present(there, plan)
    inner = share_inner(presence, plan, inner=plan.inner)
    total = np.add.reduceat(inner, plan.starts, axis=-1)
    np.testing.assert_allclose(total, presence.groups.astype(float), atol=1e-15)
    outer = share_outer(presence, outer=plan.outer)
    np.testing.assert_allclose(outer.sum(axis=-1), presence.index.astype(float), atol=1e-15)
    assert (inner[~there] == 0).all()
