"""The smallest sum of changes of weights that brings a centre to the nearer cut point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.sensitivity.bounds.distance import find_smallest_l1
from clientindex.sensitivity.bounds.nested import find_extreme
from clientindex.sensitivity.bounds.swaps import weigh_indicators
from clientindex.sensitivity.bounds.transform import find_reference, to_sum

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.sensitivity.bounds.stars import StarLimits
    from clientindex.sensitivity.bounds.subject import Subject


def find_star_distances(
    subject: Subject, limits: StarLimits
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Find the smallest change of the weights of indicators in the index, and of groups.

    Parameters
    ----------
    subject : Subject
    limits : StarLimits
        Of the published index.

    Returns
    -------
    indicators, groups : ndarray of shape (C,)
        NaN where no weights do it; where the centre is several units; and for indicators where
        their weights stay, or the means of both levels differ in their power, as the index is then
        no one weighted sum.
    """
    nest, n = subject.units.nest, subject.n
    indicators, groups = np.full(n, np.nan), np.full(n, np.nan)
    rows = np.flatnonzero(subject.units.exact)
    x = subject.take_values(rows)
    scale = (np.ones(len(rows)), np.zeros(len(rows)))
    if not subject.is_linear:
        scale = (subject.slope[rows], subject.level[rows])
    cuts = ((limits.below[rows] - scale[1]) / scale[0], (limits.above[rows] - scale[1]) / scale[0])
    stated = find_extreme(x, nest, band=np.zeros(len(rows)), largest=True)
    if nest.has_one_power and nest.inner_moves:
        weights = weigh_indicators(stated, nest)
        indicators[rows] = _find_nearer(x, weights, cuts, nest.power_index)
    groups[rows] = _find_nearer(stated.groups, stated.outer, cuts, nest.power_index)
    return indicators, groups


def _find_nearer(
    x: NDArray[np.float64],
    weights: NDArray[np.float64],
    cuts: tuple[NDArray[np.float64], NDArray[np.float64]],
    power: float,
) -> NDArray[np.float64]:
    """Return the smaller distance to the two cut points; NaN where neither is reached."""
    reference = find_reference(x, power)
    h = np.where(weights > 0, to_sum(x, power, reference), 0.0)
    now = _sum_finite(h, weights)
    found = []
    for sign, cut in zip((1.0, -1.0), cuts, strict=True):
        usable = np.isfinite(cut) & (np.ones(len(cut), dtype=bool) if power == 1 else cut > 0)
        target = to_sum(np.where(usable, cut, 1.0), power, reference[:, 0])
        rows = np.flatnonzero(usable & np.isfinite(now))
        distance = np.full(len(cut), np.inf)
        fall = sign * (now - target)[rows]
        one = find_smallest_l1(sign * h[rows], weights[rows], fall=np.maximum(fall, 0.0))
        distance[rows] = np.where(np.isnan(one), np.inf, one)
        found.append(distance)
    nearer = np.minimum(*found)
    return np.where(np.isfinite(nearer), nearer, np.nan)


def _sum_finite(h: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return weighted sums, minus infinity where a value with weight is."""
    lost = ~np.isfinite(h).all(axis=-1)
    total = (weights * np.where(np.isfinite(h), h, 0.0)).sum(axis=-1)
    return np.where(lost, -np.inf, total)
