"""Which interval of a line every page, figure and terminal shows."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from clientindex.results import StructuralRelation

COLUMNS = ["subject", "line", "statistic", "method", "estimate", "ci_low", "ci_high"]


def relate(*rows: tuple[object, ...]) -> StructuralRelation:
    return StructuralRelation(
        lines=pd.DataFrame(list(rows), columns=COLUMNS),
        constants=pd.DataFrame(),
        left_out=pd.DataFrame(),
        level=0.95,
        replicates=100,
    )


def row(method: str, low: float, high: float, line: str = "traits") -> tuple[object, ...]:
    return ("index", line, "slope", method, 0.5, low, high)


@pytest.mark.parametrize("turned", [False, True])
def test_jackknife_comes_before_bootstrap_in_whatever_order_they_stand(turned):
    rows = [row("bootstrap", 0.1, 0.9), row("jackknife", 0.2, 0.8)]
    shown = relate(*(rows[::-1] if turned else rows)).choose_shown()
    assert shown[["method", "ci_low", "ci_high"]].to_numpy().tolist() == [["jackknife", 0.2, 0.8]]


@pytest.mark.parametrize("ends", [(math.nan, math.nan), (0.2, math.nan), (math.nan, 0.8)])
def test_an_interval_without_an_end_gives_way_to_one_that_has_both(ends):
    shown = relate(row("jackknife", *ends), row("bootstrap", 0.1, 0.9)).choose_shown()
    assert shown[["method", "ci_low", "ci_high"]].to_numpy().tolist() == [["bootstrap", 0.1, 0.9]]


def test_a_line_without_any_interval_is_shown_by_its_estimate():
    shown = relate(row("bootstrap", math.nan, math.nan)).choose_shown()
    assert shown["estimate"].tolist() == [0.5]


def test_each_line_has_its_own_and_keeps_its_place():
    shown = relate(
        row("ranks", 0.3, 0.7, "passing_bablok"),
        row("bootstrap", 0.1, 0.9),
        row("jackknife", 0.2, 0.8),
    ).choose_shown()
    assert shown["line"].tolist() == ["passing_bablok", "traits"]
    assert shown["method"].tolist() == ["ranks", "jackknife"]
    assert list(shown.columns) == COLUMNS
