"""A frame: the counts of some units as bytes, without labels.

What follows from the rest is left out: the cells of "no answer" follow from margins, and half of
the crosses from the other half. Numbers take the smallest unsigned integers that hold them, their
bytes are ordered by significance, so that small numbers leave long runs of zeros, and zlib
compresses them. Equal counts give equal bytes.
"""

from __future__ import annotations

import math
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from clientindex.errors import CountsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.counts.pair_counts import PairCounts

VERSION = 1
"""Of the form of frames and files; another form gets another number."""

_FAST = 1
"""The level of zlib: the fastest."""

_ENDS = struct.Struct("<4sBII")
"""Mark and version, length of the compressed text, checksum of all but itself."""
_MARK = b"CIPF"
_FIELDS = struct.Struct("<HBIBB")
"""K, C, units, bytes of a count and of a sum."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Numbers:
    """What a frame keeps of U units.

    Attributes
    ----------
    n_items, n_categories : int
        K and C.
    counts : int64 ndarray of shape (U, 2 + K C + P C²)
        Respondents, complete ones, answers and pairs of answers, without "no answer".
    sums : int64 ndarray of shape (U, K + K (K + 1) / 2)
        Sums over complete respondents, and of crosses the upper triangle.
    """

    n_items: int
    n_categories: int
    counts: NDArray[np.int64]
    sums: NDArray[np.int64]


def take_numbers(counts: PairCounts, units: slice) -> Numbers:
    """Return what a frame keeps of some units."""
    n_units, n_items, _ = counts.margins[units].shape
    n_pairs, n_cells = counts.pairs.shape[1], counts.n_categories**2
    upper_a, upper_b = np.triu_indices(n_items)
    pieces: list[NDArray[Any]] = [
        counts.n[units, None],
        counts.n_complete[units, None],
        counts.margins[units, :, 1:].reshape(n_units, n_items * counts.n_categories),
        counts.pairs[units, :, 1:, 1:].reshape(n_units, n_pairs * n_cells),
    ]
    sums = [counts.complete_sum[units], counts.complete_cross[units][:, upper_a, upper_b]]
    return Numbers(
        n_items=n_items,
        n_categories=counts.n_categories,
        counts=np.concatenate(pieces, axis=1, dtype=np.int64),
        sums=np.concatenate(sums, axis=1, dtype=np.int64),
    )


def put_numbers(counts: PairCounts, units: slice, numbers: Numbers) -> None:
    """Write the numbers of a frame, and what follows from them, into empty counts."""
    n_items, n_categories = numbers.n_items, numbers.n_categories
    first, second = np.triu_indices(n_items, 1)
    n, margins, pairs = counts.n[units], counts.margins[units], counts.pairs[units]
    n[:] = numbers.counts[:, 0]
    counts.n_complete[units] = numbers.counts[:, 1]
    end = 2 + n_items * n_categories
    margins[:, :, 1:] = numbers.counts[:, 2:end].reshape(len(n), n_items, n_categories)
    margins[:, :, 0] = n[:, None] - margins[:, :, 1:].sum(axis=2)
    shape = (len(n), len(first), n_categories, n_categories)
    pairs[:, :, 1:, 1:] = numbers.counts[:, end:].reshape(shape)
    pairs[:, :, 1:, 0] = margins[:, first, 1:] - pairs[:, :, 1:, 1:].sum(axis=3)
    pairs[:, :, 0, :] = margins[:, second, :] - pairs[:, :, 1:, :].sum(axis=2)
    counts.complete_sum[units] = numbers.sums[:, :n_items]
    upper_a, upper_b = np.triu_indices(n_items)
    cross = counts.complete_cross[units]
    cross[:, upper_a, upper_b] = cross[:, upper_b, upper_a] = numbers.sums[:, n_items:]


def write_frame(numbers: Numbers) -> bytes:
    """Return a frame."""
    texts, widths = [], []
    for table in (numbers.counts, numbers.sums):
        width = int(np.min_scalar_type(int(table.max(initial=0))).itemsize)
        narrow = np.ascontiguousarray(table.astype(f"<u{width}"))
        texts.append(narrow.reshape(-1, 1).view(np.uint8).T.tobytes())
        widths.append(width)
    fields = numbers.n_items, numbers.n_categories, len(numbers.counts), *widths
    return seal(_MARK, _FIELDS.pack(*fields), b"".join(texts))


def read_frame(data: bytes, start: int, source: str) -> tuple[Numbers, int]:
    """Read the frame that starts at a byte.

    Returns
    -------
    Numbers
    int
        The byte after the frame.

    Raises
    ------
    CountsError
        If there is no frame of this version, or it is cut off or was changed; `source` is what the
        message calls the whole.
    """
    fields, text, end = unseal(_MARK, _FIELDS.size, data, start, source)
    n_items, n_categories, n_units, *widths = _FIELDS.unpack(fields)
    n_cells = n_items * n_categories + n_items * (n_items - 1) // 2 * n_categories**2
    shapes = (n_units, 2 + n_cells), (n_units, n_items + n_items * (n_items + 1) // 2)
    tables, offset = [], 0
    for shape, width in zip(shapes, widths, strict=True):
        size = math.prod(shape) * width
        octets = np.frombuffer(text, np.uint8, size, offset).reshape(width, -1).T
        narrow = np.ascontiguousarray(octets).view(f"<u{width}")
        tables.append(narrow.astype(np.int64).reshape(shape))
        offset += size
    numbers = Numbers(n_items=n_items, n_categories=n_categories, counts=tables[0], sums=tables[1])
    return numbers, end


def seal(mark: bytes, fields: bytes, text: bytes) -> bytes:
    """Return a part of a file: mark, version, length, checksum, fields and compressed text."""
    compressed = zlib.compress(text, _FAST)
    checksum = zlib.crc32(compressed, zlib.crc32(fields))
    return _ENDS.pack(mark, VERSION, len(compressed), checksum) + fields + compressed


def unseal(
    mark: bytes, n_fields: int, data: bytes, start: int, source: str
) -> tuple[bytes, bytes, int]:
    """Return fields (so many bytes) and text of the part that starts at a byte, and its end.

    Raises
    ------
    CountsError
        If the mark or the version is another, or the part is cut off or was changed.
    """
    first = data[start : start + _ENDS.size]
    if not first.startswith(mark[: len(first)]):
        msg = f"{source} are no pair counts: {first[:4]!r} at byte {start} where {mark!r} belongs"
        raise CountsError(msg)
    if len(first) < _ENDS.size:
        msg = f"{source} are cut off after {len(data)} bytes; count them again"
        raise CountsError(msg)
    _, version, length, checksum = _ENDS.unpack(first)
    if version != VERSION:
        msg = (
            f"{source} have the form of version {version}, and this program reads version "
            f"{VERSION}; count them again"
        )
        raise CountsError(msg)
    middle = start + _ENDS.size + n_fields
    end = middle + length
    if len(data) < end:
        msg = f"{source} are cut off after {len(data)} of {end} bytes or more; count them again"
        raise CountsError(msg)
    fields, compressed = data[middle - n_fields : middle], data[middle:end]
    if zlib.crc32(compressed, zlib.crc32(fields)) != checksum:
        msg = f"{source} were changed after they were written (checksum); count them again"
        raise CountsError(msg)
    return fields, zlib.decompress(compressed), end
