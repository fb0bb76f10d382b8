"""Print the faults of the input data as a table that fits the terminal."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clientindex.intake import DataFault

MAX_PRINTED = 40
"""Faults printed; the saved table holds all of them."""

PLAIN_WIDTH = 160
"""Width of the table where the output is not a terminal."""


def print_faults(faults: Sequence[DataFault]) -> None:
    """Print how many faults there are and the first of them, errors before warnings."""
    counts = Counter(fault.severity for fault in faults)
    click.echo(f"{counts['error']} errors, {counts['warning']} warnings")
    ordered = sorted(faults, key=lambda fault: fault.severity)
    if not ordered:
        return
    width = None if sys.stdout.isatty() else PLAIN_WIDTH
    Console(width=width).print(_tabulate(ordered[:MAX_PRINTED]))
    if len(ordered) > MAX_PRINTED:
        click.echo(f"... and {len(ordered) - MAX_PRINTED} more in the fault table")


def _tabulate(faults: Sequence[DataFault]) -> Table:
    table = Table(show_lines=False)
    for title in ("code", "severity", "file", "row", "column", "read", "allowed", "what to do"):
        table.add_column(title, overflow="fold")
    for fault in faults:
        row = "" if fault.row is None else str(fault.row)
        cells = (fault.code, fault.severity, fault.file, row, fault.column)
        texts = (fault.read, fault.allowed, fault.advice)
        table.add_row(*(Text(cell) for cell in (*cells, *texts)))
    return table
