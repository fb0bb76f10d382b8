"""How often each centre has each rank and each star, from counts of draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.results.sensitivity import ACCEPTABILITY_COLUMNS, STAR_SHARE_COLUMNS
from clientindex.sensitivity.drawn_stars import NO_LEVEL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from clientindex.sensitivity.tally import Tally


def divide_ranks(n_centres: int, *, n_classes: int) -> NDArray[np.int64]:
    """Return the first rank of each class of ranks, classes as equally wide as can be.

    Parameters
    ----------
    n_centres, n_classes : int
        With as many classes as centres, or more, each rank is a class.
    """
    n = min(n_classes, n_centres)
    return np.arange(n, dtype=np.int64) * n_centres // n + 1


def tabulate_ranks(tally: Tally, centres: Sequence[str], *, n_classes: int) -> pd.DataFrame:
    """Return the table ``acceptability`` of :class:`clientindex.results.WeightStability`."""
    starts = divide_ranks(len(centres), n_classes=n_classes)
    ends = np.append(starts[1:] - 1, len(centres))
    counts = tally.count_rank_classes(starts)
    columns = (
        np.repeat(np.asarray(centres, dtype=object), len(starts)),
        np.tile(starts, len(centres)),
        np.tile(ends, len(centres)),
        counts.ravel() / tally.n_draws,
    )
    frame = pd.DataFrame(dict(zip(ACCEPTABILITY_COLUMNS, columns, strict=True)))
    return frame.astype({"centre": "str"})


def tabulate_stars(
    tally: Tally, centres: Sequence[str], *, values: NDArray[np.float64]
) -> pd.DataFrame:
    """Return the table ``star_shares`` of :class:`clientindex.results.WeightStability`."""
    stars = np.concatenate([[np.nan], np.asarray(values, dtype=np.float64)])
    counts = tally.star_counts
    told = np.ones(len(stars), dtype=bool)
    told[NO_LEVEL] = counts[:, NO_LEVEL].any()
    columns = (
        np.repeat(np.asarray(centres, dtype=object), told.sum()),
        np.tile(stars[told], len(centres)),
        counts[:, told].ravel() / tally.n_draws,
    )
    frame = pd.DataFrame(dict(zip(STAR_SHARE_COLUMNS, columns, strict=True)))
    return frame.astype({"centre": "str"})
