"""A table as it was published: words and numbers as text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTable:
    """Cells of a table, or the marks of a figure.

    Attributes
    ----------
    name : str
        Name of the file, or label in the document.
    title : str
        Caption; empty in files of data.
    columns : tuple of str
        Headings.
    rows : tuple of tuple of str
        As wide as their file has them.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def n_cells(self) -> int:
        """Number of cells below the heading."""
        return sum(len(row) for row in self.rows)

    @property
    def n_keys(self) -> int:
        """Fewest first columns whose texts tell every row from all others; 0 where none do."""
        for width in range(1, len(self.columns) + 1):
            if len({row[:width] for row in self.rows}) == len(self.rows):
                return width
        return 0


def name_row(table: ShownTable, position: int) -> str:
    """Name a row by its first cells, down to the one that tells it from its neighbours."""
    width = table.n_keys
    if not width:
        return str(position + 1)
    named = [cell for cell in table.rows[position][:width] if cell]
    return ", ".join(named) or str(position + 1)
