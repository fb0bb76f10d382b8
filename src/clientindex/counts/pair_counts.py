"""`PairCounts`: the two-way table of every pair of indicators, for every centre.

One pass over respondents makes it, and everything statistical starts from it, so the cost of the
statistics does not depend on how many people answered. Counts add: the counts of two disjoint
batches of respondents sum to the counts of their union, exactly, because they are integers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd

from clientindex.counts.accumulate import accumulate_pairs, check_respondents
from clientindex.counts.kernel import add_rows
from clientindex.errors import CountsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from clientindex.intake.tables import Responses
    from clientindex.methodology import Methodology

UNIT_COLUMNS = ("centre", "segment", "period", "channel")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairCounts:
    """Pair tables of K indicators with up to C answer categories in U units.

    A unit is a centre, segment, period and, where it is known, channel of the survey. With
    P = K (K - 1) / 2 pairs in the order of ``numpy.triu_indices(K, 1)``; category 0
    means "no answer".

    Attributes
    ----------
    indicators : tuple of str
        K keys in the order of the methodology.
    n_categories : int
        C, the largest number of answer categories.
    units : DataFrame of shape (U, 3 or 4)
        ``centre``, ``segment``, ``period`` and, where there are any, ``channel``; distinct and
        sorted.
    n : int64 ndarray of shape (U,)
        Respondents.
    margins : int64 ndarray of shape (U, K, C + 1)
        Answers by category.
    pairs : int32 ndarray of shape (U, P, C + 1, C + 1)
        Two-way table of every pair.
    n_complete : int64 ndarray of shape (U,)
        Respondents who answered every indicator.
    complete_sum : int64 ndarray of shape (U, K)
        Sum of category codes over complete respondents.
    complete_cross : int64 ndarray of shape (U, K, K)
        Sum of products of category codes over complete respondents.
    """

    indicators: tuple[str, ...]
    n_categories: int
    units: pd.DataFrame
    n: NDArray[np.int64]
    margins: NDArray[np.int64]
    pairs: NDArray[np.int32]
    n_complete: NDArray[np.int64]
    complete_sum: NDArray[np.int64]
    complete_cross: NDArray[np.int64]
    _codes: list[NDArray[np.intp]] = field(default_factory=list, init=False, repr=False)
    """Labels as numbers once they are known, see :func:`code_units`: text is slow to compare, and
    the same units are summed over again and again."""

    def __add__(self, other: PairCounts) -> PairCounts:
        """Return the counts of the union of two disjoint batches of respondents.

        Raises
        ------
        CountsError
            If the two count other indicators or another number of categories, or a unit would have
            more respondents than a table can count.
        """
        check_addable(self, other)
        units = pd.concat([self.units, other.units], ignore_index=True).fillna("")
        distinct, positions = number_units(units)
        return _add_rows(self, distinct, positions, [self, other])

    def subtract(self, other: PairCounts) -> PairCounts:
        """Return the counts without those of some of the same respondents, in the same units.

        Raises
        ------
        CountsError
            If the units differ, or more respondents are taken from one than it has.
        """
        if not self.units.equals(other.units):
            msg = "counts can be taken away only in the same units: count both with one table"
            raise CountsError(msg)
        arrays = {name: getattr(self, name) - getattr(other, name) for name in ARRAYS}
        if (arrays["n"] < 0).any() or (arrays["margins"] < 0).any():
            msg = "more respondents are taken from a unit than it has"
            raise CountsError(msg)
        left = PairCounts(
            indicators=self.indicators,
            n_categories=self.n_categories,
            units=self.units,
            **arrays,
        )
        left._codes.extend(self._codes)
        return left

    def select(self, mask: NDArray[np.bool_]) -> PairCounts:
        """Return the counts of the units where `mask` (shape (U,)) is true."""
        if mask.all():
            return self
        units = self.units.loc[mask].reset_index(drop=True)
        arrays = {name: getattr(self, name)[mask] for name in ARRAYS}
        return PairCounts(
            indicators=self.indicators, n_categories=self.n_categories, units=units, **arrays
        )

    def without_tables(self, *, keep_units: bool = True) -> PairCounts:
        """Return the same with empty arrays, and without units unless they are kept.

        It says of which answers the counts are, while the tables travel another way.
        """
        bare = {name: getattr(self, name)[:0] for name in ARRAYS}
        units = self.units if keep_units else self.units.iloc[:0]
        return replace(self, units=units, **bare)

    def sum_over(self, *columns: str, where: NDArray[np.bool_] | None = None) -> PairCounts:
        """Return counts summed over some of ``segment``, ``period`` and ``channel``.

        Their value becomes ""; a column that the units lack is left out. Only units where `where`
        (shape (U,)) is true count, of all without it.
        """
        keys = _list_keys(self.units)
        summed = [name for name in keys if name in columns]
        if not self._codes:
            self._codes.append(code_units(self.units))
        codes = self._codes[0].copy()
        codes[:, [keys.index(name) for name in summed]] = 0
        rows = np.arange(len(codes)) if where is None else np.flatnonzero(where)
        first, places = _number_codes(codes[rows])
        if np.array_equal(rows[first], np.arange(len(codes))) and self._is_summed(summed):
            return self
        units = self.units[keys].iloc[rows[first]].assign(**dict.fromkeys(summed, ""))
        positions = np.full(len(codes), -1, dtype=np.intp)
        positions[rows] = places
        found = _add_rows(self, units.reset_index(drop=True), positions, [self])
        found._codes.append(codes[rows[first]])
        return found

    def _is_summed(self, columns: Sequence[str]) -> bool:
        """Return whether the counts are summed over columns already, whose labels have numbers."""
        keys = _list_keys(self.units)
        return not self._codes[0][:, [keys.index(name) for name in columns]].any() and all(
            len(self.units) == 0 or self.units[name].iloc[0] == "" for name in columns
        )


ARRAYS = ("n", "margins", "pairs", "n_complete", "complete_sum", "complete_cross")
"""The arrays of `PairCounts`, in the order of ``accumulate_pairs``."""


class Countable(Protocol):
    """What says of which answers counts are."""

    @property
    def indicators(self) -> tuple[str, ...]:
        """Keys of the indicators."""

    @property
    def n_categories(self) -> int:
        """The largest number of answer categories."""


def check_addable(total: Countable, part: Countable) -> None:
    """Refuse to add counts of other answers.

    Raises
    ------
    CountsError
        If the two count other indicators or another number of categories.
    """
    if total.indicators == part.indicators and total.n_categories == part.n_categories:
        return
    msg = (
        f"counts of {len(total.indicators)} indicators with {total.n_categories} categories "
        f"cannot be added to counts of {len(part.indicators)} with {part.n_categories}; "
        "count both with the same methodology"
    )
    raise CountsError(msg)


def _add_rows(
    like: PairCounts,
    units: pd.DataFrame,
    positions: NDArray[np.intp],
    parts: Sequence[PairCounts],
) -> PairCounts:
    """Sum the stacked rows of `parts` by their positions among `units`; -1 is left out.

    Arrays in which nothing is summed and nothing moves are those of the only part, not copies.
    """
    if len(parts) == 1 and np.array_equal(positions, np.arange(len(positions))):
        arrays = {name: getattr(parts[0], name) for name in ARRAYS}
    else:
        arrays = {name: _sum_rows(name, parts, positions, len(units)) for name in ARRAYS}
        check_respondents(arrays["n"])
    return PairCounts(
        indicators=like.indicators, n_categories=like.n_categories, units=units, **arrays
    )


def _sum_rows(
    name: str, parts: Sequence[PairCounts], positions: NDArray[np.intp], n_places: int
) -> NDArray[Any]:
    """Return one array of the stacked parts summed by place, shape (n_places, ...)."""
    first = getattr(parts[0], name)
    total = np.zeros((n_places, *first.shape[1:]), dtype=first.dtype)
    # Not -1: one indicator has no pairs, and an empty array does not tell its length.
    width = math.prod(first.shape[1:])
    offset = 0
    for part in parts:
        rows = getattr(part, name)
        places = positions[offset : offset + len(rows)]
        add_rows(total.reshape(n_places, width), places, rows.reshape(len(rows), width))
        offset += len(rows)
    return total


def number_units(units: pd.DataFrame) -> tuple[pd.DataFrame, NDArray[np.intp]]:
    """Return the distinct labels in their order, and for every row the place of its label.

    Labels are sorted as text, by centre, segment, period and channel.
    """
    first, positions = _number_codes(code_units(units))
    return units[_list_keys(units)].iloc[first].reset_index(drop=True), positions


def code_units(units: pd.DataFrame) -> NDArray[np.intp]:
    """Return the labels as numbers that sort like their text, one column for every key."""
    columns = [
        pd.factorize(units[name], sort=True, use_na_sentinel=False)[0] for name in _list_keys(units)
    ]
    return np.stack(columns, axis=1)


def _list_keys(units: pd.DataFrame) -> list[str]:
    return [name for name in UNIT_COLUMNS if name in units]


def _number_codes(codes: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the first row of every distinct row in their order, and the place of every row."""
    number = np.zeros(len(codes), dtype=np.int64)
    for column in codes.T:
        number = number * (int(column.max(initial=0)) + 1) + column
    _, first, positions = np.unique(number, return_index=True, return_inverse=True)
    return first, positions


