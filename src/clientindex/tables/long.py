"""Frames of results told row by row, for files of data."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from clientindex.tables.columns import make_column, make_interval, make_star_column
from clientindex.tables.naming import keep
from clientindex.tables.recipe import TableRecipe
from clientindex.tables.spec import TableSpec, collect_rows
from clientindex.wording.absence import take

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.tables.naming import Say
    from clientindex.tables.spec import Column, Ends, Kind
    from clientindex.wording import Wording

DIGITS = 4
"""Decimals that a spreadsheet shows; files of data have all."""

ENDS = ("low", "high")


@dataclass(frozen=True, slots=True, kw_only=True)
class LongColumn:
    """One column of a long table.

    Attributes
    ----------
    head : str
        Key of the heading, and name in machine-readable files. Of an interval: key of what it
        belongs to, or empty.
    source : str or tuple of str
        Column of the frame; of an interval what its two columns begin with; of names that take
        several columns all of these.
    kind : {"text", "integer", "number", "percent", "p_value", "interval"}
    say : callable, optional
        Names a value of a text column; a tuple where there are several columns.
    key : str
        Name of an interval in machine-readable files, if not that of its heading.
    scale : float
        Factor of both ends of an interval, such as 100 for per cent.
    digits : int
        Decimals of numbers, shares and intervals.
    halves : bool
        Whether whole numbers may be halves, which then have one decimal.
    named : bool
        Whether an interval has the heading of what it belongs to in documents, where it stands
        without an estimate; else that of an interval.
    ends : {"rounded", "exact", "never"}
        When a share may be shown as 0 or 100 %, as of :class:`~clientindex.tables.spec.Column`.
    """

    head: str
    source: str | tuple[str, ...]
    kind: Kind
    say: Say | None = None
    key: str = ""
    scale: float = 1
    digits: int = DIGITS
    halves: bool = False
    named: bool = False
    ends: Ends = "rounded"


def tell(head: str, source: str | tuple[str, ...], name: Say) -> LongColumn:
    """Make a column of names."""
    return LongColumn(head=head, source=source, kind="text", say=name)


def count(head: str, source: str = "") -> LongColumn:
    """Make a column of whole numbers."""
    return LongColumn(head=head, source=source or head, kind="integer")


def stars(head: str = "star", source: str = "") -> LongColumn:
    """Make a column of stars, whole numbers or halves."""
    return LongColumn(head=head, source=source or head, kind="integer", halves=True)


def measure(head: str, source: str = "", *, digits: int = DIGITS) -> LongColumn:
    """Make a column of numbers."""
    return LongColumn(head=head, source=source or head, kind="number", digits=digits)


def share(
    head: str, source: str = "", *, digits: int = DIGITS, ends: Ends = "rounded"
) -> LongColumn:
    """Make a column of shares, told as per cent."""
    return LongColumn(head=head, source=source or head, kind="percent", digits=digits, ends=ends)


def chance(head: str, source: str = "") -> LongColumn:
    """Make a column of p-values or q-values."""
    return LongColumn(head=head, source=source or head, kind="p_value")


def bound(
    source: str = "ci",
    head: str = "",
    *,
    key: str = "",
    scale: float = 1,
    digits: int = DIGITS,
    named: bool = False,
) -> LongColumn:
    """Make a column of intervals from the columns ``<source>_low`` and ``<source>_high``."""
    return LongColumn(
        head=head,
        source=source,
        kind="interval",
        key=key,
        scale=scale,
        digits=digits,
        named=named,
    )


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
    return lay_out(
        table.name,
        getattr(result, table.frame),
        table.columns,
        level=find_level(result, methodology),
        methodology=methodology,
        wording=wording,
    )


def lay_out(
    name: str,
    frame: pd.DataFrame,
    columns: Iterable[LongColumn],
    *,
    level: float,
    methodology: Methodology,
    wording: Wording,
    notes: tuple[str, ...] = (),
    explains_gaps: bool = False,
) -> TableSpec:
    """Build a table of one row a row of a frame.

    Parameters
    ----------
    name : str
        Of the table.
    frame : DataFrame
    columns : iterable of LongColumn
    level : float
        Of the intervals.
    methodology : Methodology
    wording : Wording
    notes : tuple of str
    explains_gaps : bool
        Whether the notes say what a cell without a value means.
    """
    filled = [_fill(column, frame, level, methodology, wording) for column in columns]
    return TableSpec(
        key=name,
        caption=wording.text(f"table.{name}.title"),
        columns=tuple(column for column, _ in filled),
        rows=collect_rows(*(values for _, values in filled)),
        notes=notes,
        explains_gaps=explains_gaps,
    )


def find_level(result: Any, methodology: Methodology) -> float:
    """Return the level of the intervals of a result, by default that of the methodology."""
    known = [getattr(result, name, None) for name in ("confidence", "level")]
    return next((value for value in known if value), methodology.intervals.level)


def pair_finite(low: Any, high: Any) -> list[tuple[float, float]]:
    """Return intervals; none where an end is infinite."""
    ends = zip(low, high, strict=True)
    return [
        (float(a), float(b)) if math.isfinite(a) and math.isfinite(b) else (math.nan, math.nan)
        for a, b in ends
    ]


def _fill(
    column: LongColumn,
    frame: pd.DataFrame,
    level: float,
    methodology: Methodology,
    wording: Wording,
) -> tuple[Column, Any]:
    if column.kind == "text":
        return make_column(column.head, wording), _say(column, frame, methodology, wording)
    source = column.source if isinstance(column.source, str) else column.source[0]
    if column.kind == "interval":
        ends = (frame[f"{source}_{end}"].to_numpy(float, na_value=math.nan) for end in ENDS)
        of = wording.text(f"column.{column.head}") if column.head else ""
        key = column.key or f"{column.head or source}_interval"
        head = make_interval(key, wording, level=level, digits=column.digits, of=of)
        head = replace(head, header=of) if column.named else head
        return head, pair_finite(*(column.scale * end for end in ends))
    values = frame[source].replace([math.inf, -math.inf], math.nan)
    if column.halves:
        return make_star_column(column.head, values, wording), values
    if column.kind == "integer":
        return make_column(column.head, wording, kind="integer"), values.round().astype("Int64")
    digits = 0 if column.kind == "p_value" else column.digits
    head = make_column(column.head, wording, kind=column.kind, digits=digits)
    return replace(head, ends=column.ends), values


def _say(
    column: LongColumn, frame: pd.DataFrame, methodology: Methodology, wording: Wording
) -> list[str | None]:
    source = column.source
    values = (
        frame[source].tolist()
        if isinstance(source, str)
        else list(zip(*(frame[name].tolist() for name in source), strict=True))
    )
    name = column.say or keep
    # Names repeat down a column: each is looked up once.
    known = {value: name(value, methodology, wording) for value in dict.fromkeys(values)}
    return [known[value] for value in values]
