"""Every number of reliability in every part of the data, for files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from clientindex.results import (
    AnswerQuality,
    CentreReliability,
    Consistency,
    IndicatorSets,
    ItemAnalysis,
    OmegaTable,
)
from clientindex.tables.columns import make_column, make_interval
from clientindex.tables.no_answer import name_reason
from clientindex.tables.recipe import TableRecipe
from clientindex.tables.reliability.centres import pair_finite
from clientindex.tables.reliability.sets import name_list
from clientindex.tables.spec import TableSpec, collect_rows
from clientindex.wording.absence import take
from clientindex.wording.names import name_group, name_indicator, name_scope

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.tables.spec import Column
    from clientindex.wording import Wording

DIGITS = 4
"""Decimals that a spreadsheet shows; files of data have all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LongTable:
    """A frame of a result told row by row.

    Attributes
    ----------
    name : str
        Of the table.
    result : str
        Name of the result in the bundle.
    kind : type
    frame : str
        Field of the result.
    columns : tuple of str
        Columns in order: one of :data:`WORDS`, :data:`NUMBERS` or :data:`INTERVALS`, or "scope"
        (two columns).
    """

    name: str
    result: str
    kind: type[Any]
    frame: str
    columns: tuple[str, ...]


def _say(prefix: str) -> Callable[[Any, Methodology, Wording], str]:
    return lambda key, _, wording: wording.text(f"{prefix}.{key}")


def _name_change_target(key: str, methodology: Methodology, wording: Wording) -> str | None:
    return name_group(key, methodology, wording) if key else None


WORDS: dict[str, tuple[str, Callable[[Any, Methodology, Wording], str | None]]] = {
    "group": ("group", name_group),
    "indicator": ("indicator", name_indicator),
    "statistic": ("coefficient", _say("coefficient")),
    "interval_method": ("interval_method", _say("interval_method")),
    "method": ("method", _say("interval_method")),
    "component": ("component", _say("variance_component")),
    "solution": ("solution", _say("solution")),
    "facet": ("facet", _say("facet")),
    "rule": ("quality_rule", _say("quality_rule_name")),
    "change": ("set_change", _say("set_change")),
    "target": ("target_group", _name_change_target),
    "best_by": ("best_by", _say("coefficient")),
    "chosen": ("chosen_indicators", name_list),
    "region": ("region", lambda key, *_: str(key)),
    "centre": ("centre_id", lambda key, *_: str(key)),
    "reason": ("missing_reason", name_reason),
    "own": ("own_variance", lambda key, _, wording: _yes(key, wording)),
    "flagged": ("flagged", lambda key, _, wording: _yes(key, wording)),
}
"""Column of the frame -> key of the heading, and how a value is named."""

NUMBERS: dict[str, tuple[str, str, str]] = {
    "estimate": ("estimate", "estimate", "number"),
    "std_error": ("std_error", "std_error", "number"),
    "n": ("n", "n_respondents", "integer"),
    "n_answers": ("n", "answers", "integer"),
    "n_given": ("n", "answer_count", "integer"),
    "n_missing": ("n", "answer_count", "integer"),
    "n_asked": ("n_asked", "n_asked", "integer"),
    "n_centres": ("n_centres", "n_centres", "integer"),
    "n_flagged": ("n_flagged", "n_flagged", "integer"),
    "n_removed": ("n_removed", "n_removed", "integer"),
    "answer": ("answer", "answer", "integer"),
    "score": ("score", "score", "number"),
    "error": ("error", "sampling_variance", "number"),
    "share": ("share", "share", "percent"),
    "level": ("level", "reliability_level", "number"),
    "reaching": ("share", "share_reaching", "percent"),
    "indicators": ("indicators", "n_indicators", "integer"),
    "respondents": ("respondents", "n_respondents", "integer"),
    "before": ("before", "before", "number"),
    "after": ("after", "after", "number"),
    "size": ("size", "set_size", "integer"),
    "p_value": ("p_value", "p_value", "p_value"),
    "q_value": ("q_value", "q_value", "p_value"),
}
"""Column of a table -> column of the frame, key of the heading, kind."""


