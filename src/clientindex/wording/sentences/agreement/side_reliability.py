"""Sentences about the reliability of each source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.results import INDEX, SideReliability
from clientindex.wording.names import name_group
from clientindex.wording.sentences.agreement.reasons import say_reasons
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import (
    Row,
    find_row,
    is_known,
    list_rows,
    say_interval,
    say_percents,
)

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording

DIGITS: Final = 2
TWICE: Final = ("bias", "error_sd", "reliability")
"""What is told of checklists that were filled in twice."""


def say_sides(result: SideReliability, methodology: Methodology, wording: Wording) -> str:
    """Say how reliable the survey's scores are, and what is known of the checklists'."""
    return " ".join(
        [*_say_survey(result, methodology, wording), _say_checklist(result, methodology, wording)]
    )


def _say_survey(result: SideReliability, methodology: Methodology, wording: Wording) -> list[str]:
    frame = result.frame[result.frame["side"] == "survey"]
    mean = find_row(frame, subject=INDEX, statistic="mean_reliability")
    share = find_row(frame, subject=INDEX, statistic="share_provisional")
    if mean is None or share is None:
        reason = say_reasons(result.left_out, {"survey"}, methodology, wording, subjects={INDEX})
        return [wording.text("sentence.side_reliability.no_survey", reason=reason)]
    word = methodology.thresholds.centre_reliability.classify(mean["estimate"])
    said = [
        wording.text(
            "sentence.side_reliability.survey",
            mean=wording.number(mean["estimate"], DIGITS),
            interval=say_interval(mean, result.level, wording=wording, digits=DIGITS),
            centres=wording.counted(int(mean["n"]), "centre"),
            verdict=wording.text(f"level.centre_reliability.{word}"),
            below=wording.number(result.provisional_below, DIGITS),
            share=wording.percent(share["estimate"], 1),
            share_interval=say_percents(share, result.level, wording=wording, digits=1),
        )
    ]
    groups = frame[(frame["statistic"] == "mean_reliability") & (frame["subject"] != INDEX)]
    known = [row for row in list_rows(groups) if is_known(row)]
    if known:
        least = min(known, key=lambda row: row["estimate"])
        said.append(
            wording.text(
                "sentence.side_reliability.least",
                group=name_group(str(least["subject"]), methodology, wording),
                least=wording.number(least["estimate"], DIGITS),
                interval=say_interval(least, result.level, wording=wording, digits=DIGITS),
            )
        )
    return said


def _say_checklist(result: SideReliability, methodology: Methodology, wording: Wording) -> str:
    if not result.n_twice:
        return wording.text("sentence.side_reliability.unknown")
    twice = wording.counted(result.n_twice, "centre_in")
    frame = result.frame[(result.frame["side"] == "checklist") & (result.frame["subject"] == INDEX)]
    found = {name: find_row(frame, statistic=name) for name in TWICE}
    rows = {name: row for name, row in found.items() if row is not None}
    if len(rows) < len(TWICE):
        named = {"checklist", *TWICE}
        reason = say_reasons(result.left_out, named, methodology, wording, subjects={INDEX})
        return wording.text("sentence.side_reliability.too_few", twice=twice, reason=reason)
    return _say_twice(rows, twice, result.level, wording)


def _say_twice(rows: dict[str, Row], twice: str, level: float, wording: Wording) -> str:
    digits = {"bias": 1, "error_sd": 1, "reliability": DIGITS}
    numbers = {name: wording.number(row["estimate"], digits[name]) for name, row in rows.items()}
    intervals = {
        f"{name}_interval": say_interval(row, level, wording=wording, digits=digits[name])
        for name, row in rows.items()
    }
    return wording.text("sentence.side_reliability.twice", twice=twice, **numbers, **intervals)


RECIPES = (make_paragraph("side_reliability", "side_reliability", SideReliability, say_sides),)
