"""The longest run of equal answers of every respondent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.compiled import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray


@njit(nogil=True)
def find_longest_runs(codes: NDArray[np.uint8]) -> NDArray[np.int64]:  # pragma: no cover - compiled
    """Return the longest run of equal codes in every row, shape (N,).

    A missing answer (0) neither ends a run nor counts.
    """
    longest = np.zeros(len(codes), dtype=np.int64)
    for row in range(codes.shape[0]):
        last, run = 0, 0
        for column in range(codes.shape[1]):
            code = codes[row, column]
            if code == 0:
                continue
            run = run + 1 if code == last else 1
            last = code
            longest[row] = max(longest[row], run)
    return longest
