"""A sheet that takes a whole table at once: the bytes of cell by cell, in a third of the time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from xlsxwriter.utility import xl_col_to_name, xl_range
from xlsxwriter.worksheet import Worksheet

from clientindex.files import FORMULA_STARTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LONGEST_TEXT: Final = 32_767
"""UTF-16 units that a cell can hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Styles:
    """Formats of the cells of one column.

    Attributes
    ----------
    number : xlsxwriter Format
    text : xlsxwriter Format
        Of text, and of cells without a value.
    quoted : xlsxwriter Format
        Of text that a spreadsheet program would run if somebody typed it in.
    revised : xlsxwriter Format or None
        Of numbers in `revised_rows`.
    revised_rows : frozenset of int
        Zero-based rows of the block, in a column of numbers.
    """

    number: Any
    text: Any
    quoted: Any
    revised: Any = None
    revised_rows: frozenset[int] = frozenset()

    def choose(self, value: Any) -> Any:
        """Return the format of a cell."""
        if value is None:
            return self.text
        if not isinstance(value, str):
            return self.number
        return self.quoted if value.startswith(FORMULA_STARTS) else self.text


class TableSheet(Worksheet):  # type: ignore[misc]  # xlsxwriter has no types
    """A worksheet of xlsxwriter with methods for a whole table.

    Notes
    -----
    xlsxwriter checks, stores and writes every cell by itself, which takes most of the time of a
    workbook. Here a table is checked once and its cells are written in one go. The bytes are the
    same, which a test holds.
    """

    def write_block(
        self, first_row: int, columns: Sequence[list[Any]], styles: Sequence[Styles]
    ) -> None:
        """Write rows from the first column on; text is never a formula, None is a blank cell.

        Parameters
        ----------
        first_row : int
            Zero-based.
        columns : sequence of lists
            Numbers, text or None; all of one length.
        styles : sequence of Styles
            One a column.

        Raises
        ------
        TypeError
            If a number is not finite.
        """
        count, last_column = len(columns[0]), len(columns) - 1
        if not count:
            return
        self._check_dimensions(first_row, 0)
        self._check_dimensions(first_row + count - 1, last_column)
        block = _Block(first_row, columns, styles, table=self.str_table)
        # The base class asks for the first and the last cell only to learn how far a row goes.
        row = {last_column: _ROW_END} | {0: block}
        for number in range(first_row, first_row + count):
            self.table[number] = row

    def mark_table(self, first_row: int, last_row: int, options: dict[str, Any]) -> None:
        """Mark rows as a table of Excel, as ``add_table`` does, which visits every cell.

        Parameters
        ----------
        first_row, last_row : int
            Of the headings, and of the last line.
        options : dict
            As ``add_table`` takes them, with ``columns``.
        """
        last_column = len(options["columns"]) - 1
        self.add_table(first_row, 0, first_row + 1, last_column, options)
        reach = xl_range(first_row, 0, last_row, last_column)
        self.tables[-1] |= {"range": reach, "a_range": reach, "autofilter": reach}

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        if type(cell) is _Block:
            self.fh.write(cell.take_row(row))
        elif cell is not _ROW_END:
            super()._write_cell(row, col, cell)


_ROW_END: Final = object()


class _Block:
    """The cells of a table as XML, made when the first row is asked for.

    Styles are numbered in the order in which they are met, row by row, once the sheet is written;
    texts in the order in which they are given, column by column.
    """

    def __init__(
        self, first_row: int, columns: Sequence[list[Any]], styles: Sequence[Styles], *, table: Any
    ) -> None:
        self._first_row = first_row
        self._columns = [_Cells(c, s, table=table) for c, s in zip(columns, styles, strict=True)]
        self._rows: list[str] = []

    def take_row(self, row: int) -> str:
        """Return the cells of a row of the sheet."""
        if not self._rows:
            self._rows = self._write_rows()
        return self._rows[row - self._first_row]

    def _write_rows(self) -> list[str]:
        met = [
            (row, position, style)
            for position, cells in enumerate(self._columns)
            for row, style in cells.find_styles()
        ]
        ordered = [style for _, _, style in sorted(met, key=lambda place: place[:2])]
        codes = {style: f'" s="{style._get_xf_index()}"' for style in ordered}
        written = [
            cells.write(f'<c r="{xl_col_to_name(position)}', self._first_row + 1, codes)
            for position, cells in enumerate(self._columns)
        ]
        return list(map("".join, zip(*written, strict=True)))


