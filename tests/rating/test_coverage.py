"""The sample counted by pandas from raw rows, and from totals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from clientindex.intake.tables import IntakeTables, Responses
from clientindex.rating import compute_coverage

if TYPE_CHECKING:
    from clientindex.methodology import Methodology

REGISTER = pd.DataFrame(
    {"centre": ["a", "b", "c"], "name": "n", "region": ["R1", "R1", "R2"], "visitors": np.nan}
)
NO_ANSWER = pd.DataFrame(
    {
        "segment": "citizens",
        "indicator": ["a", "b"],
        "reason": "empty",
        "n": [3, 0],
        "n_asked": [12, 0],
    }
)
WARNINGS = pd.DataFrame(
    {"code": ["W-X"], "file": ["a.csv"], "row": [7], "column": ["q"], "read": ["id 12 of a person"]}
)


def make_tables(**parts: Any) -> IntakeTables:
    empty: dict[str, Any] = dict.fromkeys(
        ("responses", "option_counts", "unit_means", "checklist_items", "checklist_scores")
    )
    return IntakeTables(
        **{**empty, "register": REGISTER, "no_answer": NO_ANSWER, "inputs": (), **parts}
    )


def test_respondents_are_counted_by_region_and_segment(methodology: Methodology) -> None:
    units = pd.DataFrame(
        [
            ("a", "citizens", "Q1"),
            ("a", "citizens", "Q2"),
            ("a", "employers", "Q1"),
            ("b", "citizens", "Q1"),
        ],
        columns=["centre", "segment", "period"],
    )
    unit_of = np.repeat(np.arange(4, dtype=np.int32), [5, 2, 4, 3])
    responses = Responses(units=units, unit_of=unit_of, codes=np.ones((14, 5), np.uint8))
    items = pd.DataFrame({"centre": ["a", "a", "c"]})
    english = pd.DataFrame({"kind": ["centre"], "place": ["a"], "name": ["A"]})
    tables = make_tables(responses=responses, checklist_items=items, english_names=english)
    found = compute_coverage(tables, methodology, warnings=WARNINGS)
    assert found.data_kind == "respondents"
    assert (found.n_centres_register, found.n_centres_surveyed) == (3, 2)
    assert (found.n_centres_checklist, found.n_respondents) == (2, 14)
    assert found.by_region.to_numpy().tolist() == [
        ["R1", "citizens", 2, 10],
        ["R1", "employers", 1, 4],
    ]
    assert found.by_region["n"].dtype == np.int64
    assert found.warnings.to_dict("list") == {
        "code": ["W-X"],
        "file": ["a.csv"],
        "row": [7],
        "column": ["q"],
    }
    assert found.english_names is english


def test_share_of_no_answer_is_missing_where_nobody_was_asked(methodology: Methodology) -> None:
    options = make_options([("a", 4)])
    found = compute_coverage(make_tables(option_counts=options), methodology, warnings=WARNINGS)
    assert found.no_answer["share"].iloc[0] == 0.25
    assert np.isnan(found.no_answer["share"].iloc[1])


def make_options(rows: list[tuple[str, int]]) -> pd.DataFrame:
    """Make option counts: every centre answers `a` n times, and `b` n - 1 times."""
    frames = [
        pd.DataFrame(
            {
                "centre": c,
                "indicator": ["a", "a", "b"],
                "category": [4, 5, 2],
                "n": [1, n - 1, n - 1],
            }
        )
        for c, n in rows
    ]
    return pd.concat(frames, ignore_index=True).assign(segment="citizens", period="")


def test_totals_count_the_largest_number_of_answers(methodology: Methodology) -> None:
    tables = make_tables(option_counts=make_options([("a", 10), ("b", 20), ("c", 7)]))
    found = compute_coverage(tables, methodology, warnings=WARNINGS)
    assert found.data_kind == "totals"
    assert found.n_respondents is None
    assert found.n_centres_surveyed == 3
    assert found.by_region.to_numpy().tolist() == [
        ["R1", "citizens", 2, 30],
        ["R2", "citizens", 1, 7],
    ]


def test_means_without_n_leave_the_number_unknown(methodology: Methodology) -> None:
    means = pd.DataFrame(
        {
            "centre": ["a", "c"],
            "segment": "citizens",
            "period": "",
            "indicator": "a",
            "points": 50.0,
            "n": [np.nan, 8.0],
            "sd_points": np.nan,
        }
    )
    found = compute_coverage(make_tables(unit_means=means), methodology, warnings=WARNINGS)
    assert found.by_region["n_centres"].tolist() == [1, 1]
    assert found.by_region["n"].tolist() == pytest.approx([np.nan, 8], nan_ok=True)


def test_share_of_visitors_who_answered_is_of_centres_with_known_visitors(
    methodology: Methodology,
) -> None:
    register = REGISTER.assign(visitors=[50.0, np.nan, 40.0])
    units = pd.DataFrame({"centre": ["a", "b"], "segment": "citizens", "period": ""})
    unit_of = np.repeat(np.arange(2, dtype=np.int32), [9, 4])
    responses = Responses(units=units, unit_of=unit_of, codes=np.ones((13, 5), np.uint8))
    tables = make_tables(register=register, responses=responses)
    found = compute_coverage(tables, methodology, warnings=WARNINGS).response
    assert found is not None
    assert list(found.columns) == ["region", "n_centres", "visitors", "n", "share"]
    assert found.to_numpy().tolist() == [
        ["R1", 1, 50, 9, 0.18],
        ["R2", 1, 40, 0, 0.0],
        ["country", 2, 90, 9, 0.1],
    ]


def test_without_visitors_nothing_is_said_of_their_share(methodology: Methodology) -> None:
    units = pd.DataFrame({"centre": ["a"], "segment": "citizens", "period": ""})
    responses = Responses(
        units=units, unit_of=np.zeros(3, np.int32), codes=np.ones((3, 5), np.uint8)
    )
    found = compute_coverage(make_tables(responses=responses), methodology, warnings=WARNINGS)
    assert found.response is None
