"""Read SPSS files with their value labels and the values declared missing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from clientindex.intake.log import FaultLog, ReadingError, Trouble
from clientindex.intake.numbers import parse_number
from clientindex.intake.raw import (
    RawBatch,
    RawTable,
    TextColumn,
    encode_arrow,
    encode_cells,
    make_table,
)
from clientindex.intake.raw import format_cell as format_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from clientindex.edition.sources import TableFile


def read_sav(path: Path, source: TableFile, log: FaultLog, *, file: str) -> RawTable:
    """Read an SPSS file.

    Values that the file declares user-missing stay in the table, marked as such; system-missing
    values are empty cells. The file states its own encoding; the edition's is used only when it is
    written there.

    Parameters
    ----------
    path : Path
    source : TableFile
        Encoding when the file's own is wrong; decimal mark of numbers kept as text.
    log : FaultLog
    file : str
        Name of the file in faults.

    Returns
    -------
    RawTable

    Raises
    ------
    ReadingError
        If the file is damaged or its text has another encoding.
    """
    return read_sav_rows(path, source, file=file).table


def read_sav_rows(
    path: Path, source: TableFile, *, file: str, start: int = 0, n_rows: int = 0
) -> RawBatch:
    """Read `n_rows` rows after the first `start`, all the rest if `n_rows` is 0.

    Parameters and errors are those of :func:`read_sav`.
    """
    frame, meta = _read(path, source, row_offset=start, row_limit=n_rows)
    columns = [
        _annotate(_encode(name, frame[name], source.decimal), meta, decimal=source.decimal)
        for name in frame.columns
    ]
    rows = np.arange(2 + start, 2 + start + len(frame))
    table = make_table(file, columns, rows=rows, decimal=source.decimal)
    return RawBatch(table=table, n_records=len(frame))


def count_sav_rows(path: Path, source: TableFile) -> int:
    """Return the number of rows that the file states, -1 where it does not.

    Raises
    ------
    ReadingError
        As :func:`read_sav`.
    """
    _, meta = _read(path, source, metadataonly=True)
    return -1 if meta.number_rows is None else int(meta.number_rows)


def _read(path: Path, source: TableFile, **how: Any) -> tuple[Any, Any]:
    import pyreadstat

    encoding = source.encoding if "encoding" in source.model_fields_set else None
    try:
        frame, meta = pyreadstat.read_sav(path, user_missing=True, encoding=encoding, **how)
    except (pyreadstat.ReadstatError, UnicodeDecodeError, ValueError) as exc:
        raise _describe_failure(exc, encoding) from None
    return frame, meta


def _describe_failure(exc: Exception, encoding: str | None) -> ReadingError:
    text = str(exc)
    if "convert" in text.lower() or "encod" in text.lower() or isinstance(exc, UnicodeDecodeError):
        right = "utf-8" if encoding == "cp1251" else "cp1251"
        trouble = Trouble(
            read=f"text in another encoding ({text})",
            allowed=f"text in {encoding}" if encoding else "text in the encoding the file states",
            advice=f"Write 'encoding: {right}' for this file in the edition.",
        )
        return ReadingError(trouble, code="E-ENCODING")
    trouble = Trouble(
        read=f"a damaged file ({text})",
        allowed="an SPSS .sav file",
        advice="Save it again from SPSS, or export it as CSV UTF-8.",
    )
    return ReadingError(trouble, code="E-FILE-UNREADABLE")


def _encode(name: str, series: Any, decimal: str) -> TextColumn:
    if series.dtype.kind in "fi":
        return encode_arrow(name, pa.array(series.to_numpy(), from_pandas=True), decimal=decimal)
    return encode_cells(name, series.tolist(), decimal=decimal)


def _annotate(column: TextColumn, meta: Any, *, decimal: str) -> TextColumn:
    """Add value labels and declared missing values."""
    labels = meta.variable_value_labels.get(column.name, {})
    ranges = meta.missing_ranges.get(column.name, [])
    return TextColumn(
        name=column.name,
        codes=column.codes,
        distinct=column.distinct,
        labels=_format_labels(labels, decimal),
        declared_missing=frozenset(
            text for text in column.distinct if _is_declared(text, ranges, decimal)
        ),
    )


def _format_labels(labels: Mapping[Any, str], decimal: str) -> dict[str, str]:
    return {format_value(value, decimal=decimal): label.strip() for value, label in labels.items()}


def _is_declared(text: str, ranges: Sequence[Mapping[str, Any]], decimal: str) -> bool:
    number = parse_number(text, decimal=decimal)
    for part in ranges:
        low, high = part["lo"], part["hi"]
        if isinstance(low, str) or isinstance(high, str):
            if text == str(low).strip():
                return True
        elif not math.isnan(number) and low <= number <= high:
            return True
    return False
