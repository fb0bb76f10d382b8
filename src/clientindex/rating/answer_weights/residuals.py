"""What margins explain of the answers: the residual linearisation of raked means.

Raked estimates are calibration estimates: to first order they vary like the residuals of the
answers from their regression on the margins, because what the margins explain is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.counts import point_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from clientindex.counts import CellCounts
    from clientindex.methodology import Methodology
    from clientindex.rating.answer_weights.raking import Margins


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RakedScope:
    """A scope whose cells were raked: their positions among all cells, and its margins."""

    at: NDArray[np.intp]
    margins: Margins


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Explained:
    """What the margins explain.

    Attributes
    ----------
    residual : ndarray of shape (H, K)
        To take from the influence of every respondent of a cell on the mean of his own group.
    others : ndarray of shape (G, K, K)
        Covariance that respondents of other groups of the scope add to the means of a group.
    """

    residual: NDArray[np.float64]
    others: NDArray[np.float64]


def explain_by_margins(
    scopes: Sequence[RakedScope],
    *,
    base: CellCounts,
    raked: CellCounts,
    group_of: NDArray[np.intp],
    methodology: Methodology,
) -> Explained:
    """Regress the influence of answers on the margins of their scope.

    With base weights d, raked weights w and the influence ``y`` of a respondent on the mean of his
    centre and segment, ``B = (sum d z z')^-1 sum d z y`` over the scope, where ``z`` are the
    indicators of all margins; the respondent's part in the error is then ``w (y - z'B)``, also
    where ``y = 0``. Groups are independent samples.

    Parameters
    ----------
    scopes : sequence of RakedScope
    base, raked : CellCounts
        Counted with the weights before and after raking.
    group_of : ndarray of shape (H,)
        Centre and segment 0..G-1 of every cell.
    methodology : Methodology

    Returns
    -------
    Explained

    References
    ----------
    Deville J.-C., Särndal C.-E. Calibration estimators in survey sampling. Journal of the American
    Statistical Association, 1992, 87(418), 376-382.
    """
    n_groups = int(group_of.max()) + 1
    influence = _sum_influence(base, raked, group_of, methodology)
    residual = np.zeros(influence.shape)
    others = np.zeros((n_groups, influence.shape[1], influence.shape[1]))
    for scope in scopes:
        z = _make_indicators(scope.margins)
        slope = np.linalg.pinv((z * base.weight[scope.at, None]).T @ z)
        groups = group_of[scope.at]
        spreads = _spread_groups(z, raked, scope.at, groups)
        total = sum(spreads.values())
        for group, spread in spreads.items():
            here = groups == group
            b = slope @ (z[here].T @ influence[scope.at[here]])
            residual[scope.at[here]] = z[here] @ b
            others[group] = b.T @ (total - spread) @ b
    return Explained(residual=residual, others=others)


def _sum_influence(
    base: CellCounts, raked: CellCounts, group_of: NDArray[np.intp], methodology: Methodology
) -> NDArray[np.float64]:
    """Return sums over cells of base weight times influence, shape (H, K)."""
    values = point_values(methodology)
    answered, points = _sum_points(raked, values)
    n_groups = int(group_of.max()) + 1
    sums = [np.zeros((n_groups, answered.shape[1])) for _ in range(2)]
    np.add.at(sums[0], group_of, answered)
    np.add.at(sums[1], group_of, points)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (sums[1] / sums[0])[group_of]
        own_answered, own_points = _sum_points(base, values)
        influence = (own_points - mean * own_answered) / sums[0][group_of]
    return np.nan_to_num(influence)


def _sum_points(
    counts: CellCounts, values: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    given = counts.margins[:, :, 1:]
    return given.sum(axis=2), np.einsum("hkc,kc->hk", given, values[:, 1:])


def _make_indicators(margins: Margins) -> NDArray[np.float64]:
    """Return indicators of the levels of all margins, shape (h, T L)."""
    levels = np.arange(margins.shares.shape[1])
    parts = [(row[:, None] == levels).astype(np.float64) for row in margins.level_of]
    return np.concatenate(parts, axis=1)


def _spread_groups(
    z: NDArray[np.float64], raked: CellCounts, at: NDArray[np.intp], groups: NDArray[np.intp]
) -> dict[int, NDArray[np.float64]]:
    """Return the covariance of every group's weighted totals of `z`."""
    spreads = {}
    for group in np.unique(groups).tolist():
        here = groups == group
        cells, own = at[here], z[here]
        n = raked.n[cells].sum()
        total = raked.weight[cells] @ own
        squares = (own * raked.weight_squared[cells, None]).T @ own
        spreads[group] = (squares - np.outer(total, total) / n) * (n / (n - 1) if n > 1 else 0.0)
    return spreads
