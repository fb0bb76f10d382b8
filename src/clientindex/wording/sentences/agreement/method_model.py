"""Sentences about the confirmatory model with a method factor of the checklist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.results import MethodModel
from clientindex.wording.names import name_variable
from clientindex.wording.sentences.agreement.reasons import say_reasons
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import find_row, say_percents

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording

DIGITS: Final = 3
MEASURES: Final = ("cfi", "rmsea", "srmr")
ALL: Final = "all"


def say_method_model(result: MethodModel, methodology: Methodology, wording: Wording) -> str:
    """Say the model, its fit, the shares of trait and method, and what troubles it."""
    values = {
        "centres": wording.counted(result.n, "centre"),
        "parameters": wording.integer(result.n_parameters),
    }
    if not result.converged or result.fit.empty:
        named = {str(name) for name in result.left_out["statistic"]}
        reason = (
            say_reasons(result.left_out, named, methodology, wording)
            if named
            else wording.text("unavailable.agreement.not_converged")
        )
        return wording.text("sentence.method_model.no_estimates", reason=reason, **values)
    said = [wording.text("sentence.method_model.model", **values)]
    said += _say_fit(result, methodology, wording)
    said += _say_shares(result, wording)
    if not result.sampling_removed:
        said.append(wording.text("sentence.method_model.sampling_kept"))
    if result.improper:
        names = [name_variable(key, methodology, wording) for key in result.improper.split()]
        said.append(wording.text("sentence.method_model.improper", indicators="; ".join(names)))
    return " ".join([*said, wording.text("sentence.method_model.caution")])


def _say_fit(result: MethodModel, methodology: Methodology, wording: Wording) -> list[str]:
    rows = {name: find_row(result.fit, statistic=name) for name in MEASURES}
    found = {name: row["estimate"] for name, row in rows.items() if row is not None}
    if len(found) < len(MEASURES):
        return []
    words = {
        f"{name}_word": wording.text(
            f"level.{name}.{getattr(methodology.thresholds, name).classify(value)}"
        )
        for name, value in found.items()
    }
    numbers = {name: wording.number(value, DIGITS) for name, value in found.items()}
    return [wording.text("sentence.method_model.fit", **numbers, **words)]


def _say_shares(result: MethodModel, wording: Wording) -> list[str]:
    frame = result.shares[(result.shares["subject"] == ALL)]
    rows = [
        find_row(frame, side="checklist", statistic=name)
        for name in ("consistency", "method_specificity")
    ]
    trait, method = rows
    if trait is None or method is None:
        return []
    return [
        wording.text(
            "sentence.method_model.shares",
            trait=wording.percent(trait["estimate"]),
            trait_interval=say_percents(trait, result.level, wording=wording),
            method=wording.percent(method["estimate"]),
            method_interval=say_percents(method, result.level, wording=wording),
        )
    ]


RECIPES = (make_paragraph("method_model", "method_model", MethodModel, say_method_model),)
