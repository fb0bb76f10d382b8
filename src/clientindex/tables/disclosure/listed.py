"""The list of the cells of all tables that are not published; never with their values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.tables.columns import make_column
from clientindex.tables.hidden import Hidden
from clientindex.tables.spec import TableSpec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from clientindex.tables.spec import Value
    from clientindex.wording import Wording

STATUS: Final = "data_status"
"""Column that every table of synthetic data has."""
KEY: Final = "suppressed_cells"
_HEADS: Final = ("hidden_table", "hidden_file", "hidden_row", "hidden_of", "hidden_column")
_RULES: Final = ("hidden_rule", "hidden_reason")


def list_hidden(specs: Iterable[TableSpec], *, wording: Wording) -> TableSpec:
    """Build one row a hidden cell: table, row, column, rule and reason in words.

    Parameters
    ----------
    specs : iterable of TableSpec
        Before the word for hidden values is put in.
    wording : Wording
    """
    return TableSpec(
        key=KEY,
        caption=wording.text(f"table.{KEY}.title"),
        columns=tuple(
            make_column(head, wording, kind="integer" if head == "hidden_row" else "text")
            for head in (*_HEADS, *_RULES)
        ),
        rows=tuple(row for spec in specs for row in _list_rows(spec, wording)),
    )


def _list_rows(spec: TableSpec, wording: Wording) -> Iterator[tuple[Value, ...]]:
    columns = enumerate(spec.columns)
    texts = [place for place, column in columns if column.is_text and column.key != STATUS]
    for number, row in enumerate(spec.rows, 1):
        found = [(c, v) for c, v in zip(spec.columns, row, strict=True) if isinstance(v, Hidden)]
        if not found:
            continue
        name = "; ".join(str(row[place]) for place in texts if row[place])
        for column, value in found:
            rule = wording.text(f"hidden.rule_{value.rule}")
            reason = wording.text(f"hidden.reason_{value.rule}", n=wording.integer(value.fewest))
            yield (spec.caption, spec.key, number, name, column.header, rule, reason)
