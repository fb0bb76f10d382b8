"""Sentences about polychoric correlations beside Pearson's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import PolychoricTable
from clientindex.wording.names import name_indicator
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import list_rows, say_interval

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording


def say_polychoric(result: PolychoricTable, methodology: Methodology, wording: Wording) -> str:
    """Say the range, where the two kinds differ most, empty cells and smoothing."""
    frame = result.frame.dropna(subset=["estimate", "difference"])
    largest = max(list_rows(frame), key=lambda row: abs(row["difference"]))
    said = wording.text(
        "sentence.polychoric.all",
        n=wording.counted(result.n, "respondent"),
        centres=wording.counted(result.n_centres, "centre"),
        span=wording.span(frame["estimate"].min(), frame["estimate"].max(), 2),
        one=name_indicator(largest["indicator"], methodology, wording),
        other=name_indicator(largest["other"], methodology, wording),
        polychoric=wording.number(largest["estimate"], 2),
        interval=say_interval(largest, result.level, wording=wording, digits=2),
        pearson=wording.number(largest["pearson"], 2),
    )
    said_more = [
        _say_zero_cells(result, wording),
        _say_unused(result, methodology, wording),
        _say_smoothing(result, wording),
    ]
    return " ".join([said, *filter(None, said_more)])


def _say_zero_cells(result: PolychoricTable, wording: Wording) -> str:
    touched = int((result.frame["zero_cells"] > 0).sum())
    if not touched:
        return wording.text("sentence.polychoric.no_zero_cells")
    return wording.text(
        "sentence.polychoric.zero_cells",
        pairs=wording.counted(touched, "pair_of"),
        total=wording.integer(len(result.frame)),
        small=_say_addition(result.zero_cell_2x2, wording),
        larger=_say_addition(result.zero_cell, wording),
    )


def _say_unused(result: PolychoricTable, methodology: Methodology, wording: Wording) -> str:
    """Name the answers that nobody chose; nothing where there are none."""
    named = [
        wording.text(
            "sentence.polychoric.unused_of",
            name=name_indicator(str(key), methodology, wording),
            answers=wording.join([wording.integer(int(answer)) for answer in answers]),
        )
        for key, answers in result.unused.groupby("indicator", sort=False)["answer"]
    ]
    return wording.text("sentence.polychoric.unused", answers="; ".join(named)) if named else ""


def _say_addition(added: float, wording: Wording) -> str:
    return wording.integer(int(added)) if added % 1 == 0 else wording.number(added, 2)


def _say_smoothing(result: PolychoricTable, wording: Wording) -> str:
    smallest = wording.number(result.smallest_eigenvalue, 3)
    if not result.smoothed:
        return wording.text("sentence.polychoric.definite", smallest=smallest)
    change = wording.number(result.largest_change, 3)
    return wording.text("sentence.polychoric.smoothed", smallest=smallest, change=change)


RECIPES = (make_paragraph("polychoric", "polychoric", PolychoricTable, say_polychoric),)
