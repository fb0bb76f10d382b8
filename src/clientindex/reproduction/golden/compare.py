"""Compare the tables of a publication with golden results."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from clientindex.reproduction.comparison.tables import compare_tables
from clientindex.reproduction.comparison.tolerance import AS_WRITTEN, Tolerance
from clientindex.reproduction.content.table import ShownTable
from clientindex.reproduction.golden.condensed import STATISTICS, condense, list_places
from clientindex.results.verification import Difference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clientindex.reproduction.golden.condensed import GoldenTable
    from clientindex.reproduction.golden.tolerances import Tolerances

_SUMS = ("sum", "sum_of_squares")
_NUMBERS = (*_SUMS, "smallest", "largest")


def compare_with_golden(
    golden: Mapping[str, GoldenTable],
    tables: Mapping[str, ShownTable],
    *,
    folder: str,
    tolerances: Tolerances,
) -> tuple[Difference, ...]:
    """List every difference between golden results and the tables of a publication.

    Parameters
    ----------
    golden : mapping
    tables : mapping of name to ShownTable
    folder : str
        Where the tables stand below the output of their edition.
    tolerances : Tolerances

    Returns
    -------
    tuple of Difference
        In the order of the tables' names; golden values are the published ones. Of a large table,
        rows that are kept are compared cell by cell and columns by their sums.
    """
    found: list[Difference] = []
    for name in sorted({*golden, *tables}):
        document = f"{folder}/{name}.csv"
        if name not in tables:
            found.append(_tell_table(document, name, golden[name].n_rows, kind="missing"))
        elif name not in golden:
            found.append(_tell_table(document, name, len(tables[name].rows), kind="added"))
        else:
            near = tolerances.of(name)
            found += _compare(golden[name], tables[name], document=document, near=near)
    return tuple(found)


def _tell_table(document: str, name: str, n_rows: int, *, kind: str) -> Difference:
    there = f"table of {n_rows} rows"
    gone = kind == "missing"
    return Difference(
        document=document,
        part=name,
        row="",
        column="",
        published=there if gone else "",
        rebuilt="" if gone else there,
        tolerance=AS_WRITTEN,
        kind="missing" if gone else "added",
    )


def _compare(
    golden: GoldenTable, table: ShownTable, *, document: str, near: Tolerance
) -> Iterator[Difference]:
    now = condense(table)
    if golden.columns == now.columns and not golden.is_whole and not now.is_whole:
        yield from _compare_summaries(golden, now, document=document, near=near)
        picked = _show(golden, _pick(golden, table))
        yield from compare_tables(
            _show(golden, golden.rows), picked, document=document, tolerance=near
        )
        return
    if golden.is_whole and now.is_whole:
        whole = _show(golden, golden.rows)
        yield from compare_tables(whole, table, document=document, tolerance=near)
        return
    yield from _compare_shapes(golden, now, document=document)


def _compare_shapes(
    golden: GoldenTable, now: GoldenTable, *, document: str
) -> Iterator[Difference]:
    """Tell tables apart that have other columns, or of which only one is small."""
    shapes = (
        ("number of rows", str(golden.n_rows), str(now.n_rows)),
        ("columns", " | ".join(golden.columns), " | ".join(now.columns)),
    )
    for column, a, b in shapes:
        if a != b:
            yield _tell(golden, document, "", column, a, b, AS_WRITTEN)


def _show(golden: GoldenTable, rows: tuple[tuple[str, ...], ...]) -> ShownTable:
    return ShownTable(name=golden.name, title="", columns=golden.columns, rows=rows)


def _pick(golden: GoldenTable, table: ShownTable) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a table that stand where golden ones stood, by name or by place."""
    if not golden.keys:
        return tuple(table.rows[place] for place in list_places(len(table.rows)))
    by_name = {row[: golden.keys]: row for row in table.rows}
    names = (row[: golden.keys] for row in golden.rows)
    return tuple(by_name[name] for name in names if name in by_name)


def _compare_summaries(
    golden: GoldenTable, now: GoldenTable, *, document: str, near: Tolerance
) -> Iterator[Difference]:
    if golden.n_rows != now.n_rows:
        counts = (str(golden.n_rows), str(now.n_rows))
        yield _tell(golden, document, "", "number of rows", *counts, AS_WRITTEN)
    for column, was, now_is in zip(golden.columns, golden.summary, now.summary, strict=True):
        allowed = _allow(dict(zip(STATISTICS, was, strict=True)), near)
        for statistic, a, b in zip(STATISTICS, was, now_is, strict=True):
            if a == b or _are_near(a, b, allowed.get(statistic)):
                continue
            told = f"{allowed[statistic]:.3g}" if statistic in allowed else AS_WRITTEN
            yield _tell(
                golden, document, f"all {now.n_rows} rows", f"{column}: {statistic}", a, b, told
            )


def _allow(row: Mapping[str, str], near: Tolerance) -> dict[str, float]:
    """Return how far each number may be: as far as it goes when every value is as far as it may.

    The values themselves are not kept: sqrt(n * sum of squares) is no less than the sum of their
    absolute values.
    """
    if not row["sum"]:
        return {}
    n, squares = int(row["n"]), float(row["sum_of_squares"])
    total = math.sqrt(n * squares)
    ends = {key: abs(float(row[key])) for key in ("smallest", "largest")}
    return {
        "sum": near.relative * total + near.absolute * n,
        "sum_of_squares": 2 * (near.relative * squares + near.absolute * total),
        **{key: max(near.relative * size, near.absolute) for key, size in ends.items()},
    }


def _are_near(a: str, b: str, allowed: float | None) -> bool:
    return bool(a) and bool(b) and allowed is not None and abs(float(a) - float(b)) <= allowed


def _tell(
    golden: GoldenTable, document: str, row: str, column: str, a: str, b: str, tolerance: str
) -> Difference:
    return Difference(
        document=document,
        part=golden.name,
        row=row,
        column=column,
        published=a,
        rebuilt=b,
        tolerance=tolerance,
        kind="number" if column.rpartition(": ")[2] in _NUMBERS else "text",
    )
