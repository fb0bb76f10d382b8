"""How many indicators and groups are missing, and what was done about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.results.rating import MISSING_COLUMNS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.methodology import Methodology
    from clientindex.rating.levels import LevelScores
    from clientindex.rating.weighting import Presence, WeightPlan


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lost:
    """Which scores are missing though they have weight, and in place of which a mean stands.

    Attributes
    ----------
    indicators, imputed_indicators : bool ndarray of shape (C, S, K)
    groups, imputed_groups : bool ndarray of shape (C, S, G)
    """

    indicators: NDArray[np.bool_]
    groups: NDArray[np.bool_]
    imputed_indicators: NDArray[np.bool_]
    imputed_groups: NDArray[np.bool_]

    @classmethod
    def of(cls, presence: Presence, plan: WeightPlan) -> Lost:
        """Return what is missing of weighted sums."""
        indicators = ~presence.indicators & (plan.inner > 0)
        groups = ~presence.groups & (plan.outer > 0)
        nothing = np.zeros_like
        return cls(
            indicators=indicators,
            groups=groups,
            imputed_indicators=nothing(indicators),
            imputed_groups=nothing(groups),
        )

    @classmethod
    def of_levels(cls, levels: LevelScores) -> Lost:
        """Return what is missing on the general road."""
        return cls(
            indicators=levels.lost_indicators,
            groups=levels.lost_groups,
            imputed_indicators=levels.imputed_indicators,
            imputed_groups=levels.imputed_groups,
        )


def list_missing(
    lost: Lost, counted: NDArray[np.bool_], methodology: Methodology, *, segments: tuple[str, ...]
) -> pd.DataFrame:
    """Count missing indicators and groups, see ``missing`` of `clientindex.results.Scores`.

    Parameters
    ----------
    lost : Lost
    counted : bool ndarray of shape (C, S)
        Centres and segments that have anything.
    methodology : Methodology
    segments : tuple of str
        The S segments.
    """
    scoring = methodology.scoring
    parts = (
        ("indicator", methodology.indicator_keys, lost.indicators, lost.imputed_indicators),
        ("group", methodology.group_keys, lost.groups, lost.imputed_groups),
    )
    rows = []
    for kind, keys, missing, imputed in parts:
        treatment = scoring.missing_indicator if kind == "indicator" else scoring.missing_group
        n_missing = (missing & counted[..., None]).sum(axis=0)
        n_imputed = (imputed & counted[..., None]).sum(axis=0)
        for segment, place in zip(*np.nonzero(n_missing), strict=True):
            numbers = (int(n_missing[segment, place]), int(n_imputed[segment, place]))
            rows.append((kind, keys[place], segments[segment], treatment, *numbers))
    frame = pd.DataFrame(rows, columns=list(MISSING_COLUMNS))
    texts = dict.fromkeys(("kind", "key", "segment", "treatment"), "str")
    return frame.astype({**texts, "n_missing": np.int64, "n_imputed": np.int64})
