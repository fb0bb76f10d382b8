"""Moments of the indicators that a model speaks of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.factors.moments import SampleMoments


def select_indicators(moments: SampleMoments, indicators: tuple[str, ...]) -> SampleMoments:
    """Return the moments of some indicators in the order asked for.

    Raises
    ------
    StatisticsError
        If the moments lack an indicator.
    """
    if moments.indicators == indicators:
        return moments
    absent = [key for key in indicators if key not in moments.indicators]
    if absent:
        msg = f"the model speaks of {', '.join(absent)}, which the data do not have"
        raise StatisticsError(msg)
    chosen = np.array([moments.indicators.index(key) for key in indicators])
    thresholds = tuple(moments.thresholds[at] for at in chosen) if moments.thresholds else ()
    return replace(
        moments,
        indicators=indicators,
        means=moments.means[chosen],
        matrix=moments.matrix[np.ix_(chosen, chosen)],
        thresholds=thresholds,
        influence=moments.influence[:, _find_statistics(moments, chosen)],
    )


def _find_statistics(moments: SampleMoments, chosen: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the places of the statistics of some indicators among those of all."""
    size = len(moments.indicators)
    sizes = [len(cuts) for cuts in moments.thresholds] or [1] * size
    ends = np.cumsum(sizes)
    lead = [np.arange(ends[at] - sizes[at], ends[at]) for at in chosen]
    offset = int(moments.kind == "polychoric")
    place = np.zeros((size, size), dtype=np.intp)
    rows, columns = np.triu_indices(size, offset)
    place[rows, columns] = place[columns, rows] = np.arange(len(rows)) + ends[-1]
    first, second = np.triu_indices(len(chosen), offset)
    return np.concatenate([*lead, place[chosen[first], chosen[second]]])
