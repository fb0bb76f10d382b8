from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from clientindex.counts import PairCounts, add_counts, count_pairs, iterate_batches
from clientindex.errors import CountsError
from clientindex.intake.tables import Responses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.methodology import Methodology

ARRAYS = ("n", "margins", "pairs", "n_complete", "complete_sum", "complete_cross")
KEYS = ["a", "b", "c"]

tables = st.integers(1, 40).flatmap(
    lambda n: st.tuples(
        hnp.arrays(np.uint8, (n, 3), elements=st.integers(0, 4)),
        hnp.arrays(np.int8, (n, 3), elements=st.integers(0, 1)),
    )
)
"""Answers 0-4 to three questions, and the centre, segment and period of each respondent."""


def frame_of(table: tuple[Any, Any]) -> pd.DataFrame:
    codes, places = table
    frame = pd.DataFrame(codes, columns=KEYS).astype(float).replace(0, np.nan)
    return frame.assign(
        centre=np.array(["k1", "k2"])[places[:, 0]],
        segment=np.array(["citizens", "employers"])[places[:, 1]],
        period=np.array(["Q1", "Q2"])[places[:, 2]],
    )


def assert_identical(one: PairCounts, two: PairCounts) -> None:
    assert one.indicators == two.indicators
    assert one.n_categories == two.n_categories
    pd.testing.assert_frame_equal(one.units, two.units)
    for name in ARRAYS:
        first, second = getattr(one, name), getattr(two, name)
        assert first.dtype == second.dtype
        np.testing.assert_array_equal(first, second)


@settings(deadline=None)
@given(table=tables, size=st.integers(1, 50), data=st.data())
def test_chunks_of_any_size_in_any_order_give_identical_counts(
    methodology: Methodology, code_answers: Any, table: Any, size: int, data: Any
) -> None:
    responses = code_answers(frame_of(table), methodology)
    parts = [count_pairs(batch, methodology) for batch in iterate_batches(responses, size)]
    shuffled = data.draw(st.permutations(parts))
    assert_identical(add_counts(shuffled), count_pairs(responses, methodology))


@settings(deadline=None)
@given(table=tables, seed=st.integers(0, 1000))
def test_permuting_respondents_changes_nothing(
    methodology: Methodology, code_answers: Any, table: Any, seed: int
) -> None:
    frame = frame_of(table)
    shuffled = frame.sample(frac=1, random_state=seed)
    one, two = (count_pairs(code_answers(f, methodology), methodology) for f in (frame, shuffled))
    assert_identical(one, two)


def test_pair_tables_equal_pandas_crosstab_in_every_unit(
    methodology: Methodology, code_answers: Any, answers: pd.DataFrame
) -> None:
    counts = count_pairs(code_answers(answers, methodology), methodology)
    codes = answers.fillna(dict.fromkeys(KEYS, 0))
    categories = range(5)
    assert len(counts.units) == 16
    for row, unit in counts.units.iterrows():
        part = codes[(codes[list(unit.index)] == unit).all(axis=1)]
        assert counts.n[row] == len(part)
        for position, (i, j) in enumerate([(0, 1), (0, 2), (1, 2)]):
            wanted = pd.crosstab(part[KEYS[i]], part[KEYS[j]])
            wanted = wanted.reindex(index=categories, columns=categories, fill_value=0)
            np.testing.assert_array_equal(counts.pairs[row, position], wanted)
        for i, key in enumerate(KEYS):
            wanted_margin = part[key].value_counts().reindex(categories, fill_value=0)
            np.testing.assert_array_equal(counts.margins[row, i], wanted_margin)


def test_complete_row_sums_equal_those_of_the_rows_without_gaps(
    methodology: Methodology, code_answers: Any, answers: pd.DataFrame
) -> None:
    counts = count_pairs(code_answers(answers, methodology), methodology)
    whole = answers.dropna()
    assert 0 < len(whole) < len(answers)
    for row, unit in counts.units.iterrows():
        part = whole[(whole[list(unit.index)] == unit).all(axis=1)][KEYS].to_numpy()
        assert counts.n_complete[row] == len(part)
        np.testing.assert_array_equal(counts.complete_sum[row], part.sum(axis=0))
        np.testing.assert_array_equal(counts.complete_cross[row], part.T @ part)


def test_counts_add_over_overlapping_and_disjoint_units(
    methodology: Methodology, code_answers: Any, answers: pd.DataFrame
) -> None:
    first, second = answers.iloc[:20], answers.iloc[20:]
    a, b, whole = (
        count_pairs(code_answers(part, methodology), methodology)
        for part in (first, second, answers)
    )
    assert_identical(a + b, whole)
    assert_identical(b + a, whole)


def test_summing_over_columns_equals_counting_without_them(
    methodology: Methodology, code_answers: Any, answers: pd.DataFrame
) -> None:
    counts = count_pairs(code_answers(answers, methodology), methodology)
    for columns in (("period",), ("segment", "period")):
        blank = answers.assign(**dict.fromkeys(columns, ""))
        wanted = count_pairs(code_answers(blank, methodology), methodology)
        assert_identical(counts.sum_over(*columns), wanted)


