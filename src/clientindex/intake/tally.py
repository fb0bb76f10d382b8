"""Answers by unit: what checks between files need of single answers, kept or counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from clientindex.intake.tables import Responses


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UnitTally:
    """Respondents and answers of U units.

    Attributes
    ----------
    units : DataFrame of shape (U, 3 or 4)
        As in :class:`clientindex.intake.tables.Responses`.
    n : int64 ndarray of shape (U,)
        Respondents.
    margins : int64 ndarray of shape (U, K, C + 1)
        Answers by category; category 0 = no answer.
    """

    units: pd.DataFrame
    n: NDArray[np.int64]
    margins: NDArray[np.int64]

    @property
    def sizes(self) -> pd.DataFrame:
        """The units with their number of respondents, ``n``."""
        return self.units.assign(n=self.n)


def tally_responses(responses: Responses, n_categories: int) -> UnitTally:
    """Count the answers of every unit."""
    n_units, width = len(responses.units), n_categories + 1
    unit = responses.unit_of.astype(np.int64) * width
    counts = [
        np.bincount(unit + responses.codes[:, k], minlength=n_units * width)
        for k in range(responses.codes.shape[1])
    ]
    margins = np.stack(counts, axis=1).reshape(n_units, width, len(counts)).swapaxes(1, 2)
    return UnitTally(
        units=responses.units,
        n=np.bincount(responses.unit_of, minlength=n_units),
        margins=np.ascontiguousarray(margins, dtype=np.int64),
    )
