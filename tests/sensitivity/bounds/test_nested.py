"""Two levels and other means: against linear programmes, fractions and random weights."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog, minimize

from clientindex.errors import StatisticsError
from clientindex.rating.aggregation import Mean, compute_mean
from clientindex.sensitivity.bounds.nested import Nest, find_extreme
from clientindex.sensitivity.bounds.swaps import find_swaps
from clientindex.sensitivity.bounds.transform import find_reference, from_sum, to_sum

GROUP_OF = np.array([0, 0, 1, 1, 1])
EXACT = 1e-10
TOLERANCE = 1e-7


def make_nest(power_group=1.0, power_index=1.0, **options):
    return Nest(
        inner=np.array([0.4, 0.6, 0.2, 0.3, 0.5]),
        outer=np.array([0.35, 0.65]),
        group_of=GROUP_OF,
        power_group=power_group,
        power_index=power_index,
        **options,
    )


def score(x, inner, outer, nest):
    """Return the index by the means of the rating."""
    x = np.broadcast_to(x, np.broadcast_shapes(x.shape, inner.shape))
    means = [Mean(kind="power", power=p) for p in (nest.power_group, nest.power_index)]
    groups = [
        compute_mean(x[..., g == GROUP_OF], inner[..., g == GROUP_OF], mean=means[0])
        for g in range(2)
    ]
    return compute_mean(np.stack(groups, axis=-1), outer, mean=means[1])


def test_two_levels_by_hand():
    """One group 80, 40 of equal weights, the other 50 alone; all within 50 %.

    Inside, 80 gets 3/4: the group is 70. It then gets 3/4 of the index: (3 * 70 + 50) / 4 = 65;
    at the other end the group is 50, and the index is 50 whatever the weights of groups.
    """
    nest = Nest(
        inner=np.array([0.5, 0.5, 1.0]),
        outer=np.array([0.5, 0.5]),
        group_of=np.array([0, 0, 1]),
        power_group=1.0,
        power_index=1.0,
    )
    x, band = np.array([[80.0, 40.0, 50.0]]), np.array([0.5])
    assert find_extreme(x, nest, band=band, largest=True).index[0] == pytest.approx(65, abs=EXACT)
    assert find_extreme(x, nest, band=band, largest=False).index[0] == pytest.approx(50, abs=EXACT)


def solve(x, nest, band, sign):
    """Solve a linear programme in products y = v_g w_gk: their sums are weights of groups.

    Bounds of w become (1 - b) w v_g <= y <= (1 + b) w v_g with v_g the sum of y: all linear.
    """
    k = len(x)
    member = (np.arange(2)[:, None] == GROUP_OF).astype(float)
    above = member[GROUP_OF]
    rows = [
        *(np.eye(k) - (nest.inner * (1 + band))[:, None] * above),
        *((nest.inner * (1 - band))[:, None] * above - np.eye(k)),
        *member,
        *-member,
    ]
    ends = [*np.zeros(2 * k), *nest.outer * (1 + band), *-nest.outer * (1 - band)]
    found = linprog(-sign * x, A_ub=rows, b_ub=ends, A_eq=[np.ones(k)], b_eq=[1.0])
    assert found.success
    return -sign * found.fun


@pytest.mark.parametrize("band", [0.05, 0.25, 1.0])
def test_two_levels_equal_a_linear_programme_in_the_products(band):
    rng = np.random.default_rng(1)
    nest = make_nest()
    for x in rng.uniform(0, 100, (20, 5)):
        for largest in (True, False):
            found = find_extreme(x[None], nest, band=np.array([band]), largest=largest).index[0]
            assert found == pytest.approx(solve(x, nest, band, 1 if largest else -1), abs=1e-7)


@pytest.mark.parametrize("powers", [(1, 0), (0, 0), (-1, -1), (0.5, 2), (1e-9, -3), (1, 1)])
def test_bounds_are_reached_and_never_passed(powers):
    rng = np.random.default_rng(2)
    nest, band = make_nest(*powers), 0.3
    x = rng.uniform(1, 100, (1, 5))
    bands = np.array([band])
    ends = [find_extreme(x, nest, band=bands, largest=side) for side in (False, True)]
    for end in ends:
        own = score(x, end.inner, end.outer, nest)
        assert own[0] == pytest.approx(end.index[0], rel=1e-9)
        for at, stated in ((end.inner, nest.inner), (end.outer, nest.outer)):
            assert (at >= stated * (1 - band) - 1e-12).all()
            assert (at <= stated * (1 + band) + 1e-12).all()
    drawn = draw_within(rng, nest, band, size=4000)
    index = score(x, *drawn, nest)
    assert index.min() >= ends[0].index[0] - EXACT
    assert index.max() <= ends[1].index[0] + EXACT


def draw_within(rng, nest, band, *, size):
    """Draw weights of both levels and keep those within their bands."""
    inner = nest.inner * rng.uniform(1 - band, 1 + band, (40 * size, 5))
    for g in range(2):
        at = g == GROUP_OF
        inner[:, at] /= inner[:, at].sum(axis=1, keepdims=True)
    outer = nest.outer * rng.uniform(1 - band, 1 + band, (40 * size, 2))
    outer /= outer.sum(axis=1, keepdims=True)
    kept = (np.abs(inner / nest.inner - 1) <= band).all(axis=1)
    kept &= (np.abs(outer / nest.outer - 1) <= band).all(axis=1)
    assert kept.sum() >= size
    return inner[kept], outer[kept]


@pytest.mark.parametrize("powers", [(1, 0), (-1, 0.5)])
def test_a_general_optimiser_finds_nothing_larger(powers):
    nest, band = make_nest(*powers), 0.4
    x = np.array([[20.0, 90, 55, 10, 70]])
    stated = np.append(nest.inner, nest.outer)
    constraints = [
        {"type": "eq", "fun": lambda w, at=at: w[at].sum() - 1}
        for at in (slice(0, 2), slice(2, 5), slice(5, 7))
    ]
    found = minimize(
        lambda w: -score(x, w[None, :5], w[None, 5:], nest)[0],
        stated,
        method="SLSQP",
        bounds=list(zip(stated * (1 - band), stated * (1 + band), strict=True)),
        constraints=constraints,
        options={"ftol": 1e-12},
    )
    ours = find_extreme(x, nest, band=np.array([band]), largest=True).index[0]
    assert ours == pytest.approx(-found.fun, abs=1e-5)


def test_a_zero_in_a_geometric_mean_stays_until_its_weight_may_vanish():
    nest = make_nest(0.0, 0.0)
    x = np.array([[0.0, 90, 55, 10, 70]])
    for band, largest in ((0.9, True), (0.9, False), (1.0, False)):
        assert find_extreme(x, nest, band=np.array([band]), largest=largest).index[0] == 0
    # Weight 0.4 of the zero cannot vanish: 0.6 may only grow to 1.
    assert find_extreme(x, nest, band=np.array([1.0]), largest=True).index[0] > 0


def test_negative_values_have_no_geometric_mean():
    with pytest.raises(StatisticsError, match="not defined for negative values"):
        find_extreme(
            np.array([[-1.0, 2, 3, 4, 5]]), make_nest(0.0), band=np.array([0.1]), largest=True
        )


@pytest.mark.parametrize("power", [1, 0, -1, 0.5, 3, 1e-10, -40, 60])
def test_the_transform_is_increasing_and_gives_the_mean(power):
    x = np.array([[1.0, 5, 20, 100]])
    w = np.array([0.1, 0.2, 0.3, 0.4])
    reference = find_reference(x, power)
    h = to_sum(x, power, reference)
    assert (np.diff(h) > 0).all() or abs(power) > 20
    mean = from_sum((w * h).sum(axis=-1), power, reference[:, 0])
    expected = compute_mean(x, w, mean=Mean(kind="power", power=power))
    assert mean == pytest.approx(expected, rel=1e-12)


def test_a_swap_by_hand():
    """Centre A (70, 50) leads B (50, 60) by 5 with equal weights of two groups.

    A - B is 20 v - 10 (1 - v) = 30 v - 10, zero at v = 1/3: a fall of 1/6, a third of 1/2. The sum
    of absolute changes is 2/6.
    """
    nest = Nest(
        inner=np.ones(2),
        outer=np.array([0.5, 0.5]),
        group_of=np.arange(2),
        power_group=1.0,
        power_index=1.0,
    )
    first, second = np.array([[70.0, 50.0], [70, 61]]), np.array([[50.0, 60.0], [50, 60]])
    found = find_swaps(first, second, nest, tolerance=TOLERANCE)
    assert found.band[0] == pytest.approx(1 / 3, abs=2 * TOLERANCE)
    assert found.l1_groups[0] == pytest.approx(1 / 3, abs=EXACT)
    assert found.l1_indicators[0] == pytest.approx(1 / 3, abs=EXACT)
    # The second pair: ahead in both, so no weights swap them.
    assert np.isnan([found.band[1], found.l1_groups[1], found.l1_indicators[1]]).all()


@pytest.mark.parametrize("power", [1.0, 0.0, -1.0])
def test_weights_of_the_smallest_band_do_swap_and_narrower_ones_do_not(power):
    rng = np.random.default_rng(3)
    nest = make_nest(power, power)
    first, second = rng.uniform(20, 100, (2, 60, 5))
    stated = [score(x, nest.inner, nest.outer, nest) for x in (first, second)]
    ahead = (stated[0] > stated[1])[:, None]
    first, second = np.where(ahead, first, second), np.where(ahead, second, first)
    found = find_swaps(first, second, nest, tolerance=TOLERANCE)
    possible = ~np.isnan(found.band)
    assert 10 < possible.sum() < 60
    reference = find_reference(np.concatenate([first, second], axis=1), power)
    gap = to_sum(first, power, reference) - to_sum(second, power, reference)
    linear = make_nest()
    at = find_extreme(gap[possible], linear, band=found.band[possible], largest=False)
    one, other = (score(x[possible], at.inner, at.outer, nest) for x in (first, second))
    assert (one <= other + EXACT).all()
    for rows, band in ((possible, found.band[possible] - 2 * TOLERANCE), (~possible, None)):
        size = int(rows.sum())
        narrow = np.ones(size) if band is None else np.maximum(band, 0)
        left = find_extreme(gap[rows], linear, band=narrow, largest=False).index
        assert (left > 0).all()
