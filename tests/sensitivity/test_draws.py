"""Drawn weights and scores against plain loops with the same random numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from clientindex.rating import compute_scores
from clientindex.rating.weighting import find_present, make_weight_plan
from clientindex.sensitivity.draws import (
    DrawScheme,
    WeightDraws,
    compute_drawn_index,
    draw_weightings,
)

if TYPE_CHECKING:
    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.rating.weighting import WeightPlan

# Twenty products summed in another order.
TOLERANCE = 1e-11


def loop_weights(
    factors: np.ndarray, methodology: Methodology
) -> tuple[dict[str, float], dict[str, float]]:
    """Re-scale one draw inside each parent, in the order in which the numbers were drawn."""
    numbers = iter(factors)
    inner: dict[str, float] = {}
    for group in methodology.groups:
        moved = {key: weight * next(numbers) for key, weight in group.indicators.items()}
        inner |= {key: value / sum(moved.values()) for key, value in moved.items()}
    outer = {group.key: group.weight * next(numbers) for group in methodology.groups}
    return inner, {key: value / sum(outer.values()) for key, value in outer.items()}


def loop_index(
    mean: np.ndarray, methodology: Methodology, inner: dict[str, float], outer: dict[str, float]
) -> float:
    """Compute the index of one centre from means of shape (S, K): refuse groups, share inside."""
    total = weight_total = 0.0
    for segment, values in zip(methodology.segments, mean, strict=True):
        named = dict(zip(methodology.indicator_keys, values, strict=True))
        score = 0.0
        for group in methodology.groups:
            present = [k for k in group.indicators if not np.isnan(named[k])]
            if not present:
                score = np.nan
                break
            share = sum(inner[k] for k in present)
            score += outer[group.key] * sum(inner[k] * named[k] for k in present) / share
        if not np.isnan(score):
            total += segment.weight * score
            weight_total += segment.weight
    return total / weight_total if weight_total else np.nan


def draw(plan: WeightPlan, *, size: int, seed: int, first: int = 0) -> WeightDraws:
    numbers = np.random.SeedSequence(seed)
    return draw_weightings(plan, DrawScheme(band=0.25), first=first, size=size, seed=numbers)


def test_weights_and_index_equal_plain_loops(
    moments: CentreMoments, methodology: Methodology
) -> None:
    plan = make_weight_plan(methodology)
    draws = draw(plan, size=7, seed=5)
    presence = find_present(~np.isnan(moments.mean), plan)
    found = compute_drawn_index(moments.mean, presence, plan, draws=draws)
    factors = np.random.default_rng(5).uniform(0.75, 1.25, size=(7, 25))
    for row in range(7):
        inner, outer = loop_weights(factors[row], methodology)
        np.testing.assert_allclose(draws.inner[row], list(inner.values()), rtol=1e-14)
        np.testing.assert_allclose(draws.outer[row], list(outer.values()), rtol=1e-14)
        wanted = [loop_index(mean, methodology, inner, outer) for mean in moments.mean]
        np.testing.assert_allclose(found[row], wanted, rtol=0, atol=TOLERANCE)


def test_stated_weights_give_the_published_index(
    moments: CentreMoments, methodology: Methodology
) -> None:
    plan = make_weight_plan(methodology)
    stated = WeightDraws(inner=plan.inner[None], outer=plan.outer[None])
    presence = find_present(~np.isnan(moments.mean), plan)
    found = compute_drawn_index(moments.mean, presence, plan, draws=stated)[0]
    frame = compute_scores(moments, methodology).frame
    published = frame[(frame["segment"] == "all") & (frame["kind"] == "index")]["estimate"]
    np.testing.assert_allclose(found, published, rtol=0, atol=TOLERANCE)


def test_weights_sum_to_one_and_stay_in_the_band(methodology: Methodology) -> None:
    plan = make_weight_plan(methodology)
    draws = draw(plan, size=500, seed=0)
    np.testing.assert_allclose(np.add.reduceat(draws.inner, plan.starts, axis=1), 1)
    np.testing.assert_allclose(draws.outer.sum(axis=1), 1)
    ratio = draws.outer / plan.outer
    assert ratio.min() > 0.75 / 1.25
    assert ratio.max() < 1.25 / 0.75
    assert draws.inner.mean(axis=0) == pytest.approx(plan.inner, abs=0.005)


def test_weightings_do_not_depend_on_block_sizes(methodology: Methodology) -> None:
    plan = make_weight_plan(methodology)
    whole = draw(plan, size=9, seed=3)
    parts = [draw(plan, first=f, size=s, seed=3) for f, s in ((0, 2), (2, 6), (8, 1))]
    np.testing.assert_array_equal(np.concatenate([p.inner for p in parts]), whole.inner)
    np.testing.assert_array_equal(np.concatenate([p.outer for p in parts]), whole.outer)
