"""Pair counts as bytes: for the checkpoints of a long pass and for sums on a cluster.

A file has a head with indicators and labels, then frames of some hundred units. On a cluster a row
is a unit and its counts are one value of bytes: :func:`pack_units` makes them, :func:`sum_packed`
adds those of one unit, :func:`unpack_units` gives counts back.
"""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.counts.accumulate import check_respondents, make_arrays
from clientindex.counts.frames import (
    Numbers,
    put_numbers,
    read_frame,
    seal,
    take_numbers,
    unseal,
    write_frame,
)
from clientindex.counts.pair_counts import ARRAYS, UNIT_COLUMNS, PairCounts
from clientindex.errors import CountsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

UNITS_A_FRAME = 512
"""Units of one frame of a file; bounds the memory of writing and reading."""

_MARK = b"CIPC"
_FIELDS = struct.Struct("<I")
"""Number of frames."""


def pack_counts(counts: PairCounts) -> bytes:
    """Return counts as bytes, the same for equal counts; :func:`unpack_counts` reads them."""
    head = {
        "indicators": counts.indicators,
        "n_categories": counts.n_categories,
        "units": {str(name): counts.units[name].tolist() for name in counts.units},
    }
    frames = [
        write_frame(take_numbers(counts, slice(start, start + UNITS_A_FRAME)))
        for start in range(0, len(counts.units), UNITS_A_FRAME)
    ]
    text = json.dumps(head, ensure_ascii=False).encode()
    return b"".join([seal(_MARK, _FIELDS.pack(len(frames)), text), *frames])


def unpack_counts(data: bytes, *, source: str = "the counts") -> PairCounts:
    """Return the counts that :func:`pack_counts` wrote.

    Parameters
    ----------
    data : bytes
    source : str
        What errors call them, in the plural: "the counts in survey.parquet.counts".

    Returns
    -------
    PairCounts
        Equal to those written, bit for bit.

    Raises
    ------
    CountsError
        If they are no counts, are of another version, are cut off or were changed.
    """
    fields, text, start = unseal(_MARK, _FIELDS.size, data, 0, source)
    head = json.loads(text)
    units = pd.DataFrame({name: pd.array(v, dtype="str") for name, v in head["units"].items()})
    counts = _make_empty(tuple(head["indicators"]), head["n_categories"], units)
    n_read = 0
    for _ in range(*_FIELDS.unpack(fields)):
        numbers, start = read_frame(data, start, source)
        _check_sizes(numbers, counts, source)
        put_numbers(counts, slice(n_read, n_read + len(numbers.counts)), numbers)
        n_read += len(numbers.counts)
    if start != len(data):
        msg = f"{source} go on after their end at byte {start}; count them again"
        raise CountsError(msg)
    return counts


def pack_units(counts: PairCounts) -> list[bytes]:
    """Return the counts of every unit as bytes of their own, in the order of ``counts.units``.

    The labels are not in them: they are the keys of the rows that carry them.
    """
    units = range(len(counts.units))
    return [write_frame(take_numbers(counts, slice(unit, unit + 1))) for unit in units]


def sum_packed(values: Iterable[bytes]) -> bytes:
    """Return the sum of the counts of one unit, each as :func:`pack_units` makes them.

    The sum does not depend on the order, and can be added to others.

    Raises
    ------
    CountsError
        If there are no values, they count other answers, are no counts or were changed, or there
        are more respondents than a table can count.
    """
    total: Numbers | None = None
    for value in values:
        part, _ = read_frame(value, 0, "the counts of a unit")
        if total is None:
            total = part
            continue
        _check_same(total, part)
        np.add(total.counts, part.counts, out=total.counts)
        np.add(total.sums, part.sums, out=total.sums)
    if total is None:
        msg = "no counts to add"
        raise CountsError(msg)
    check_respondents(total.counts[:, 0])
    return write_frame(total)


def unpack_units(
    indicators: tuple[str, ...], n_categories: int, units: pd.DataFrame, values: Sequence[bytes]
) -> PairCounts:
    """Return the counts of units from the bytes of each.

    Parameters
    ----------
    indicators : tuple of str
        K keys in the order of the methodology.
    n_categories : int
        C.
    units : DataFrame of shape (U, 3 or 4)
        Labels, in the order of `values`; other columns are left out.
    values : sequence of bytes, length U
        See :func:`pack_units`.

    Returns
    -------
    PairCounts
        Units in the given order. Where they may repeat or are not sorted, add them to a
        ``PairAccumulator``, whose total has neither.

    Raises
    ------
    CountsError
        If values count other answers, are no counts, are of another version or were changed.
    """
    keys = [name for name in UNIT_COLUMNS if name in units]
    counts = _make_empty(indicators, n_categories, units[keys].reset_index(drop=True))
    for unit, (centre, value) in enumerate(zip(units["centre"].tolist(), values, strict=True)):
        source = f"the counts of {centre}"
        numbers, _ = read_frame(value, 0, source)
        _check_sizes(numbers, counts, source)
        put_numbers(counts, slice(unit, unit + 1), numbers)
    return counts


def _make_empty(indicators: tuple[str, ...], n_categories: int, units: pd.DataFrame) -> PairCounts:
    tables = make_arrays(len(units), len(indicators), n_categories)
    arrays: dict[str, Any] = dict(zip(ARRAYS, tables, strict=True))
    return PairCounts(indicators=indicators, n_categories=n_categories, units=units, **arrays)


def _check_sizes(numbers: Numbers, counts: PairCounts, source: str) -> None:
    n_items, n_categories = len(counts.indicators), counts.n_categories
    if (numbers.n_items, numbers.n_categories) != (n_items, n_categories):
        msg = (
            f"{source} have {numbers.n_items} indicators with {numbers.n_categories} categories "
            f"where {n_items} with {n_categories} belong; count with the same methodology"
        )
        raise CountsError(msg)


def _check_same(total: Numbers, part: Numbers) -> None:
    if total.counts.shape != part.counts.shape or total.n_items != part.n_items:
        msg = (
            f"counts of {total.n_items} indicators with {total.n_categories} categories cannot be "
            f"added to counts of {part.n_items} with {part.n_categories}; "
            "count both with the same methodology"
        )
        raise CountsError(msg)
