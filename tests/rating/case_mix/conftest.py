"""Respondents of twelve centres that R's lm adjusted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from clientindex.intake.tables import Responses
from clientindex.methodology.case_mix_settings import CaseMixSettings
from clientindex.rating.case_mix import Survey, adjust_case_mix
from clientindex.rating.whole_index import take_index
from weighted_people import REFERENCE, make_plain, make_trait

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.methodology import Methodology

TRAITS = ("sex", "age", "education")


@pytest.fixture
def clients() -> pd.DataFrame:
    text = dict.fromkeys(("centre", *TRAITS), "str")
    frame = pd.read_csv(REFERENCE / "case_mix_input.csv", dtype=text, keep_default_na=False)
    answers = frame[["a", "b", "c"]].apply(pd.to_numeric)
    return frame.assign(**answers, segment="citizens")


@pytest.fixture(scope="session")
def three() -> Methodology:
    """Three indicators answered 1-5, one segment."""
    return make_plain({"front": ["a", "b"], "back": ["c"]})


def respond(frame: pd.DataFrame) -> Responses:
    units = frame[["centre", "segment"]].assign(period="")
    distinct = units.drop_duplicates().sort_values(["centre", "segment"], ignore_index=True)
    row = pd.MultiIndex.from_frame(distinct).get_indexer(pd.MultiIndex.from_frame(units))
    return Responses(
        units=distinct,
        unit_of=row.astype(np.int32),
        codes=frame[["a", "b", "c"]].fillna(0).to_numpy(np.uint8),
        traits={name: make_trait(frame[name]) for name in TRAITS},
        weight=frame["weight"].to_numpy(float),
    )


def cut(scores: Any, *, minimum_sample: int) -> Any:
    """Stars by cuts at 50 and 60, for enough respondents and a known error."""
    index = take_index(scores)
    stars = pd.Series(1 + np.digitize(index["estimate"], [50, 60]), index.index, dtype="Int64")
    return stars.where((index["n"] >= minimum_sample) & index["std_error"].notna())


@pytest.fixture
def adjust(three: Methodology) -> Callable[..., Any]:
    def run(frame: pd.DataFrame, methodology: Methodology = three, **given: Any) -> Any:
        settings = CaseMixSettings(**{"sets": {"full": TRAITS}, **given})
        responses = respond(frame)
        survey = Survey(responses=responses, weight=responses.weight)
        assign = partial(cut, minimum_sample=methodology.stars.minimum_sample)
        return adjust_case_mix(survey, methodology, settings=settings, assign=assign)

    return run
