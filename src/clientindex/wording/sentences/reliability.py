"""Sentences about the internal consistency of the groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import ALL_SEGMENTS, INDEX, Consistency
from clientindex.wording.absence import take
from clientindex.wording.consistency import pick_alpha
from clientindex.wording.names import name_group
from clientindex.wording.sentences.recipe import ParagraphRecipe
from clientindex.wording.sentences.rows import Row, list_rows, say_interval

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording.words import Wording


def say_reliability(result: Consistency, *, methodology: Methodology, wording: Wording) -> str:
    """Say the range over groups, the weakest group, the words, and alpha of all indicators."""
    frame = pick_alpha(result)
    frame = frame.loc[frame["part"] == ALL_SEGMENTS]
    ordered = sorted(list_rows(frame), key=lambda row: row["estimate"])
    groups = [row for row in ordered if row["group"] != INDEX]
    said = [_say_groups(groups, result.level, methodology, wording)] if groups else []
    said += [
        wording.text(
            "sentence.reliability.index",
            estimate=wording.number(row["estimate"], 2),
            interval=say_interval(row, result.level, wording=wording, digits=2),
        )
        for row in ordered
        if row["group"] == INDEX
    ]
    return " ".join(said)


def _say_groups(groups: list[Row], level: float, methodology: Methodology, wording: Wording) -> str:
    """Tell of groups in rising order of alpha."""
    weakest, classify = groups[0], methodology.thresholds.alpha.classify
    words = dict.fromkeys(classify(row["estimate"]) for row in groups)
    return wording.text(
        "sentence.reliability.groups",
        span=wording.span(weakest["estimate"], groups[-1]["estimate"], 2),
        verdicts=wording.join([wording.text(f"level.alpha.{word}") for word in words]),
        group=name_group(str(weakest["group"]), methodology, wording),
        interval=say_interval(weakest, level, wording=wording, digits=2),
        n=wording.counted(int(weakest["n"]), "respondent"),
    )


def _build(bundle: Bundle, wording: Wording) -> str:
    result = take(bundle, "consistency", Consistency)
    return say_reliability(result, methodology=bundle.methodology, wording=wording)


RECIPES = (ParagraphRecipe(name="reliability", needs=("consistency",), build=_build),)
