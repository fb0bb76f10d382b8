"""The pass over respondents against a plain computation, however the rows are cut and shared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clientindex.counts import accumulate
from clientindex.counts.accumulate import (
    MAX_RESPONDENTS,
    accumulate_pairs,
    add_respondents,
    make_arrays,
)
from clientindex.counts.kernel import add_units
from clientindex.errors import CountsError

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class Survey:
    """Drawn answers and where they belong."""

    codes: NDArray[np.uint8]
    unit_of: NDArray[np.int32]
    n_units: int
    n_categories: int


@st.composite
def surveys(draw: Any, *, largest: int = 200) -> Survey:
    """Draw up to 200 rows of 1-6 indicators with 1-9 categories in 1-5 units."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_rows, n_items = draw(st.integers(0, largest)), draw(st.integers(1, 6))
    n_units, n_categories = draw(st.integers(1, 5)), draw(st.integers(1, 9))
    codes = rng.integers(0, n_categories + 1, (n_rows, n_items), dtype=np.uint8)
    codes[rng.random(codes.shape) < draw(st.sampled_from([0.0, 0.1, 1.0]))] = 0
    unit_of = rng.integers(0, n_units, n_rows, dtype=np.int32)
    return Survey(codes=codes, unit_of=unit_of, n_units=n_units, n_categories=n_categories)


def count_plainly(survey: Survey) -> tuple[NDArray[Any], ...]:
    """Count by ``numpy.add.at``, one indicator or pair at a time."""
    codes, unit_of = survey.codes, survey.unit_of
    arrays = make_arrays(survey.n_units, codes.shape[1], survey.n_categories)
    n, margins, pairs, n_complete, complete_sum, complete_cross = arrays
    np.add.at(n, unit_of, 1)
    for a in range(codes.shape[1]):
        np.add.at(margins, (unit_of, a, codes[:, a]), 1)
    for position, (a, b) in enumerate(zip(*np.triu_indices(codes.shape[1], 1), strict=True)):
        np.add.at(pairs, (unit_of, position, codes[:, a], codes[:, b]), 1)
    complete = (codes > 0).all(axis=1)
    rows, units = codes[complete].astype(np.int64), unit_of[complete]
    np.add.at(n_complete, units, 1)
    np.add.at(complete_sum, units, rows)
    np.add.at(complete_cross, units, rows[:, :, None] * rows[:, None, :])
    return arrays


def assert_equal_arrays(found: tuple[Any, ...], wanted: tuple[Any, ...]) -> None:
    for one, two in zip(found, wanted, strict=True):
        assert one.dtype == two.dtype
        np.testing.assert_array_equal(one, two)


SINGLE = Survey(
    codes=np.array([[3], [0], [3]], dtype=np.uint8),
    unit_of=np.array([1, 1, 0], dtype=np.int32),
    n_units=2,
    n_categories=3,
)
NOBODY = Survey(
    codes=np.zeros((0, 4), np.uint8),
    unit_of=np.zeros(0, np.int32),
    n_units=3,
    n_categories=5,
)


@settings(deadline=None)
@given(survey=surveys())
@example(survey=SINGLE)
@example(survey=NOBODY)
def test_counts_equal_those_of_numpy(survey: Survey) -> None:
    found = accumulate_pairs(survey.codes, survey.unit_of, survey.n_units, survey.n_categories)
    assert_equal_arrays(found, count_plainly(survey))


@settings(deadline=None)
@given(
    survey=surveys(), block_rows=st.integers(1, 200), few_rows=st.sampled_from([0, 7, 65, 10**6])
)
def test_neither_blocks_nor_the_way_of_counting_show(
    survey: Survey, block_rows: int, few_rows: int
) -> None:
    arrays = make_arrays(survey.n_units, survey.codes.shape[1], survey.n_categories)
    add_units(survey.codes, survey.unit_of, 0, survey.n_units, block_rows, few_rows, *arrays)
    assert_equal_arrays(arrays, count_plainly(survey))


@settings(deadline=None)
@given(survey=surveys(largest=60), data=st.data())
def test_any_batches_in_any_order_add_up(survey: Survey, data: Any) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(survey.codes)), max_size=5).map(sorted))
    batches = np.split(np.arange(len(survey.codes)), cuts)
    arrays = make_arrays(survey.n_units, survey.codes.shape[1], survey.n_categories)
    for rows in data.draw(st.permutations(batches)):
        add_respondents(arrays, survey.codes[rows], survey.unit_of[rows])
    assert_equal_arrays(arrays, count_plainly(survey))


@settings(deadline=None)
@given(survey=surveys(), n_threads=st.integers(2, 9))
def test_any_number_of_threads_gives_the_same(survey: Survey, n_threads: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accumulate, "ROWS_A_THREAD", 1)
        found = accumulate_pairs(
            survey.codes,
            survey.unit_of,
            survey.n_units,
            survey.n_categories,
            n_threads=n_threads,
        )
    assert_equal_arrays(found, count_plainly(survey))


def test_a_unit_of_many_words_is_counted_in_full() -> None:
    """More rows than bit sets are held at a time, and a last word that is not full."""
    rng = np.random.default_rng(11)
    survey = Survey(
        codes=rng.integers(0, 6, (64 * 16 * 2 + 37, 5), dtype=np.uint8),
        unit_of=np.zeros(64 * 16 * 2 + 37, np.int32),
        n_units=1,
        n_categories=5,
    )
    found = accumulate_pairs(survey.codes, survey.unit_of, 1, 5)
    assert_equal_arrays(found, count_plainly(survey))


def test_counts_need_the_same_memory_for_any_number_of_respondents() -> None:
    rng = np.random.default_rng(3)
    sizes = []
    for n_rows in (10, 100, 10_000):
        codes = rng.integers(0, 6, (n_rows, 4), dtype=np.uint8)
        unit_of = rng.integers(0, 7, n_rows, dtype=np.int32)
        sizes.append(tuple(array.nbytes for array in accumulate_pairs(codes, unit_of, 7, 5)))
    width, n_pairs = 6, 6
    per_unit = (8, 4 * width * 8, n_pairs * width**2 * 4, 8, 4 * 8, 16 * 8)
    assert sizes == [tuple(7 * size for size in per_unit)] * 3


def test_more_respondents_than_a_table_can_count_are_refused() -> None:
    arrays = make_arrays(2, 2, 3)
    arrays[0][:] = [5, MAX_RESPONDENTS - 1]
    codes, unit_of = np.ones((3, 2), np.uint8), np.array([0, 1, 0], dtype=np.int32)
    add_respondents(arrays, codes, unit_of)
    assert arrays[0].tolist() == [7, MAX_RESPONDENTS]
    with pytest.raises(CountsError, match=r"unit 1 .* 2147483648 respondents.* split it"):
        add_respondents(arrays, codes, unit_of)
    assert arrays[0].tolist() == [7, MAX_RESPONDENTS], "nothing was added"


def test_no_threads_are_refused() -> None:
    with pytest.raises(CountsError, match="0 threads; give 1 or more"):
        accumulate_pairs(NOBODY.codes, NOBODY.unit_of, 3, 5, n_threads=0)
