"""Counts summed in place equal counts added one to another."""

from __future__ import annotations

import itertools
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientindex.counts import PairAccumulator, PairCounts, accumulator, add_counts, count_pairs
from clientindex.counts.accumulate import MAX_RESPONDENTS
from clientindex.errors import CountsError
from clientindex.intake.tables import Responses

if TYPE_CHECKING:
    from clientindex.methodology import Methodology

ARRAYS = ("n", "margins", "pairs", "n_complete", "complete_sum", "complete_cross")
LABELS = list(itertools.product(["k1", "k2", "k10"], ["citizens", "employers"], ["", "Q1"]))


def draw_part(seed: int, n_rows: int, *, with_channel: bool) -> Responses:
    """Draw answers 0-4 to three questions in some of twelve units, which are in no order."""
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(len(LABELS))[: 1 + seed % 5]
    units = pd.DataFrame(
        [LABELS[i] for i in chosen], columns=["centre", "segment", "period"], dtype="str"
    )
    if with_channel:
        units["channel"] = pd.array(rng.choice(["", "online", "sms"], len(units)), dtype="str")
    return Responses(
        units=units,
        unit_of=rng.integers(0, len(units), n_rows, dtype=np.int32),
        codes=rng.integers(0, 5, (n_rows, 3), dtype=np.uint8),
    )


parts = st.lists(
    st.builds(draw_part, st.integers(0, 10**6), st.integers(0, 30), with_channel=st.booleans()),
    min_size=1,
    max_size=6,
)


def assert_identical(one: PairCounts, two: PairCounts) -> None:
    assert (one.indicators, one.n_categories) == (two.indicators, two.n_categories)
    pd.testing.assert_frame_equal(one.units, two.units)
    for name in ARRAYS:
        first, second = getattr(one, name), getattr(two, name)
        assert first.dtype == second.dtype
        np.testing.assert_array_equal(first, second)


def add_one_to_another(counts: list[PairCounts], methodology: Methodology) -> PairCounts:
    """Sum by ``+``, starting from the counts of nobody."""
    nobody = Responses(
        units=pd.DataFrame({name: pd.array([], dtype="str") for name in counts[0].units.columns}),
        unit_of=np.zeros(0, np.int32),
        codes=np.zeros((0, 3), np.uint8),
    )
    return reduce(add, counts, count_pairs(nobody, methodology))


@settings(deadline=None)
@given(drawn=parts)
def test_sums_in_place_equal_sums_one_by_one(methodology: Methodology, drawn: Any) -> None:
    counts = [count_pairs(part, methodology) for part in drawn]
    assert_identical(add_counts(counts), add_one_to_another(counts, methodology))


@settings(deadline=None)
@given(drawn=parts, block_rows=st.integers(1, 50), data=st.data())
def test_batches_and_counts_in_any_order_give_the_same(
    methodology: Methodology, drawn: Any, block_rows: int, data: Any
) -> None:
    wanted = add_one_to_another([count_pairs(part, methodology) for part in drawn], methodology)
    total = PairAccumulator(methodology.indicator_keys, methodology.n_categories, n_threads=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accumulator, "find_block_rows", lambda n_units: block_rows + n_units)
        for part in data.draw(st.permutations(drawn)):
            if data.draw(st.booleans()):
                total.add(count_pairs(part, methodology))
            else:
                codes = part.codes.copy()
                total.add_answers(part.units, part.unit_of, codes)
                codes[:] = 1
            if data.draw(st.booleans()):
                total.total()
        assert_identical(total.total(), wanted)


def test_a_total_stays_as_it_was_when_more_is_added(methodology: Methodology) -> None:
    part = count_pairs(draw_part(3, 20, with_channel=False), methodology)
    total = PairAccumulator(methodology.indicator_keys, methodology.n_categories)
    total.add(part)
    first = total.total()
    total.add(part)
    assert_identical(total.total(), first + part)
    assert int(first.n.sum()) == 20


def test_room_grows_with_the_units(methodology: Methodology) -> None:
    n_units = 100
    units = pd.DataFrame(
        {"centre": [f"k{i:03}" for i in range(n_units)], "segment": "citizens", "period": ""},
        dtype="str",
    )
    codes = np.full((n_units, 3), 2, np.uint8)
    total = PairAccumulator(methodology.indicator_keys, methodology.n_categories)
    for row in reversed(range(n_units)):
        total.add_answers(units.iloc[[row]], np.zeros(1, np.int32), codes[[row]])
    unit_of = np.arange(n_units, dtype=np.int32)
    wanted = count_pairs(Responses(units=units, unit_of=unit_of, codes=codes), methodology)
    assert_identical(total.total(), wanted)


def test_nothing_added_gives_empty_counts() -> None:
    counts = PairAccumulator(("a", "b"), 4).total()
    assert list(counts.units) == ["centre", "segment", "period"]
    assert [getattr(counts, name).shape for name in ARRAYS] == [
        (0,),
        (0, 2, 5),
        (0, 1, 5, 5),
        (0,),
        (0, 2),
        (0, 2, 2),
    ]


def test_other_answers_are_refused(methodology: Methodology) -> None:
    part = draw_part(1, 5, with_channel=False)
    total = PairAccumulator(("a", "b"), 4)
    with pytest.raises(
        CountsError, match=r"2 indicators with 4 .* cannot be added to .* of 3 with"
    ):
        total.add(count_pairs(part, methodology))
    with pytest.raises(CountsError, match="for 2 indicators"):
        total.add_answers(part.units, part.unit_of, part.codes)
    with pytest.raises(CountsError, match="category 7 where the methodology has 4"):
        total.add_answers(part.units, part.unit_of, np.full((5, 2), 7, np.uint8))


def test_more_respondents_than_a_table_can_count_are_refused() -> None:
    units = pd.DataFrame({"centre": ["k1"], "segment": ["citizens"], "period": ["Q1"]})
    half = PairCounts(
        indicators=("a",),
        n_categories=1,
        units=units,
        n=np.array([MAX_RESPONDENTS // 2 + 1]),
        margins=np.zeros((1, 1, 2), np.int64),
        pairs=np.zeros((1, 0, 2, 2), np.int32),
        n_complete=np.zeros(1, np.int64),
        complete_sum=np.zeros((1, 1), np.int64),
        complete_cross=np.zeros((1, 1, 1), np.int64),
    )
    with pytest.raises(CountsError, match=r"2147483648 respondents.* split it"):
        add_counts([half, half])
    with pytest.raises(CountsError, match="2147483648 respondents"):
        half + half
