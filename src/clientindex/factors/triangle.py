"""Places above the diagonal, which the inner loops of fits ask for thousands of times."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@cache
def upper_triangle(size: int, offset: int = 0) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return what ``numpy.triu_indices(size, offset)`` does, made once and read only."""
    rows, columns = np.triu_indices(size, offset)
    rows.setflags(write=False)
    columns.setflags(write=False)
    return rows, columns
