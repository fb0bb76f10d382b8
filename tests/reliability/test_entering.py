from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from clientindex.counts import count_pairs
from clientindex.reliability.entering import count_entering

if TYPE_CHECKING:
    from clientindex.methodology import Methodology

KEYS = ["a", "b", "c", "d"]
answered = st.integers(1, 30).flatmap(lambda n: hnp.arrays(np.bool_, (n, 4)))


@pytest.fixture(scope="module")
def methodology(make_methodology: Any) -> Methodology:
    return make_methodology({"one": KEYS})


def count(pattern: Any, methodology: Methodology, code_answers: Any) -> Any:
    frame = pd.DataFrame(np.where(pattern, 3.0, np.nan), columns=KEYS).assign(centre="k1")
    return count_pairs(code_answers(frame, methodology), methodology)


@settings(deadline=None)
@given(pattern=answered, k=st.integers(2, 4))
def test_those_who_enter_are_never_overstated(
    methodology: Methodology, code_answers: Any, pattern: Any, k: int
) -> None:
    counts = count(pattern, methodology, code_answers)
    n, n_dropped = count_entering(counts, np.arange(k), missing="pairwise")
    entering = np.count_nonzero(pattern[:, :k].sum(axis=1) >= 2)
    assert n + n_dropped == len(pattern)
    assert n <= entering
    if k == 2:
        assert n == entering


def test_complete_answers_drop_nobody(methodology: Methodology, code_answers: Any) -> None:
    counts = count(np.ones((7, 4), dtype=bool), methodology, code_answers)
    for missing in ("pairwise", "complete"):
        assert count_entering(counts, np.arange(4), missing=missing) == (7, 0)


def test_complete_rows_are_counted_exactly(methodology: Methodology, code_answers: Any) -> None:
    pattern = np.ones((9, 4), dtype=bool)
    pattern[:3, 3] = False
    counts = count(pattern, methodology, code_answers)
    assert count_entering(counts, np.arange(2), missing="complete") == (6, 3)
    assert count_entering(counts, np.arange(2), missing="pairwise") == (9, 0)


def test_a_group_left_empty_as_a_whole_is_dropped(
    methodology: Methodology, code_answers: Any
) -> None:
    pattern = np.ones((90, 4), dtype=bool)
    pattern[:6, :3] = False
    counts = count(pattern, methodology, code_answers)
    n, n_dropped = count_entering(counts, np.arange(3), missing="pairwise")
    assert (n, n_dropped) == (81, 9)
