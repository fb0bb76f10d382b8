"""Counts as bytes are the counts, and bytes of one unit add up."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientindex.counts import PairAccumulator, PairCounts, add_counts, wire
from clientindex.counts.accumulate import MAX_RESPONDENTS, accumulate_pairs
from clientindex.counts.wire import (
    pack_counts,
    pack_units,
    sum_packed,
    unpack_counts,
    unpack_units,
)
from clientindex.errors import CountsError

if TYPE_CHECKING:
    from collections.abc import Callable

ARRAYS = ("n", "margins", "pairs", "n_complete", "complete_sum", "complete_cross")


def make_counts(
    *,
    seed: int = 1,
    n_rows: int = 50,
    n_items: int = 3,
    n_categories: int = 4,
    n_units: int = 4,
    with_channel: bool = False,
) -> PairCounts:
    """Count drawn answers of centres with Russian names."""
    rng = np.random.default_rng(seed)
    names = [f"Центр {place}" for place in range(n_units)]
    units = pd.DataFrame({"centre": names, "segment": "citizens", "period": ""}, dtype="str")
    if with_channel:
        units["channel"] = pd.array(["online"] * n_units, dtype="str")
    tables = accumulate_pairs(
        rng.integers(0, n_categories + 1, (n_rows if n_units else 0, n_items), dtype=np.uint8),
        rng.integers(0, max(n_units, 1), n_rows if n_units else 0, dtype=np.int32),
        n_units,
        n_categories,
    )
    arrays: dict[str, Any] = dict(zip(ARRAYS, tables, strict=True))
    return PairCounts(
        indicators=tuple(f"i{place}" for place in range(n_items)),
        n_categories=n_categories,
        units=units,
        **arrays,
    )


counts_of_any_size = st.builds(
    make_counts,
    seed=st.integers(0, 2**32 - 1),
    n_rows=st.sampled_from([0, 1, 30, 2000]),
    n_items=st.integers(1, 5),
    n_categories=st.integers(1, 7),
    n_units=st.integers(0, 5),
    with_channel=st.booleans(),
)


def assert_identical(one: PairCounts, two: PairCounts) -> None:
    assert (one.indicators, one.n_categories) == (two.indicators, two.n_categories)
    pd.testing.assert_frame_equal(one.units, two.units)
    for name in ARRAYS:
        first, second = getattr(one, name), getattr(two, name)
        assert first.dtype == second.dtype
        np.testing.assert_array_equal(first, second)


@settings(deadline=None)
@given(counts=counts_of_any_size, units_a_frame=st.integers(1, 4))
def test_counts_come_back_as_they_were(counts: PairCounts, units_a_frame: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wire, "UNITS_A_FRAME", units_a_frame)
        data = pack_counts(counts)
    assert_identical(unpack_counts(data), counts)
    assert pack_counts(unpack_counts(pack_counts(counts))) == pack_counts(counts)


@settings(deadline=None)
@given(counts=counts_of_any_size)
def test_units_come_back_from_their_own_bytes(counts: PairCounts) -> None:
    values = pack_units(counts)
    found = unpack_units(counts.indicators, counts.n_categories, counts.units, values)
    assert_identical(found, counts)


def test_large_numbers_come_back() -> None:
    one = make_counts(n_units=1)
    factor = MAX_RESPONDENTS // int(one.n[0])
    arrays = {name: getattr(one, name) * np.int64(factor) for name in ARRAYS}
    arrays["pairs"] = arrays["pairs"].astype(np.int32)
    counts = PairCounts(indicators=one.indicators, n_categories=4, units=one.units, **arrays)
    assert int(counts.complete_cross.max()) > 2**32
    assert_identical(unpack_counts(pack_counts(counts)), counts)


@settings(deadline=None)
@given(seeds=st.lists(st.integers(0, 1000), min_size=1, max_size=5), data=st.data())
def test_bytes_of_a_unit_add_up_in_any_order_and_grouping(seeds: list[int], data: Any) -> None:
    parts = [make_counts(seed=seed) for seed in seeds]
    wanted = pack_units(add_counts(parts))
    packed = data.draw(st.permutations([pack_units(part) for part in parts]))
    cut = data.draw(st.integers(1, len(packed)))
    for unit, value in enumerate(wanted):
        values = [part[unit] for part in packed]
        assert sum_packed([sum_packed(values[:cut]), *values[cut:]]) == value


def test_units_that_repeat_add_up_in_an_accumulator() -> None:
    parts = [make_counts(seed=seed) for seed in (1, 2)]
    rows = pd.concat([part.units for part in parts])
    values = list(itertools.chain.from_iterable(pack_units(part) for part in parts))
    total = PairAccumulator(parts[0].indicators, parts[0].n_categories)
    total.add(unpack_units(parts[0].indicators, parts[0].n_categories, rows, values))
    assert_identical(total.total(), parts[0] + parts[1])


def test_few_respondents_need_few_bytes() -> None:
    counts = make_counts(n_rows=20, n_items=20, n_categories=5, n_units=4)
    assert counts.pairs[0].nbytes == 27_360
    assert max(map(len, pack_units(counts))) < 1_500


def change_byte(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 255]) + data[place + 1 :]


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda data: b"", "cut off after 0 bytes"),
        (lambda data: data[:7], "cut off after 7 bytes"),
        (lambda data: data[:40], r"cut off after 40 of \d+ bytes"),
        (lambda data: data[:-1], r"cut off after \d+ of \d+ bytes"),
        (lambda data: change_byte(data, 0), "no pair counts"),
        (lambda data: change_byte(data, 4), "version 254, and this program reads version 1"),
        (lambda data: change_byte(data, 15), "checksum"),
        (lambda data: change_byte(data, 40), "checksum"),
        (lambda data: change_byte(data, len(data) - 9), "checksum"),
        (lambda data: data + b"CI", "go on after their end"),
    ],
)
def test_damaged_bytes_are_refused_by_name(damage: Callable[[bytes], bytes], words: str) -> None:
    data = damage(pack_counts(make_counts()))
    with pytest.raises(CountsError, match=f"the counts in a.counts .*{words}"):
        unpack_counts(data, source="the counts in a.counts")


def test_a_damaged_unit_is_named() -> None:
    counts = make_counts()
    values = pack_units(counts)
    values[2] = change_byte(values[2], 30)
    with pytest.raises(CountsError, match="the counts of Центр 2 were changed"):
        unpack_units(counts.indicators, counts.n_categories, counts.units, values)


def test_counts_of_other_answers_are_refused() -> None:
    counts, other = make_counts(), make_counts(n_categories=5)
    with pytest.raises(CountsError, match=r"Центр 0 have 3 indicators with 5 .* 3 with 4 belong"):
        unpack_units(counts.indicators, 4, counts.units, pack_units(other))
    with pytest.raises(CountsError, match=r"3 indicators with 4 .* 3 with 5; count both"):
        sum_packed([pack_units(counts)[0], pack_units(other)[0]])
    with pytest.raises(CountsError, match="no counts to add"):
        sum_packed([])
