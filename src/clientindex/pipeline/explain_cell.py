"""From a cell of a table back to the answers of people: the numbers between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from clientindex.errors import ReproductionError
from clientindex.intake.log import FaultLog
from clientindex.intake.open_table import open_table
from clientindex.intake.roles import RoleFinder
from clientindex.publishing.place_names import find_place_names, name_places
from clientindex.results import ScoreParts, Scores, Stars
from clientindex.settings.fault import find_nearest
from clientindex.tables import TABLES
from clientindex.tables.cells import write_cell
from clientindex.tables.disclosure import build_protected, protect
from clientindex.wording.column_meanings import find_meaning, name_unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.edition import Edition
    from clientindex.results import Bundle
    from clientindex.tables.spec import Column, TableSpec, Value
    from clientindex.wording import Wording

Told = tuple[str, tuple[str, ...]]
"""Title of a step and its lines."""

MOST_ROWS: Final = 8
"""Rows of a result that are shown, and numbers of raw rows."""
BETWEEN: Final = "|"
"""Between texts of one row."""
LABELS: Final = ("centre", "region", "segment", "indicator", "group")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cell:
    """A cell of a table.

    Attributes
    ----------
    spec : TableSpec
    row : tuple
        Raw values.
    column : Column
    value : Value
    shown : str
        As documents show it.
    centre : str
        Id of the centre that the row is of, "" where it is of none.
    """

    spec: TableSpec
    row: tuple[Value, ...]
    column: Column
    value: Value
    shown: str
    centre: str


def name_cell(table: str, bundle: Bundle, wording: Wording, *, row: str, column: str) -> Cell:
    """Find a cell by the text of its row and the key or heading of its column.

    Raises
    ------
    ReproductionError
        The table is not there, or no row or column is called so; the nearest names are told.
    """
    recipe = TABLES[table]
    reason = recipe.explain_absence(bundle, wording=wording)
    if reason:
        msg = f"table {table!r}: {reason}"
        raise ReproductionError(msg)
    names = find_place_names(bundle.results, wording.language, codes=False)
    protected = protect(bundle).rename(lambda own: name_places(own, names))
    spec = recipe(protected.whole, wording)
    found = _find_column(spec, column)
    values = _find_row(spec, row, centres=_name_centres(bundle, row))
    value = values[spec.columns.index(found)]
    published = build_protected(lambda own: recipe(own, wording), protected, needs=recipe.needs)
    return Cell(
        spec=spec,
        row=values,
        column=found,
        value=value,
        shown=_show(published, values, found, wording),
        centre=_find_centre(bundle, values, row),
    )


def _show(spec: TableSpec, row: tuple[Value, ...], column: Column, wording: Wording) -> str:
    """Write a cell as documents show it: of the row that has the same texts."""
    texts = [place for place, one in enumerate(spec.columns) if one.is_text]
    shown = next(one for one in spec.rows if all(one[place] == row[place] for place in texts))
    return write_cell(shown[spec.columns.index(column)], column, wording=wording)


def _find_column(spec: TableSpec, asked: str) -> Column:
    if not asked:
        return next((c for c in spec.columns if not c.is_text), spec.columns[-1])
    for column in spec.columns:
        if asked in (column.key, column.header):
            return column
    keys = [column.key for column in spec.columns]
    nearest = find_nearest(asked, keys)
    hint = f"; did you mean {nearest!r}?" if nearest else "."
    msg = f"table {spec.key!r} has no column {asked!r}{hint} It has: {', '.join(keys)}."
    raise ReproductionError(msg)


def _find_row(spec: TableSpec, asked: str, *, centres: frozenset[str]) -> tuple[Value, ...]:
    if not asked and len(spec.rows) == 1:
        return spec.rows[0]
    wanted = [{name} for name in ({asked} | centres) - {""}]
    wanted += [{part.strip() for part in asked.split(BETWEEN)}] if BETWEEN in asked else []
    found = [row for row in spec.rows if any(map({str(value) for value in row}.issuperset, wanted))]
    if len(found) == 1:
        return found[0]
    texts = [str(row[0]) for row in spec.rows]
    if not found:
        nearest = find_nearest(asked, texts)
        hint = f"; did you mean {nearest!r}?" if nearest else ""
        msg = (
            f"table {spec.key!r} has no row with {asked!r}{hint} (--row takes any of its texts, or "
            "several: 'a | b')"
        )
        raise ReproductionError(msg)
    if centres:
        return found[0]
    rows = "; ".join(" | ".join(map(str, row[:4])) for row in found[:MOST_ROWS])
    more = f"; {len(found) - MOST_ROWS} more" if len(found) > MOST_ROWS else ""
    msg = (
        f"table {spec.key!r} has {len(found)} rows with {asked!r}: {rows}{more}. Name one of them "
        "by several of its texts: --row 'a | b'."
    )
    raise ReproductionError(msg)


def _name_centres(bundle: Bundle, asked: str) -> frozenset[str]:
    """Return what tables may call the centre of an id."""
    return frozenset(name for one, name in _list_names(bundle) if one == asked)


def _list_names(bundle: Bundle) -> list[tuple[str, str]]:
    """Return ids of centres with the names that tables give them."""
    stars = bundle.results.get("stars")
    if not isinstance(stars, Stars):
        return []
    ids, names = stars.frame["centre"].astype(str), stars.frame["name"].astype(str)
    known = [(one, one) for one in ids] + list(zip(ids, names, strict=True))
    called = name_places(bundle, find_place_names(bundle.results, "en", codes=False))
    shown = called.results["stars"]
    assert isinstance(shown, Stars)
    return [*known, *zip(ids, shown.frame["name"].astype(str), strict=True)]


def _find_centre(bundle: Bundle, values: tuple[Value, ...], asked: str) -> str:
    """Return the id of the centre that a row is of, by its id or by a name that one centre has."""
    names = _list_names(bundle)
    if any(one == asked for one, _ in names):
        return asked
    texts = {value for value in values if isinstance(value, str)}
    found = {one for one, name in names if name in texts}
    return found.pop() if len(found) == 1 else ""


def explain_cell(
    cell: Cell, bundle: Bundle, edition: Edition, *, results: tuple[str, ...]
) -> Iterator[Told]:
    """Give the steps from a cell to raw rows.

    Yields
    ------
    tuple of str and tuple of str
        The cell with the meaning and unit of its column; the rows of the results behind it; of a
        centre, how its index is made up and which rows of the raw files are its own.
    """
    yield "cell", tuple(_tell_cell(cell))
    called = name_places(bundle, find_place_names(bundle.results, "en", codes=False))
    for name in results:
        lines = tuple(_tell_rows(called.results[name], cell))
        if lines:
            yield f"rows of the result {name}", lines
    if cell.centre:
        yield "index of the centre", tuple(_tell_index(bundle, cell.centre))
        yield "rows of the raw files", tuple(_tell_raw(edition, cell.centre))


def _tell_cell(cell: Cell) -> Iterator[str]:
    yield f"row: {' | '.join(str(value) for value in cell.row[:4])}"
    meaning = find_meaning(cell.column.key, table=cell.spec.key)
    yield f"column: {cell.column.key} ({cell.column.header})"
    if meaning is not None:
        unit = f"; unit: {name_unit(meaning.unit, 'en')}" if meaning.unit else ""
        yield f"meaning: {meaning.texts['en']}{unit}"
    yield f"value: {cell.value!r}, shown as {cell.shown}"


def _tell_rows(result: Any, cell: Cell) -> Iterator[str]:
    """Give the rows of a result's frames that are of what the row of the table names."""
    for name in getattr(result, "__slots__", ()):
        frame = getattr(result, name)
        own = _take_own(frame, cell) if isinstance(frame, pd.DataFrame) else None
        if own is None:
            continue
        for _, row in own.head(MOST_ROWS).iterrows():
            told = ", ".join(f"{key} {_write(value)}" for key, value in row.items())
            yield f"{name}: {told}"
        if len(own) > MOST_ROWS:
            yield f"{name}: {len(own) - MOST_ROWS} more rows"