INTERVALS: dict[str, tuple[str, str, int]] = {
    "interval": ("ci", "", 1),
    "before_interval": ("before", "before", 1),
    "after_interval": ("after", "after", 1),
    "share_interval_percent": ("share", "share", 100),
    "reaching_interval_percent": ("share", "share_reaching", 100),
}
"""Column of a table -> what its two columns of the frame begin with, heading of what it belongs to,
factor."""


def _yes(value: Any, wording: Wording) -> str:
    return wording.text(f"yes_no.{'yes' if value else 'no'}")


def _build(table: LongTable, bundle: Bundle, wording: Wording) -> TableSpec:
    result = take(bundle, table.result, table.kind)
    frame: pd.DataFrame = getattr(result, table.frame)
    level = getattr(result, "confidence", None) or result.level
    columns: list[Column] = []
    values: list[Any] = []
    for name in table.columns:
        heads, cells = _fill(name, frame, level, bundle.methodology, wording)
        columns += heads
        values += cells
    return TableSpec(
        key=table.name,
        caption=wording.text(f"table.{table.name}.title"),
        columns=tuple(columns),
        rows=collect_rows(*values),
    )


def _fill(
    name: str, frame: pd.DataFrame, level: float, methodology: Methodology, wording: Wording
) -> tuple[list[Column], list[Any]]:
    """Return headings and cells of one column, or of two for "scope"."""
    if name == "scope":
        heads = [make_column(key, wording) for key in ("part_kind", "scope_part")]
        kinds = [wording.text(f"scope.{kind}") for kind in frame["kind"]]
        parts = zip(frame["kind"], frame["part"], strict=True)
        return heads, [kinds, [name_scope(*part, methodology, wording) for part in parts]]
    if name in INTERVALS:
        prefix, head, scale = INTERVALS[name]
        low, high = (scale * frame[f"{prefix}_{end}"] for end in ("low", "high"))
        of = wording.text(f"column.{head}") if head else ""
        column = make_interval(name, wording, level=level, digits=DIGITS, of=of)
        return [column], [pair_finite(low, high)]
    if name in WORDS:
        head, say = WORDS[name]
        source = {"interval_method": "method", "chosen": "indicators"}.get(name, name)
        said = [say(key, methodology, wording) for key in frame[source]]
        return [make_column(head, wording)], [said]
    source, head, kind = NUMBERS[name]
    digits = 0 if kind == "integer" else DIGITS
    numbers = frame[source].replace([float("inf"), float("-inf")], float("nan"))
    if kind == "integer":
        numbers = numbers.round().astype("Int64")
    return [make_column(head, wording, kind=kind, digits=digits)], [numbers]  # type: ignore[arg-type]  # kinds stand in NUMBERS


_ESTIMATE = ("estimate", "interval")

