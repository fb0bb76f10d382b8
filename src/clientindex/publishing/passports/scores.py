"""Groups and indicators of a passport: survey and checklist side by side, with a drawing a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex.results import Agreement
from clientindex.wording.absence import explain_absence
from clientindex.wording.names import name_group, name_indicator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.publishing.passports.values import Passport, Scored
    from clientindex.results import Bundle
    from clientindex.wording import Wording

COLUMNS = ("part", "survey", "interval", "n", "checklist", "country")


def describe_scores(passport: Passport, bundle: Bundle, wording: Wording) -> dict[str, Any]:
    """Return the rows as texts and as numbers for the drawing, with headings, legend and notes."""
    blended = _is_blended(bundle)
    columns = ["both" if key == "survey" and blended else key for key in COLUMNS]
    texts = {key: wording.text(f"passport.scores.{key}") for key in (*columns, "title")}
    legend = {
        key: wording.text(f"passport.scores.legend_{key}")
        for key in ("survey", "checklist", "country")
    }
    return {
        "title": texts["title"],
        "columns": [texts[columns[0]], "", *(texts[key] for key in columns[1:])],
        "drawn": bundle.methodology.scoring.scale == "points",
        "legend": legend,
        "rows": [_describe(row, bundle, wording) for row in passport.scores],
        "note": " ".join(_list_notes(passport, bundle, wording)),
    }


def _describe(row: Scored, bundle: Bundle, wording: Wording) -> dict[str, Any]:
    name = name_group if row.kind == "group" else name_indicator
    survey, country = row.survey, row.country
    return {
        "group": row.kind == "group",
        "cells": [
            name(row.key, bundle.methodology, wording),
            *_write(survey.value, survey.low, survey.high, wording),
            wording.missing if survey.n is None else wording.integer(survey.n),
            wording.missing if row.checklist is None else wording.number(row.checklist),
            _write_country(row, wording),
        ],
        "value": survey.value,
        "low": survey.low,
        "high": survey.high,
        "checklist": row.checklist,
        "country": None if country is None else country.value,
    }


def _write(
    value: float | None, low: float | None, high: float | None, wording: Wording
) -> tuple[str, str]:
    none = wording.missing
    return (
        none if value is None else wording.number(value),
        none if low is None or high is None else wording.interval(low, high),
    )


def _write_country(row: Scored, wording: Wording) -> str:
    """Write the country's mean of a group with its interval; indicators have none."""
    if row.kind != "group":
        return ""
    country = row.country
    if country is None or country.value is None:
        return wording.missing
    value, ends = _write(country.value, country.low, country.high, wording)
    return value if ends == wording.missing else f"{value} {ends}"


def _is_blended(bundle: Bundle) -> bool:
    rule = bundle.methodology.checklist
    return rule is not None and rule.use == "blend"


def _list_notes(passport: Passport, bundle: Bundle, wording: Wording) -> Iterator[str]:
    agreement = bundle.results.get("agreement")
    if not isinstance(agreement, Agreement):
        yield explain_absence(bundle, ["agreement"], wording=wording)
    elif agreement.checklists.empty:
        yield wording.text("passport.scores.old_bundle")
    elif not passport.has_checklist:
        yield wording.text("passport.scores.no_checklist")
    else:
        yield wording.text("passport.scores.checklist_note")
        rule = bundle.methodology.checklist
        yield wording.text(f"passport.scores.{'verify' if rule is None else rule.use}")
