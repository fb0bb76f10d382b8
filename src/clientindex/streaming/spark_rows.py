"""Parts of a survey as rows of Spark: how they leave an executor, are added up, and arrive.

A part is one row, its counts are a row a unit, and its ids rows of bounded size, so that no value
grows with the survey. Spark brings the rows of one unit of one file together and adds them up.
"""

from __future__ import annotations

import json
import pickle
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from clientindex.counts import UNIT_COLUMNS, pack_units, sum_packed, unpack_units
from clientindex.intake.row_layout import RowRun
from clientindex.streaming.respondent_ids import RECORD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from clientindex.counts import PairCounts
    from clientindex.methodology import Methodology
    from clientindex.streaming.part import SurveyPart

SCHEMA: Final = "place int, number int, key string, data binary"
"""Position of the file, number of the part in it, what the data are, and the data."""

KEYS: Final = ["place", "number", "key"]
"""Rows that agree in these come together."""

COUNTS: Final = -1
"""Number of counts, which belong to a file and to no part of it."""

PART: Final = "part"
"""Key of what a part holds beside counts and ids."""

RUNS: Final = "runs"
"""Key of where the rows of a part stand in files."""

IDS_A_ROW: Final = 2**18
"""Records of ids in one row: 5 MB."""

_FIELDS: Final = pa.schema(
    [("place", pa.int32()), ("number", pa.int32()), ("key", pa.string()), ("data", pa.binary())]
)
UNITS_A_BATCH: Final = 512
"""Rows of counts that are sent together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of :data:`SCHEMA`."""

    place: int
    number: int
    key: str
    data: bytes


def tell_part(place: int, number: int, part: SurveyPart) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a part but for its ids, as an executor hands them to Spark."""
    counts = part.counts
    empty = counts.without_tables(keep_units=False)
    yield _write([Row(place=place, number=number, key=PART, data=_pickle(part, empty))])
    rows = [
        Row(place=place, number=COUNTS, key=key, data=data)
        for key, data in zip(_list_keys(counts), pack_units(counts), strict=True)
    ]
    for start in range(0, len(rows), UNITS_A_BATCH):
        yield _write(rows[start : start + UNITS_A_BATCH])


def tell_ids(
    place: int, number: int, records: NDArray[np.void], *, first: int = 0
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of the ids of a part, shape (M,); `first` numbers them."""
    for at, start in enumerate(range(0, len(records), IDS_A_ROW), start=first):
        data = records[start : start + IDS_A_ROW].tobytes()
        yield _write([Row(place=place, number=number, key=f"ids {at}", data=data)])


def tell_runs(place: int, number: int, runs: Sequence[RowRun]) -> pa.RecordBatch:
    """Return the row that says where the rows of a part stand in files."""
    data = json.dumps([(run.start, run.label, run.first) for run in runs]).encode()
    return _write([Row(place=place, number=number, key=RUNS, data=data)])


def add_up(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield rows with the counts of every unit added up; parts and ids stay as they are.

    All rows of a unit must be in `batches`.
    """
    waiting: dict[tuple[int, str], list[bytes]] = {}
    for batch in batches:
        for row in batch.to_pylist():
            if row["number"] == COUNTS:
                waiting.setdefault((row["place"], row["key"]), []).append(row["data"])
            else:
                yield _write([Row(**row)])
    units = sorted(waiting)
    for start in range(0, len(units), UNITS_A_BATCH):
        yield _write(
            [
                Row(place=place, number=COUNTS, key=key, data=_sum(waiting.pop((place, key))))
                for place, key in units[start : start + UNITS_A_BATCH]
            ]
        )


def _sum(values: list[bytes]) -> bytes:
    return values[0] if len(values) == 1 else sum_packed(values)


def add_up_rows(rows: Any) -> Iterator[Any]:
    """Yield rows of :data:`SCHEMA` with the counts of every unit added up.

    Parameters
    ----------
    rows : pyspark.sql.DataFrame
    """
    summed = rows.repartition(*KEYS).mapInArrow(add_up, SCHEMA)
    # Partitions are fetched one after another; spread once more, they are added up all at once
    # before the first is fetched.
    yield from summed.repartition(*KEYS).toLocalIterator(prefetchPartitions=True)


def read_part(data: bytes) -> SurveyPart:
    """Return a part from the data of its row; it has neither counts nor ids."""
    # These bytes were written by our own code in this run.
    part: SurveyPart = pickle.loads(data)
    return part


def read_runs(data: bytes) -> list[RowRun]:
    """Return runs of rows from the data of their row."""
    return [RowRun(start=start, label=label, first=at) for start, label, at in json.loads(data)]


def read_ids(data: bytes) -> NDArray[np.void]:
    """Return records of ids from the data of a row, shape (M,)."""
    return np.frombuffer(data, dtype=RECORD)


def read_counts(rows: Iterable[tuple[str, bytes]], methodology: Methodology) -> list[PairCounts]:
    """Return the counts of units from keys and data of their rows."""
    by_width: dict[int, list[tuple[list[str], bytes]]] = {}
    for key, data in rows:
        labels = json.loads(key)
        by_width.setdefault(len(labels), []).append((labels, data))
    return [
        unpack_units(
            methodology.indicator_keys,
            methodology.n_categories,
            _make_units([labels for labels, _ in found]),
            [data for _, data in found],
        )
        for _, found in sorted(by_width.items())
    ]


def _make_units(labels: Sequence[list[str]]) -> pd.DataFrame:
    columns = zip(UNIT_COLUMNS, zip(*labels, strict=True), strict=False)
    return pd.DataFrame({name: pd.array(list(texts), dtype="str") for name, texts in columns})


def _list_keys(counts: PairCounts) -> list[str]:
    names = [name for name in UNIT_COLUMNS if name in counts.units]
    labels = zip(*(counts.units[name].tolist() for name in names), strict=True)
    return [json.dumps(list(texts), ensure_ascii=False) for texts in labels]


def _pickle(part: SurveyPart, counts: PairCounts) -> bytes:
    return pickle.dumps(replace(part, counts=counts), protocol=pickle.HIGHEST_PROTOCOL)


def _write(rows: Sequence[Row]) -> pa.RecordBatch:
    columns: dict[str, list[Any]] = {
        name: [getattr(row, name) for row in rows] for name in _FIELDS.names
    }
    return pa.RecordBatch.from_pydict(columns, schema=_FIELDS)
