"""Copying a matrix in compiled code.

An assignment to a slice compiles the words of its error, too, which takes seconds in every process
that compiles one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.compiled import njit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@njit(nogil=True)
def copy_matrix(
    source: NDArray[np.float64], target: NDArray[np.float64]
) -> None:  # pragma: no cover - compiled
    """Write a matrix over another of its shape."""
    for i in range(source.shape[0]):
        for j in range(source.shape[1]):
            target[i, j] = source[i, j]
