"""Tables of a protected bundle: what is hidden in them becomes a value that says so."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from clientindex.tables.hidden import hide

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from clientindex.results import Bundle
    from clientindex.tables.disclosure.protect import Protected
    from clientindex.tables.spec import Column, TableSpec, Value

    Row = tuple[Value, ...]


def build_protected(
    build: Callable[[Bundle], TableSpec], protected: Protected, *, needs: Collection[str]
) -> TableSpec:
    """Build a table without what is hidden, and mark where something is.

    Parameters
    ----------
    build : callable
        ``build(bundle)`` -> the table.
    protected : Protected
    needs : collection of str
        Results that the table is made from.

    Notes
    -----
    Every value comes from the protected bundle. The table of the whole bundle only tells which
    cells have a value there; it is told apart by the texts of a row. A row that the protected
    bundle has no numbers for any more stands at the end, with its numbers hidden.
    """
    shown = build(protected.bundle)
    if protected.touched.isdisjoint(needs):
        return shown
    whole = build(protected.whole)
    if _are_same(shown, whole):
        return shown
    primary = build(protected.primary)
    fewest = protected.suppression.fewest
    own = _Rows(shown)
    kept = _Rows(primary)
    rows = []
    for name, row in _list_rows(whole):
        seen, soft = own.take(name), kept.take(name)
        cells = []
        for column, value in zip(whole.columns, row, strict=True):
            told = own.read(seen, column)
            if told is None and value is not None and not column.is_text:
                is_soft = kept.read(soft, column) is not None
                told = hide("secondary" if is_soft else "primary", fewest)
            cells.append(value if told is None and column.is_text and seen is None else told)
        rows.append((own.place(seen), tuple(cells)))
    rows.sort(key=lambda placed: placed[0])
    return replace(
        shown, columns=whole.columns, rows=tuple(row for _, row in rows), notes=whole.notes
    )


def _are_same(shown: TableSpec, whole: TableSpec) -> bool:
    return shown.columns == whole.columns and shown.rows == whole.rows


def _list_rows(spec: TableSpec) -> list[tuple[Row, Row]]:
    """Return every row with its texts."""
    texts = [place for place, column in enumerate(spec.columns) if column.is_text]
    return [(tuple(row[place] for place in texts), row) for row in spec.rows]


class _Rows:
    """Rows of a table by their texts; equal ones one after the other."""

    def __init__(self, spec: TableSpec) -> None:
        self._columns = {column.key: place for place, column in enumerate(spec.columns)}
        self._rows = spec.rows
        self._waiting: dict[Row, list[int]] = defaultdict(list)
        for number, (name, _) in enumerate(_list_rows(spec)):
            self._waiting[name].append(number)

    def take(self, name: Row) -> int | None:
        """Return the number of the next row of this name."""
        waiting = self._waiting.get(name)
        return waiting.pop(0) if waiting else None

    def read(self, number: int | None, column: Column) -> Value:
        """Return a cell; None where there is no such row or column."""
        place = self._columns.get(column.key)
        return None if number is None or place is None else self._rows[number][place]

    def place(self, number: int | None) -> int:
        """Return where a row stands; at the end where there is none."""
        return len(self._rows) if number is None else number
