"""Checklist scores against a plain loop over items."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from clientindex.agreement.checklist import score_checklists

if TYPE_CHECKING:
    from clientindex.methodology import Methodology

CENTRES = tuple(f"C{c}" for c in range(30))
ITEMS = [(k, f"{k}{i}") for k in "abcde" for i in range(2)]


@pytest.fixture
def methodology(methodology: Methodology) -> Methodology:
    """Give every indicator two items."""
    raw = methodology.model_dump(mode="json", by_alias=True)
    text = {"ru": "текст", "en": "text"}
    for indicator in raw["indicators"]:
        key = indicator["key"]
        indicator["checklist"] = [{"key": f"{key}{i}", "text": text} for i in range(2)]
    return type(methodology).model_validate(raw)


def make_items(seed: int, share: float = 0.6) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        [(c, "", k, item) for c in CENTRES for k, item in ITEMS],
        columns=["centre", "period", "indicator", "item"],
    )
    rest = (1 - share) / 2
    return frame.assign(answer=rng.choice([0.0, 1.0, np.nan], len(frame), p=[rest, rest, share]))


def score_by_hand(items: pd.DataFrame, methodology: Methodology) -> dict[tuple[str, str], float]:
    wanted: dict[tuple[str, str], float] = {}
    for centre, rows in items.groupby("centre"):
        for key in "abcde":
            ticks = rows.loc[rows["indicator"] == key, "answer"].dropna().tolist()
            if ticks:
                wanted[centre, key] = 100 * sum(ticks) / len(ticks)
        for group in methodology.groups:
            there = [
                (w, wanted[centre, k]) for k, w in group.indicators.items() if (centre, k) in wanted
            ]
            if there:
                wanted[centre, group.key] = sum(w * v for w, v in there) / sum(w for w, _ in there)
        if all((centre, group.key) in wanted for group in methodology.groups):
            wanted[centre, "index"] = sum(
                group.weight * wanted[centre, group.key] for group in methodology.groups
            )
    return wanted


def test_items_become_indicators_groups_and_the_index(methodology: Methodology) -> None:
    items = make_items(6)
    found = score_checklists(items, None, methodology, centres=CENTRES, periods=())
    assert found is not None
    keys = ("index", *methodology.group_keys, *methodology.indicator_keys)
    wanted = score_by_hand(items, methodology)
    for c, centre in enumerate(CENTRES):
        for j, key in enumerate(keys):
            if (centre, key) in wanted:
                assert found.scores[c, j] == pytest.approx(wanted[centre, key])
            else:
                assert np.isnan(found.scores[c, j])
    assert 0 < np.isnan(found.scores).sum() < found.scores.size / 2
    assert found.filled.all()


def test_an_index_of_the_groups_present_where_the_methodology_shares_weights(
    methodology: Methodology,
) -> None:
    scoring = methodology.scoring.model_copy(update={"missing_group": "reweight"})
    sharing = methodology.model_copy(update={"scoring": scoring})
    items = make_items(6)
    items.loc[items["indicator"].isin(["d", "e"]), "answer"] = np.nan
    refused, shared = (
        score_checklists(items, None, m, centres=CENTRES, periods=())
        for m in (methodology, sharing)
    )
    assert refused is not None
    assert shared is not None
    assert np.isnan(refused.scores[:, 0]).all()
    assert shared.scores[:, 0] == pytest.approx(shared.scores[:, 1], nan_ok=True)


def test_answers_of_several_periods_are_averaged_and_other_periods_left_out(
    methodology: Methodology,
) -> None:
    first, second = make_items(1, 0.0).assign(period="q1"), make_items(2, 0.0).assign(period="q2")
    other = make_items(3, 0.0).assign(period="q9")
    only_other = other[other["centre"] == "C7"]
    both = pd.concat([first, second, other])
    both = pd.concat([both[both["centre"] != "C7"], only_other])
    found = score_checklists(both, None, methodology, centres=CENTRES, periods=("q1", "q2"))
    assert found is not None
    mean = (first["answer"] + second["answer"].to_numpy()) / 2
    wanted = score_by_hand(first.assign(answer=mean), methodology)
    assert found.scores[0, 0] == pytest.approx(wanted["C0", "index"])
    assert np.isnan(found.scores[7]).all()
    assert np.flatnonzero(found.other_period).tolist() == [7]
    assert found.other_periods[7] == "q9"


def test_ready_scores_are_taken_as_delivered(methodology: Methodology) -> None:
    ready = pd.DataFrame(
        {
            "centre": ["C0", "C0", "C1", "elsewhere"],
            "period": ["q1", "q2", "q1", "q1"],
            "group": "front",
            "points": [61.5, 62.5, np.nan, 50.0],
        }
    )
    found = score_checklists(None, ready, methodology, centres=CENTRES, periods=())
    assert found is not None
    assert found.scores[0, 1] == pytest.approx(62.0)
    assert np.isfinite(found.scores).sum() == 1
    assert found.items.shape == (30, 0)


def test_without_a_checklist_there_are_no_scores(methodology: Methodology) -> None:
    assert score_checklists(None, None, methodology, centres=CENTRES, periods=()) is None
