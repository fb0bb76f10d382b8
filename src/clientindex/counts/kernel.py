"""The one hot loop of the package: respondents to integer tables, compiled by numba.

A table of all pairs of one unit is larger than what a processor keeps at hand, so rows are brought
together by unit first. Then 64 rows at a time become one bit set for every indicator and category,
and a cell of a table is the number of bits that two sets share: one instruction for 64 respondents.
Units with few rows are counted row by row, which is less work for them.

All compiled functions stand in this file: numba's cache looks at the file of the function that is
called, and would not see a change of what it calls elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import types
from numba.extending import intrinsic

from clientindex.compiled import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

WORDS = 16
"""Words of 64 rows whose bit sets are held at a time; they fit a processor's first cache."""


def _type_count_bits(typing_context: Any, word: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), generate


_count_bits: Any = intrinsic(_type_count_bits)
"""The number of bits of a uint64 that are set."""


@njit(nogil=True)
def count_rows(
    unit_of: NDArray[np.int32], n_units: int
) -> NDArray[np.int64]:  # pragma: no cover - compiled
    """Return the rows of every unit, shape (U,)."""
    rows = np.zeros(n_units, np.int64)
    for row in range(unit_of.shape[0]):
        rows[unit_of[row]] += 1
    return rows


@njit(nogil=True)
def add_units(
    codes: NDArray[np.uint8],
    unit_of: NDArray[np.int32],
    first_unit: int,
    last_unit: int,
    block_rows: int,
    few_rows: int,
    n: NDArray[np.int64],
    margins: NDArray[np.int64],
    pairs: NDArray[np.int32],
    n_complete: NDArray[np.int64],
    complete_sum: NDArray[np.int64],
    complete_cross: NDArray[np.int64],
) -> None:  # pragma: no cover - compiled
    """Add the rows of the units from `first_unit` to before `last_unit`, block by block.

    Blocks have `block_rows` rows; units with fewer than `few_rows` in one are counted plainly. The
    result depends on neither. Other parameters: see ``accumulate_pairs``.
    """
    n_items, width = margins.shape[1:]
    n_bits = _count_digits(width - 1)
    # Columns in multiples of 8, and loops that start at one, fill the widest vector registers.
    sets = np.zeros((WORDS, (n_items * width + 7) // 8 * 8), np.uint64)
    digits = np.zeros((WORDS, (n_items * n_bits + 7) // 8 * 8), np.uint64)
    for block in range(0, codes.shape[0], block_rows):
        rows = slice(block, block + block_rows)
        ends, together = _bring_together(codes[rows], unit_of[rows], first_unit, last_unit)
        start = 0
        for unit in range(first_unit, last_unit):
            stop = ends[unit - first_unit]
            if start == stop:
                continue
            own = together[start:stop]
            tables = margins[unit], pairs[unit], complete_sum[unit], complete_cross[unit]
            n[unit] += stop - start
            if stop - start < few_rows:
                n_complete[unit] += _add_plainly(own, *tables)
            else:
                n_complete[unit] += _add_in_sets(own, n_bits, sets, digits, *tables)
            for a in range(n_items):
                for b in range(a):
                    complete_cross[unit, a, b] = complete_cross[unit, b, a]
            start = stop


@njit(nogil=True)
def _count_digits(number: int) -> int:  # pragma: no cover - compiled
    """Return the binary digits of a number, at least 1."""
    digits = 1
    while number >> digits:
        digits += 1
    return digits


@njit(nogil=True)
def _bring_together(
    codes: NDArray[np.uint8], unit_of: NDArray[np.int32], first_unit: int, last_unit: int
) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:  # pragma: no cover - compiled
    """Return where the rows of every unit of a range end, and these rows in the order of units.

    Rows are read in their order and written to as many places as there are units: the places being
    written stay in the cache, while reading at random would wait for memory at every row.
    """
    places = np.zeros(last_unit - first_unit + 1, np.int64)
    for row in range(unit_of.shape[0]):
        unit = unit_of[row]
        if first_unit <= unit < last_unit:
            places[unit - first_unit + 1] += 1
    for unit in range(1, places.shape[0]):
        places[unit] += places[unit - 1]
    together = np.empty((places[-1], codes.shape[1]), np.uint8)
    for row in range(unit_of.shape[0]):
        unit = unit_of[row]
        if first_unit <= unit < last_unit:
            place = places[unit - first_unit]
            places[unit - first_unit] += 1
            for item in range(codes.shape[1]):
                together[place, item] = codes[row, item]
    return places, together


@njit(nogil=True)
def _add_plainly(
    codes: NDArray[np.uint8],
    margins: NDArray[np.int64],
    pairs: NDArray[np.int32],
    complete_sum: NDArray[np.int64],
    complete_cross: NDArray[np.int64],
) -> int:  # pragma: no cover - compiled
    """Add rows of one unit, each by itself; of the crosses only the upper triangle.

    Returns
    -------
    int
        Complete rows.
    """
    n_rows, n_items = codes.shape
    n_complete = 0
    for row in range(n_rows):
        complete = True
        position = 0
        for a in range(n_items):
            first = codes[row, a]
            margins[a, first] += 1
            complete = complete and first > 0
            for b in range(a + 1, n_items):
                pairs[position, first, codes[row, b]] += 1
                position += 1
        if complete:
            n_complete += 1
            for a in range(n_items):
                value = np.int64(codes[row, a])
                complete_sum[a] += value
                for b in range(a, n_items):
                    complete_cross[a, b] += value * np.int64(codes[row, b])
    return n_complete


@njit(nogil=True)
def _add_in_sets(
    codes: NDArray[np.uint8],
    n_bits: int,
    sets: NDArray[np.uint64],
    digits: NDArray[np.uint64],
    margins: NDArray[np.int64],
    pairs: NDArray[np.int32],
    complete_sum: NDArray[np.int64],
    complete_cross: NDArray[np.int64],
) -> int:  # pragma: no cover - compiled
    """Add rows of one unit by bit sets; of the crosses only the upper triangle.

    `sets` and `digits` are room for :func:`_fill_sets`.

    Returns
    -------
    int
        Complete rows.
    """
    shared = np.zeros(max(sets.shape[1], digits.shape[1]), np.uint64)
    n_complete = 0
    for start in range(0, codes.shape[0], 64 * WORDS):
        chunk = codes[start : start + 64 * WORDS]
        n_words = (chunk.shape[0] + 63) // 64
        n_complete += _fill_sets(chunk, margins.shape[1], n_bits, sets, digits)
        _add_pairs(sets[:n_words], shared, margins, pairs)
        _add_complete(digits[:n_words], n_bits, shared, complete_sum, complete_cross)
    return n_complete


@njit(nogil=True)
def _fill_sets(
    codes: NDArray[np.uint8],
    width: int,
    n_bits: int,
    sets: NDArray[np.uint64],
    digits: NDArray[np.uint64],
) -> int:  # pragma: no cover - compiled
    """Write rows of one unit as bit sets, 64 rows a word.

    Parameters
    ----------
    codes : (R, K)
    width, n_bits : int
        C + 1, and binary digits of C.
    sets : (R / 64 or more, K (C + 1) or more)
        Column ``a (C + 1) + i``: the rows that answered indicator a by category i.
    digits : (R / 64 or more, K n_bits or more)
        Column ``a n_bits + p``: the complete rows whose category has binary digit p.

    Returns
    -------
    int
        Complete rows.
    """
    n_rows, n_items = codes.shape
    n_complete = np.uint64(0)
    for word in range((n_rows + 63) // 64):
        row_sets = sets[word]
        row_sets[:] = 0
        present = min(64, n_rows - 64 * word)
        for bit in range(present):
            flag = np.uint64(1) << np.uint64(bit)
            for a in range(n_items):
                row_sets[a * width + codes[64 * word + bit, a]] |= flag
        complete = ~np.uint64(0) >> np.uint64(64 - present)
        for a in range(n_items):
            complete &= ~row_sets[a * width]
        n_complete += _count_bits(complete)
        for a in range(n_items):
            for p in range(n_bits):
                found = np.uint64(0)
                for code in range(1, width):
                    if (code >> p) & 1:
                        found |= row_sets[a * width + code]
                digits[word, a * n_bits + p] = found & complete
    return int(n_complete)


@njit(nogil=True)
def _count_shared(
    sets: NDArray[np.uint64], column: int, shared: NDArray[np.uint64]
) -> None:  # pragma: no cover - compiled
    """Write into `shared` how many rows every column from `column` on has in common with it."""
    start = column & ~7
    wanted = shared[start : sets.shape[1]]
    wanted[:] = 0
    for word in range(sets.shape[0]):
        own = sets[word, column]
        others = sets[word, start:]
        for place in range(wanted.shape[0]):
            wanted[place] += _count_bits(own & others[place])


@njit(nogil=True)
def _add_pairs(
    sets: NDArray[np.uint64],
    shared: NDArray[np.uint64],
    margins: NDArray[np.int64],
    pairs: NDArray[np.int32],
) -> None:  # pragma: no cover - compiled
    """Add the rows in bit sets to the tables of one unit."""
    n_items, width = margins.shape
    position = 0
    for a in range(n_items):
        n_after = n_items - a - 1
        for i in range(width):
            _count_shared(sets, a * width + i, shared)
            margins[a, i] += np.int64(shared[a * width + i])
            for after in range(n_after):
                start = (a + 1 + after) * width
                for j in range(width):
                    pairs[position + after, i, j] += np.int32(shared[start + j])
        position += n_after


@njit(nogil=True)
def _add_complete(
    digits: NDArray[np.uint64],
    n_bits: int,
    shared: NDArray[np.uint64],
    complete_sum: NDArray[np.int64],
    complete_cross: NDArray[np.int64],
) -> None:  # pragma: no cover - compiled
    """Add complete rows to the sums of one unit; of the crosses only the upper triangle.

    A category is the sum of its binary digits p times 2^p, so a product of two is the sum over
    pairs of digits that both have, times 2^(p + q).
    """
    n_items = complete_sum.shape[0]
    for a in range(n_items):
        for p in range(n_bits):
            column = a * n_bits + p
            _count_shared(digits, column, shared)
            complete_sum[a] += np.int64(shared[column]) << p
            for q in range(p, n_bits):
                twice = 0 if p == q else 1
                both = np.int64(shared[a * n_bits + q])
                complete_cross[a, a] += both << (p + q + twice)
            for b in range(a + 1, n_items):
                total = np.int64(0)
                for q in range(n_bits):
                    total += np.int64(shared[b * n_bits + q]) << (p + q)
                complete_cross[a, b] += total


@njit(nogil=True)
def add_rows(
    total: NDArray[np.int64], places: NDArray[np.intp], rows: NDArray[np.int64]
) -> None:  # pragma: no cover - compiled
    """Add every row of shape (N, M) into its place of `total`, shape (G, M).

    Places may repeat; a row whose place is negative is left out.
    """
    for row in range(rows.shape[0]):
        place = places[row]
        if place < 0:
            continue
        for column in range(rows.shape[1]):
            total[place, column] += rows[row, column]
