"""Answers of every combination of centre, segment and traits: what weighting and case mix need.

Pair counts would need many times the memory for every combination of traits. Neither weighting nor
the adjustment for case mix asks for pairs in a combination, so a cell keeps only how often every
answer to every indicator was given. Cells add like pair counts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.compiled import njit
from clientindex.errors import CountsError
from clientindex.settings import find_nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from clientindex.intake.tables import Responses, Trait
    from clientindex.methodology import Methodology

CELL_KEYS = ("centre", "segment")
CHANNEL = "channel"
"""A column of the units that may be used as a trait."""

MAX_VALUES = 2**27
"""Numbers that all cells together may hold, 1 GiB: cells times indicators times categories."""

AGE = "age"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cells:
    """The cell of every respondent.

    Attributes
    ----------
    frame : DataFrame of shape (H, 2 + T)
        ``centre``, ``segment`` and one column a trait, all text ("" = unknown); distinct and
        sorted by centre, segment and the levels of the traits.
    of_respondent : int32 ndarray of shape (N,)
        Row of `frame`.
    """

    frame: pd.DataFrame
    of_respondent: NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellCounts:
    """Answers by category in H cells.

    Attributes
    ----------
    indicators : tuple of str
        K keys in the order of the methodology.
    cells : DataFrame of shape (H, 2 + T)
        See :class:`Cells`.
    n : int64 ndarray of shape (H,)
        Respondents.
    weight, weight_squared : float64 ndarray of shape (H,)
        Sums of the respondents' weights and of their squares; both equal `n` without weights.
    margins : float64 ndarray of shape (H, K, C + 1)
        Sum of weights by answer category; category 0 = no answer. Whole numbers without weights.
    """

    indicators: tuple[str, ...]
    cells: pd.DataFrame
    n: NDArray[np.int64]
    weight: NDArray[np.float64]
    weight_squared: NDArray[np.float64]
    margins: NDArray[np.float64]

    def __add__(self, other: CellCounts) -> CellCounts:
        """Return the counts of the union of two disjoint batches of respondents.

        Raises
        ------
        CountsError
            If the two count other indicators, categories or traits.
        """
        same = self.indicators == other.indicators and list(self.cells) == list(other.cells)
        if not same or self.margins.shape[1:] != other.margins.shape[1:]:
            msg = "cells of other indicators, categories or traits cannot be added"
            raise CountsError(msg)
        both = pd.concat([self.cells, other.cells], ignore_index=True)
        keys = [str(name) for name in both]
        distinct = both.drop_duplicates().sort_values(keys, ignore_index=True)
        place = pd.MultiIndex.from_frame(distinct).get_indexer(pd.MultiIndex.from_frame(both))
        arrays = {}
        for name in ("n", "weight", "weight_squared", "margins"):
            rows = np.concatenate([getattr(self, name), getattr(other, name)])
            total = np.zeros((len(distinct), *rows.shape[1:]), dtype=rows.dtype)
            np.add.at(total, place, rows)
            arrays[name] = total
        return CellCounts(indicators=self.indicators, cells=distinct, **arrays)


def make_cells(
    responses: Responses, traits: Sequence[str], *, age_bands: Sequence[int] = ()
) -> Cells:
    """Find the cell of every respondent.

    Parameters
    ----------
    responses : Responses
    traits : sequence of str
        Traits that the survey files name; ``channel`` is one where the files have it.
    age_bands : sequence of int
        First years of all age groups but the youngest.

    Returns
    -------
    Cells

    Raises
    ------
    CountsError
        If the survey lacks a trait, or ages in years meet no age bands, or age groups other ones.
    """
    units = responses.units
    base = units[list(CELL_KEYS)].drop_duplicates().sort_values(list(CELL_KEYS))
    unit_row = pd.MultiIndex.from_frame(base).get_indexer(
        pd.MultiIndex.from_frame(units[list(CELL_KEYS)])
    )
    key = unit_row[responses.unit_of].astype(np.int64)
    levels: list[tuple[str, ...]] = []
    for name in traits:
        names, codes = find_levels(responses, name, age_bands=age_bands)
        if len(base) * math.prod(len(part) for part in levels) * len(names) >= 2**62:
            msg = f"the traits {', '.join(traits)} have too many levels to be combined"
            raise CountsError(msg)
        key = key * len(names) + codes
        levels.append(names)
    distinct, cell_of = np.unique(key, return_inverse=True)
    columns = {}
    for name, names in zip(reversed(traits), reversed(levels), strict=True):
        distinct, code = np.divmod(distinct, len(names))
        columns[name] = pd.array(np.array(names, dtype=object)[code], dtype="str")
    frame = base.iloc[distinct].reset_index(drop=True)
    frame = frame.assign(**{name: columns[name] for name in traits})
    return Cells(frame=frame, of_respondent=cell_of.astype(np.int32))


def find_levels(
    responses: Responses, name: str, *, age_bands: Sequence[int] = ()
) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Return the levels of a trait and the position of every respondent's, shape (N,).

    Raises
    ------
    CountsError
        See :func:`make_cells`.
    """
    if name == CHANNEL and CHANNEL in responses.units:
        codes, levels = pd.factorize(responses.units[CHANNEL], sort=True)
        return tuple(levels), codes.astype(np.int64)[responses.unit_of]
    if name not in responses.traits:
        known = sorted({*responses.traits, *({CHANNEL} & set(responses.units))})
        near = find_nearest(name, known)
        hint = f"did you mean {near!r}?" if near else "name its column in the edition"
        msg = f"no survey file names the trait {name!r} (known: {', '.join(known) or 'none'}); "
        raise CountsError(msg + hint)
    trait = responses.traits[name]
    if name != AGE:
        return trait.levels, trait.codes.astype(np.int64)
    return _cut_ages(trait, age_bands)


