"""Many counts, or many batches of respondents, summed in place.

``a + b`` makes new tables of all units of both. Summing thousands of parts so costs as many copies
of the total; here every part costs its own size.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.counts.accumulate import (
    MAX_RESPONDENTS,
    add_respondents,
    check_respondents,
    find_block_rows,
    make_arrays,
)
from clientindex.counts.kernel import add_rows
from clientindex.counts.pair_counts import (
    ARRAYS,
    UNIT_COLUMNS,
    PairCounts,
    check_addable,
    check_codes,
    number_units,
)
from clientindex.errors import CountsError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

FIRST_ROOM = 16
"""Units that a new accumulator has room for; it at least doubles when they are more."""


class PairAccumulator:
    """A sum of counts that parts are added to in place.

    Batches of respondents are collected until there are enough of them for the kernel to be fast
    (:func:`clientindex.counts.accumulate.find_block_rows`), so a stream of small batches costs as
    much as one large batch. The total does not depend on how respondents are cut into parts, on the
    order of parts, or on the number of threads. One thread at a time may use an accumulator, and
    after a refusal it is of no more use.

    Parameters
    ----------
    indicators : tuple of str
        K keys in the order of the methodology.
    n_categories : int
        C, the largest number of answer categories.
    n_threads : int
        Threads that count batches of respondents.

    Examples
    --------
    >>> units = pd.DataFrame({"centre": ["k1"], "segment": ["citizens"], "period": ["Q1"]})
    >>> total = PairAccumulator(("clarity", "comfort"), 5)
    >>> total.add_answers(units, np.zeros(2, np.int32), np.array([[5, 4], [0, 4]], np.uint8))
    >>> total.total().n
    array([2])
    """

    def __init__(self, indicators: tuple[str, ...], n_categories: int, *, n_threads: int = 1):
        self.indicators = indicators
        self.n_categories = n_categories
        self._n_threads = n_threads
        self._place_of: dict[tuple[str, ...], int] = {}
        self._columns: set[str] = set()
        self._arrays = make_arrays(FIRST_ROOM, len(indicators), n_categories)
        self._waiting_codes = np.empty((0, len(indicators)), np.uint8)
        self._waiting_places = np.empty(0, np.int32)
        self._n_waiting = 0

    def add(self, counts: PairCounts) -> None:
        """Add counts of other respondents.

        Where some counts have a ``channel`` and others have none, those without get "".

        Raises
        ------
        CountsError
            If they count other indicators or another number of categories, or a unit would have
            more respondents than a table can count.
        """
        check_addable(self, counts)
        places = self._find_places(counts.units)
        if int(self._arrays[0].max()) + int(counts.n.sum()) > MAX_RESPONDENTS - self._n_waiting:
            self._add_waiting()
            n = self._arrays[0].copy()
            np.add.at(n, places, counts.n)
            check_respondents(n)
        totals: tuple[NDArray[Any], ...] = self._arrays
        for name, total in zip(ARRAYS, totals, strict=True):
            _add_by_place(total, places, getattr(counts, name))

    def add_answers(
        self, units: pd.DataFrame, unit_of: NDArray[np.int32], codes: NDArray[np.uint8]
    ) -> None:
        """Add respondents.

        Parameters
        ----------
        units : DataFrame of shape (U, 3 or 4)
            ``centre``, ``segment``, ``period`` and, where it is known, ``channel``, all text; in
            any order.
        unit_of : int32 ndarray of shape (N,)
            Row of `units` to which each respondent belongs.
        codes : uint8 ndarray of shape (N, K)
            Categories 0..C; 0 = no answer. The array may be changed after the call.

        Raises
        ------
        CountsError
            If `codes` have another number of columns than there are indicators, or a code exceeds
            the number of categories, or a unit would have more respondents than a table can count.
        """
        codes = np.ascontiguousarray(codes)
        check_codes(codes, len(self.indicators), self.n_categories)
        places = self._find_places(units).astype(np.int32)[unit_of]
        block_rows = find_block_rows(len(self._place_of))
        if len(codes) > block_rows // 2:
            self._count(codes, places)
            return
        if self._n_waiting + len(codes) > len(self._waiting_codes):
            self._add_waiting()
            self._make_waiting_room(block_rows)
        self._keep_waiting(codes, places)

    def total(self) -> PairCounts:
        """Return the sum of what was added so far, units sorted; more may be added afterwards.

        Returns
        -------
        PairCounts
            Of no units, without ``channel``, if nothing was added.
        """
        self._add_waiting()
        labels = list(zip(*self._place_of, strict=True)) or [()] * len(UNIT_COLUMNS)
        units = pd.DataFrame(
            {
                name: pd.array(list(values), dtype="str")
                for name, values in zip(UNIT_COLUMNS, labels, strict=True)
                if name in self._columns or (not self._columns and name != "channel")
            }
        )
        distinct, positions = number_units(units)
        order = np.argsort(positions)
        totals: tuple[NDArray[Any], ...] = self._arrays
        arrays = {name: total[order] for name, total in zip(ARRAYS, totals, strict=True)}
        return PairCounts(
            indicators=self.indicators, n_categories=self.n_categories, units=distinct, **arrays
        )

    def _find_places(self, units: pd.DataFrame) -> NDArray[np.intp]:
        """Return the row of every unit in the arrays, making room for new ones."""
        columns = [
            units[name].to_numpy(dtype=object, na_value="").tolist()
            if name in units
            else itertools.repeat("", len(units))
            for name in UNIT_COLUMNS
        ]
        self._columns.update(name for name in UNIT_COLUMNS if name in units)
        known = self._place_of
        places = [known.setdefault(labels, len(known)) for labels in zip(*columns, strict=True)]
        self._make_room(len(known))
        return np.array(places, dtype=np.intp)

    def _make_room(self, n_units: int) -> None:
        room = len(self._arrays[0])
        if n_units <= room:
            return
        room = max(n_units, 2 * room)
        small: tuple[NDArray[Any], ...] = self._arrays
        self._arrays = make_arrays(room, len(self.indicators), self.n_categories)
        large: tuple[NDArray[Any], ...] = self._arrays
        for old, new in zip(small, large, strict=True):
            new[: len(old)] = old

    def _make_waiting_room(self, n_rows: int) -> None:
        if n_rows > len(self._waiting_codes):
            self._waiting_codes = np.empty((n_rows, len(self.indicators)), np.uint8)
            self._waiting_places = np.empty(n_rows, np.int32)

    def _keep_waiting(self, codes: NDArray[np.uint8], places: NDArray[np.int32]) -> None:
        rows = slice(self._n_waiting, self._n_waiting + len(codes))
        self._waiting_codes[rows] = codes
        self._waiting_places[rows] = places
        self._n_waiting += len(codes)

    def _add_waiting(self) -> None:
        if self._n_waiting:
            rows = slice(0, self._n_waiting)
            self._count(self._waiting_codes[rows], self._waiting_places[rows])
            self._n_waiting = 0

    def _count(self, codes: NDArray[np.uint8], places: NDArray[np.int32]) -> None:
        add_respondents(self._arrays, codes, places, n_threads=self._n_threads)


def _add_by_place(total: NDArray[Any], places: NDArray[np.intp], rows: NDArray[Any]) -> None:
    # Not -1: one indicator has no pairs, and an empty array does not tell its length.
    width = math.prod(rows.shape[1:])
    add_rows(total.reshape(len(total), width), places, rows.reshape(len(rows), width))


def add_counts(parts: Iterable[PairCounts]) -> PairCounts:
    """Return the sum of one or more counts.

    Counts are added as they come, so a generator needs the memory of one beside the sum.

    Raises
    ------
    CountsError
        If there is nothing to add; see also :meth:`PairAccumulator.add`.
    """
    sums: PairAccumulator | None = None
    for part in parts:
        if sums is None:
            sums = PairAccumulator(part.indicators, part.n_categories)
        sums.add(part)
    if sums is None:
        msg = "no counts to add"
        raise CountsError(msg)
    return sums.total()
