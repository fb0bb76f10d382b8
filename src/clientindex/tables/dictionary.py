"""The data dictionary: what every column of every table holds, its unit, and empty cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from clientindex.tables.columns import make_column
from clientindex.tables.flat import flatten
from clientindex.tables.spec import TableSpec
from clientindex.wording.column_meanings import find_meaning, name_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from clientindex.tables.flat import FlatColumn
    from clientindex.tables.spec import Column, Value
    from clientindex.wording import Wording

KEY: Final = "data_dictionary"
_HEADS: Final = ("table", "file", "header", "column", "meaning", "unit", "type", "missing")
_UNIT_OF_KIND: Final = {
    "text": "words",
    "hash": "words",
    "percent": "share_shown",
    "p_value": "probability",
}
_REASONS: Final = ("withheld", "no_star_current", "not_tested", "gap_reason", "reason")
"""Columns that say in words why others are empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnNote:
    """What a reader has to know of a column of a file of data.

    Attributes
    ----------
    meaning, unit : str
        Words; empty where nothing is declared.
    kind : {"text", "integer", "decimal", "share", "stars"}
        Type, as the dictionary names it.
    missing : str
        What an empty cell means, in words.
    """

    meaning: str
    unit: str
    kind: str
    missing: str


def describe_table(
    spec: TableSpec, columns: Sequence[FlatColumn], *, wording: Wording
) -> list[ColumnNote]:
    """Describe the columns of the files of data of a table.

    Parameters
    ----------
    spec : TableSpec
    columns : sequence of FlatColumn
        The table, column by column.
    wording : Wording

    Notes
    -----
    An interval that has no meaning of its own takes that of the estimate before it, and is said to
    be the end of its interval; of a share, intervals are in per cent.
    """
    described = []
    owner: Column | None = None
    for flat in columns:
        told = _tell(flat, owner, spec.key, wording)
        kind = _name_kind(flat.column, told[1])
        unit = name_unit(told[1], wording.language) if told[1] else ""
        missing = _tell_missing(spec, flat, columns, wording)
        described.append(ColumnNote(meaning=told[0], unit=unit, kind=kind, missing=missing))
        if not flat.end and not flat.column.is_text and flat.key != "std_error":
            owner = flat.column
    return described


def build_dictionary(specs: Iterable[TableSpec], *, wording: Wording) -> TableSpec:
    """Build one row a column of every table, and of the dictionary itself.

    Parameters
    ----------
    specs : iterable of TableSpec
        The published tables in their order.
    wording : Wording
    """
    own = TableSpec(
        key=KEY,
        caption=wording.text(f"table.{KEY}.title"),
        columns=tuple(make_column(f"dictionary_{head}", wording) for head in _HEADS),
        rows=(("",) * len(_HEADS),),
    )
    rows = tuple(row for spec in (*specs, own) for row in _list_rows(spec, wording))
    return TableSpec(key=KEY, caption=own.caption, columns=own.columns, rows=rows)


def _list_rows(spec: TableSpec, wording: Wording) -> list[tuple[Value, ...]]:
    columns = flatten(spec)
    notes = describe_table(spec, columns, wording=wording)
    return [
        (
            *(spec.caption, spec.key, flat.header, flat.key),
            *(note.meaning, note.unit, wording.text(f"dictionary.type_{note.kind}")),
            note.missing,
        )
        for flat, note in zip(columns, notes, strict=True)
    ]


def _tell(flat: FlatColumn, owner: Column | None, table: str, wording: Wording) -> tuple[str, str]:
    """Return the meaning and the name of the unit."""
    column = flat.column
    found = find_meaning(column.key, table=table)
    if not flat.end:
        unit = _UNIT_OF_KIND.get(column.kind) or (found.unit if found else "")
        return (found.texts[wording.language] if found else ""), unit
    if found:
        what, unit = found.texts[wording.language], found.unit
    elif owner:
        of = find_meaning(owner.key, table=table)
        what = of.texts[wording.language] if of else ""
        unit = "percent" if owner.kind == "percent" else of.unit if of else ""
    else:
        return "", ""
    said = wording.text(f"dictionary.interval_{flat.end}", what=what) if what else ""
    return said, unit


def _name_kind(column: Column, unit: str) -> str:
    if column.is_text:
        return "text"
    if unit == "stars":
        return "stars"
    if column.kind == "percent":
        return "share"
    return "integer" if column.kind == "integer" else "decimal"


def _tell_missing(
    spec: TableSpec, flat: FlatColumn, columns: Sequence[FlatColumn], wording: Wording
) -> str:
    told = _tell_gaps(spec, flat, columns, wording)
    if not flat.words:
        return told
    words = ", ".join(flat.words)
    said = wording.text("dictionary.missing_hidden", words=words)
    return f"{said} {told}" if flat.has_gaps else said


def _tell_gaps(
    spec: TableSpec, flat: FlatColumn, columns: Sequence[FlatColumn], wording: Wording
) -> str:
    if not flat.has_gaps:
        return wording.text("dictionary.missing_none")
    reason = next((c for c in columns if c.key in _REASONS and c is not flat), None)
    if flat.key in _REASONS:
        return wording.text("dictionary.missing_no_reason")
    if reason:
        return wording.text("dictionary.missing_reason", column=reason.header)
    if spec.explains_gaps:
        return wording.text("dictionary.missing_notes")
    return wording.text(
        "dictionary.missing_text" if flat.column.is_text else "dictionary.missing_number"
    )
