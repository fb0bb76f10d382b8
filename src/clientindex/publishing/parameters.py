"""Replace the values of the parameters cell, in a copy of the sources.

Quarto's Jupyter engine ignores ``params:`` and needs papermill for ``-P``. Rewriting the
assignments of the cell tagged ``parameters`` works with both renderers and keeps line numbers.
"""

from __future__ import annotations

import ast
import difflib
import math
from pathlib import Path
from typing import TYPE_CHECKING

from clientindex.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from clientindex.publishing.segments import Cell, Source


def find_parameters_cell(source: Source) -> Cell | None:
    """Return the cell tagged ``parameters``.

    Parameters
    ----------
    source : Source
        Parsed document.

    Returns
    -------
    Cell or None

    Raises
    ------
    RenderError
        More than one cell has the tag.
    """
    tagged = [cell for cell in source.cells if "parameters" in cell.tags]
    if len(tagged) > 1:
        msg = f"{tagged[1].place}: a second cell tagged 'parameters'; one is allowed"
        raise RenderError(msg)
    return tagged[0] if tagged else None


def replace_parameters(cell: Cell, values: Mapping[str, object]) -> str:
    """Return the code of a parameters cell with other values.

    Parameters
    ----------
    cell : Cell
        The cell tagged ``parameters``.
    values : Mapping[str, object]
        New values: None, bool, int, finite float, str, path, or lists, tuples and dicts of these.

    Returns
    -------
    str
        Code with as many lines as before.

    Raises
    ------
    RenderError
        A name is not assigned in the cell, a value is not a simple literal, or the cell holds
        something other than assignments of literals.
    """
    spans = _assignments(cell)
    lines = cell.code.split("\n")
    for name, value in values.items():
        if name not in spans:
            msg = f"{cell.place}: unknown parameter {name!r}{_hint(name, list(spans))}"
            raise RenderError(msg)
        first, last = spans[name]
        blank = [""] * (last - first)
        lines[first : last + 1] = [f"{name} = {_literal(name, value)}", *blank]
    return "\n".join(lines)


def apply_parameters(folder: Path, source: Source, values: Mapping[str, object]) -> None:
    """Write new parameter values into the staged copy of the sources.

    Parameters
    ----------
    folder : Path
        Staged folder; files below it are changed.
    source : Source
        Document parsed from that folder.
    values : Mapping[str, object]
        New values; nothing happens when empty.

    Raises
    ------
    RenderError
        There is no parameters cell, or :func:`replace_parameters` refuses.
    """
    if not values:
        return
    cell = find_parameters_cell(source)
    if cell is None:
        names = ", ".join(sorted(values))
        msg = f"parameters were given ({names}) but no cell has '#| tags: [parameters]'"
        raise RenderError(msg)
    path = folder / cell.place.file
    lines = path.read_text(encoding="utf-8").split("\n")
    first = cell.code_line - 1
    count = cell.code.count("\n") + 1
    lines[first : first + count] = replace_parameters(cell, values).split("\n")
    path.write_text("\n".join(lines), encoding="utf-8")


def _assignments(cell: Cell) -> dict[str, tuple[int, int]]:
    try:
        body = ast.parse(cell.code).body
    except SyntaxError as error:
        line = cell.code_line + (error.lineno or 1) - 1
        msg = f"{cell.place.file}:{line}: parameters cell: {error.msg}"
        raise RenderError(msg) from error
    return dict(_span(statement, cell) for statement in body)


def _span(statement: ast.stmt, cell: Cell) -> tuple[str, tuple[int, int]]:
    targets: Sequence[ast.expr] = ()
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    if len(targets) != 1 or not isinstance(targets[0], ast.Name):
        line = cell.code_line + statement.lineno - 1
        msg = f"{cell.place.file}:{line}: the parameters cell may only hold 'name = value' lines"
        raise RenderError(msg)
    return targets[0].id, (statement.lineno - 1, (statement.end_lineno or statement.lineno) - 1)


def _literal(name: str, value: object) -> str:
    if isinstance(value, Path):
        return repr(str(value))
    if _is_simple(value):
        return repr(value)
    msg = f"parameter {name!r} has a value of type {type(value).__name__}, not a simple literal"
    raise RenderError(msg)


def _is_simple(value: object) -> bool:
    if isinstance(value, float):
        return type(value) is float and math.isfinite(value)
    if isinstance(value, list | tuple):
        return all(map(_is_simple, value))
    if isinstance(value, dict):
        return all(_is_simple(k) and _is_simple(v) for k, v in value.items())
    return value is None or type(value) in {bool, int, str}


def _hint(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; the cell has: {', '.join(known) or 'none'}"
