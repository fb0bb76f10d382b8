"""What lifts and what lowers the index of a centre."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results.score_parts import ScoreParts
from clientindex.wording.sentences.rating.reasons import say_cases
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import Row, is_known, list_rows

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording


def say_score_parts(result: ScoreParts, methodology: Methodology, wording: Wording) -> str:
    """Say how contributions are read."""
    frame = result.frame[result.frame["kind"] == "group"]
    rows = [row for row in list_rows(frame) if is_known(row, "difference")]
    left_out = _say_left_out(result, methodology, wording)
    if not rows:
        return " ".join([wording.text("sentence.score_parts.none"), *left_out])
    said = [
        wording.text("sentence.score_parts.how", n=wording.counted(_count(rows), "centre_to")),
        *left_out,
        wording.text("sentence.score_parts.caution"),
    ]
    return " ".join(said)


def _count(rows: list[Row]) -> int:
    return len({str(row["centre"]) for row in rows})


def _say_left_out(result: ScoreParts, methodology: Methodology, wording: Wording) -> list[str]:
    frame = result.left_out
    left_out = frame[frame["kind"].isin(["", "group"])] if "kind" in frame else frame
    items = say_cases(left_out, methodology, wording)
    if not items:
        return []
    return [wording.text("sentence.score_parts.left_out", items=items)]


RECIPES = (make_paragraph("score_parts", "score_parts", ScoreParts, say_score_parts),)