def test_selecting_units_equals_counting_their_respondents(
    methodology: Methodology, code_answers: Any, answers: pd.DataFrame
) -> None:
    counts = count_pairs(code_answers(answers, methodology), methodology)
    chosen = counts.select((counts.units["segment"] == "employers").to_numpy())
    part = answers[answers["segment"] == "employers"]
    assert_identical(chosen, count_pairs(code_answers(part, methodology), methodology))


def test_counts_of_other_indicators_are_not_added(
    methodology: Methodology, make_methodology: Any, code_answers: Any, answers: pd.DataFrame
) -> None:
    two = make_methodology({"front": ["a", "b"]}, maximum=4)
    wide = make_methodology({"front": ["a", "b"], "back": ["c"]}, maximum=5)
    counts, fewer, wider = (
        count_pairs(code_answers(answers, m), m) for m in (methodology, two, wide)
    )
    with pytest.raises(CountsError, match=r"3 indicators with 4 categories .* 2 with 4"):
        counts + fewer
    with pytest.raises(CountsError, match="count both with the same methodology"):
        counts + wider


def test_parts_are_added_as_they_come(methodology: Methodology, code_answers: Any) -> None:
    answers = pd.DataFrame({"a": [1.0] * 12, "b": 2.0, "c": 3.0, "centre": "k1"})
    seen: list[weakref.ref[np.ndarray]] = []
    kept: list[int] = []

    def count_batches() -> Iterator[PairCounts]:
        for batch in iterate_batches(code_answers(answers, methodology), 1):
            kept.append(sum(made() is not None for made in seen))
            counts = count_pairs(batch, methodology)
            seen.append(weakref.ref(counts.pairs))
            yield counts

    assert add_counts(count_batches()).n.tolist() == [12]
    assert max(kept) <= 2, "the sum so far and the part added last"


def test_nothing_to_add_is_refused() -> None:
    with pytest.raises(CountsError, match="no counts to add"):
        add_counts([])


def test_answers_that_do_not_fit_the_methodology_are_refused(
    methodology: Methodology,
) -> None:
    units = pd.DataFrame({"centre": ["k1"], "segment": ["citizens"], "period": [""]})
    unit_of = np.zeros(2, dtype=np.int32)

    def responses(codes: list[list[int]]) -> Responses:
        return Responses(units=units, unit_of=unit_of, codes=np.array(codes, dtype=np.uint8))

    with pytest.raises(CountsError, match="for 3 indicators"):
        count_pairs(responses([[1, 2], [3, 4]]), methodology)
    with pytest.raises(CountsError, match="category 5 where the methodology has 4"):
        count_pairs(responses([[1, 2, 5], [3, 4, 1]]), methodology)


def test_no_respondents_give_empty_counts(methodology: Methodology) -> None:
    empty = Responses(
        units=pd.DataFrame(columns=["centre", "segment", "period"], dtype=str),
        unit_of=np.zeros(0, dtype=np.int32),
        codes=np.zeros((0, 3), dtype=np.uint8),
    )
    counts = count_pairs(empty, methodology)
    assert counts.pairs.shape == (0, 3, 5, 5)
    assert len(counts.sum_over("period", "channel").units) == 0


def test_counts_with_and_without_channels_add_and_channels_sum_away(
    methodology: Methodology, code_answers: Any
) -> None:
    frame = pd.DataFrame(
        {"a": [1, 2, 3, 4], "b": [1, 2, 2, 4], "c": [4, 3, 2, 1]}, dtype=float
    ).assign(centre="k1", segment="citizens", period="Q1")
    plain = count_pairs(code_answers(frame, methodology), methodology)
    responses = code_answers(frame, methodology)
    online = Responses(
        units=responses.units.assign(channel="online"),
        unit_of=responses.unit_of,
        codes=responses.codes,
    )
    both = plain + count_pairs(online, methodology)
    assert list(both.units["channel"]) == ["", "online"]
    summed = both.sum_over("segment", "period", "channel")
    assert summed.units.to_dict("records") == [
        {"centre": "k1", "segment": "", "period": "", "channel": ""}
    ]
    np.testing.assert_array_equal(summed.margins, 2 * plain.margins)


def test_counts_without_tables_say_of_which_answers_they_are(
    code_answers: Any, methodology: Methodology, answers: pd.DataFrame
) -> None:
    counts = count_pairs(code_answers(answers, methodology), methodology)
    bare = counts.without_tables()
    assert bare.units.equals(counts.units)
    assert all(
        len(getattr(bare, name)) == 0
        and getattr(bare, name).shape[1:] == getattr(counts, name).shape[1:]
        for name in ARRAYS
    )
    nothing = counts.without_tables(keep_units=False)
    assert (len(nothing.units), list(nothing.units)) == (0, list(counts.units))
    assert (bare.indicators, bare.n_categories) == (counts.indicators, counts.n_categories)
