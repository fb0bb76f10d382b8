"""Faults of the input data: stable codes, and one row a fault."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Literal

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFault:
    """One fault of the input data, in the words of the person who can mend it.

    Attributes
    ----------
    code : str
        Stable code such as ``E-SCALE``; the list stands in data_raw/README.md.
    severity : {"error", "warning"}
        Errors stop the run; warnings are printed and saved.
    file, column : str
        Where; empty when the fault is not in one column.
    row : int or None
        Row of the file as a spreadsheet shows it (the heading is row 1).
    read, allowed, advice : str
        What was read, what is allowed, what to do.
    """

    code: str
    severity: Literal["error", "warning"]
    file: str
    row: int | None
    column: str
    read: str
    allowed: str
    advice: str


def tabulate_faults(faults: Iterable[DataFault]) -> pd.DataFrame:
    """Return the faults as a table with fixed columns, errors first, in order of file and row."""
    columns = [field.name for field in fields(DataFault)]
    table = pd.DataFrame([asdict(fault) for fault in faults], columns=columns)
    table["row"] = table["row"].astype("Int64")
    order = ["severity", "file", "row", "column", "code"]
    return table.sort_values(order, kind="stable", ignore_index=True)
