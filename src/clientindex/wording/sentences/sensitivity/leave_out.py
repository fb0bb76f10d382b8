"""What the stars are without one part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results.leave_out import LeaveOneOut
from clientindex.wording.names import name_segment
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import Row, is_known, list_rows
from clientindex.wording.sentences.sensitivity.shares import name_row

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording

KEY = "sentence.leave_out"
KINDS = ("group", "indicator", "segment", "region")


def say_leave_out(result: LeaveOneOut, methodology: Methodology, wording: Wording) -> str:
    """Say, kind by kind, without which part most stars change."""
    rows = [row for row in list_rows(result.parts) if is_known(row, "share_same_star")]
    said = [_say_kind(kind, rows, methodology, wording) for kind in KINDS]
    known = [text for text in said if text]
    return " ".join([wording.text(f"{KEY}.method"), *known])


def _say_kind(kind: str, rows: list[Row], methodology: Methodology, wording: Wording) -> str:
    own = [row for row in rows if row["kind"] == kind]
    if not own:
        return ""
    row = min(own, key=lambda row: row["share_same_star"])
    if row["share_same_star"] >= 1:
        return wording.text(f"{KEY}.{kind}_none")
    return wording.text(
        f"{KEY}.{kind}",
        name=_name(row, methodology, wording),
        share=wording.percent(1 - row["share_same_star"]),
        n=wording.counted(int(row["n_centres"]), "centre_of"),
        up=wording.integer(int(row["n_star_up"])),
        down=wording.integer(int(row["n_star_down"])),
    )


def _name(row: Row, methodology: Methodology, wording: Wording) -> str:
    if row["kind"] == "segment":
        known = {segment.key for segment in methodology.segments}
        key = str(row["key"])
        return name_segment(key, methodology, wording) if key in known else key
    return str(row["key"]) if row["kind"] == "region" else name_row(row, methodology, wording)


RECIPES = (make_paragraph("leave_out", "leave_out", LeaveOneOut, say_leave_out),)
