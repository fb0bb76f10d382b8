"""The files of golden results: one of small tables, one of large ones, a row a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from clientindex.errors import ReproductionError
from clientindex.reproduction.golden.condensed import STATISTICS, GoldenTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

WHOLE_NAME: Final = "whole_tables.json"
LARGE_NAME: Final = "large_tables.json"


def render_golden(tables: Iterable[GoldenTable]) -> dict[str, bytes]:
    """Return the files by name: JSON of which every line is a row, so that changes can be read."""
    ordered = sorted(tables, key=lambda table: table.name)
    whole = {table.name: _write_whole(table) for table in ordered if table.is_whole}
    large = {table.name: _write_large(table) for table in ordered if not table.is_whole}
    return {WHOLE_NAME: _write(whole), LARGE_NAME: _write(large)}


def load_golden(folder: Path) -> dict[str, GoldenTable]:
    """Load golden results by name of the table; none where the folder has no files.

    Raises
    ------
    ReproductionError
        A file is damaged.
    """
    tables: dict[str, GoldenTable] = {}
    for name in (WHOLE_NAME, LARGE_NAME):
        path = folder / name
        if not path.is_file():
            continue
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            tables |= {key: _build(key, values) for key, values in content.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
            msg = (
                f"{path}: damaged ({exc}). Take the file from version control again, or accept "
                "the results anew: `clientindex golden accept`."
            )
            raise ReproductionError(msg) from exc
    return tables


def _write_whole(table: GoldenTable) -> str:
    return f'{{"columns": {_line(table.columns)}, "rows": {_lines(table.rows)}}}'


def _write_large(table: GoldenTable) -> str:
    named = {
        column: dict(zip(STATISTICS, row, strict=True))
        for column, row in zip(table.columns, table.summary, strict=True)
    }
    shown = [
        f"{_line(column)}: {_line({k: v for k, v in row.items() if v})}"
        for column, row in named.items()
    ]
    summary = "{\n" + ",\n".join(shown) + "\n}"
    head = f'"n_rows": {table.n_rows}, "keys": {table.keys}'
    return f'{{{head}, "columns": {summary}, "rows": {_lines(table.rows)}}}'


def _write(tables: Mapping[str, str]) -> bytes:
    body = ",\n\n".join(f"{_line(name)}: {text}" for name, text in tables.items())
    return f"{{\n{body}\n}}\n".encode()


def _lines(rows: Iterable[tuple[str, ...]]) -> str:
    return "[\n" + ",\n".join(_line(row) for row in rows) + "\n]"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _build(name: str, values: dict[str, Any]) -> GoldenTable:
    rows = tuple(tuple(row) for row in values["rows"])
    columns = values["columns"]
    if isinstance(columns, list):
        return GoldenTable(name=name, columns=tuple(columns), n_rows=len(rows), rows=rows)
    return GoldenTable(
        name=name,
        columns=tuple(columns),
        n_rows=values["n_rows"],
        keys=values["keys"],
        rows=rows,
        summary=tuple(tuple(row.get(key, "") for key in STATISTICS) for row in columns.values()),
    )
