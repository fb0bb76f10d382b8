"""Places of one group's parameters by matrix, so that whole matrices are filled at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.confirmatory.layout import Layout, Matrix

REMEMBERED = 64
"""Groups of models whose places are kept; a fit asks for its own thousands of times."""


class Cells(NamedTuple):
    """Cells of a matrix: `at` are places among the group's parameters, shape (cells,) each."""

    at: NDArray[np.intp]
    row: NDArray[np.intp]
    column: NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GroupPlaces:
    """Places of one group.

    Attributes
    ----------
    own : int ndarray
        Which of all parameters are the group's.
    cells : dict
        By matrix that has any.
    """

    own: NDArray[np.intp]
    cells: dict[Matrix, Cells]


@lru_cache(maxsize=REMEMBERED)
def find_group_places(layout: Layout, group: int) -> GroupPlaces:
    """Return the places of a group's parameters."""
    own = [at for at, p in enumerate(layout.spec.parameters) if p.group == group]
    rows: dict[Matrix, list[tuple[int, int, int]]] = {}
    for at, index in enumerate(own):
        place = layout.places[index]
        rows.setdefault(place.matrix, []).append((at, place.row, place.column))
    cells = {name: Cells(*np.array(found, dtype=np.intp).T) for name, found in rows.items()}
    return GroupPlaces(own=np.array(own, dtype=np.intp), cells=cells)
