"""Tables as Markdown that Pandoc and Quarto read into HTML, DOCX and PDF."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from clientindex.tables.cells import collect_notes, write_cell
from clientindex.wording.numbers import NO_BREAK

if TYPE_CHECKING:
    from clientindex.tables.spec import Column, TableSpec, Value
    from clientindex.wording import Wording

FENCE: Final = ":::::"
_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>#~^$|@!'\"&])")
_LINE_ENDS: Final = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
_LEAST_DASHES, _MOST_DASHES = 3, 40


def escape_markdown(text: str) -> str:
    """Write plain text so that Markdown shows it unchanged.

    Signs without a look and those that turn the direction of writing are left out, because they
    would change what stands beside them; ends of lines become spaces.
    """
    return _SPECIAL.sub(r"\\\1", _UNSEEN.sub("", _LINE_ENDS.sub(" ", text)))


def to_pipe_table(spec: TableSpec, *, wording: Wording) -> str:
    """Write the cells as a pipe table; dashes are as long as the widest cell of their column.

    Numbers are aligned to the right, text to the left.
    """
    heads = [escape_markdown(column.header) for column in spec.columns]
    body = [
        [
            escape_markdown(_write(value, column, wording, revised=(i, column.key) in spec.revised))
            for value, column in zip(row, spec.columns, strict=True)
        ]
        for i, row in enumerate(spec.rows)
    ]
    widths = [max(map(len, cells)) for cells in zip(heads, *body, strict=True)]
    rule = [_draw_rule(c, w) for c, w in zip(spec.columns, widths, strict=True)]
    return "\n".join(f"| {' | '.join(line)} |" for line in (heads, rule, *body)) + "\n"


def _write(value: Value, column: Column, wording: Wording, *, revised: bool) -> str:
    said = write_cell(value, column, wording=wording)
    return f"{said}{NO_BREAK}{wording.text('revision.mark')}" if revised else said


def to_markdown(spec: TableSpec, *, wording: Wording) -> str:
    """Write a table with its label, caption and notes for a document.

    Notes stand as paragraphs below the table, the caption is the last paragraph of the container,
    as Quarto has it.
    """
    notes = [escape_markdown(note) for note in collect_notes(spec, wording=wording)]
    parts = [
        f"{FENCE} {{#{spec.label}}}",
        to_pipe_table(spec, wording=wording),
        *notes,
        escape_markdown(spec.caption),
        FENCE,
    ]
    return "\n" + "\n\n".join(parts) + "\n"


def _draw_rule(column: Column, width: int) -> str:
    dashes = "-" * min(max(width, _LEAST_DASHES), _MOST_DASHES)
    return f":{dashes}" if column.is_text else f"{dashes}:"
