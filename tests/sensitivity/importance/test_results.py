"""Results are told as tidy tables and come back from Parquet as they were, empty tables too."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from clientindex.rating.blend import blend_checklists
from clientindex.results.base import TIDY_COLUMNS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def results(case: Any) -> list[Any]:
    checklists = pd.DataFrame(
        {
            "centre": list(case.regions),
            "key": "index",
            "estimate": np.linspace(90, 60, len(case.regions)),
            "variance": 0.0,
        }
    )
    blended = replace(case, scores=blend_checklists(case.scores, checklists, weight=0.3))
    return [case.assess(), case.optimise(), blended.assess()]


def test_frames_come_back(results: list[Any], tmp_path: Path) -> None:
    for place, result in enumerate(results):
        for field in dataclasses.fields(result):
            frame = getattr(result, field.name)
            if not isinstance(frame, pd.DataFrame):
                continue
            path = tmp_path / f"{place}.{field.name}.parquet"
            frame.to_parquet(path, index=False)
            back = pd.read_parquet(path)
            assert list(back.columns) == list(frame.columns)
            pd.testing.assert_frame_equal(back, frame, check_dtype=False, check_index_type=False)


def test_a_statistic_is_told_once(results: list[Any]) -> None:
    for result in results:
        tidy = result.tidy()
        assert tuple(tidy.columns) == TIDY_COLUMNS
        assert not tidy.duplicated(["subject", "segment", "statistic"]).any()
