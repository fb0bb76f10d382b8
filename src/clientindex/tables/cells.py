"""Cells as text of one language, for documents: rounding happens here, once."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from clientindex.errors import WordingError
from clientindex.tables.hidden import Hidden
from clientindex.wording.numbers import NO_BREAK, round_half_up, to_decimal

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.tables.spec import Column, TableSpec, Value
    from clientindex.wording import Wording

HASH_LENGTH: Final = 12
"""Characters of a hash that documents show; files of data have all."""


def write_cell(value: Value, column: Column, *, wording: Wording) -> str:
    """Write one value; None becomes the sign for no value.

    Raises
    ------
    WordingError
        If the value does not fit the kind of its column.
    """
    if value is None:
        return wording.missing
    if isinstance(value, Hidden):
        return wording.text("hidden.mark")
    try:
        if column.kind == "percent":
            return _write_percent(value, column, wording)
        return _WRITERS[column.kind](value, column.digits, wording)
    except (TypeError, ValueError) as exc:
        msg = f"column {column.key!r} of kind {column.kind} cannot hold {value!r}"
        raise WordingError(msg) from exc


def collect_notes(spec: TableSpec, *, wording: Wording) -> tuple[str, ...]:
    """Return the notes of a table, with the meaning of the signs for no value if they are shown."""
    notes = add_hidden_note(spec, wording=wording)
    if not spec.has_gaps or spec.explains_gaps:
        return notes
    return (*notes, wording.text("missing.note"))


def add_hidden_note(spec: TableSpec, *, wording: Wording) -> tuple[str, ...]:
    """Return the notes of a table, with what the word for hidden values means if it is shown."""
    hidden = spec.hidden
    if hidden is None:
        return spec.notes
    return (*spec.notes, wording.text("hidden.note", n=wording.integer(hidden.fewest)))


def spell_hidden(spec: TableSpec, *, wording: Wording) -> TableSpec:
    """Put the word for what is hidden into a table of a file of data, with the note."""
    if spec.hidden is None:
        return spec
    mark = wording.text("hidden.mark")
    rows = tuple(tuple(mark if isinstance(v, Hidden) else v for v in row) for row in spec.rows)
    return replace(spec, rows=rows, notes=add_hidden_note(spec, wording=wording))


def _write_text(value: Any, digits: int, wording: Wording) -> str:
    del digits, wording
    if not isinstance(value, str):
        msg = "not text"
        raise TypeError(msg)
    return value.replace("\r", "").replace("\n", " ")


def _write_hash(value: Any, digits: int, wording: Wording) -> str:
    return _write_text(value, digits, wording)[:HASH_LENGTH]


def _write_percent(value: Any, column: Column, wording: Wording) -> str:
    """Per cent without the sign, which stands in the heading."""
    percent, digits = to_percent(value), column.digits
    shown = round_half_up(percent, digits=digits)
    is_end = shown in (0, 100)
    if not is_end or column.ends == "rounded" or (column.ends == "exact" and percent == shown):
        return wording.number(percent, digits)
    step = Decimal(1).scaleb(-digits)
    if shown == 0:
        return f"<{NO_BREAK}{wording.number(float(step), digits)}"
    return f">{NO_BREAK}{wording.number(float(shown - step), digits)}"


def to_percent(share: float) -> float:
    """Return a share as per cent, exact on its decimal representation."""
    return float(to_decimal(share) * 100)


_WRITERS: dict[str, Callable[[Any, int, Wording], str]] = {
    "text": _write_text,
    "hash": _write_hash,
    "integer": lambda value, _, wording: wording.integer(value),
    "number": lambda value, digits, wording: wording.number(value, digits),
    "p_value": lambda value, _, wording: wording.p_value(value, symbol=False),
    "interval": lambda value, digits, wording: wording.interval(value[0], value[1], digits),
}
