r"""Benefit of the doubt: each centre is judged by the weights that favour it most.

References
----------
Cherchye L., Moesen W., Rogge N., Van Puyenbroeck T. An introduction to "benefit of the doubt"
composite indicators. Social Indicators Research, 2007, 82(1), 111-145.
doi:10.1007/s11205-006-9029-7
Melyn W., Moesen W. Towards a synthetic indicator of macroeconomic performance: unequal weighting
when limited information is available. Public Economics Research Paper 17, KU Leuven, 1991.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import block_diag

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

OPTIMAL = 1e-9
"""Weights whose score is below the best by this share of it are as good."""

SURELY_BELOW = 1e-6
"""A score further below 1 is so beyond what the solver can err by."""

TOGETHER = 100
"""Centres in one call of the solver. Where several weights are as good, it may decide which."""

BLOCK_CELLS = 4_000_000
"""Comparisons of centres held at a time."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BenefitScores:
    """Scores of C centres, each by weights of its own.

    Attributes
    ----------
    score : ndarray of shape (C,)
        From 0 to 1; 1 where no centre does better under the centre's own weights.
    shares : ndarray of shape (C, G)
        Share of each group in the centre's score; sum to 1.
    weights : ndarray of shape (C, G)
        Own weights, re-scaled to sum to 1.
    """

    score: NDArray[np.float64]
    shares: NDArray[np.float64]
    weights: NDArray[np.float64]


def compute_benefit(
    values: ArrayLike,
    *,
    lowest: ArrayLike,
    highest: ArrayLike,
    reference: ArrayLike,
) -> BenefitScores:
    r"""Score every centre by the weights that favour it most within bounds.

    Parameters
    ----------
    values : array_like of shape (C, G)
        Scores of groups, positive, higher is better, without NaN.
    lowest, highest : array_like of shape (G,)
        Bounds of each group's share in the score, e.g. half and twice its stated weight.
    reference : array_like of shape (G,)
        Shares that sum to 1. Of weights that favour a centre alike, those whose shares are nearest
        to it (least sum of absolute differences) are taken.

    Raises
    ------
    StatisticsError
        If scores are not positive, or no shares lie within the bounds.

    Notes
    -----
    :math:`\max_w \sum_g w_g y_{cg}` over :math:`w \ge 0` with :math:`\sum_g w_g y_{kg} \le 1` for
    every centre k and :math:`L_g \le w_g y_{cg} / \sum_h w_h y_{ch} \le U_g`: data envelopment with
    one input that all have alike. Centres that another one equals or exceeds in every group bind
    nothing and are left out of the constraints, as are those that a mixture of others exceeds.
    Solved by HiGHS.
    """
    y = _check_values(values)
    low, high, middle = _check_bounds(y.shape[1], lowest, highest, reference)
    scaled = y / y.max(axis=0)
    frontier = _find_frontier(scaled)
    parts = []
    for block in _split(scaled):
        limits = np.stack([_find_limits(own, frontier, low, high) for own in block])
        parts.append(_favour(limits, len(frontier), middle))
    score = np.concatenate([own for own, _ in parts])
    shares = np.concatenate([own for _, own in parts])
    raw = shares / y
    return BenefitScores(score=score, shares=shares, weights=raw / raw.sum(axis=1, keepdims=True))


