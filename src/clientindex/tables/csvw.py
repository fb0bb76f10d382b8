"""Metadata of a folder of CSV files, as W3C's "CSV on the Web" has it: one JSON file a folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from clientindex.files import neutralise
from clientindex.tables.csv_files import LINE_END

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from clientindex.tables.dictionary import ColumnNote
    from clientindex.tables.flat import FlatColumn
    from clientindex.tables.spec import TableSpec
    from clientindex.tables.workbook import Cover

FILE: Final = "csv-metadata.json"
"""Name that readers look for beside CSV files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How the CSV files of a folder are written.

    Attributes
    ----------
    delimiter : str
    decimal : str
        Sign between whole part and fraction.
    for_people : bool
        Whether headings are for people instead of machine names.
    """

    delimiter: str
    decimal: str
    for_people: bool


MACHINE: Final = Dialect(delimiter=",", decimal=".", for_people=False)
_WHOLE: Final = (int, str, type(None))
"""Types of the cells of a column of whole numbers, with words for those that are hidden."""
EXCEL_RU: Final = Dialect(delimiter=";", decimal=",", for_people=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedTable:
    """A table of a folder with what is told of its columns.

    Attributes
    ----------
    spec : TableSpec
    columns : sequence of FlatColumn
    notes : sequence of ColumnNote
        One a column.
    """

    spec: TableSpec
    columns: Sequence[FlatColumn]
    notes: Sequence[ColumnNote]


def write_metadata(
    tables: Iterable[DescribedTable], *, dialect: Dialect, cover: Cover, language: str
) -> bytes:
    """Write the metadata of a folder.

    Parameters
    ----------
    tables : iterable of DescribedTable
    dialect : Dialect
    cover : Cover
        Title, publisher and what else identifies the edition.
    language : {"ru", "en"}

    Notes
    -----
    The primary key is the columns that stand before the first measured value, or the code of the
    centre alone, where their values are complete and differ from row to row; else there is none.
    """
    content = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": language}],
        "dc:title": cover.title,
        "dc:language": language,
        "dc:publisher": cover.publisher,
        "dc:rights": cover.rights,
        "notes": [{"rdfs:comment": line} for line in cover.lines],
        "dialect": _describe_dialect(dialect),
    }
    head = json.dumps(content, ensure_ascii=False).removesuffix("}")
    # One line a table: a change of one is seen as one, and it is written many times faster.
    lines = [json.dumps(_describe(table, dialect), ensure_ascii=False) for table in tables]
    return "".join((head, ', "tables": [\n', ",\n".join(lines), "\n]}\n")).encode()


def find_primary_key(columns: Sequence[FlatColumn]) -> tuple[str, ...]:
    """Return the names of the columns that tell rows apart; none where they do not."""
    first = next((i for i, flat in enumerate(columns) if not flat.column.is_text), 0)
    leading = columns[:first]
    candidates = [[flat] for flat in leading if flat.key == "centre_id"] + [list(leading)]
    for candidate in candidates:
        rows = list(zip(*(flat.cells for flat in candidate), strict=True))
        complete = not any(flat.has_gaps or "" in flat.cells for flat in candidate)
        if rows and complete and len(set(rows)) == len(rows):
            return tuple(flat.key for flat in candidate)
    return ()


def _describe_dialect(dialect: Dialect) -> dict[str, Any]:
    return {
        "encoding": "utf-8",
        "delimiter": dialect.delimiter,
        "lineTerminators": [LINE_END],
        "quoteChar": '"',
        "doubleQuote": True,
        "header": True,
        "headerRowCount": 1,
    }


def _describe(table: DescribedTable, dialect: Dialect) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "columns": [
            _describe_column(flat, note, dialect)
            for flat, note in zip(table.columns, table.notes, strict=True)
        ]
    }
    key = find_primary_key(table.columns)
    described = {
        "url": f"{table.spec.key}.csv",
        "dc:title": table.spec.caption,
        "notes": [{"rdfs:comment": note} for note in table.spec.notes],
        "tableSchema": schema | ({"primaryKey": list(key)} if key else {}),
    }
    return {name: value for name, value in described.items() if value}


def _describe_column(flat: FlatColumn, note: ColumnNote, dialect: Dialect) -> dict[str, Any]:
    titles = [neutralise(flat.header)] if dialect.for_people else [flat.key, flat.header]
    described = {
        "name": flat.key,
        "titles": titles,
        "datatype": _choose_type(flat, dialect),
        "null": ["", *flat.words] if flat.words else "",
        "dc:description": note.meaning,
        "schema:unitText": note.unit,
        "rdfs:comment": note.missing,
    }
    return {name: value for name, value in described.items() if value or name == "null"}


def _choose_type(flat: FlatColumn, dialect: Dialect) -> str | dict[str, Any]:
    if flat.column.is_text:
        return "string"
    if not dialect.for_people:
        return "integer" if all(type(v) in _WHOLE for v in flat.cells) else "double"
    if flat.column.kind in ("integer", "interval") and not flat.column.digits:
        return "integer"
    return {"base": "decimal", "format": {"decimalChar": dialect.decimal}}
