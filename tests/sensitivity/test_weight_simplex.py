"""Stars over the simplex of three weights, against the rating itself, one weighting at a time."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd
import pytest

from clientindex.methodology import Methodology
from clientindex.rating import assign_stars, compute_scores
from clientindex.rating.weighting import make_weight_plan
from clientindex.sensitivity.stability import compute_weight_stability
from clientindex.sensitivity.weight_simplex import divide_simplex, make_simplex

WEIGHTS = (0.1, 0.3, 0.15, 0.25, 0.2)


def reweigh(methodology: Methodology, weights: Any) -> Methodology:
    groups = [
        {**group.model_dump(by_alias=True), "weight": float(weight)}
        for group, weight in zip(methodology.groups, weights, strict=True)
    ]
    return Methodology.model_validate({**methodology.model_dump(by_alias=True), "groups": groups})


def rate(moments: Any, methodology: Methodology) -> Any:
    register = pd.DataFrame({"centre": moments.centres, "name": "n", "region": "R"})
    scores = compute_scores(moments, methodology)
    return assign_stars(scores, methodology, register=register)


def stabilise(moments: Any, methodology: Methodology, **kw: Any) -> Any:
    stars, seed = rate(moments, methodology), np.random.SeedSequence(5)
    return compute_weight_stability(moments, stars, methodology, seed=seed, **kw)


def test_stars_are_those_of_a_methodology_with_these_weights(
    methodology: Methodology, moments: Any
) -> None:
    own = reweigh(methodology, WEIGHTS)
    found = stabilise(moments, own)
    assert found.simplex_groups == tuple(own.group_keys[i] for i in (1, 3, 4))
    shares = found.frame.set_index("centre")["share_same_star"]
    assert shares[found.simplex_centre] == shares.min()
    published = rate(moments, own).frame.set_index("centre")["star"]
    assert len(found.simplex) == 400
    for row in found.simplex.iloc[::37].itertuples():
        weights = np.array(WEIGHTS)
        weights[[1, 3, 4]] = row.weight_1, row.weight_2, row.weight_3
        again = rate(moments, reweigh(methodology, weights)).frame.set_index("centre")["star"]
        assert again[found.simplex_centre] == row.star
        same = (again.reindex(published.index) == published)[published.notna()].mean()
        assert row.share_same_star == pytest.approx(same, abs=1e-12)
    assert found.simplex["share_same_star"].min() < found.simplex["share_same_star"].max()


def test_blocks_do_not_matter(methodology: Methodology, moments: Any) -> None:
    whole, small = stabilise(moments, methodology), stabilise(moments, methodology, block_cells=700)
    pd.testing.assert_frame_equal(whole.simplex, small.simplex)


def test_triangles_of_a_triangle() -> None:
    np.testing.assert_allclose(divide_simplex(1), [[1 / 3, 1 / 3, 1 / 3]])
    parts = divide_simplex(2)
    np.testing.assert_allclose(parts * 6, [[1, 1, 4], [2, 2, 2], [1, 4, 1], [4, 1, 1]])
    many = divide_simplex(20)
    assert len(many) == 400
    assert len(np.unique(many.round(9), axis=0)) == 400
    np.testing.assert_allclose(many.sum(axis=1), 1)
    np.testing.assert_allclose(many.mean(axis=0), 1 / 3)
    assert many.min() == pytest.approx(1 / 60)


def test_equal_weights_go_by_their_order_and_two_groups_have_no_simplex(
    methodology: Methodology,
) -> None:
    plan = make_weight_plan(methodology)
    simplex = make_simplex(plan)
    assert simplex is not None
    assert simplex.groups.tolist() == [0, 1, 2]
    np.testing.assert_allclose(simplex.draws.outer[:, 3:], 0.2)
    np.testing.assert_allclose(simplex.draws.outer.sum(axis=1), 1)
    np.testing.assert_allclose(simplex.frame.sum(axis=1), 0.6)
    two = dataclasses.replace(plan, outer=np.array([0.5, 0.5, 0.0, 0.0, 0.0]))
    assert make_simplex(two) is None
