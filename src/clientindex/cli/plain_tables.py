"""Numbers as words of a terminal, and tables that fit it."""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING, Any

import click
import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from clientindex.cli.fault_list import PLAIN_WIDTH

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def list_rows(frame: pd.DataFrame) -> Iterator[Any]:
    """Return the rows of a frame, each with its columns as attributes."""
    return iter(frame.itertuples(index=False))


def write_p(p: float) -> str:
    """Write a p value."""
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def write_count(value: Any) -> str:
    """Write a number without trailing zeros; nothing for none."""
    return "" if pd.isna(value) else f"{value:g}"


def write_interval(low: float, high: float, *, form: str = ".3f") -> str:
    """Write the two ends of an interval; nothing where there is none."""
    return "" if np.isnan(low) else f"[{low:{form}}, {high:{form}}]"


def print_words(text: str) -> None:
    """Print a sentence, broken between words where it is longer than a line."""
    click.echo(textwrap.fill(text, _make_console().width, break_on_hyphens=False))


def print_table(titles: Sequence[str], rows: Sequence[Sequence[str]], *, keys: int = 0) -> None:
    """Print a table that fits the terminal.

    With `keys`, a table that is too wide is cut into several below each other, each with the first
    `keys` columns; without, its cells are folded.
    """
    console = _make_console()
    widths = _measure_columns(titles, rows)
    if not keys or _sum_widths([max(pair) for pair in widths]) <= console.width:
        console.print(_build(titles, rows))
        return
    needed = [content for content, _ in widths]
    for columns in _cut(needed, keys, console.width):
        chosen = [[str(row[at]) for at in columns] for row in rows]
        console.print(
            _build([titles[at] for at in columns], chosen, [needed[at] for at in columns])
        )


def _make_console() -> Console:
    return Console(width=None if sys.stdout.isatty() else PLAIN_WIDTH)


def _measure_columns(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Return the width of every column with its title broken between words, and of its title."""
    return [
        (
            max(len(word) for word in [*title.split(), *(str(row[at]) for row in rows)]),
            len(title),
        )
        for at, title in enumerate(titles)
    ]


def _sum_widths(widths: Sequence[int]) -> int:
    """Return the width of a table: a space on both sides of a cell, and lines between them."""
    return sum(widths) + 3 * len(widths) + 1


def _cut(widths: Sequence[int], keys: int, limit: int) -> list[list[int]]:
    """Return the columns of the tables that a table is cut into."""
    first = list(range(keys))
    tables = [first]
    for at in range(keys, len(widths)):
        longer = [*tables[-1], at]
        if len(longer) > keys + 1 and _sum_widths([widths[x] for x in longer]) > limit:
            longer = [*first, at]
            tables.append(longer)
        tables[-1] = longer
    return tables


def _build(
    titles: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int] = ()
) -> Table:
    table = Table(show_lines=False)
    for at, title in enumerate(titles):
        table.add_column(title, overflow="fold", width=widths[at] if widths else None)
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    return table
