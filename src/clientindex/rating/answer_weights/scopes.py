"""Scopes: the parts of a survey that are raked apart, centres or regions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.counts import add_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from clientindex.counts import Cells


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScopeCells:
    """The h cells of one scope.

    Attributes
    ----------
    at : ndarray of shape (h,)
        Their positions among all cells.
    segment : object ndarray of shape (h,)
    levels : mapping
        Trait -> object ndarray of shape (h,).
    weight, n : ndarray of shape (h,)
        Sums of the weights before raking, and respondents.
    """

    at: NDArray[np.intp]
    segment: NDArray[np.object_]
    levels: Mapping[str, NDArray[np.object_]]
    weight: NDArray[np.float64]
    n: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scope:
    """The P respondents of one scope.

    Attributes
    ----------
    name : str
    cells : ScopeCells
    people : ndarray of shape (P,)
        Positions of the respondents among all.
    cell_of : int32 ndarray of shape (P,)
        Place of every respondent's cell among those of the scope.
    weight : ndarray of shape (P,)
        Weights before raking.
    """

    name: str
    cells: ScopeCells
    people: NDArray[np.intp]
    cell_of: NDArray[np.int32]
    weight: NDArray[np.float64]


def split_scopes(
    cells: Cells, base: NDArray[np.float64], *, scope_of: Mapping[str, str], traits: Sequence[str]
) -> Iterator[Scope]:
    """Yield every scope with its cells and respondents, sorted by name.

    Parameters
    ----------
    cells : Cells
    base : ndarray of shape (N,)
        Weights before raking.
    scope_of : mapping of str to str
        Scope of every centre; the centres that it lacks are the scope "".
    traits : sequence of str
    """
    frame, cell_of = cells.frame, cells.of_respondent
    own = np.array([scope_of.get(name, "") for name in frame["centre"]], object)
    codes, names = pd.factorize(own, sort=True)
    weight = add_by(cell_of, base, len(frame))
    n = np.bincount(cell_of, minlength=len(frame)).astype(np.float64)
    segment = frame["segment"].to_numpy(object)
    levels = {name: frame[name].to_numpy(object) for name in traits}
    places = _split_positions(codes, len(names))
    people = _split_positions(codes[cell_of], len(names))
    for name, at, who in zip(names, places, people, strict=True):
        yield Scope(
            name=str(name),
            cells=ScopeCells(
                at=at,
                segment=segment[at],
                levels={trait: texts[at] for trait, texts in levels.items()},
                weight=weight[at],
                n=n[at],
            ),
            people=who,
            cell_of=np.searchsorted(at, cell_of[who]).astype(np.int32),
            weight=base[who],
        )


def _split_positions(codes: NDArray[np.intp], n: int) -> list[NDArray[np.intp]]:
    """Return the positions of every code 0..n-1, rising."""
    order = np.argsort(codes, kind="stable")
    ends = np.searchsorted(codes[order], np.arange(1, n))
    return np.split(order, ends)
