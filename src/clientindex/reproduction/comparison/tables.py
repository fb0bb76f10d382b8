"""Compare a rebuilt table with the published one, cell by cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.reproduction.comparison.tolerance import AS_WRITTEN, Tolerance, parse_number
from clientindex.reproduction.content.numbers import mask_numbers
from clientindex.reproduction.content.table import name_row
from clientindex.results.verification import Difference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.reproduction.content.table import ShownTable
    from clientindex.results.verification import DifferenceKind


def compare_tables(
    published: ShownTable,
    rebuilt: ShownTable,
    *,
    document: str,
    tolerance: Tolerance | None,
    is_origin: bool = False,
) -> Iterator[Difference]:
    """Give every difference between two tables.

    Parameters
    ----------
    published, rebuilt : ShownTable
    document : str
        File that holds the published one.
    tolerance : Tolerance or None
        Of numbers; None where cells must be equal as they are written.
    is_origin : bool
        The table tells how the publication was made, not what it says.

    Yields
    ------
    Difference
        Headings first, then cells row by row, then rows that only one of them has. Rows are matched
        by the cells that name them, in their order where they have no names.
    """
    told = AS_WRITTEN if tolerance is None else str(tolerance)

    def tell(row: str, column: str, a: str, b: str, kind: DifferenceKind) -> Difference:
        return Difference(
            document=document,
            part=published.name,
            row=row,
            column=column,
            published=a,
            rebuilt=b,
            tolerance=told if kind == "number" else AS_WRITTEN,
            kind="origin" if is_origin else kind,
        )

    if published.columns != rebuilt.columns:
        heads = (" | ".join(published.columns), " | ".join(rebuilt.columns))
        yield tell("", "", *heads, "text")
        return
    pairs, gone, new = _match_rows(published, rebuilt)
    for at, other in pairs:
        row, again = published.rows[at], rebuilt.rows[other]
        if row == again:
            continue
        name = name_row(published, at)
        for column, a, b in zip(_name_columns(published, row), row, again, strict=False):
            if not _are_equal(a, b, tolerance):
                yield tell(name, column, a, b, _name_kind(a, b))
    for at in gone:
        yield tell(name_row(published, at), "", " | ".join(published.rows[at]), "", "missing")
    for at in new:
        yield tell(name_row(rebuilt, at), "", "", " | ".join(rebuilt.rows[at]), "added")


def _name_columns(table: ShownTable, row: tuple[str, ...]) -> list[str]:
    named = list(table.columns[: len(row)])
    return named + [str(position + 1) for position in range(len(named), len(row))]


def _are_equal(a: str, b: str, tolerance: Tolerance | None) -> bool:
    return a == b if tolerance is None else tolerance.accepts(a, b)


def _name_kind(a: str, b: str) -> DifferenceKind:
    """Return "number" where only numbers differ between two cells."""
    if a and b and mask_numbers(a) == mask_numbers(b) and any(map(str.isdigit, a + b)):
        return "number"
    both = parse_number(a) is not None and parse_number(b) is not None
    return "number" if both else "text"


def _match_rows(
    published: ShownTable, rebuilt: ShownTable
) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """Return pairs of rows, and the rows that only the published or the rebuilt table has."""
    width = _find_names(published, rebuilt)
    if not width:
        common = min(len(published.rows), len(rebuilt.rows))
        pairs = [(at, at) for at in range(common)]
        gone = list(range(common, len(published.rows)))
        return pairs, gone, list(range(common, len(rebuilt.rows)))
    at_of = {row[:width]: at for at, row in enumerate(rebuilt.rows)}
    pairs, gone = [], []
    for at, row in enumerate(published.rows):
        other = at_of.pop(row[:width], None)
        if other is None:
            gone.append(at)
        else:
            pairs.append((at, other))
    return pairs, gone, sorted(at_of.values())


def _find_names(published: ShownTable, rebuilt: ShownTable) -> int:
    """Return how many first cells name a row in both tables; 0 where they are numbers, or none do.

    A number that names a row, such as a rank, could itself be what differs.
    """
    width = published.n_keys
    if not width or width > _MOST_NAMES:
        return 0
    names = [row[:width] for row in published.rows]
    if any(parse_number(cell) is not None for name in names for cell in name):
        return 0
    again = {row[:width] for row in rebuilt.rows}
    return width if len(again) == len(rebuilt.rows) else 0


_MOST_NAMES = 4
