"""Frames of results told row by row, for files of data."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from clientindex.tables.agreement.names import keep
from clientindex.tables.columns import make_column, make_interval
from clientindex.tables.recipe import TableRecipe
from clientindex.tables.reliability.centres import pair_finite
from clientindex.tables.spec import TableSpec, collect_rows
from clientindex.wording.absence import take

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.tables.agreement.names import Say
    from clientindex.tables.spec import Column, Kind
    from clientindex.wording import Wording

DIGITS = 4
"""Decimals that a spreadsheet shows; files of data have all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LongColumn:
    """One column of a long table.

    Attributes
    ----------
    head : str
        Key of the heading, and name in machine-readable files. Of an interval: key of what it
        belongs to, or empty.
    source : str
        Column of the frame; of an interval what its two columns begin with.
    kind : {"text", "integer", "number", "p_value", "interval"}
    say : callable, optional
        Names a value of a text column.
    """

    head: str
    source: str
    kind: Kind
    say: Say | None = None


def tell(head: str, source: str, name: Say) -> LongColumn:
    """Make a column of names."""
    return LongColumn(head=head, source=source, kind="text", say=name)


def count(head: str, source: str = "") -> LongColumn:
    """Make a column of whole numbers."""
    return LongColumn(head=head, source=source or head, kind="integer")


def measure(head: str, source: str = "") -> LongColumn:
    """Make a column of numbers."""
    return LongColumn(head=head, source=source or head, kind="number")


def chance(head: str, source: str = "") -> LongColumn:
    """Make a column of p-values or q-values."""
    return LongColumn(head=head, source=source or head, kind="p_value")


def bound(source: str = "ci", head: str = "") -> LongColumn:
    """Make a column of intervals from the columns ``<source>_low`` and ``<source>_high``."""
    return LongColumn(head=head, source=source, kind="interval")


ESTIMATE = (measure("estimate"), bound())


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
    columns : tuple of LongColumn
    """

    name: str
    result: str
    kind: type[Any]
    frame: str
    columns: tuple[LongColumn, ...]


def make_long_recipe(table: LongTable) -> TableRecipe:
    """Make the recipe of a long table."""

    def build(bundle: Bundle, wording: Wording) -> TableSpec:
        result = take(bundle, table.result, table.kind)
        return build_long(table, result, bundle.methodology, wording)

    return TableRecipe(name=table.name, needs=(table.result,), build=build)


def build_long(
    table: LongTable, result: Any, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a row of the frame."""
    frame: pd.DataFrame = getattr(result, table.frame)
    level = getattr(result, "level", methodology.intervals.level)
    filled = [_fill(column, frame, level, methodology, wording) for column in table.columns]
    return TableSpec(
        key=table.name,
        caption=wording.text(f"table.{table.name}.title"),
        columns=tuple(column for column, _ in filled),
        rows=collect_rows(*(values for _, values in filled)),
    )


def _fill(
    column: LongColumn,
    frame: pd.DataFrame,
    level: float,
    methodology: Methodology,
    wording: Wording,
) -> tuple[Column, Any]:
    if column.kind == "interval":
        low, high = (frame[f"{column.source}_{end}"] for end in ("low", "high"))
        of = wording.text(f"column.{column.head}") if column.head else ""
        key = f"{column.head or column.source}_interval"
        head = make_interval(key, wording, level=level, digits=DIGITS, of=of)
        return head, pair_finite(low, high)
    values = frame[column.source]
    if column.kind == "text":
        name = column.say or keep
        said = [name(key, methodology, wording) for key in values]
        return make_column(column.head, wording), said
    values = values.replace([math.inf, -math.inf], math.nan)
    if column.kind == "integer":
        return make_column(column.head, wording, kind="integer"), values.round().astype("Int64")
    digits = DIGITS if column.kind == "number" else 0
    return make_column(column.head, wording, kind=column.kind, digits=digits), values
