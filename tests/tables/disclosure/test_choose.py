"""What is hidden cannot be found: an attacker who knows all that is published tries."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from clientindex.tables.disclosure.choose import Sum, choose_hidden

FEWEST = 5


def attack(values, sums, hidden):
    """Return the bounds of every hidden cell by linear programming over all published sums."""
    keys = list(hidden)
    place = {key: i for i, key in enumerate(keys)}
    rows, rests = [], []
    for equation in sums:
        row, rest = np.zeros(len(keys)), 0
        for key in equation.members:
            sign = -1 if key == equation.total else 1
            if key in place:
                row[place[key]] += sign
                rest += sign * values[key]
        rows.append(row)
        rests.append(rest)
    known = [(1, FEWEST - 1) if hidden[key] == "primary" else (0, None) for key in keys]
    found = {}
    for key in keys:
        ends = []
        for sign in (1, -1):
            cost = np.zeros(len(keys))
            cost[place[key]] = sign
            solved = linprog(cost, A_eq=np.array(rows), b_eq=rests, bounds=known)
            ends.append(np.inf if solved.status == 3 else sign * solved.fun)
        found[key] = tuple(ends)
    return found


def make_table(counts):
    """Return the cells and sums of a table of rows and columns with all totals published."""
    n_rows, n_columns = counts.shape
    values = {
        (f"r{i}", f"c{j}"): int(counts[i, j]) for i in range(n_rows) for j in range(n_columns)
    }
    values |= {(f"r{i}", "all"): int(counts[i].sum()) for i in range(n_rows)}
    values |= {("all", f"c{j}"): int(counts[:, j].sum()) for j in range(n_columns)}
    values["all", "all"] = int(counts.sum())
    lines = [*(f"r{i}" for i in range(n_rows)), "all"]
    heads = [*(f"c{j}" for j in range(n_columns)), "all"]
    sums = [Sum(total=(r, "all"), parts=tuple((r, h) for h in heads[:-1])) for r in lines]
    sums += [Sum(total=("all", h), parts=tuple((r, h) for r in lines[:-1])) for h in heads]
    return values, sums


def test_nothing_is_hidden_where_no_count_is_small():
    values, sums = make_table(np.array([[5, 0], [12, 7]]))
    assert choose_hidden(values, sums, fewest=FEWEST) == {}


def test_zero_is_no_count_of_people():
    values = {("a",): 0, ("b",): 9, ("all",): 9}
    sums = [Sum(total=("all",), parts=(("a",), ("b",)))]
    assert choose_hidden(values, sums, fewest=FEWEST) == {}


def test_the_smallest_of_the_others_is_hidden_and_of_equal_ones_the_first():
    values = {("a",): 3, ("b",): 20, ("c",): 9, ("d",): 9, ("e",): 0, ("all",): 41}
    sums = [Sum(total=("all",), parts=tuple(list(values)[:-1]))]
    hidden = choose_hidden(values, sums, fewest=FEWEST)
    assert hidden == {("a",): "primary", ("c",): "secondary"}


def test_a_total_of_one_small_part_is_hidden_too():
    values = {("a",): 3, ("r",): 3, ("s",): 50, ("t",): 60, ("all",): 113}
    sums = [
        Sum(total=("r",), parts=(("a",),)),
        Sum(total=("all",), parts=(("r",), ("s",), ("t",))),
    ]
    hidden = choose_hidden(values, sums, fewest=FEWEST)
    assert hidden == {("a",): "primary", ("r",): "primary", ("s",): "secondary"}


def test_counts_whose_smallness_tells_them_are_not_both_called_small():
    """Two small counts that add up to 2 are both 1 for whoever knows that both are small."""
    values = {("a",): 1, ("b",): 1, ("all",): 2 + 40, ("c",): 40}
    sums = [Sum(total=("all",), parts=(("a",), ("b",), ("c",)))]
    hidden = choose_hidden(values, sums, fewest=FEWEST)
    assert set(hidden) == {("a",), ("b",)}
    assert sorted(hidden.values()) == ["primary", "secondary"]
    low, high = attack(values, sums, hidden)["a",]
    assert high - low >= 1


def test_what_a_bridge_between_two_cycles_would_give_away_is_hidden():
    """Every row and column has two hidden cells or more; one can be solved all the same."""
    counts = np.full((4, 4), 50)
    for place in [(0, 0), (0, 1), (1, 0), (1, 1), (2, 2), (2, 3), (3, 2), (3, 3)]:
        counts[place] = 40
    counts[1, 2] = 3
    values, sums = make_table(counts)
    cycles = [(f"r{i}", f"c{j}") for i in range(4) for j in range(4) if counts[i, j] == 40]
    naive = dict.fromkeys(cycles, "secondary") | {("r1", "c2"): "primary"}
    assert attack(values, sums, naive)["r1", "c2"] == pytest.approx((3, 3))
    hidden = choose_hidden(values, sums, fewest=FEWEST, forced=cycles)
    low, high = attack(values, sums, hidden)["r1", "c2"]
    assert high - low >= 1


@pytest.mark.parametrize("seed", range(12))
def test_no_small_count_of_a_table_can_be_found(seed):
    rng = np.random.default_rng(seed)
    shape = (rng.integers(2, 6), rng.integers(2, 5))
    values, sums = make_table(rng.poisson(rng.choice([2, 6, 15], size=shape)))
    hidden = choose_hidden(values, sums, fewest=FEWEST)
    small = {key for key, value in values.items() if 0 < value < FEWEST}
    assert small <= set(hidden)
    bounds = attack(values, sums, hidden)
    for key in small:
        low, high = bounds[key]
        assert high - low >= 1, (key, bounds[key])
        assert low <= values[key] <= high


def test_the_attacker_finds_what_is_hidden_alone():
    values, sums = make_table(np.array([[3, 40], [50, 60]]))
    assert attack(values, sums, {("r0", "c0"): "primary"})["r0", "c0"] == pytest.approx((3, 3))


def test_nested_sums_of_centres_regions_and_country_hold():
    rng = np.random.default_rng(7)
    values, sums = {}, []
    for region in "xyz":
        centres = [(region, str(i)) for i in range(5)]
        values |= {key: int(n) for key, n in zip(centres, rng.poisson(3, 5), strict=True)}
        values[region, "all"] = sum(values[key] for key in centres)
        sums.append(Sum(total=(region, "all"), parts=tuple(centres)))
    regions = tuple((region, "all") for region in "xyz")
    values["all", "all"] = sum(values[key] for key in regions)
    sums.append(Sum(total=("all", "all"), parts=regions))
    hidden = choose_hidden(values, sums, fewest=FEWEST)
    assert ("all", "all") not in hidden
    bounds = attack(values, sums, hidden)
    small = [key for key, value in values.items() if 0 < value < FEWEST]
    assert small
    assert all(bounds[key][1] - bounds[key][0] >= 1 for key in small)
