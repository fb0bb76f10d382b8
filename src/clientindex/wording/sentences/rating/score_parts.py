"""What lifts and what lowers the index of a centre."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results.score_parts import ScoreParts
from clientindex.wording.names import name_group
from clientindex.wording.sentences.rating.reasons import say_cases
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import Row, is_known, list_rows

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording


def say_score_parts(result: ScoreParts, methodology: Methodology, wording: Wording) -> str:
    """Say how contributions are read, and which group moves centres most."""
    frame = result.frame[result.frame["kind"] == "group"]
    rows = [row for row in list_rows(frame) if is_known(row, "difference")]
    left_out = _say_left_out(result, methodology, wording)
    if not rows:
        return " ".join([wording.text("sentence.score_parts.none"), *left_out])
    said = [
        wording.text("sentence.score_parts.how", n=wording.counted(_count(rows), "centre_to")),
        *_say_ends(rows, methodology, wording),
        *left_out,
        wording.text("sentence.score_parts.caution"),
    ]
    return " ".join(said)


def _count(rows: list[Row]) -> int:
    return len({str(row["centre"]) for row in rows})


def _say_ends(rows: list[Row], methodology: Methodology, wording: Wording) -> list[str]:
    """Say the groups that lift and that lower the index of some centre most."""
    ordered = sorted(rows, key=lambda row: float(row["difference"]))
    low, high = ordered[0], ordered[-1]
    if not low["difference"] < 0 < high["difference"]:
        return []
    ends = {"lowers": low, "lifts": high}
    names = {key: name_group(str(row["key"]), methodology, wording) for key, row in ends.items()}
    points = {
        f"{key}_by": wording.number(abs(float(row["difference"]))) for key, row in ends.items()
    }
    if low["key"] == high["key"]:
        group = names["lifts"]
        return [wording.text("sentence.score_parts.ends_same", group=group, **points)]
    return [wording.text("sentence.score_parts.ends", **names, **points)]


def _say_left_out(result: ScoreParts, methodology: Methodology, wording: Wording) -> list[str]:
    frame = result.left_out
    left_out = frame[frame["kind"].isin(["", "group"])] if "kind" in frame else frame
    items = say_cases(left_out, methodology, wording)
    if not items:
        return []
    return [wording.text("sentence.score_parts.left_out", items=items)]


RECIPES = (make_paragraph("score_parts", "score_parts", ScoreParts, say_score_parts),)
