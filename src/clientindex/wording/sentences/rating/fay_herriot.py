"""Scores drawn to a regression on what is known of centres (Fay and Herriot)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import INDEX
from clientindex.results.shrinkage import ShrunkenScores
from clientindex.wording.sentences.rating.reasons import say_reasons
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import find_row, say_interval

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording

SLOPES = ("log_visitors", "checklist")
"""Covariates with one coefficient each."""


def say_fay_herriot(result: ShrunkenScores, methodology: Methodology, wording: Wording) -> str:
    """Say what the regression takes in, what variance it leaves, and how much it explains."""
    names = [wording.text(f"sentence.covariate.{name}") for name in result.covariates]
    if not names:
        return wording.text("sentence.fay_herriot.no_covariates")
    covariates = wording.join(names)
    row = find_row(result.models, subject=INDEX, statistic="residual_variance")
    if row is None:
        reason = _say_why(result, {"fay_herriot"}, methodology, wording)
        return wording.text("sentence.fay_herriot.undefined", covariates=covariates, reason=reason)
    said = [
        wording.text(
            "sentence.fay_herriot.variance",
            covariates=covariates,
            method=wording.text(f"sentence.estimator.{result.model_variance}"),
            variance=wording.number(row["estimate"]),
            interval=say_interval(row, result.level, wording=wording),
            n=wording.counted(int(row["n"]), "centre"),
        ),
        _say_explained(result, methodology, wording),
        *_say_slopes(result, wording),
        *_say_left_out(result, methodology, wording),
    ]
    return " ".join(said)


def _say_explained(result: ShrunkenScores, methodology: Methodology, wording: Wording) -> str:
    row = find_row(result.models, subject=INDEX, statistic="r2")
    if row is None:
        reason = _say_why(result, {"r2", "coefficient.region"}, methodology, wording)
        return wording.text("sentence.fay_herriot.no_r2", reason=reason)
    return wording.text("sentence.fay_herriot.r2", r2=wording.percent(row["estimate"]))


def _say_slopes(result: ShrunkenScores, wording: Wording) -> list[str]:
    said = []
    for name in SLOPES:
        row = find_row(result.models, subject=INDEX, statistic=f"coefficient.{name}")
        if row is not None:
            said.append(
                wording.text(
                    f"sentence.fay_herriot.{name}",
                    slope=wording.number(row["estimate"], 2),
                    interval=say_interval(row, result.level, wording=wording, digits=2),
                )
            )
    return said


def _say_left_out(result: ShrunkenScores, methodology: Methodology, wording: Wording) -> list[str]:
    """Say how many centres the regression lacks, and why."""
    frame = result.left_out
    lacking = frame[
        (frame["subject"] == INDEX)
        & (frame["statistic"] == "fay_herriot")
        & (frame["centre"] != "")
    ]
    if lacking.empty:
        return []
    n = wording.counted(len(lacking), "centre")
    reason = say_reasons(lacking, lambda row: True, methodology, wording)
    return [wording.text("sentence.fay_herriot.left_out", n=n, reason=reason)]


def _say_why(
    result: ShrunkenScores, statistics: set[str], methodology: Methodology, wording: Wording
) -> str:
    return say_reasons(
        result.left_out,
        lambda row: (
            row["subject"] == INDEX and row["statistic"] in statistics and not row["centre"]
        ),
        methodology,
        wording,
    )


RECIPES = (make_paragraph("fay_herriot", "shrinkage", ShrunkenScores, say_fay_herriot),)
