"""Scores drawn to their common mean, and how sure they are then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import INDEX
from clientindex.results.shrinkage import ShrunkenScores
from clientindex.wording.sentences.rating.reasons import say_reasons
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import find_row, is_known, list_rows, say_interval

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording

LEADING = "reml"
"""Estimator of the variance that is told where the shrinkage has no estimate of its own."""


def say_shrinkage(result: ShrunkenScores, methodology: Methodology, wording: Wording) -> str:
    """Say the mean and variance of true indices, how far estimates move, and robust intervals."""
    mean = find_row(result.models, subject=INDEX, statistic="mean")
    if mean is None:
        reason = say_reasons(
            result.left_out,
            lambda row: (row["subject"], row["statistic"], row["centre"]) == (INDEX, "shrunk", ""),
            methodology,
            wording,
        )
        return wording.text("sentence.shrinkage.undefined", reason=reason)
    said = [
        wording.text(
            "sentence.shrinkage.mean",
            estimator=wording.text(f"sentence.estimator.{result.estimator}"),
            mean=wording.number(mean["estimate"]),
            interval=say_interval(mean, result.level, wording=wording),
            n=wording.counted(int(mean["n"]), "centre"),
        ),
        *_say_variance(result, wording),
        *_say_factors(result, wording),
        _say_robust(result, methodology, wording),
        wording.text("sentence.shrinkage.caution"),
    ]
    return " ".join(said)


def _say_variance(result: ShrunkenScores, wording: Wording) -> list[str]:
    own = find_row(result.models, subject=INDEX, statistic="tau2", method=result.estimator)
    row = own or find_row(result.models, subject=INDEX, statistic="tau2", method=LEADING)
    if row is None:
        return []
    return [
        wording.text(
            "sentence.shrinkage.variance",
            method=wording.text(f"sentence.estimator.{row['method']}"),
            variance=wording.number(row["estimate"]),
            interval=say_interval(row, result.level, wording=wording),
        )
    ]


def _say_factors(result: ShrunkenScores, wording: Wording) -> list[str]:
    rows = [row for row in list_rows(result.centres) if row["subject"] == INDEX]
    factors = [float(row["factor"]) for row in rows if is_known(row, "factor")]
    if not factors:
        return []
    least, most = wording.percent(min(factors)), wording.percent(max(factors))
    span = least if least == most else wording.text("list.span", low=least, high=most)
    return [wording.text("sentence.shrinkage.factors", span=span)]


def _say_robust(result: ShrunkenScores, methodology: Methodology, wording: Wording) -> str:
    kappa = find_row(result.models, subject=INDEX, statistic="kappa")
    if kappa is None:
        reason = say_reasons(
            result.left_out,
            lambda row: row["subject"] == INDEX and row["statistic"] == "robust",
            methodology,
            wording,
        )
        return wording.text("sentence.shrinkage.no_robust", reason=reason)
    return wording.text(
        "sentence.shrinkage.robust",
        level=wording.percent(result.level),
        kappa=wording.number(kappa["estimate"]),
    )


RECIPES = (make_paragraph("shrinkage", "shrinkage", ShrunkenScores, say_shrinkage),)
