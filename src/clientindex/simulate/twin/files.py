"""Write the file of a twin in the form of its original: format, encoding, codes, order of columns.

A twin is told as the row of the original whose cell it shows, for every column, so that cells are
taken over as they are, with their types and labels.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final

from clientindex.edition.formats import ENDINGS
from clientindex.files import write_whole
from clientindex.intake.raw import clean_text
from clientindex.simulate.workbook import write_sheets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from clientindex.edition import SurveySource
    from clientindex.intake.raw import RawTable

FIRST_ROW: Final = 2
"""Row of a file, as a spreadsheet counts, that the first respondent stands in."""


def write_like(
    source: SurveySource,
    table: RawTable,
    *,
    shown: Mapping[str, NDArray[np.int64]],
    ids: Mapping[str, list[str]],
) -> None:
    """Write a twin over the file that it is of.

    Parameters
    ----------
    source : SurveySource
        How the file is read.
    table : RawTable
        The file as read.
    shown : mapping
        Heading -> row of `table` whose cell each row of the twin shows.
    ids : mapping
        Heading -> new text of every row.

    Columns that neither names are left out.
    """
    kind = source.format or ENDINGS[source.file.suffix.lower()]
    _WRITERS[kind](source, table, shown, ids)


def _write_csv(source: SurveySource, table: RawTable, shown: Any, ids: Any) -> None:
    columns = [
        ids[name] if name in ids else table.columns[name].texts()[shown[name]]
        for name in _order(table, shown, ids)
    ]
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=source.delimiter, lineterminator="\n")
    writer.writerow(_order(table, shown, ids))
    writer.writerows(zip(*columns, strict=True))
    write_whole(text.getvalue().encode(source.encoding), source.file)


def _order(table: RawTable, shown: Any, ids: Any) -> list[str]:
    return [name for name in table.columns if name in shown or name in ids]


def _write_xlsx(source: SurveySource, table: RawTable, shown: Any, ids: Any) -> None:
    import openpyxl

    book = openpyxl.load_workbook(source.file, read_only=True, data_only=True)
    sheet = book[source.sheet] if source.sheet else book.worksheets[0]
    title = sheet.title
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    book.close()
    place = {clean_text(str(name)): at for at, name in enumerate(rows[0]) if name is not None}
    origin = table.rows - 1
    columns = [
        ids[name]
        if name in ids
        else [_simplify(rows[row][place[name]]) for row in origin[shown[name]]]
        for name in _order(table, shown, ids)
    ]
    cells = [_order(table, shown, ids), *zip(*columns, strict=True)]
    write_whole(write_sheets({title: cells}), source.file)


def _simplify(cell: Any) -> Any:
    return cell if cell is None or isinstance(cell, (str, int, float)) else str(cell)


def _write_parquet(source: SurveySource, table: RawTable, shown: Any, ids: Any) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    original = pq.read_table(source.file)
    origin = table.rows - FIRST_ROW
    names = {clean_text(name): name for name in original.column_names}
    taken = {
        names[name]: pa.array(ids[name])
        if name in ids
        else original.column(names[name]).take(pa.array(origin[shown[name]]))
        for name in _order(table, shown, ids)
    }
    buffer = io.BytesIO()
    pq.write_table(pa.table(taken), buffer)
    write_whole(buffer.getvalue(), source.file)


def _write_sav(source: SurveySource, table: RawTable, shown: Any, ids: Any) -> None:
    import pandas as pd
    import pyreadstat

    encoding = source.encoding if "encoding" in source.model_fields_set else None
    frame, meta = pyreadstat.read_sav(source.file, user_missing=True, encoding=encoding)
    origin = table.rows - FIRST_ROW
    order = _order(table, shown, ids)
    names = {clean_text(name): name for name in frame.columns}
    taken = {
        names[name]: ids[name]
        if name in ids
        else frame[names[name]].to_numpy()[origin[shown[name]]]
        for name in order
    }
    kept = [names[name] for name in order]
    labels = dict(zip(meta.column_names, meta.column_labels, strict=True))
    pyreadstat.write_sav(
        pd.DataFrame(taken),
        str(source.file),
        column_labels={name: labels[name] or "" for name in kept},
        variable_value_labels={n: v for n, v in meta.variable_value_labels.items() if n in kept},
        missing_ranges={n: v for n, v in meta.missing_ranges.items() if n in kept},
    )


_WRITERS: Final[dict[str, Callable[[SurveySource, RawTable, Any, Any], None]]] = {
    "csv": _write_csv,
    "xlsx": _write_xlsx,
    "parquet": _write_parquet,
    "sav": _write_sav,
}
