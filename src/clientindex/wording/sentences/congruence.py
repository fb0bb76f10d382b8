"""Sentences about how alike the factors of the regions are to those of the country."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import RegionCongruence
from clientindex.wording.names import name_variable
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import list_rows, say_interval

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording


def say_region_congruence(
    result: RegionCongruence, methodology: Methodology, wording: Wording
) -> str:
    """Say how many congruences reach each level, where the least is, and who was left out."""
    frame = result.frame.dropna(subset="estimate")
    left_out = _say_left_out(result, wording)
    if frame.empty:
        return " ".join(filter(None, [wording.text("sentence.region_congruence.none"), left_out]))
    classify = methodology.thresholds.congruence.classify
    levels = [classify(x) for x in frame["estimate"]]
    least = min(list_rows(frame), key=lambda row: row["estimate"])
    said = wording.text(
        "sentence.region_congruence.all",
        regions=wording.counted(frame["region"].nunique(), "region_in"),
        total=wording.integer(len(frame)),
        equal=wording.integer(levels.count("equal")),
        fair=wording.integer(levels.count("fair")),
        different=wording.integer(levels.count("different")),
        region=str(least["region"]),
        factor=name_variable(least["factor"], methodology, wording),
        least=wording.number(least["estimate"], 2),
        interval=say_interval(least, result.level, wording=wording, digits=2),
        centres=wording.counted(int(least["n_centres"]), "centre"),
    )
    caution = wording.text("sentence.region_congruence.caution")
    return " ".join(filter(None, [said, left_out, caution]))


def _say_left_out(result: RegionCongruence, wording: Wording) -> str:
    if result.left_out.empty:
        return ""
    regions = wording.integer(len(result.left_out))
    return wording.text("sentence.region_congruence.left_out", regions=regions)


RECIPES = (
    make_paragraph(
        "region_congruence", "region_congruence", RegionCongruence, say_region_congruence
    ),
)