def find_undominated(values: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return rows that no other row equals or exceeds everywhere; of equal rows the first."""
    n, width = values.shape
    _, first = np.unique(values, axis=0, return_index=True)
    rows = np.sort(first)
    kept = values[rows]
    beaten = np.zeros(len(rows), dtype=bool)
    size = max(BLOCK_CELLS // (n * width), 1)
    for start in range(0, len(rows), size):
        block = kept[start : start + size]
        above: NDArray[np.bool_] = np.all(kept[None] >= block[:, None], axis=-1)
        above[np.arange(len(block)), np.arange(start, start + len(block))] = False
        beaten[start : start + size] = above.any(axis=1)
    return np.asarray(rows[~beaten])


def _split(values: NDArray[np.float64]) -> Iterator[NDArray[np.float64]]:
    for start in range(0, len(values), TOGETHER):
        yield values[start : start + TOGETHER]


def _find_frontier(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the rows that bind some weights: those that no mixture of others exceeds.

    A row scores 1 by some free weights of its own, or its constraint follows from the others.
    """
    rows = values[find_undominated(values)]
    ends = np.ones((1, len(rows)))
    scores = [
        _solve(np.full(rows.shape[1], -1.0), rows / block[:, None], ends.repeat(len(block), 0))
        for block in _split(rows)
    ]
    return np.asarray(rows[np.concatenate(scores).sum(axis=1) >= 1 - SURELY_BELOW])


def _find_limits(
    own: NDArray[np.float64],
    frontier: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the rows that bound the parts u_g = w_g y_g of a centre's score, shape (F + 2 G, G).

    The first F are at most 1, the others at most 0.
    """
    eye, ones = np.eye(len(own)), np.ones((1, len(own)))
    return np.vstack([frontier / own, low[:, None] * ones - eye, eye - high[:, None] * ones])


def _favour(
    limits: NDArray[np.float64], n_frontier: int, reference: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return scores and shares of some centres, whose limits have shape (B, F + 2 G, G)."""
    size, n_rows, n = limits.shape
    ends = np.zeros((size, n_rows))
    ends[:, :n_frontier] = 1.0
    score = _solve(np.full(n, -1.0), limits, ends).sum(axis=1)
    # Second programme: parts u, and distances d >= |u - score * reference|.
    eye = np.eye(n)
    nearness = np.block([[-np.ones((1, n)), np.zeros((1, n))], [eye, -eye], [-eye, -eye]])
    rows = np.zeros((size, n_rows + len(nearness), 2 * n))
    rows[:, :n_rows, :n] = limits
    rows[:, n_rows:] = nearness
    aim = score[:, None] * reference
    ends = np.hstack([ends, -score[:, None] * (1 - OPTIMAL), aim, -aim])
    part = np.maximum(_solve(np.repeat([0.0, 1.0], n), rows, ends)[:, :n], 0.0)
    return np.minimum(score, 1.0), part / part.sum(axis=1, keepdims=True)


def _solve(
    cost: NDArray[np.float64], rows: NDArray[np.float64], ends: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Solve B programmes that share nothing as one: a call costs more than the work in it."""
    whole = block_diag(list(rows), format="csc")
    costs = np.tile(cost, len(rows))
    found = linprog(costs, A_ub=whole, b_ub=ends.ravel(), bounds=(0, None), method="highs")
    if found.status != 0:
        msg = f"the most favourable weights were not found: {found.message}"
        raise StatisticsError(msg)
    return np.asarray(found.x).reshape(len(rows), -1)


def _check_values(values: ArrayLike) -> NDArray[np.float64]:
    y = np.asarray(values, dtype=np.float64)
    if y.ndim != 2 or not y.size:
        msg = f"scores must be a table of centres by groups, got shape {y.shape}"
        raise StatisticsError(msg)
    wrong = np.flatnonzero(~((y > 0) & np.isfinite(y)).all(axis=1))
    if len(wrong):
        msg = (
            f"{len(wrong)} of {len(y)} centres have a group score that is missing or not above 0; "
            "the benefit of the doubt is defined for positive scores"
        )
        raise StatisticsError(msg)
    return y


def _check_bounds(
    n: int, lowest: ArrayLike, highest: ArrayLike, reference: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    low, high, middle = (
        np.broadcast_to(np.asarray(ends, dtype=np.float64), n)
        for ends in (lowest, highest, reference)
    )
    if not ((low >= 0) & (low <= high)).all():
        msg = "bounds of shares must be from 0, the lower one not above the upper one"
        raise StatisticsError(msg)
    if low.sum() > 1 + OPTIMAL or high.sum() < 1 - OPTIMAL:
        msg = (
            f"no shares lie within the bounds: lower ones sum to {low.sum():g}, upper ones to "
            f"{high.sum():g}, and shares must sum to 1"
        )
        raise StatisticsError(msg)
    if not np.isclose(middle.sum(), 1.0):
        msg = f"reference shares must sum to 1, got {middle.sum():g}"
        raise StatisticsError(msg)
    return low, high, middle
