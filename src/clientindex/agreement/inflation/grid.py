"""Do scores lie on a grid, so that a window at a cut must hold whole steps of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

DECIMALS = 6
"""Scores equal to so many decimals of a point are one score; steps to one decimal less."""

SMALLEST_STEP = 0.05
"""Points. Finer grids matter to no window, and are what dense scores happen to look like."""

NEAR = 1e-3
"""Share of a step within which a score is on the grid."""

MOST_OFF = 0.1
"""Share of scores that may lie off the grid: items that do not apply shift some of them."""

FEWEST_VALUES = 3


def find_grid_step(scores: NDArray[np.float64]) -> float | None:
    """Find the step of the grid that nine scores of ten lie on.

    Parameters
    ----------
    scores : ndarray of shape (n,)
        Complete.

    Returns
    -------
    float or None
        The distance between neighbouring values that most pairs of scores have; None where fewer
        than nine scores of ten are whole steps from the most frequent one.

    Examples
    --------
    >>> find_grid_step(np.array([2.5, 5.0, 5.0, 7.5, 7.5, 12.5]))
    2.5
    >>> find_grid_step(np.array([0.0, 1.0, 2.7, 3.1])) is None
    True
    """
    values, counts = np.unique(np.round(scores, DECIMALS), return_counts=True)
    if len(values) < FEWEST_VALUES:
        return None
    steps, place = np.unique(np.round(np.diff(values), DECIMALS - 1), return_inverse=True)
    step = float(steps[np.argmax(np.bincount(place, weights=counts[1:] * counts[:-1]))])
    if step < SMALLEST_STEP:
        return None
    away = (values - values[np.argmax(counts)]) / step
    off = np.abs(away - np.round(away)) > NEAR
    return step if counts[off].sum() <= MOST_OFF * counts.sum() else None


def fit_width(width: float, *, step: float | None, cuts: NDArray[np.float64]) -> float:
    """Fit the width of windows to a grid: whole steps, up where windows stay apart, else down.

    On a grid of 2.5 points a window of 2 holds the score on the cut and none below it, and every
    checklist would seem to bunch.

    Parameters
    ----------
    width : float
        Points, as asked.
    step : float or None
        Of the grid; None leaves the width as it is.
    cuts : ndarray of shape (K,)

    Examples
    --------
    >>> fit_width(2.0, step=2.5, cuts=np.array([50.0, 60.0]))
    2.5
    """
    if step is None:
        return width
    up = step * float(np.ceil(width / step - 10.0**-DECIMALS))
    apart = float(np.diff(np.sort(cuts)).min()) if len(cuts) > 1 else np.inf
    return up if 2 * up <= apart else max(up - step, step)
