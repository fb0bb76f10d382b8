"""Read a published file of data."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from clientindex.errors import ReproductionError
from clientindex.reproduction.content.table import ShownTable

if TYPE_CHECKING:
    from pathlib import Path


def read_csv_file(path: Path) -> ShownTable:
    """Read a CSV file of UTF-8 with commas, as the folder ``tables/csv`` holds it.

    Raises
    ------
    ReproductionError
        The file cannot be read as such.
    """
    try:
        return parse_csv(path.read_bytes(), name=path.stem)
    except (OSError, ValueError, csv.Error) as exc:
        msg = f"{path}: cannot be read as a published table ({exc})."
        raise ReproductionError(msg) from exc


def parse_csv(content: bytes, *, name: str, title: str = "") -> ShownTable:
    """Return the cells of a CSV file; the first line holds the headings.

    Raises
    ------
    UnicodeDecodeError, csv.Error
        It is no CSV file in UTF-8.
    """
    reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    columns, *rows = [tuple(row) for row in reader] or [()]
    return ShownTable(name=name, title=title, columns=columns, rows=tuple(rows))
