"""Iterative proportional fitting of cells to margins, and weights that are cut at a limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.compiled import njit
from clientindex.counts import add_by

if TYPE_CHECKING:
    from numpy.typing import NDArray

TRIM_ROUNDS = 200
"""Rounds of fitting and cutting, after which margins are given up for the limit."""

TRIM_TOLERANCE = 1e-6
"""Shares this near to their margins are met where weights are cut: cutting and fitting in turn
converge slowly, and no register is known so exactly."""

TRIM_ROOM = 1e-9
"""Weights up to this share above the limit count as cut."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Margins:
    """T margins of H cells.

    Attributes
    ----------
    level_of : int32 ndarray of shape (T, H)
        Level of every cell in every margin; -1 = the cell stands outside that margin.
    shares : ndarray of shape (T, L)
        Wanted share of every level among the cells inside the margin; each row sums to 1, unused
        places hold 0.
    """

    level_of: NDArray[np.int32]
    shares: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How fitting ended.

    Attributes
    ----------
    iterations : int
        Rounds over all margins, all rounds of cutting together.
    gap : float
        Largest difference of a share from its margin.
    converged : bool
        Whether the gap is within the tolerance.
    """

    iterations: int
    gap: float
    converged: bool


def rake(
    weight: NDArray[np.float64],
    margins: Margins,
    *,
    tolerance: float = 1e-9,
    max_iterations: int = 500,
) -> tuple[NDArray[np.float64], Fit]:
    """Fit the weights of cells to margins by iterative proportional fitting (raking).

    In turn every margin multiplies the weights of each of its levels so that they have the wanted
    share of the weight inside the margin. Cells outside a margin keep their weight in its turn: an
    unknown trait neither gains nor loses.

    Parameters
    ----------
    weight : ndarray of shape (H,)
        Positive sums of weights.
    margins : Margins
        Every level with a positive share has a cell.
    tolerance : float
        Largest difference of shares at which fitting ends.
    max_iterations : int

    Returns
    -------
    weight : ndarray of shape (H,)
    fit : Fit

    References
    ----------
    Deming W. E., Stephan F. F. On a least squares adjustment of a sampled frequency table when the
    expected marginal totals are known. Annals of Mathematical Statistics, 1940, 11(4), 427-444.
    """
    fitted = weight.astype(np.float64)
    iterations, gap = _fit(fitted, margins.level_of, margins.shares, tolerance, max_iterations)
    return fitted, Fit(iterations=int(iterations), gap=float(gap), converged=gap <= tolerance)


@njit(nogil=True)
def _fit(
    weight: NDArray[np.float64],
    level_of: NDArray[np.int32],
    shares: NDArray[np.float64],
    tolerance: float,
    max_iterations: int,
) -> tuple[int, float]:  # pragma: no cover - compiled
    """Fit in place; a level without weight keeps its factor 1 and shows in the gap."""
    held = np.zeros(shares.shape[1])
    iteration = 0
    while True:
        gap = 0.0
        for margin in range(len(shares)):
            inside = _sum_levels(weight, level_of[margin], held)
            for level in range(len(held)):
                if inside > 0:
                    gap = max(gap, abs(held[level] / inside - shares[margin, level]))
        if gap <= tolerance or iteration >= max_iterations:
            return iteration, gap
        iteration += 1
        for margin in range(len(shares)):
            inside = _sum_levels(weight, level_of[margin], held)
            for cell in range(len(weight)):
                level = level_of[margin, cell]
                if level >= 0 and held[level] > 0:
                    weight[cell] *= shares[margin, level] * inside / held[level]


@njit(nogil=True)
def _sum_levels(
    weight: NDArray[np.float64], level_of: NDArray[np.int32], held: NDArray[np.float64]
) -> float:  # pragma: no cover - compiled
    held[:] = 0
    inside = 0.0
    for cell in range(len(weight)):
        if level_of[cell] >= 0:
            held[level_of[cell]] += weight[cell]
            inside += weight[cell]
    return inside


def rake_respondents(
    base: NDArray[np.float64],
    cell_of: NDArray[np.int32],
    margins: Margins,
    *,
    limit: float | None = None,
    tolerance: float = 1e-9,
    max_iterations: int = 500,
) -> tuple[NDArray[np.float64], Fit]:
    """Rake the weights of single respondents, and cut those above a limit.

    A weight above `limit` times the mean weight is set to it and fitting begins anew from the cut
    weights, until nobody is above or :data:`TRIM_ROUNDS` have passed; the last step is cutting, so
    the limit always holds, and the gap says how far the margins then are.

    Parameters
    ----------
    base : ndarray of shape (N,)
        Positive weights before raking.
    cell_of : int32 ndarray of shape (N,)
        Cell 0..H-1 of every respondent; every cell has one.
    margins : Margins
        Of the H cells.
    limit : float, optional
        Above 1.
    tolerance, max_iterations
        See :func:`rake`.

    Returns
    -------
    weight : ndarray of shape (N,)
        With the sum of `base`.
    fit : Fit
    """
    n_cells = margins.level_of.shape[1]
    weight, iterations = base.copy(), 0
    for _ in range(TRIM_ROUNDS if limit is not None else 1):
        before = add_by(cell_of, weight, n_cells)
        after, fit = rake(before, margins, tolerance=tolerance, max_iterations=max_iterations)
        iterations += fit.iterations
        weight = weight * (after / before)[cell_of]
        if limit is None or weight.max() <= limit * weight.mean() * (1 + TRIM_ROOM):
            break
        weight = _cut(weight, limit)
    if limit is not None:
        held = add_by(cell_of, weight, n_cells)
        room = max(tolerance, TRIM_TOLERANCE)
        _, fit = rake(held, margins, tolerance=room, max_iterations=0)
    weight *= base.sum() / weight.sum()
    return weight, Fit(iterations=iterations, gap=fit.gap, converged=fit.converged)


def _cut(weight: NDArray[np.float64], limit: float) -> NDArray[np.float64]:
    """Cut weights so that none exceeds `limit` times the mean of the weights that result."""
    n = len(weight)
    falling = np.sort(weight)[::-1]
    rest = weight.sum() - np.cumsum(np.concatenate([[0.0], falling[:-1]]))
    at = np.arange(n)
    # With the j largest cut to t = limit * mean: n t / limit = j t + rest_j.
    room = n / limit - at
    level = np.where(room > 0, rest / np.where(room > 0, room, 1.0), np.inf)
    enough = np.flatnonzero(falling <= level)
    return np.minimum(weight, level[enough[0]]) if len(enough) else weight


def count_effective(
    weight: NDArray[np.float64], squared: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return Kish's effective sample sizes from sums of weights and of their squares.

    ``(sum w)² / sum w²``; NaN without respondents.

    References
    ----------
    Kish L. Survey Sampling. Wiley, 1965, 11.7.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(weight**2 / squared)
