"""The edition that variants are computed on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from clientindex.counts import CentreMoments
    from clientindex.methodology import Methodology
    from clientindex.rating import MeasureScores

    Remeasure = Callable[[Methodology], tuple[CentreMoments, MeasureScores | None]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VariantSource:
    """Indicator means of an edition, and what stars need beside them.

    Attributes
    ----------
    moments : CentreMoments
    register : DataFrame
        ``centre``, ``name``, ``region``.
    measures : MeasureScores or None
    attributes : DataFrame or None
    checklists : DataFrame or None
        As for :func:`clientindex.rating.blend.blend_checklists`.
    regions, visitors : mapping of str, or None
    remeasure : callable or None
        Gives moments and measures anew for a methodology with other normalisers or another scoring
        of answers.
    """

    moments: CentreMoments
    register: pd.DataFrame
    measures: MeasureScores | None = None
    attributes: pd.DataFrame | None = None
    checklists: pd.DataFrame | None = None
    regions: Mapping[str, str] | None = None
    visitors: Mapping[str, float] | None = None
    remeasure: Remeasure | None = None
