"""One file as read: text cells in columns of distinct values, with the row each came from.

Every reader gives this shape, so that what follows cannot depend on the kind of file. Cells repeat
heavily (answers, centres), so each column keeps its distinct texts once and a position a row: all
checks run over the distinct texts, never over rows.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

INVISIBLE = " \t\r\n\u00a0\u2007\u202f\ufeff\u200b"
"""Characters trimmed from both ends of every cell and heading."""

EXACT_INTEGER_LIMIT = 1e15
"""Below it a float that is whole is printed as an integer without loss."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TextColumn:
    """One column.

    Attributes
    ----------
    name : str
        The heading.
    codes : int32 ndarray of shape (N,)
        Position of each row's text in `distinct`; -1 = empty cell.
    distinct : tuple of str
        Distinct texts, trimmed, none empty.
    labels : mapping
        Text -> value label (SPSS).
    declared_missing : frozenset of str
        Texts that the file itself declares to mean "missing" (SPSS user-missing values).
    """

    name: str
    codes: NDArray[np.int32]
    distinct: tuple[str, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    declared_missing: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> NDArray[np.bool_]:
        """Rows whose cell is empty."""
        return self.codes < 0

    def texts(self) -> NDArray[np.object_]:
        """Return the text of every row, "" where the cell is empty."""
        return self.spread([*self.distinct, ""])

    def spread(self, per_value: Sequence[Any]) -> NDArray[Any]:
        """Return what each row's text maps to.

        Parameters
        ----------
        per_value : sequence of length len(distinct) + 1
            One entry a distinct text, and the entry of the empty cell last.
        """
        kind = object if isinstance(per_value[0], str) else None
        return np.asarray(per_value, dtype=kind)[self.codes]

    def text_at(self, position: int) -> str:
        """Return the text of one row, "" where the cell is empty."""
        code = int(self.codes[position])
        return "" if code < 0 else self.distinct[code]

    def show(self, position: int) -> str:
        """Return a cell as people should see it, with its value label."""
        text = self.text_at(position)
        if not text:
            return "an empty cell"
        label = self.labels.get(text)
        return f"{text} ({label})" if label else text

    def take(self, mask: NDArray[np.bool_]) -> TextColumn:
        """Return the rows that `mask` keeps."""
        return replace(self, codes=self.codes[mask])

    def compact(self) -> TextColumn:
        """Return the column without distinct texts that no row has."""
        used = np.flatnonzero(np.bincount(self.codes + 1, minlength=len(self.distinct) + 1)[1:])
        if len(used) == len(self.distinct):
            return self
        moves = np.full(len(self.distinct) + 1, -1, dtype=np.int32)
        moves[used] = np.arange(len(used))
        distinct = tuple(self.distinct[place] for place in used)
        return replace(self, codes=moves[self.codes], distinct=distinct)

    def convert(self, change: Callable[[str], str]) -> TextColumn:
        """Return the column with every distinct text changed; "" makes an empty cell."""
        changed = [change(text) for text in self.distinct]
        distinct = tuple(dict.fromkeys(text for text in changed if text))
        place = {text: position for position, text in enumerate(distinct)}
        moves = np.array([*(place.get(text, -1) for text in changed), -1], dtype=np.int32)
        return TextColumn(name=self.name, codes=moves[self.codes], distinct=distinct)

    def blank_declared(self) -> TextColumn:
        """Return the column with values that the file declares missing made empty."""
        if not self.declared_missing:
            return self
        kept = [
            -1 if text in self.declared_missing else place
            for place, text in enumerate(self.distinct)
        ]
        codes = self.spread([*kept, -1]).astype(np.int32)
        return replace(self, codes=codes, declared_missing=frozenset())

    def prefer_labels(self) -> TextColumn:
        """Return the column with value labels in place of the codes that have one."""
        if not self.labels:
            return self
        return self.convert(lambda text: self.labels.get(text, text))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RawTable:
    """One file.

    Attributes
    ----------
    file : str
        Its name in faults.
    decimal : {".", ","}
        Decimal mark of numbers in the cells.
    columns : dict
        Heading -> column; of equal headings the first.
    repeated : frozenset of str
        Headings that stand more than once.
    rows : int64 ndarray of shape (N,)
        Row of the file as a spreadsheet shows it; the heading is row 1.
    """

    file: str
    decimal: str
    columns: dict[str, TextColumn]
    repeated: frozenset[str]
    rows: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def take(self, mask: NDArray[np.bool_]) -> RawTable:
        """Return the rows that `mask` keeps."""
        columns = {name: column.take(mask) for name, column in self.columns.items()}
        return replace(self, columns=columns, rows=self.rows[mask])

    def name_rows(self, rows: NDArray[np.int64]) -> RawTable:
        """Return a table without columns that only says which rows of the file are meant."""
        return replace(self, columns={}, rows=rows)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RawBatch:
    """Rows that were read together: the whole file, or a piece of it.

    Attributes
    ----------
    table : RawTable
        Rows with any text.
    n_records : int
        Rows that were passed: those of the table, rows without any text, and rows left out because
        they have a wrong number of cells.
    """

    table: RawTable
    n_records: int


def make_table(
    file: str, columns: Sequence[TextColumn], *, rows: NDArray[np.int64], decimal: str
) -> RawTable:
    """Put columns together: drop rows without any text, note headings that repeat."""
    named: dict[str, TextColumn] = {}
    repeated = set()
    for column in columns:
        if column.name in named:
            repeated.add(column.name)
        else:
            named[column.name] = column
    if named and not named.get("", _FILLED).distinct:
        del named[""]
    table = RawTable(
        file=file, decimal=decimal, columns=named, repeated=frozenset(repeated), rows=rows
    )
    filled = np.zeros(len(rows), dtype=bool)
    for column in columns:
        filled |= ~column.is_empty
    return table if filled.all() else table.take(filled)


_FILLED = TextColumn(name="", codes=np.zeros(0, dtype=np.int32), distinct=("-",))


def make_blank(n_rows: int, name: str = "") -> TextColumn:
    """Return a column of empty cells."""
    return TextColumn(name=name, codes=np.full(n_rows, -1, dtype=np.int32), distinct=())


def encode_arrow(name: str, cells: Any, *, decimal: str = ".") -> TextColumn:
    """Make a column from an Arrow array of any type.

    Parameters
    ----------
    name : str
        The heading.
    cells : pyarrow Array or ChunkedArray of length N
        Nulls and NaN are empty cells; lists and records become text as Python writes them.
    decimal : {".", ","}
        Decimal mark to write numbers with.
    """
    if isinstance(cells, pa.ChunkedArray):
        cells = cells.combine_chunks()
    if isinstance(cells, pa.ChunkedArray):
        cells = pa.concat_arrays(cells.chunks)
    if pa.types.is_nested(cells.type) or isinstance(cells.type, pa.BaseExtensionType):
        return encode_cells(name, cells.to_pylist(), decimal=decimal)
    if not pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_encode()
    codes = np.asarray(pc.fill_null(cells.indices, -1)).astype(np.int32)
    texts = [format_cell(value, decimal=decimal) for value in cells.dictionary.to_pylist()]
    raw = TextColumn(name=clean_text(name), codes=codes, distinct=tuple(texts))
    if len(set(texts)) == len(texts) and "" not in texts:
        return raw
    return raw.convert(str)


def encode_presence(name: str, cells: Any) -> TextColumn:
    """Make a column that only says which cells are filled, from an Arrow array of any type.

    Distinct texts of a column that nothing uses, such as comments, cost more than all others.
    """
    if pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_decode()
    filled = pc.is_valid(cells)
    if pa.types.is_floating(cells.type):
        filled = pc.and_(filled, pc.fill_null(pc.invert(pc.is_nan(cells)), fill_value=False))
    if pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type):
        trimmed = pc.utf8_trim(cells, characters=INVISIBLE)
        filled = pc.fill_null(pc.not_equal(trimmed, ""), fill_value=False)
    codes = np.asarray(filled).astype(np.int32) - 1
    distinct = ("-",) if (codes == 0).any() else ()
    return TextColumn(name=clean_text(name), codes=codes, distinct=distinct)


def encode_cells(name: str, cells: Sequence[Any], *, decimal: str = ".") -> TextColumn:
    """Make a column from Python values of mixed types; None and NaN are empty cells."""
    texts = [format_cell(value, decimal=decimal) or None for value in cells]
    return encode_arrow(name, pa.array(texts, type=pa.string()), decimal=decimal)


def format_cell(value: Any, *, decimal: str = ".") -> str:
    """Return a cell as text: ``12.0`` as "12", true as "1", a date as ISO, None and NaN as "".

    Examples
    --------
    >>> format_cell(12.0), format_cell(3.5, decimal=","), format_cell("  007 ")
    ('12', '3,5', '007')
    """
    if isinstance(value, str):
        return clean_text(value)
    if value is None or value != value:
        return ""
    if isinstance(value, bool | np.bool_):
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, float | np.floating):
        return _format_float(float(value)).replace(".", decimal)
    return clean_text(str(value))


def _format_float(value: float) -> str:
    whole = value.is_integer() and abs(value) < EXACT_INTEGER_LIMIT
    return str(int(value)) if whole else repr(value)


def clean_text(text: str) -> str:
    """Return text without blank or invisible characters at its ends."""
    return text.strip(INVISIBLE)
