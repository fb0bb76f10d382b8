"""Columns of few whole numbers, which answers are: looked up instead of hashed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from clientindex.intake.raw import TextColumn, clean_text, format_cell

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDEST = 2**12
"""Range of numbers that a table is made for."""


def encode_whole_numbers(name: str, cells: Any) -> TextColumn | None:
    """Make a column as :func:`clientindex.intake.raw.encode_arrow` does; None = it has to.

    Parameters
    ----------
    name : str
        The heading.
    cells : pyarrow Array of length N
        Of any type; nulls and NaN are empty cells. Numbers of another kind than whole ones of a
        range of at most :data:`WIDEST` are refused.
    """
    if isinstance(cells, pa.ChunkedArray) or not len(cells):
        return None
    numbers, valid = _read_numbers(cells)
    if numbers is None:
        return None
    known = numbers if valid is None else numbers[valid]
    if not len(known):
        return None
    low, high = int(known.min()), int(known.max())
    if high - low >= WIDEST:
        return None
    places = numbers.astype(np.int64) - low
    if valid is not None:
        places[~valid] = 0
    present = np.flatnonzero(np.bincount(places if valid is None else places[valid]))
    lookup = np.zeros(high - low + 1, dtype=np.int32)
    lookup[present] = np.arange(len(present))
    codes = lookup[places]
    if valid is not None:
        codes[~valid] = -1
    return TextColumn(
        name=clean_text(name),
        codes=codes,
        distinct=tuple(format_cell(low + int(place)) for place in present),
    )


def _read_numbers(cells: Any) -> tuple[NDArray[Any] | None, NDArray[np.bool_] | None]:
    """Return the numbers and which are known (None = all); no numbers where one is not whole."""
    kind = cells.type
    if pa.types.is_integer(kind) and kind != pa.uint64():
        if not cells.null_count:
            return cells.to_numpy(zero_copy_only=False), None
        valid = np.asarray(pc.is_valid(cells))
        return pc.fill_null(cells, 0).to_numpy(zero_copy_only=False), valid
    if not pa.types.is_floating(kind) or kind == pa.float16():
        return None, None
    numbers = cells.to_numpy(zero_copy_only=False)
    valid = ~np.isnan(numbers)
    known = numbers[valid]
    if not (np.isfinite(known).all() and (known == np.floor(known)).all()):
        return None, None
    if len(known) and np.abs(known).max() > WIDEST:
        return None, None
    return np.where(valid, numbers, 0.0), valid
