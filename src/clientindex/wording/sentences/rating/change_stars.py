"""Whose stars changed from the previous edition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import COUNTRY
from clientindex.results.change import EditionChange
from clientindex.wording.sentences.rating.reasons import say_reasons
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import find_row, list_rows

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording


def say_change_stars(result: EditionChange, methodology: Methodology, wording: Wording) -> str:
    """Say how many stars went up and down, and whether their shares changed."""
    counts = {name: count_change(result, f"star_{name}") for name in ("up", "down", "same")}
    total = sum(counts.values())
    if total == 0:
        return wording.text("sentence.change_stars.none")
    said = wording.text(
        "sentence.change_stars.counts",
        total=wording.counted(total, "centre_of"),
        **{name: wording.integer(n) for name, n in counts.items()},
    )
    tested = _say_test(result, methodology, wording)
    return " ".join([said, tested, wording.text("sentence.change_stars.caution")])


def count_change(result: EditionChange, statistic: str) -> int:
    """Return a number of centres of the summary; 0 where it does not stand there."""
    rows = [row for row in list_rows(result.summary) if row["statistic"] == statistic]
    return int(rows[0]["estimate"]) if rows else 0


def _say_test(result: EditionChange, methodology: Methodology, wording: Wording) -> str:
    row = find_row(result.summary, statistic="stuart_maxwell")
    if row is None:
        reason = say_reasons(
            result.left_out,
            lambda row: (row["subject"], row["statistic"]) == (COUNTRY, "stuart_maxwell"),
            methodology,
            wording,
        )
        return wording.text("sentence.change_stars.no_test", reason=reason)
    differ = row["p_value"] < 1 - result.level
    return wording.text(
        f"sentence.change_stars.{'differ' if differ else 'alike'}",
        statistic=wording.number(row["estimate"], 2),
        df=wording.integer(int(row["df"])),
        p=wording.p_value(row["p_value"]),
    )


RECIPES = (make_paragraph("change_stars", "change", EditionChange, say_change_stars),)
