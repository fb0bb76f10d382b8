"""Checklist scores against a plain loop over items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from clientindex.agreement.checklist import compute_checklist_scores
from clientindex.intake.tables import IntakeTables

if TYPE_CHECKING:
    from clientindex.methodology import Methodology


def make_tables(**parts: Any) -> IntakeTables:
    empty: dict[str, Any] = dict.fromkeys(
        ("responses", "option_counts", "unit_means", "checklist_items", "checklist_scores")
    )
    frames = {"register": pd.DataFrame(), "no_answer": pd.DataFrame(), "inputs": ()}
    return IntakeTables(**{**empty, **frames, **parts})


def test_items_become_weighted_group_scores(methodology: Methodology) -> None:
    rng = np.random.default_rng(6)
    items = pd.DataFrame(
        [(f"C{c}", k, f"{k}{i}") for c in range(30) for k in "abcde" for i in range(2)],
        columns=["centre", "indicator", "item"],
    )
    items["answer"] = rng.choice([0.0, 1.0, np.nan], len(items), p=[0.2, 0.2, 0.6])
    found = compute_checklist_scores(make_tables(checklist_items=items), methodology)
    assert found is not None
    wanted = {}
    for centre, rows in items.groupby("centre"):
        for group in methodology.groups:
            total = weight_total = 0.0
            for key, weight in group.indicators.items():
                ticks = rows.loc[rows["indicator"] == key, "answer"].dropna().tolist()
                if ticks:
                    total += weight * 100 * sum(ticks) / len(ticks)
                    weight_total += weight
            if weight_total:
                wanted[centre, group.key] = total / weight_total
    assert len(wanted) < 60
    assert found.set_index(["centre", "group"])["points"].to_dict() == pytest.approx(wanted)


def test_ready_scores_are_taken_as_delivered(methodology: Methodology) -> None:
    ready = pd.DataFrame({"centre": ["a", "b"], "group": "front", "points": [61.5, np.nan]})
    found = compute_checklist_scores(make_tables(checklist_scores=ready), methodology)
    assert found is not None
    assert found.to_numpy().tolist() == [["a", "front", 61.5]]


def test_without_a_checklist_there_are_no_scores(methodology: Methodology) -> None:
    assert compute_checklist_scores(make_tables(), methodology) is None
