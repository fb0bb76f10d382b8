"""How the mean index changed from the previous edition: all centres, and comparable ones only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import COUNTRY
from clientindex.results.change import EditionChange
from clientindex.wording.sentences.rating.reasons import say_reasons
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import find_row, is_above, is_below, say_interval

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.sentences.rows import Row
    from clientindex.wording.words import Wording


def say_change(result: EditionChange, methodology: Methodology, wording: Wording) -> str:
    """Say the change of the published means, and that of the service under one method."""
    names = {"all": "mean_change_all", "service": "mean_change_service"}
    rows = {key: find_row(result.summary, statistic=name) for key, name in names.items()}
    said = []
    for key, row in rows.items():
        if row is None:
            reason = _say_why(result, methodology, wording)
            said.append(wording.text(f"sentence.change.no_{key}", reason=reason))
        else:
            told = _tell(row, result, wording)
            if key == "all":
                told = _count_editions(result, wording) | {
                    name: told[name] for name in ("change", "interval")
                }
            said.append(wording.text(f"sentence.change.{key}", **told))
    published = find_row(result.summary, statistic="mean_change_comparable")
    if published is not None:
        told = _tell(published, result, wording)
        said.insert(1, wording.text("sentence.change.comparable", **told))
    service = rows["service"]
    if service is not None and service["ci_low"] == service["ci_low"]:
        changed = is_above(service) or is_below(service)
        said.append(wording.text(f"sentence.change.{'shown' if changed else 'not_shown'}"))
    return " ".join(said)


def _tell(row: Row, result: EditionChange, wording: Wording) -> dict[str, str]:
    return {
        "change": wording.number(row["estimate"]),
        "interval": say_interval(row, result.level, wording=wording),
        "n": wording.counted(int(row["n"]), "centre"),
    }


def _count_editions(result: EditionChange, wording: Wording) -> dict[str, str]:
    """Count the centres with an index then and now: the change of all is that of their means."""
    return {
        name: wording.integer(int(result.centres[name].notna().sum()))
        for name in ("before", "after")
    }


def _say_why(result: EditionChange, methodology: Methodology, wording: Wording) -> str:
    return say_reasons(
        result.left_out,
        lambda row: row["subject"] == COUNTRY and row["statistic"] in {"total", "service"},
        methodology,
        wording,
    )


RECIPES = (make_paragraph("change", "change", EditionChange, say_change),)