LONG_TABLES = (
    LongTable(
        name="coefficients",
        result="consistency",
        kind=Consistency,
        frame="frame",
        columns=(
            *("scope", "group", "statistic", "estimate", "std_error"),
            *("interval", "interval_method", "n", "n_centres"),
        ),
    ),
    LongTable(
        name="omega_parts",
        result="omegas",
        kind=OmegaTable,
        frame="frame",
        columns=("scope", "group", "solution", "statistic", *_ESTIMATE, "n"),
    ),
    LongTable(
        name="item_parts",
        result="item_analysis",
        kind=ItemAnalysis,
        frame="items",
        columns=("scope", "indicator", "statistic", *_ESTIMATE, "n_answers"),
    ),
    LongTable(
        name="item_relation_parts",
        result="item_analysis",
        kind=ItemAnalysis,
        frame="relations",
        columns=("scope", "group", "indicator", "statistic", *_ESTIMATE, "n"),
    ),
    LongTable(
        name="option_shares",
        result="item_analysis",
        kind=ItemAnalysis,
        frame="options",
        columns=("scope", "indicator", "answer", *_ESTIMATE, "n_given"),
    ),
    LongTable(
        name="missing_reasons",
        result="item_analysis",
        kind=ItemAnalysis,
        frame="reasons",
        columns=("scope", "indicator", "reason", "n_missing", "n_asked", *_ESTIMATE),
    ),
    LongTable(
        name="component_parts",
        result="centre_reliability",
        kind=CentreReliability,
        frame="components",
        columns=(
            *("scope", "group", "method", "component"),
            *(*_ESTIMATE, "share", "share_interval_percent"),
        ),
    ),
    LongTable(
        name="centre_coefficients",
        result="centre_reliability",
        kind=CentreReliability,
        frame="coefficients",
        columns=("scope", "group", "statistic", "method", *_ESTIMATE, "n", "n_centres"),
    ),
    LongTable(
        name="centre_reliabilities",
        result="centre_reliability",
        kind=CentreReliability,
        frame="centres",
        columns=("scope", "group", "region", "centre", "n", "score", "error", "own", *_ESTIMATE),
    ),
    LongTable(
        name="answer_parts",
        result="centre_reliability",
        kind=CentreReliability,
        frame="answers",
        columns=("scope", "group", "level", "reaching", "reaching_interval_percent", *_ESTIMATE),
    ),
    LongTable(
        name="generalizability",
        result="centre_reliability",
        kind=CentreReliability,
        frame="generalizability",
        columns=("scope", "group", "component", *_ESTIMATE),
    ),
    LongTable(
        name="decision_curves",
        result="centre_reliability",
        kind=CentreReliability,
        frame="curves",
        columns=("scope", "group", "facet", "indicators", "respondents", "statistic", *_ESTIMATE),
    ),
    LongTable(
        name="quality_shares",
        result="answer_quality",
        kind=AnswerQuality,
        frame="shares",
        columns=("scope", "rule", "n", "n_flagged", *_ESTIMATE),
    ),
    LongTable(
        name="quality_centres",
        result="answer_quality",
        kind=AnswerQuality,
        frame="centres",
        columns=(
            *("rule", "region", "centre", "n", "n_flagged"),
            *(*_ESTIMATE, "p_value", "q_value", "flagged"),
        ),
    ),
    LongTable(
        name="quality_effect_parts",
        result="answer_quality",
        kind=AnswerQuality,
        frame="effects",
        columns=(
            *("scope", "rule", "statistic", "group"),
            *("before", "before_interval", "after", "after_interval"),
            *(*_ESTIMATE, "n_removed", "n_centres"),
        ),
    ),
    LongTable(
        name="index_changes",
        result="answer_quality",
        kind=AnswerQuality,
        frame="changes",
        columns=("region", "centre", "n", "n_removed", "before", "after", *_ESTIMATE),
    ),
    LongTable(
        name="indicator_changes",
        result="indicator_sets",
        kind=IndicatorSets,
        frame="changes",
        columns=(
            *("scope", "change", "indicator", "target", "group", "statistic"),
            *("before", "before_interval", "after", "after_interval", *_ESTIMATE),
        ),
    ),
    LongTable(
        name="subset_parts",
        result="indicator_sets",
        kind=IndicatorSets,
        frame="subsets",
        columns=("scope", "group", "size", "best_by", "chosen", "statistic", *_ESTIMATE),
    ),
)


def _make(table: LongTable) -> TableRecipe:
    def build(bundle: Bundle, wording: Wording) -> TableSpec:
        return _build(table, bundle, wording)

    return TableRecipe(name=table.name, needs=(table.result,), build=build)


RECIPES = tuple(_make(table) for table in LONG_TABLES)