class _Cells:
    """One column: numbers are written one by one, text once a text."""

    def __init__(self, values: list[Any], styles: Styles, *, table: Any) -> None:
        self._values = values
        self._styles = styles
        self._tails: dict[Any, str] = {}
        if not _are_numbers(values):
            self._tails = _share(values, table)

    def find_styles(self) -> Iterator[tuple[int, Any]]:
        """Yield every format with the first row that has it."""
        if self._styles.revised_rows and not self._tails:
            yield from self._find_marked()
            return
        kinds: Iterable[Any] = self._tails
        if not self._tails:
            kinds = [next(filter(_is_there, self._values))]
            kinds += [None] if None in self._values else []
        seen = set()
        for value in kinds:
            style = self._styles.choose(value)
            if style not in seen:
                seen.add(style)
                yield self._values.index(value), style

    def write(self, start: str, line: int, codes: dict[Any, str]) -> list[str]:
        """Write all cells; `line` is the number of the first one."""
        if self._tails:
            ends = {v: codes[self._styles.choose(v)] + tail for v, tail in self._tails.items()}
            return [f"{start}{row}{ends[v]}" for row, v in enumerate(self._values, line)]
        code = codes.get(self._styles.number, "")
        blank = codes.get(self._styles.text, "") + _BLANK
        marked = dict.fromkeys(self._styles.revised_rows, codes.get(self._styles.revised, ""))
        return [
            f"{start}{row}{blank}"
            if v is None
            else f"{start}{row}{marked.get(row - line, code)}><v>{v:.16G}</v></c>"
            for row, v in enumerate(self._values, line)
        ]

    def _find_marked(self) -> Iterator[tuple[int, Any]]:
        """Yield every format of a column of numbers of which some are marked."""
        seen = set()
        for row, value in enumerate(self._values):
            marked = value is not None and row in self._styles.revised_rows
            style = self._styles.revised if marked else self._styles.choose(value)
            if style not in seen:
                seen.add(style)
                yield row, style


_BLANK: Final = "/>"


def _is_there(value: Any) -> bool:
    return value is not None


def _are_numbers(values: list[Any]) -> bool:
    """Tell whether there are numbers and no text, and refuse what is not finite."""
    kinds = set(map(type, values)) - {type(None)}
    if not kinds or str in kinds:
        return False
    strange = next((v for v in values if v is not None and not math.isfinite(v)), None)
    if strange is not None:
        msg = f"a cell cannot hold {strange!r}"
        raise TypeError(msg)
    return True


def _share(values: list[Any], table: Any) -> dict[Any, str]:
    """Put texts into those that all sheets share; return every cell after its style."""
    distinct = dict.fromkeys(values)
    tails = {value: _write_tail(value, table) for value in distinct}
    repeated = sum(isinstance(v, str) for v in values) - sum(isinstance(v, str) for v in distinct)
    table.count += repeated
    return tails


def _write_tail(value: Any, table: Any) -> str:
    if value is None:
        return _BLANK
    if isinstance(value, str):
        return f' t="s"><v>{table._get_shared_string_index(_fit(value))}</v></c>'
    return f"><v>{value:.16G}</v></c>"


def _fit(text: str) -> str:
    """Cut text that no cell can hold."""
    if len(text) <= LONGEST_TEXT // 2:
        return text
    units = text.encode("utf-16-le", "surrogatepass")[: 2 * LONGEST_TEXT]
    return units.decode("utf-16-le", "ignore")
