"""Where the starred centres stand among the scored ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def find_starred_rows(scored: Sequence[str], starred: Sequence[str]) -> NDArray[np.intp]:
    """Return the places of the starred centres among the scored ones.

    Raises
    ------
    StatisticsError
        If one is not among them, i.e. stars and indicator means do not belong together.
    """
    rows = pd.Index(scored).get_indexer(pd.Index(starred))
    lost = [centre for centre, row in zip(starred, rows, strict=True) if row < 0]
    if lost:
        msg = f"starred centres without indicator means: {', '.join(lost)}"
        raise StatisticsError(msg)
    return np.asarray(rows, dtype=np.intp)