def name_age_bands(bands: Sequence[int]) -> tuple[str, ...]:
    """Return the names of age groups.

    Examples
    --------
    >>> name_age_bands([25, 60])
    ('0-24', '25-59', '60+')
    """
    if not bands:
        return ()
    starts = [0, *bands]
    closed = [f"{a}-{b - 1}" for a, b in zip(starts, bands, strict=False)]
    return (*closed, f"{bands[-1]}+")


def _cut_ages(trait: Trait, bands: Sequence[int]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    years = np.array([_read_years(level) for level in trait.levels])
    in_years = ~np.isnan(years)
    if not bands:
        if in_years.any():
            msg = "ages are in years: say the age groups in the methodology (traits: age_bands)"
            raise CountsError(msg)
        return trait.levels, trait.codes.astype(np.int64)
    names = name_age_bands(bands)
    strange = [
        level
        for level, cut in zip(trait.levels, in_years, strict=True)
        if not cut and level and level not in names
    ]
    if strange:
        msg = (
            f"age groups of the survey that the methodology does not have: {', '.join(strange)}; "
            f"its age_bands give {', '.join(names)}"
        )
        raise CountsError(msg)
    levels = ("", *names)
    moves = [
        1 + int(np.searchsorted(bands, age, side="right")) if cut else levels.index(level)
        for level, age, cut in zip(trait.levels, years, in_years, strict=True)
    ]
    return levels, np.array(moves, dtype=np.int64)[trait.codes]


def _read_years(level: str) -> float:
    try:
        return float(level)
    except ValueError:
        return math.nan


def count_cells(
    responses: Responses,
    methodology: Methodology,
    *,
    cells: Cells,
    weight: NDArray[np.float64] | None = None,
) -> CellCounts:
    """Count the answers of every cell in one pass over respondents.

    Parameters
    ----------
    responses : Responses
    methodology : Methodology
    cells : Cells
        Of the same respondents.
    weight : ndarray of shape (N,), optional
        Positive weights; 1 without them.

    Returns
    -------
    CellCounts

    Raises
    ------
    CountsError
        If the cells would need more than :data:`MAX_VALUES` numbers; the message says how many
        cells there are.
    """
    n_cells, n_items = len(cells.frame), len(methodology.indicator_keys)
    shape = (n_cells, n_items, methodology.n_categories + 1)
    if math.prod(shape) > MAX_VALUES:
        traits = ", ".join(str(name) for name in cells.frame if name not in CELL_KEYS)
        msg = (
            f"{n_cells} combinations of centre, segment, {traits} with {n_items} indicators need "
            f"{math.prod(shape) * 8 / 2**30:.1f} GiB; use fewer traits, or traits with fewer levels"
        )
        raise CountsError(msg)
    w = np.ones(len(responses.codes)) if weight is None else weight
    margins = np.zeros(shape)
    _add_answers(responses.codes, cells.of_respondent, w, margins)
    return CellCounts(
        indicators=methodology.indicator_keys,
        cells=cells.frame,
        n=np.bincount(cells.of_respondent, minlength=n_cells).astype(np.int64),
        weight=add_by(cells.of_respondent, w, n_cells),
        weight_squared=add_by(cells.of_respondent, w**2, n_cells),
        margins=margins,
    )


def add_by(
    place: NDArray[np.integer[Any]], values: NDArray[np.float64], size: int
) -> NDArray[np.float64]:
    """Return the sums of values by place, shape (size,)."""
    return np.asarray(np.bincount(place, weights=values, minlength=size), dtype=np.float64)


@njit(nogil=True)
def _add_answers(
    codes: NDArray[np.uint8],
    cell_of: NDArray[np.int32],
    weight: NDArray[np.float64],
    margins: NDArray[np.float64],
) -> None:  # pragma: no cover - compiled
    for row in range(codes.shape[0]):
        for item in range(codes.shape[1]):
            margins[cell_of[row], item, codes[row, item]] += weight[row]
