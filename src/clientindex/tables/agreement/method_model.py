"""Shares of the model with one method factor of the checklist."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from clientindex.results import MethodModel
from clientindex.tables.agreement.names import name_subject
from clientindex.tables.columns import make_column
from clientindex.tables.recipe import make_recipe
from clientindex.tables.reliability.wide import collect_pairs, make_pair
from clientindex.tables.spec import TableSpec
from clientindex.wording.names import name_indicator

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording import Wording

SIDES = ("survey", "checklist")
KINDS = ("consistency", "method_specificity", "specificity")
MEASURES = ("cfi", "rmsea", "srmr")
FIT = ("chi_square", "df", "p_value", *MEASURES)


def build_model(result: MethodModel, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a group and side: shares of trait, method and the rest."""
    order = [(key, side) for key in ("all", *methodology.group_keys) for side in SIDES]
    pairs = collect_pairs(result.shares, ["subject", "side"], order, KINDS)
    columns = [
        column
        for key in KINDS[:-1]
        for column in make_pair(key, wording, level=result.level, digits=2)
    ]
    return TableSpec(
        key="method_model",
        caption=wording.text("table.method_model.title"),
        columns=(
            make_column("compared", wording),
            make_column("side", wording),
            *columns,
            make_column("specificity", wording, kind="number", digits=2),
        ),
        rows=tuple(
            (name_subject(key, methodology, wording), wording.text(f"side.{side}"), *row[:-1])
            for (key, side), row in pairs.items()
        ),
        notes=_list_notes(result, methodology, wording),
    )


def _list_notes(result: MethodModel, methodology: Methodology, wording: Wording) -> tuple[str, ...]:
    removed = "removed" if result.sampling_removed else "kept"
    notes = [
        wording.text(
            "table.method_model.note",
            estimator=_name_estimator(result.estimator, wording),
            sampling=wording.text(f"table.method_model.{removed}"),
            centres=wording.integer(result.n),
            parameters=wording.integer(result.n_parameters),
        )
    ]
    fit = dict(zip(result.fit["statistic"], result.fit["estimate"], strict=True))
    if result.converged and all(math.isfinite(fit.get(name, math.nan)) for name in FIT):
        notes.append(_tell_fit(fit, methodology, wording))
    if not result.converged:
        notes.append(wording.text("table.method_model.not_converged"))
    if result.improper:
        names = [name_indicator(key, methodology, wording) for key in result.improper.split()]
        notes.append(wording.text("table.method_model.improper", indicators="; ".join(names)))
    return tuple(notes)


def _name_estimator(estimator: str, wording: Wording) -> str:
    """Name the estimator; one without a name of its own keeps what the result calls it."""
    key = f"method_estimator.{estimator.partition(' of ')[0].replace(' ', '_')}"
    return wording.text(key) if key in wording.texts else estimator


def _tell_fit(fit: dict[str, float], methodology: Methodology, wording: Wording) -> str:
    return wording.text(
        "table.method_model.fit",
        chi2=wording.number(fit["chi_square"], 1),
        df=wording.integer(int(fit["df"])),
        p=wording.p_value(fit["p_value"]),
        **{name: wording.number(fit[name], 3) for name in MEASURES},
        source=methodology.thresholds.cfi.source.in_language(wording.language),
    )


RECIPES = (make_recipe("method_model", "method_model", MethodModel, build_model),)
