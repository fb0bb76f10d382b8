"""From indicators to groups to an index: a mean with its own weights and rule at each level."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.rating.aggregation.means import Mean, compute_mean, compute_mean_gradient
from clientindex.rating.aggregation.missing import Completed, MissingRule, complete

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Level:
    """One step up.

    Attributes
    ----------
    parent_of : int ndarray of shape (K,)
        Number of the parent of each child, 0 to G - 1, each with one child or more.
    weights : ndarray of shape (K,) or (..., K)
        Of the children among those of the same parent; leading axes are those of the values.
    mean : Mean
    missing : MissingRule
        Values to be imputed have the last axis of the children.

    Raises
    ------
    StatisticsError
        If a parent has no child, or weights and parents are not equally many.
    """

    parent_of: NDArray[np.intp]
    weights: NDArray[np.float64]
    mean: Mean = field(default_factory=Mean)
    missing: MissingRule = field(default_factory=MissingRule)

    def __post_init__(self) -> None:
        """Check that parents and weights fit."""
        parents = np.asarray(self.parent_of)
        numbers = np.unique(parents)
        if not len(numbers) or (numbers != np.arange(len(numbers))).any():
            msg = f"parents must be numbered from 0 without gaps, got {parents.tolist()}"
            raise StatisticsError(msg)
        if np.shape(self.weights)[-1:] != parents.shape:
            msg = f"{np.shape(self.weights)[-1:]} weights do not fit {len(parents)} children"
            raise StatisticsError(msg)

    @property
    def n_parents(self) -> int:
        """Number of parents G."""
        return int(np.max(self.parent_of)) + 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Aggregated:
    """Scores of each level.

    Attributes
    ----------
    scores : tuple of ndarray of shape (..., G_l)
        Lowest level first; NaN where a rule leaves no score.
    n_missing : tuple of int64 ndarray of shape (..., G_l)
        Children with weight that were missing, whatever was done with them.
    """

    scores: tuple[NDArray[np.float64], ...]
    n_missing: tuple[NDArray[np.int64], ...]


def aggregate_levels(x: NDArray[np.float64], levels: Sequence[Level]) -> Aggregated:
    """Aggregate indicators through all levels.

    Parameters
    ----------
    x : ndarray of shape (..., K)
    levels : sequence of Level
        From the indicators up; the parents of one are the children of the next.

    Raises
    ------
    StatisticsError
        If a level has another number of children than the level below has parents; as
        :func:`clientindex.rating.aggregation.compute_mean`.
    """
    scores, counts = [], []
    current = np.asarray(x, dtype=np.float64)
    for level in levels:
        current, n_missing = _step(current, level)
        scores.append(current)
        counts.append(n_missing)
    return Aggregated(scores=tuple(scores), n_missing=tuple(counts))


def compute_level_gradients(
    x: NDArray[np.float64], levels: Sequence[Level]
) -> tuple[NDArray[np.float64], ...]:
    """Compute the derivatives of the scores of each level by each indicator.

    Parameters
    ----------
    x : ndarray of shape (..., K)
    levels : sequence of Level

    Returns
    -------
    tuple of ndarray of shape (..., G_l, K)
        By the chain rule. 0 for a missing indicator whose weight was shared, and for an imputed
        one, which is held for known; NaN where there is no score or no derivative (see
        :func:`clientindex.rating.aggregation.compute_mean_gradient`).

    Notes
    -----
    The covariance of scores by the delta method is ``G V G'``; exact where all means are
    arithmetic.
    """
    gradients: list[NDArray[np.float64]] = []
    current = np.asarray(x, dtype=np.float64)
    below: NDArray[np.float64] | None = None
    for level in levels:
        own = _differentiate(current, level)
        below = own if below is None else _chain(own, below)
        gradients.append(below)
        current, _ = _step(current, level)
    return tuple(gradients)


def _step(x: NDArray[np.float64], level: Level) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    _check_children(x, level)
    shape = (*x.shape[:-1], level.n_parents)
    values, n_missing = np.empty(shape), np.empty(shape, dtype=np.int64)
    for parent in range(level.n_parents):
        _, done = _complete_children(x, level, parent)
        values[..., parent] = compute_mean(done.x, done.weights, mean=level.mean)
        n_missing[..., parent] = done.n_missing
    return values, n_missing


def _differentiate(x: NDArray[np.float64], level: Level) -> NDArray[np.float64]:
    """Return derivatives of parents by their children, shape (..., G, K)."""
    _check_children(x, level)
    gradient = np.zeros((*x.shape[:-1], level.n_parents, x.shape[-1]))
    for parent in range(level.n_parents):
        members, done = _complete_children(x, level, parent)
        own = compute_mean_gradient(done.x, done.weights, mean=level.mean)
        own = np.where(done.imputed & ~np.isnan(own), 0.0, own)
        row = np.zeros(x.shape)
        row[..., members] = own
        row[np.isnan(own.sum(axis=-1))] = np.nan
        gradient[..., parent, :] = row
    return gradient


def _chain(own: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]:
    """Multiply derivatives; a child without derivatives matters only where it has a say."""
    lost: NDArray[np.bool_] = np.isnan(below.sum(axis=-1))
    product = np.nan_to_num(own) @ np.where(lost[..., None], 0.0, below)
    unknown = np.isnan(own).any(axis=-1) | ((own != 0) & lost[..., None, :]).any(axis=-1)
    return np.where(unknown[..., None], np.nan, product)


def _complete_children(
    x: NDArray[np.float64], level: Level, parent: int
) -> tuple[NDArray[np.intp], Completed]:
    """Return the places of a parent's children, with their values and weights completed."""
    members = np.flatnonzero(np.asarray(level.parent_of) == parent)
    weights = np.asarray(level.weights, dtype=np.float64)[..., members]
    return members, complete(x[..., members], weights, rule=_select(level.missing, members))


def _select(rule: MissingRule, members: NDArray[np.intp]) -> MissingRule:
    if rule.fill is None:
        return rule
    return MissingRule(
        treatment=rule.treatment, fewest=rule.fewest, fill=np.asarray(rule.fill)[..., members]
    )


def _check_children(x: NDArray[np.float64], level: Level) -> None:
    if x.shape[-1] != len(level.parent_of):
        msg = f"a level of {len(level.parent_of)} children cannot take {x.shape[-1]} values"
        raise StatisticsError(msg)
