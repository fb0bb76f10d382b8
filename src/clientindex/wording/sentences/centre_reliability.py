"""Sentences about how reliably centres are told apart."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from clientindex.results import INDEX, CentreReliability
from clientindex.wording.absence import name_reason
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import Row, list_rows, say_interval

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording

DIGITS = 2


def say_centre_reliability(
    result: CentreReliability, methodology: Methodology, wording: Wording
) -> str:
    """Say the share between centres, the reliability of the index and the answers it takes."""
    frame = result.coefficients
    chosen = (frame["kind"] == "all") & (frame["group"] == INDEX) & (frame["method"] == "reml")
    rows = {str(row["statistic"]): row for row in list_rows(frame[chosen])}
    if not rows:
        return _say_undefined(result, methodology, wording)
    level = result.confidence
    icc, mean = rows["icc1"], rows["mean_reliability"]
    said = [
        wording.text(
            "sentence.centre_reliability.share",
            icc=wording.percent(icc["estimate"]),
            interval=say_interval(_to_percent(icc), level, wording=wording, digits=0),
            centres=wording.counted(int(icc["n_centres"]), "centre"),
            n=wording.counted(int(icc["n"]), "respondent"),
        )
    ]
    answers = _pick_answers(result, methodology)
    if math.isinf(answers["estimate"]):
        return " ".join([*said, wording.text("sentence.centre_reliability.not_enough")])
    word = methodology.thresholds.centre_reliability.classify(mean["estimate"])
    said.append(
        wording.text(
            "sentence.centre_reliability.mean",
            mean=wording.number(mean["estimate"], DIGITS),
            interval=say_interval(mean, level, wording=wording, digits=DIGITS),
            verdict=wording.text(f"level.centre_reliability.{word}"),
            share=wording.percent(answers["share"]),
            level=wording.number(answers["level"], 1),
        )
    )
    said.append(_say_needed(answers, rows["reliability_at_minimum"], result, wording))
    return " ".join(said)


def _say_needed(answers: Row, at_minimum: Row, result: CentreReliability, wording: Wording) -> str:
    low, high = answers["ci_low"], answers["ci_high"]
    bounded = {
        "ci_low": math.ceil(low) if math.isfinite(high) else math.nan,
        "ci_high": math.ceil(high) if math.isfinite(high) else math.nan,
    }
    level = result.confidence
    return wording.text(
        "sentence.centre_reliability.needed",
        level=wording.number(answers["level"], 1),
        answers=wording.counted(math.ceil(answers["estimate"]), "answer_of"),
        interval=say_interval(bounded, level, wording=wording, digits=0),
        minimum=wording.integer(result.minimum_sample),
        at_minimum=wording.number(at_minimum["estimate"], DIGITS),
        at_minimum_interval=say_interval(at_minimum, level, wording=wording, digits=DIGITS),
    )


def _pick_answers(result: CentreReliability, methodology: Methodology) -> Row:
    """Return the row of the middle one of the levels asked for."""
    levels = methodology.reliability.centre_levels
    frame = result.answers
    chosen = (frame["kind"] == "all") & (frame["group"] == INDEX)
    rows = list_rows(frame[chosen & (frame["level"] == sorted(levels)[len(levels) // 2])])
    return rows[0]


def _to_percent(row: Row) -> Row:
    return {name: 100 * row[name] for name in ("ci_low", "ci_high")}


def _say_undefined(result: CentreReliability, methodology: Methodology, wording: Wording) -> str:
    frame = result.left_out
    chosen = (frame["kind"] == "all") & (frame["group"] == INDEX) & (frame["statistic"] == "")
    reasons = [
        name_reason(f"reliability.{key}", "", methodology, wording=wording)
        for key in frame.loc[chosen, "reason"]
    ]
    return wording.text("sentence.centre_reliability.undefined", reason=" ".join(reasons))


RECIPES = (
    make_paragraph(
        "centre_reliability", "centre_reliability", CentreReliability, say_centre_reliability
    ),
)
