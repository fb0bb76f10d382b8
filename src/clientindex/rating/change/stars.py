"""Stars of both editions crossed, and whether they are given as often as before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.agreement.coefficients import compare_margins
from clientindex.rating.change.centres import GONE, NEW
from clientindex.results.change import ABSENT, WITHHELD

if TYPE_CHECKING:
    from clientindex.agreement.coefficients.stuart_maxwell import MarginalHomogeneity


def cross_stars(
    centres: pd.DataFrame, *, stars: tuple[tuple[float, ...], tuple[float, ...]]
) -> pd.DataFrame:
    """Count centres by star before and after, withheld and absent ones too.

    Parameters
    ----------
    centres : DataFrame
        ``status``, ``star_before``, ``star_after``.
    stars : tuple of tuple of float
        Stars of the previous and of the current edition, rising.

    Returns
    -------
    DataFrame
        ``star_before``, ``star_after``, ``n``: every pair in rising order, zeros too.
    """
    labels = [[*(f"{star:g}" for star in values), WITHHELD, ABSENT] for values in stars]
    told = [
        _label(centres["star_before"], centres["status"] == NEW),
        _label(centres["star_after"], centres["status"] == GONE),
    ]
    counts = pd.Series(list(zip(*told, strict=True))).value_counts()
    pairs = [(before, after) for before in labels[0] for after in labels[1]]
    n = [int(counts.get(pair, 0)) for pair in pairs]
    table = pd.DataFrame(pairs, columns=["star_before", "star_after"])
    return table.assign(n=np.array(n, dtype=np.int64))


def _label(star: pd.Series[int], absent: pd.Series[bool]) -> list[str]:
    given = [WITHHELD if pd.isna(value) else f"{float(value):g}" for value in star]
    return [ABSENT if gone else text for text, gone in zip(given, absent, strict=True)]


def compare_shares(centres: pd.DataFrame) -> MarginalHomogeneity:
    """Test that stars are given as often as before, on centres with a star in both editions."""
    before, after = (
        centres[name].to_numpy(float, na_value=np.nan) for name in ("star_before", "star_after")
    )
    return compare_margins(before, after)
