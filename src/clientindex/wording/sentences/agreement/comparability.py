"""Sentences about who is compared, and what the scales allow to compare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.results import INDEX, SourceComparison
from clientindex.wording.names import name_group
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import find_row, is_known, list_rows, say_percents

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording

REASONS: Final = ("survey_only", "checklist_only", "other_period", "not_applicable", "incomplete")
"""Why centres are not compared, in the order in which they are told."""

INCOMPLETE: Final = "incomplete"
ALL: Final = "all"


def say_comparability(result: SourceComparison, methodology: Methodology, wording: Wording) -> str:
    """Say who is compared and who is not, what scales mean, ceilings and straight lines."""
    said = [*_say_centres(result, wording), _say_scales(result, wording)]
    if result.sampling == "bound":
        said.append(wording.text("sentence.comparability.bound"))
    said += _say_ceiling(result, methodology, wording)
    said += _say_straight_lines(result, wording)
    return " ".join(said)


def _say_centres(result: SourceComparison, wording: Wording) -> list[str]:
    n = wording.counted(result.n, "centre_of")
    if result.n_shared == result.n:
        said = [wording.text("sentence.comparability.all_shared", n=n)]
    else:
        shared = wording.integer(result.n_shared)
        said = [wording.text("sentence.comparability.shared", n=n, shared=shared)]
    reasons = [
        wording.text(f"sentence.comparability.{reason}", n=wording.counted(count, "centre"))
        for reason, count in _count_reasons(result).items()
        if count
    ]
    if not reasons:
        return [*said, wording.text("sentence.comparability.none_left_out")]
    told = "; ".join(reasons)
    return [*said, wording.text("sentence.comparability.left_out", reasons=told)]


def _count_reasons(result: SourceComparison) -> dict[str, int]:
    """Count the centres that are not compared; those without any data are in no frame."""
    found = result.centres["reason"].value_counts()
    counts = {reason: int(found.get(reason, 0)) for reason in REASONS}
    unshared = result.n - result.n_shared
    silent = unshared - sum(counts[reason] for reason in REASONS if reason != INCOMPLETE)
    return {**counts, "no_data": max(silent, 0)}


def _say_scales(result: SourceComparison, wording: Wording) -> str:
    if result.scales == "common":
        return wording.text("sentence.comparability.common")
    how = wording.text(f"sentence.comparability.by_{result.linking}")
    return wording.text("sentence.comparability.linked", how=how)


def _say_ceiling(result: SourceComparison, methodology: Methodology, wording: Wording) -> list[str]:
    frame = result.shares
    chosen = (frame["statistic"] == "ceiling") & ~frame["subject"].isin([INDEX, ALL])
    rows = [row for row in list_rows(frame[chosen]) if is_known(row)]
    staff = [row for row in rows if row["side"] == "checklist"]
    if not staff:
        return []
    most = max(staff, key=lambda row: row["estimate"])
    if most["estimate"] == 0:
        return [wording.text("sentence.comparability.no_ceiling")]
    visitors = [r for r in rows if r["side"] == "survey" and r["subject"] == most["subject"]]
    survey = wording.percent(visitors[0]["estimate"]) if visitors else wording.missing
    return [
        wording.text(
            "sentence.comparability.ceiling",
            group=name_group(str(most["subject"]), methodology, wording),
            share=wording.percent(most["estimate"]),
            interval=say_percents(most, result.level, wording=wording),
            survey=survey,
        )
    ]


def _say_straight_lines(result: SourceComparison, wording: Wording) -> list[str]:
    frame = result.shares[result.shares["subject"] == ALL]
    every = find_row(frame, statistic="straight_lined")
    if every is None:
        return []
    if every["estimate"] == 0:
        return [wording.text("sentence.comparability.no_straight_lines")]
    highest = find_row(frame, statistic="straight_lined_highest")
    return [
        wording.text(
            "sentence.comparability.straight_lines",
            share=wording.percent(every["estimate"]),
            interval=say_percents(every, result.level, wording=wording),
            highest=wording.missing if highest is None else wording.percent(highest["estimate"]),
        )
    ]


RECIPES = (make_paragraph("comparability", "comparability", SourceComparison, say_comparability),)
