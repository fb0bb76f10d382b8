r"""Weights under which realised importance has stated shares.

For a weighted sum :math:`y = x'w` of components with covariance :math:`D R D` (D the deviations, R
the correlations), correlations of the index with components are :math:`R D w / sd(y)`. Their
squares have the shares t exactly where :math:`D w \propto R^{-1} \sqrt t`. If none of these is
negative they are the weights, and the only ones under which no component runs against the index.

Otherwise those are taken whose shares s are nearest to the target by the Hellinger distance,
:math:`\sum (\sqrt{s_i} - \sqrt{t_i})^2` with the sign of the correlation to the root. Of all
directions :math:`R D w, w \ge 0`, that nearest to :math:`\sqrt t` is its projection on their cone,
which non-negative least squares finds: there are no local minima in which a search could end.

References
----------
Paruolo P., Saisana M., Saltelli A. Ratings and rankings: voodoo or science? Journal of the Royal
Statistical Society A, 2013, 176(3), 609-634. doi:10.1111/j.1467-985X.2012.01059.x
Becker W., Saisana M., Paruolo P., Vandecasteele I. Weights and importance in composite indicators:
closing the gap. Ecological Indicators, 2017, 80, 12-22. doi:10.1016/j.ecolind.2017.03.056
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.optimize import least_squares, nnls

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Importance = Callable[[NDArray[np.float64]], NDArray[np.float64]]

Outcome = Literal["reached", "closest", "not_converged"]

REACHED = 1e-4
"""Largest distance of a share from its target, for the target to be reached."""

STEP = 1e-5
"""Of a weight, for derivatives: smooth curves are found to about 1e-9."""

PRECISION = 1e-12
MOST_STEPS = 400

AT_ZERO = 1e-5
"""A weight below this is 0: the search comes near to its bounds only."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Optimum:
    """Weights found.

    Attributes
    ----------
    weights : ndarray of shape (P,)
        Sum to 1.
    shares : ndarray of shape (P,)
        Realised importance under them, as shares; negative where the correlation is.
    outcome : {"reached", "closest", "not_converged"}
        "closest": the search came to rest, but no weights have these shares.
    steps : int
        Evaluations of the search that won; 0 where weights of a sum are the answer.
    """

    weights: NDArray[np.float64]
    shares: NDArray[np.float64]
    outcome: Outcome
    steps: int


