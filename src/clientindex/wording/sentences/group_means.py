"""Sentences about the mean scores of groups of expectations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import COUNTRY, GroupMeans
from clientindex.wording.absence import take
from clientindex.wording.names import name_group
from clientindex.wording.sentences.recipe import ParagraphRecipe
from clientindex.wording.sentences.rows import Row, list_rows, say_interval

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording.words import Wording


def say_group_means(means: GroupMeans, *, methodology: Methodology, wording: Wording) -> str:
    """Name the groups with the highest and lowest mean over all regions, and warn the reader.

    Groups without a score are left out; means that are shown as equal are not put in order.
    """
    frame = means.frame.loc[means.frame["region"] == COUNTRY].dropna(subset="estimate")
    rows = list_rows(frame)
    if not rows:
        return wording.text("sentence.group_means.none")
    told = {row["group"]: _say_group(row, means.level, methodology, wording) for row in rows}
    if len(rows) == 1:
        return wording.text("sentence.group_means.single", only=told[rows[0]["group"]])
    ordered = sorted(rows, key=lambda row: row["estimate"])
    lowest, highest = ordered[0], ordered[-1]
    if wording.number(lowest["estimate"]) == wording.number(highest["estimate"]):
        said = wording.text("sentence.group_means.equal", groups=wording.join(list(told.values())))
    else:
        best, worst = told[highest["group"]], told[lowest["group"]]
        said = wording.text("sentence.group_means.all", best=best, worst=worst)
    return f"{said} {wording.text('sentence.group_means.caution')}"


def _say_group(row: Row, level: float, methodology: Methodology, wording: Wording) -> str:
    return wording.text(
        "sentence.group_means.one",
        group=name_group(row["group"], methodology, wording),
        mean=wording.number(row["estimate"]),
        interval=say_interval(row, level, wording=wording),
        centres=wording.counted(int(row["n_centres"]), "centre"),
    )


def _build(bundle: Bundle, wording: Wording) -> str:
    means = take(bundle, "group_means", GroupMeans)
    return say_group_means(means, methodology=bundle.methodology, wording=wording)


RECIPES = (ParagraphRecipe(name="group_means", needs=("group_means",), build=_build),)