def _take_own(frame: pd.DataFrame, cell: Cell) -> pd.DataFrame | None:
    """Return the rows of a frame that are of the cell's centre, region or other thing, or None."""
    if cell.centre:
        return _take_centre(frame, cell.centre) if "centre" in frame else None
    label = next((label for label in LABELS[1:] if label in frame), None)
    if label is None:
        return None
    return frame[frame[label].astype(str).isin([str(value) for value in cell.row])]


def _write(value: Any) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _tell_index(bundle: Bundle, centre: str) -> Iterator[str]:
    """Give the parts whose sum is the index of a centre, the index and the stars."""
    parts, scores = bundle.results.get("score_parts"), bundle.results.get("scores")
    if not isinstance(scores, Scores):
        return
    own = _take_centre(scores.frame, centre)
    index = own[(own["kind"] == "index") & (own["segment"] == "all")]
    if isinstance(parts, ScoreParts):
        answers = own[own["segment"] == "all"].set_index(["kind", "key"])["n"]
        frame = _take_centre(parts.frame, centre)
        for row in frame.itertuples():
            n = answers.get((row.kind, row.key))
            yield (
                f"{row.kind} {row.key}: score {_write(row.estimate)} (n = {_write(n)}) x weight "
                f"{_write(row.weight)} = {_write(row.contribution)}"
            )
    for row in index.itertuples():
        yield (
            f"index: {_write(row.estimate)} (standard error {_write(row.std_error)}, "
            f"{scores.level:.0%} interval {_write(row.ci_low)} to {_write(row.ci_high)}, "
            f"n = {_write(row.n)})"
        )
    stars = bundle.results.get("stars")
    if isinstance(stars, Stars):
        for row in _take_centre(stars.frame, centre).itertuples():
            withheld = str(row.withheld)
            yield f"no stars: {withheld}" if withheld else f"stars: {_write(row.star)}"


def _take_centre(frame: pd.DataFrame, centre: str) -> pd.DataFrame:
    return frame[frame["centre"].astype(str) == centre]


def _tell_raw(edition: Edition, centre: str) -> Iterator[str]:
    """Give how many rows of every raw file are of a centre, and the first of their numbers."""
    for source in edition.sources:
        log = FaultLog()
        opened = open_table(source, log, file=source.file.name)
        columns = getattr(source, "columns", {})
        if opened is None or "centre" not in columns:
            continue
        column = RoleFinder(opened.table, columns, log).find("centre", needed=False)
        if column is None:
            continue
        rows = opened.table.rows[column.texts() == centre]
        shown = ", ".join(map(str, rows[:MOST_ROWS])) + (", ..." if len(rows) > MOST_ROWS else "")
        told = f"{len(rows)} rows of {len(opened.table)}"
        yield f"{source.file.name}: {told}" + (f": {shown}" if len(rows) else "")