def share_importance(signed: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return signed correlation ratios (..., P) as shares of the sum of their sizes."""
    total = np.abs(signed).sum(axis=-1, keepdims=True)
    return np.asarray(signed / np.where(total > 0, total, 1.0))


def solve_sum(covariance: NDArray[np.float64], target: NDArray[np.float64]) -> Optimum:
    """Find the weights of a sum whose shares of importance are a target, or nearest to it.

    Parameters
    ----------
    covariance : ndarray of shape (P, P)
    target : ndarray of shape (P,)
        0 or more; sums to 1.

    Returns
    -------
    Optimum
        By non-negative least squares: no other weights are nearer.

    Raises
    ------
    StatisticsError
        If a component does not vary or is a sum of others, or every component runs against the
        target.

    Examples
    --------
    Correlation r, deviations 1, target shares in the ratio q² to 1: w = (q - r) / ((1 - r)(1 + q)).

    >>> import numpy as np
    >>> solve_sum(np.array([[1, 0.5], [0.5, 1]]), np.array([0.64, 0.36])).weights
    array([0.71428571, 0.28571429])
    """
    deviation = np.sqrt(np.diag(covariance))
    if not (deviation > 0).all():
        msg = f"component {int(np.argmin(deviation))} does not vary"
        raise StatisticsError(msg)
    correlation = covariance / np.outer(deviation, deviation)
    if np.linalg.eigvalsh(correlation)[0] < PRECISION:
        msg = "a component is a weighted sum of others: weights are not determined"
        raise StatisticsError(msg)
    weights = _find_nearest(correlation, deviation, np.sqrt(target))
    if np.isnan(weights).any():
        msg = "no weights of 0 or more bring the index nearer to this importance"
        raise StatisticsError(msg)
    shares = share_importance(realise_sum(covariance)(weights[None]))[0]
    reached = bool(np.abs(shares - target).max() < REACHED)
    outcome: Outcome = "reached" if reached else "closest"
    return Optimum(weights=weights, shares=shares, outcome=outcome, steps=0)


def solve_sums(
    covariances: NDArray[np.float64], target: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Find the weights of :func:`solve_sum` for R covariances (R, P, P); NaN where it raises."""
    deviation = np.sqrt(np.diagonal(covariances, axis1=1, axis2=2))
    weights = np.full(deviation.shape, np.nan)
    rows = np.flatnonzero((deviation > 0).all(axis=1))
    own = deviation[rows]
    correlation = covariances[rows] / (own[:, :, None] * own[:, None, :])
    determined = np.linalg.eigvalsh(correlation)[:, 0] >= PRECISION
    roots = np.sqrt(target)
    for place in np.flatnonzero(determined):
        weights[rows[place]] = _find_nearest(correlation[place], own[place], roots)
    return weights


def _find_nearest(
    correlation: NDArray[np.float64], deviation: NDArray[np.float64], roots: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return weights whose importance is nearest to shares with these roots; NaN without any."""
    raw = nnls(correlation, roots)[0] / deviation
    total = raw.sum()
    return np.asarray(raw / total) if total > 0 else np.full(len(raw), np.nan)


def take_roots(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return roots of shares with their signs."""
    return np.asarray(np.sign(shares) * np.sqrt(np.abs(shares)))


def realise_sum(covariance: NDArray[np.float64]) -> Importance:
    """Return the signed importance of the components of a weighted sum, as a function of weights.

    Parameters
    ----------
    covariance : ndarray of shape (P, P)
    """

    def compute(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        with_index = weights @ covariance
        variance = (with_index * weights).sum(axis=-1, keepdims=True)
        safe = np.where(variance > 0, variance, 1.0) * np.diag(covariance)
        return np.asarray(with_index * np.abs(with_index) / safe)

    return compute


def optimise(
    importance: Importance,
    target: NDArray[np.float64],
    *,
    starts: Sequence[NDArray[np.float64]],
) -> Optimum:
    """Find weights of 0 or more, summing to 1, whose shares of importance are nearest to a target.

    For an index that is no weighted sum, or curves.

    Parameters
    ----------
    importance : callable
        From weights (B, P) to signed correlation ratios (B, P): negative where the component runs
        against the index, so that such importance counts against a target.
    target : ndarray of shape (P,)
        Sums to 1.
    starts : sequence of ndarray of shape (P,)
        Weights from which to search; the best end wins, the earlier one among equals.

    Returns
    -------
    Optimum

    Raises
    ------
    StatisticsError
        If importance is not defined at any start.
    """
    best: Optimum | None = None
    for start in starts:
        found = _search(importance, target, start)
        if found is not None and (best is None or _gap(found, target) < _gap(best, target)):
            best = found
        if best is not None and best.outcome == "reached":
            break
    if best is None:
        msg = "importance is not defined under the weights from which the search starts"
        raise StatisticsError(msg)
    return best


def _gap(found: Optimum, target: NDArray[np.float64]) -> float:
    """Return the distance of shares from a target, rounded so that equal ends are equal."""
    return float(np.round(((take_roots(found.shares) - np.sqrt(target)) ** 2).sum(), 12))


def _search(
    importance: Importance, target: NDArray[np.float64], start: NDArray[np.float64]
) -> Optimum | None:
    start = np.maximum(start, 0.0)
    start = start / start.sum()
    first = share_importance(importance(start[None]))[0]
    if not np.isfinite(first).all():
        return None
    if np.abs(first - target).max() < PRECISION**0.5 * REACHED:
        return Optimum(weights=start, shares=first, outcome="reached", steps=0)

    wanted = np.sqrt(target)

    def miss(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        roots = take_roots(share_importance(importance(weights[None]))[0])
        return np.append(np.nan_to_num(roots, nan=-1.0) - wanted, weights.sum() - 1)

    def differentiate(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        moved = weights + STEP * np.eye(len(weights))
        roots = take_roots(share_importance(importance(np.vstack([weights, moved]))))
        slope = np.nan_to_num((roots[1:] - roots[0]) / STEP)
        return np.vstack([slope.T, np.ones(len(weights))])

    done = least_squares(
        miss,
        np.clip(start, 1e-6, 1.0),
        jac=differentiate,
        bounds=(0.0, 1.0 + 1e-6),
        ftol=PRECISION,
        xtol=PRECISION,
        gtol=PRECISION,
        max_nfev=MOST_STEPS,
    )
    weights = np.where(done.x < AT_ZERO, 0.0, done.x)
    weights = weights / weights.sum()
    shares = share_importance(importance(weights[None]))[0]
    reached = bool(np.abs(shares - target).max() < REACHED)
    outcome: Outcome = "reached" if reached else "closest" if done.status > 0 else "not_converged"
    return Optimum(weights=weights, shares=shares, outcome=outcome, steps=int(done.nfev))
