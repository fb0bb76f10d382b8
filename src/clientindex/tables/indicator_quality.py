"""The numbers of the quality boxes, one row an indicator, for files of data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex.results import Agreement, ItemAnalysis
from clientindex.tables.columns import make_column, make_interval
from clientindex.tables.recipe import TableRecipe
from clientindex.tables.spec import Column, TableSpec, Value, clean_value
from clientindex.wording.absence import take
from clientindex.wording.names import name_group, name_indicator
from clientindex.wording.sentences.indicator_quality import say_verdict
from clientindex.wording.sentences.quality_values import list_quality

if TYPE_CHECKING:
    from clientindex.results import Bundle
    from clientindex.wording import Wording
    from clientindex.wording.sentences.quality_values import IndicatorQuality

NUMBERS = {
    "missing": ("no_answer_share", "percent", 1),
    "mean": ("mean_answer", "number", 2),
    "ceiling": ("ceiling_share", "percent", 1),
    "item_rest": ("item_rest", "number", 2),
    "loading": ("own_loading", "number", 2),
    "ccc": ("lin", "number", 2),
    "bias": ("checklist_bias", "number", 1),
}
"""Statistic -> column, kind, decimals; the interval stands beside all that are no shares."""


def build_quality(bundle: Bundle, wording: Wording) -> TableSpec:
    """Build one row an indicator: weights, answers, relations, the checklist, the verdict."""
    return TableSpec(
        key="indicator_quality",
        caption=wording.text("table.indicator_quality.title"),
        columns=(
            make_column("group", wording),
            make_column("indicator", wording),
            make_column("weight_in_group", wording, kind="percent", digits=1),
            make_column("weight_in_index", wording, kind="percent", digits=1),
            make_column("answers", wording, kind="integer"),
            *_list_numbers(bundle, wording),
            make_column("verdict_in_words", wording),
        ),
        rows=tuple(_list_cells(q, bundle, wording) for q in list_quality(bundle)),
        notes=(wording.text("table.indicator_quality.note"),),
    )


def _list_numbers(bundle: Bundle, wording: Wording) -> list[Column]:
    items = take(bundle, "item_analysis", ItemAnalysis)
    agreement = bundle.results.get("agreement")
    columns = []
    for name, (key, kind, digits) in NUMBERS.items():
        compared = name in ("ccc", "bias") and isinstance(agreement, Agreement)
        level = agreement.level if compared and isinstance(agreement, Agreement) else items.level
        column = make_column(key, wording, kind=kind, digits=digits)  # type: ignore[arg-type]  # kinds of columns
        columns.append(column)
        if kind == "number":
            columns.append(
                make_interval(f"{key}_ci", wording, level=level, digits=digits, of=column.header)
            )
    return columns


def _list_cells(quality: IndicatorQuality, bundle: Bundle, wording: Wording) -> tuple[Value, ...]:
    rows, methodology = quality.rows, bundle.methodology
    cells: list[Any] = [
        name_group(quality.group, methodology, wording),
        name_indicator(quality.key, methodology, wording),
        quality.weight,
        quality.weight_in_index,
        rows["mean"]["n"] if "mean" in rows else None,
    ]
    for name, (_, kind, _) in NUMBERS.items():
        row = rows.get(name)
        cells.append(None if row is None else row["estimate"])
        if kind == "number":
            cells.append(None if row is None else (row["ci_low"], row["ci_high"]))
    return (*map(clean_value, cells), say_verdict(quality, wording=wording))


RECIPE = TableRecipe(name="indicator_quality", needs=("item_analysis",), build=build_quality)
