"""How sure stars are when sampling, weights and method move at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results.joint_doubt import JointDoubt
from clientindex.wording.sensitivity_names import name_input, write_band
from clientindex.wording.sentences.rating.counting import say_about
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import find_row, list_rows
from clientindex.wording.sentences.sensitivity.shares import list_choices

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording

KEY = "sentence.joint_doubt"
SOURCES = ("sampling", "weights", "method")


def say_joint(result: JointDoubt, methodology: Methodology, wording: Wording) -> str:
    """Say how many stars would be others, because of what, and whose are least sure."""
    said = [wording.text(f"{KEY}.meaning", band=write_band(result.band_pct, wording))]
    right = find_row(result.summary, statistic="expected_accuracy", source="all")
    if right is not None:
        share = wording.percent(right["estimate"])
        said.append(wording.text(f"{KEY}.accuracy", share=share))
    said += say_parts(result, methodology, wording)
    least = result.centres.sort_values(["p_star", "rank"], kind="stable")
    if len(least):
        row = least.iloc[0]
        said.append(
            wording.text(
                f"{KEY}.least", centre=str(row["name"]), p=wording.number(row["p_star"], 2)
            )
        )
    return " ".join([*said, *_say_still(result, methodology, wording)])


def say_parts(result: JointDoubt, methodology: Methodology, wording: Wording) -> list[str]:
    """Say how many stars would be others, and the part of every source; nothing if not known."""
    whole = find_row(result.summary, statistic="expected_wrong", source="all")
    if whole is None:
        return []
    values = {
        "wrong": say_about(whole["estimate"], wording),
        "n": wording.counted(len(result.centres), "centre_of"),
    }
    if not whole["estimate"]:
        return [wording.text(f"{KEY}.sure", n=values["n"])]
    parts = [
        (source, find_row(result.summary, statistic="expected_wrong", source=source))
        for source in SOURCES
    ]
    told = [
        wording.text(
            f"{KEY}.part",
            name=name_input("source", source, methodology, wording),
            share=wording.percent(row["share"]),
        )
        for source, row in parts
        if row is not None
    ]
    return [
        wording.text(f"{KEY}.wrong", parts=", ".join(told), **values),
        *_say_choices(result, wording),
    ]


def _say_choices(result: JointDoubt, wording: Wording) -> list[str]:
    """Say which choices the method is here; nothing where none moved."""
    moved = list_choices(result.options, wording)
    return [wording.text(f"{KEY}.choices", names=wording.join(moved))] if moved else []


def _say_still(result: JointDoubt, methodology: Methodology, wording: Wording) -> list[str]:
    """Say which sources do not move at all."""
    return [
        wording.text(
            f"{KEY}.still",
            name=name_input("source", row["key"], methodology, wording),
            reason=wording.text(f"sensitivity_gap.{row['reason']}"),
        )
        for row in list_rows(result.left_out)
        if row["kind"] == "source"
    ]


RECIPES = (make_paragraph("joint_doubt", "joint_doubt", JointDoubt, say_joint),)
