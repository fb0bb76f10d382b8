"""What an optimisation of weights is asked: shares of importance, and which weights are free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.sensitivity.importance.recompute import sum_groups
from clientindex.sensitivity.importance.redundancy import is_flat
from clientindex.sensitivity.importance.sample import (
    GROUP,
    INDICATOR,
    NO_VARIANCE,
    TOO_FEW_CENTRES,
    LeftOut,
    Side,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.methodology import Methodology
    from clientindex.methodology.weight_importance_settings import WeightImportanceSettings
    from clientindex.sensitivity.importance.recompute import Recomputed
    from clientindex.sensitivity.importance.stated import Stated

WEIGHT_ZERO = "weight_zero"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Problem:
    """Weights of the P' scores of a kind that have weight, over the C' centres with all scores.

    Attributes
    ----------
    side : Side
        The P scores of the kind.
    active : int ndarray of shape (P',)
        Places among the scores.
    rows : int ndarray of shape (C',)
        Places among the centres.
    now, target : ndarray of shape (P',)
        Weights in the index, and shares that importance is to have; each sums to 1.
    """

    side: Side
    active: NDArray[np.intp]
    rows: NDArray[np.intp]
    now: NDArray[np.float64]
    target: NDArray[np.float64]

    @property
    def x(self) -> NDArray[np.float64]:
        """Scores, shape (C', P')."""
        return self.side.x[np.ix_(self.rows, self.active)]

    def spread(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return weights (B, P') as weights of all P scores."""
        full = np.zeros((len(weights), len(self.side.keys)))
        full[:, self.active] = weights
        return full


def read_target(
    methodology: Methodology, settings: WeightImportanceSettings, stated: Stated
) -> dict[str, NDArray[np.float64]]:
    """Return target shares of groups and of indicators, by kind.

    Raises
    ------
    StatisticsError
        If a target names no group of the methodology or not all of them.
    """
    groups, wanted = methodology.group_keys, settings.target
    if isinstance(wanted, dict):
        unknown, lacking = sorted(set(wanted) - set(groups)), sorted(set(groups) - set(wanted))
        if unknown or lacking:
            msg = "a target of importance names every group once;"
            msg += f" unknown: {', '.join(unknown)};" if unknown else ""
            msg += f" missing: {', '.join(lacking)};" if lacking else ""
            msg += f" the groups are {', '.join(groups)}"
            raise StatisticsError(msg)
        outer = np.array([wanted[key] for key in groups])
    elif wanted == "equal":
        outer = (stated.of_groups > 0) / np.count_nonzero(stated.of_groups)
    else:
        outer = stated.of_groups
    group_of = np.array([groups.index(methodology.group_of(k)) for k in methodology.indicator_keys])
    total = sum_groups(stated.of_indicators, group_of)[group_of]
    inside = stated.of_indicators / np.where(total > 0, total, 1.0)
    return {GROUP: outer, INDICATOR: outer[group_of] * inside}


def pose_problem(
    side: Side, recomputed: Recomputed, target: NDArray[np.float64], left_out: LeftOut
) -> Problem | None:
    """Take the scores and centres of a kind that weights can be found for.

    Parameters
    ----------
    side : Side
    recomputed : Recomputed
    target : ndarray of shape (P,)
        Shares of importance.
    left_out : LeftOut
        Gets scores without weight, and why there is no problem.

    Returns
    -------
    Problem or None
        None with too few centres, or a score that does not vary.
    """
    now = recomputed.effective(side.kind)
    active = np.flatnonzero(now > 0)
    for place in np.flatnonzero((now == 0) & (target > 0)):
        left_out.add(side.kind, side.keys[place], "", WEIGHT_ZERO, f"{target[place]:g}")
    rows = np.flatnonzero(np.isfinite(side.x[:, active]).all(axis=1))
    if len(rows) < len(active) + 2 or not target[active].sum() > 0:
        left_out.add(side.kind, "", "", TOO_FEW_CENTRES, len(rows))
        return None
    wanted = target[active] / target[active].sum()
    problem = Problem(side=side, active=active, rows=rows, now=now[active], target=wanted)
    flat = active[is_flat(problem.x)]
    for place in flat:
        left_out.add(side.kind, side.keys[place], "", NO_VARIANCE)
    return None if len(flat) else problem
