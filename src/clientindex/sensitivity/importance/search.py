"""The search for weights whose realised importance comes nearest to a target."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from clientindex.reliability.draws import Summary, summarise
from clientindex.sensitivity.importance.optimum import (
    REACHED,
    Optimum,
    optimise,
    share_importance,
    solve_sums,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.sensitivity.importance.realised import RealisedImportance

MOST_ROUNDS = 8
"""Times that the smoothness of curves is chosen anew."""

AS_EXACTLY = 1e-9
"""Largest distance of a share from that of the weighted sum, for the index to be one."""

AS_A_SUM = 0.01
"""Largest distance of a weight from that of the weighted sum, for its interval to be taken."""


def search_weights(realised: RealisedImportance, start: Optimum) -> Optimum:
    """Search from the weights of a start, and from those that are in the index now.

    Parameters
    ----------
    realised : RealisedImportance
    start : Optimum
        Is the answer where the index is a weighted sum and importance is by lines.

    Raises
    ------
    StatisticsError
        If importance is not defined at either start.

    Notes
    -----
    Curves have their smoothness held, chosen anew, and so on until it rests: cross-validation may
    jump from one smoothness to another, and importance with it, so that no search could go by its
    slope.
    """
    if realised.bases:
        return _search_curves(realised, start)
    shares = share_importance(realised.compute(start.weights[None]))[0]
    if np.abs(shares - start.shares).max() < AS_EXACTLY:
        return start
    problem = realised.problem
    return optimise(realised.compute, problem.target, starts=[start.weights, problem.now])


def _search_curves(realised: RealisedImportance, start: Optimum) -> Optimum:
    problem = realised.problem
    starts = [start.weights, problem.now]
    steps = 0
    for _ in range(MOST_ROUNDS):
        smoothness = realised.find_smoothness(starts[0])
        found = optimise(
            partial(realised.compute, smoothness=smoothness), problem.target, starts=starts
        )
        steps += found.steps
        shares = share_importance(realised.compute(found.weights[None]))[0]
        if np.abs(shares - found.shares).max() < REACHED:
            return replace(found, shares=shares, steps=steps)
        starts = [found.weights]
    return replace(found, shares=shares, outcome="not_converged", steps=steps)


def resample_weights(
    covariances: NDArray[np.float64],
    target: NDArray[np.float64],
    found: Optimum,
    *,
    start: Optimum,
    level: float,
) -> Summary | None:
    """Return intervals of weights from those of weighted sums; None where the index is none.

    Parameters
    ----------
    covariances : ndarray of shape (1 + R, P', P')
        Of the scores, then of bootstrap draws.
    target : ndarray of shape (P',)
    found, start : Optimum
        For the index of the methodology, and for a weighted sum.
    level : float
    """
    if np.abs(start.weights - found.weights).max() > AS_A_SUM:
        return None
    drawn = solve_sums(covariances[1:], target)
    return summarise(np.concatenate([found.weights[None], drawn]), level)
