"""Ids of respondents: nearly all distinct, so they are kept as Arrow text and compared by hash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from clientindex.compiled import njit
from clientindex.intake.raw import (
    EXACT_INTEGER_LIMIT,
    INVISIBLE,
    TextColumn,
    clean_text,
    encode_arrow,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_FILLED = ("-",)
_FIRST_OFFSET, _SECOND_OFFSET = 0xCBF29CE484222325, 0x9E3779B97F4A7C15
_FIRST_PRIME, _SECOND_PRIME = 0x100000001B3, 0xD6E8FEB86659FD93
_MIXES = (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IdentifierColumn(TextColumn):
    """A column of ids; `distinct` does not list them, `codes` only says which are empty.

    Attributes
    ----------
    cells : pyarrow StringArray of length N
        Trimmed texts, "" or null where empty.
    """

    cells: Any

    def texts(self) -> NDArray[np.object_]:
        """Return the text of every row, "" where the cell is empty."""
        return np.array(pc.fill_null(self.cells, "").to_pylist(), dtype=object)

    def text_at(self, position: int) -> str:
        """Return the text of one row, "" where the cell is empty."""
        return self.cells[position].as_py() or ""

    def take(self, mask: NDArray[np.bool_]) -> IdentifierColumn:
        """Return the rows that `mask` keeps."""
        return IdentifierColumn(
            name=self.name,
            codes=self.codes[mask],
            distinct=self.distinct,
            cells=self.cells.filter(pa.array(mask)),
        )

    def compact(self) -> IdentifierColumn:
        """Return the column, whose texts are not listed."""
        return self


def encode_identifiers(name: str, cells: Any, *, decimal: str = ".") -> TextColumn:
    """Make a column of ids from an Arrow array of any type.

    Ids are texts or whole numbers nearly always; other types become an ordinary column.
    """
    if isinstance(cells, pa.ChunkedArray):
        cells = pa.concat_arrays(cells.chunks) if cells.num_chunks != 1 else cells.chunk(0)
    if pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_decode()
    if _holds_whole_floats(cells):
        cells = cells.cast(pa.int64(), safe=False)
    if not (pa.types.is_integer(cells.type) or _is_text(cells.type)):
        return encode_arrow(name, cells, decimal=decimal)
    texts = pc.utf8_trim(cells.cast(pa.string()), characters=INVISIBLE)
    filled = np.asarray(pc.fill_null(pc.not_equal(texts, ""), fill_value=False))
    return IdentifierColumn(
        name=clean_text(name), codes=filled.astype(np.int32) - 1, distinct=_FILLED, cells=texts
    )


def _is_text(kind: Any) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _holds_whole_floats(cells: Any) -> bool:
    if not pa.types.is_floating(cells.type):
        return False
    numbers = cells.drop_null().to_numpy(zero_copy_only=False)
    whole = (numbers == np.floor(numbers)) & (np.abs(numbers) < EXACT_INTEGER_LIMIT)
    return bool(whole.all())


def hash_identifiers(column: TextColumn) -> NDArray[np.uint64]:
    """Hash the text of every row.

    Two texts have equal hashes by chance once in 2**128 pairs, so equal hashes are equal texts.

    Returns
    -------
    uint64 ndarray of shape (N, 2)
        Of an empty cell too; ``column.is_empty`` tells which these are.
    """
    if isinstance(column, IdentifierColumn):
        return _hash_array(column.cells)
    return hash_texts([*column.distinct, ""])[column.codes]


def hash_texts(texts: Sequence[str]) -> NDArray[np.uint64]:
    """Hash texts, shape (len(texts), 2); see :func:`hash_identifiers`."""
    return _hash_array(pa.array(texts, type=pa.string()))


def _hash_array(cells: Any) -> NDArray[np.uint64]:
    _, offsets, data = cells.buffers()
    n = len(cells)
    starts = np.frombuffer(offsets, dtype=np.int32, count=n + cells.offset + 1)[cells.offset :]
    content = np.frombuffer(data, dtype=np.uint8) if data is not None else np.zeros(0, np.uint8)
    hashes = np.empty((n, 2), dtype=np.uint64)
    _hash_slices(starts, content, hashes)
    return hashes


@njit(nogil=True)
def _hash_slices(
    starts: NDArray[np.int32], content: NDArray[np.uint8], hashes: NDArray[np.uint64]
) -> None:  # pragma: no cover - compiled
    for row in range(len(starts) - 1):
        first, second = np.uint64(_FIRST_OFFSET), np.uint64(_SECOND_OFFSET)
        for place in range(starts[row], starts[row + 1]):
            byte = np.uint64(content[place])
            first = (first ^ byte) * np.uint64(_FIRST_PRIME)
            second = (second ^ byte) * np.uint64(_SECOND_PRIME)
            second ^= second >> np.uint64(29)
        hashes[row, 0] = _mix(first)
        hashes[row, 1] = _mix(second)


@njit(nogil=True)
def _mix(value: np.uint64) -> np.uint64:  # pragma: no cover - compiled
    """Spread every bit over all others (the finaliser of MurmurHash3, public domain)."""
    value ^= value >> np.uint64(33)
    value *= np.uint64(_MIXES[0])
    value ^= value >> np.uint64(33)
    value *= np.uint64(_MIXES[1])
    return value ^ (value >> np.uint64(33))