def count_pairs(
    responses: Responses, methodology: Methodology, *, n_threads: int = 1
) -> PairCounts:
    """Count every pair of answers in one pass over respondents.

    Parameters
    ----------
    responses : Responses
        Category codes of N respondents; 0 = no answer, which is counted as a category of its own.
    methodology : Methodology
        Gives the indicators and the number of categories.
    n_threads : int
        Threads that share the units; the result does not depend on it.

    Returns
    -------
    PairCounts

    Raises
    ------
    CountsError
        If the codes have another number of columns than the methodology has indicators, or a code
        exceeds the number of categories; see also :func:`accumulate_pairs`.
    """
    n_items, n_categories = len(methodology.indicator_keys), methodology.n_categories
    codes = np.ascontiguousarray(responses.codes)
    check_codes(codes, n_items, n_categories)
    tables = accumulate_pairs(
        codes, responses.unit_of, len(responses.units), n_categories, n_threads=n_threads
    )
    arrays: dict[str, Any] = dict(zip(ARRAYS, tables, strict=True))
    return PairCounts(
        indicators=methodology.indicator_keys,
        n_categories=n_categories,
        units=responses.units,
        **arrays,
    )


def check_codes(codes: NDArray[np.uint8], n_items: int, n_categories: int) -> None:
    """Refuse answers that the methodology does not have.

    Raises
    ------
    CountsError
        See :func:`count_pairs`.
    """
    if codes.ndim != 2 or codes.shape[1] != n_items:
        msg = f"answers of shape {codes.shape} for {n_items} indicators of the methodology"
        raise CountsError(msg)
    if codes.size and int(codes.max()) > n_categories:
        msg = f"category {int(codes.max())} where the methodology has {n_categories}"
        raise CountsError(msg)


def iterate_batches(responses: Responses, size: int) -> Iterator[Responses]:
    """Yield the same respondents in batches of at most `size` rows."""
    from clientindex.intake.tables import Responses as Batch
    from clientindex.intake.tables import Trait

    for start in range(0, len(responses.codes), size):
        rows = slice(start, start + size)
        present, unit_of = np.unique(responses.unit_of[rows], return_inverse=True)
        yield Batch(
            units=responses.units.iloc[present].reset_index(drop=True),
            unit_of=unit_of.astype(np.int32),
            codes=responses.codes[rows],
            day=None if responses.day is None else responses.day[rows],
            duration=None if responses.duration is None else responses.duration[rows],
            traits={
                name: Trait(levels=trait.levels, codes=trait.codes[rows])
                for name, trait in responses.traits.items()
            },
            weight=None if responses.weight is None else responses.weight[rows],
        )
