"""Changes of a methodology undone one by one: weights by hand, stars by a rate made up here."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from clientindex.errors import StatisticsError
from clientindex.methodology import Methodology
from clientindex.rating.change.method_effects import assess_effects, compare_stars
from clientindex.rating.change.reversions import list_reversions

if TYPE_CHECKING:
    from collections.abc import Callable


def change(methodology: Methodology, **settings: Any) -> Methodology:
    return Methodology.model_validate({**methodology.model_dump(by_alias=True), **settings})


def regroup(methodology: Methodology, groups: dict[str, tuple[float, dict[str, float]]]) -> Any:
    names = {group.key: group.name for group in methodology.groups}
    return [
        {"key": key, "name": names[key], "weight": weight, "indicators": inner}
        for key, (weight, inner) in groups.items()
    ]


@pytest.fixture
def sides(methodology: Methodology) -> tuple[Methodology, Methodology]:
    """Return a previous methodology without `e`, with other weights, and a current one."""
    groups = {"front": (0.5, {"a": 0.7, "b": 0.3}), "back": (0.5, {"c": 0.6, "d": 0.4})}
    kept = [i.model_dump() for i in methodology.indicators if i.key != "e"]
    changed = {"groups": regroup(methodology, groups), "indicators": kept, "id": "before"}
    return change(methodology, **changed), methodology


def test_changes_are_listed_and_undone_one_by_one(
    sides: tuple[Methodology, Methodology],
) -> None:
    found = list_reversions(*sides)
    assert [(item.kind, item.key) for item in found] == [
        *(("indicator_new", "e"), ("group_weights", ""), ("indicator_weights", "back")),
    ]
    undone = [item.undo(sides[1]) for item in found if item.undo is not None]
    assert undone[0].indicator_keys == ("a", "b", "c", "d")
    assert undone[0].group("back").indicators == pytest.approx({"c": 2 / 3, "d": 1 / 3})
    assert [group.weight for group in undone[1].groups] == pytest.approx([0.5, 0.5])
    # `c` and `d` share their 0.75 as 0.6 to 0.4; the new `e` keeps its 0.25.
    assert undone[2].group("back").indicators == pytest.approx({"c": 0.45, "d": 0.3, "e": 0.25})


def test_what_these_answers_cannot_tell_has_its_reason(
    sides: tuple[Methodology, Methodology],
) -> None:
    before, after = sides
    found = {(item.kind, item.key): item.reason for item in list_reversions(after, before)}
    assert found["indicator_gone", "e"] == "not_asked"


def test_settings_that_differ_are_changes_and_names_are_not(methodology: Methodology) -> None:
    stars = {**methodology.stars.model_dump(by_alias=True), "minimum_sample": 50}
    (found,) = list_reversions(change(methodology, stars=stars, id="x"), methodology)
    assert found.kind == "stars"
    assert found.undo is not None
    assert found.undo(methodology).stars.minimum_sample == 50
    renamed = change(methodology, title={"ru": "другое", "en": "other"})
    assert list_reversions(renamed, methodology) == []


def make_stars(*stars: float | None, index: tuple[float, ...] = (10, 20, 30, 40, 50)) -> Any:
    frame = pd.DataFrame(
        {
            "centre": list("vwxyz"),
            "star": pd.array(list(stars), dtype="Int64"),
            "estimate": np.array(index, dtype=float),
        }
    )
    return SimpleNamespace(frame=frame)


def test_centres_are_counted_with_the_change_against_without_it() -> None:
    now = make_stars(3, 2, None, 4, 1).frame
    without = make_stars(2, 3, 1, None, 1, index=(9, 20, 30, 43, 50)).frame
    assert compare_stars(now, without.iloc[::-1]) == {
        **{"up": 1, "down": 1, "given": 1, "withheld": 1, "same": 1},
        "mean_difference": pytest.approx(-0.4),
        "largest_difference": 3.0,
    }
    other = compare_stars(now, without, same_scale=False)
    assert np.isnan(other["mean_difference"])
    assert other["up"] == 1


def make_rate(
    told: list[tuple[frozenset[str], int]],
) -> Callable[[Methodology, frozenset[str]], Any]:
    """Return a rate that notes what it is asked for, and fails on group weights alone."""

    def rate(methodology: Methodology, kinds: frozenset[str]) -> Any:
        told.append((kinds, len(methodology.indicator_keys)))
        if kinds == {"group_weights"}:
            raise StatisticsError
        return make_stars(3, 3, 3, 3, 3)

    return rate


def test_every_change_alone_and_all_together(sides: tuple[Methodology, Methodology]) -> None:
    told: list[tuple[frozenset[str], int]] = []
    found = assess_effects(*sides, make_stars(4, 3, 2, 3, 3), rate=make_rate(told))
    assert [len(kinds) for kinds, _ in told] == [1, 1, 1, 3]
    assert [n for _, n in told] == [4, 5, 5, 4]
    frame = found.frame.set_index("kind")
    assert list(frame.index) == ["indicator_new", "group_weights", "indicator_weights", "together"]
    assert frame.loc["together", ["up", "down", "same"]].tolist() == [1, 1, 3]
    assert frame.loc["group_weights", "reason"] == "not_defined"
    assert frame["up"].isna().tolist() == [False, True, False, False]
    assert (found.previous_id, found.n_centres) == ("before", 5)
    tidy = found.tidy()
    assert tidy.loc[tidy["statistic"] == "down", "estimate"].tolist()[-1] == 1


def test_a_methodology_that_did_not_change_has_no_rows(methodology: Methodology) -> None:
    found = assess_effects(methodology, methodology, make_stars(1, 1, 1, 1, 1), rate=make_rate([]))
    assert found.frame.empty
    assert found.tidy().empty
