"""The best subset of each size of a group, by alpha, omega or the reliability of centres."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from clientindex.reliability.sets.evaluate import STATISTICS
from clientindex.reliability.sets.plan import IndicatorSet

if TYPE_CHECKING:
    from clientindex.reliability.sets.evaluate import Evaluator

MOST_SUBSETS = 5000
"""Most subsets that are looked at one by one; a larger group loses its worst indicator in turn."""


def find_best(
    group: IndicatorSet, evaluator: Evaluator
) -> tuple[dict[tuple[str, int], IndicatorSet], bool]:
    """Find the best subset of each size from 2 by each statistic.

    Of equal subsets the first in the order of the methodology is taken.

    Parameters
    ----------
    group : IndicatorSet
    evaluator : Evaluator

    Returns
    -------
    best : dict
        By statistic and size; a statistic that is not defined at a size is absent.
    exhaustive : bool
        Whether all subsets were compared.
    """
    k = len(group.items)
    exhaustive = 2**k - k - 1 <= MOST_SUBSETS
    best: dict[tuple[str, int], IndicatorSet] = {}
    if exhaustive:
        for size in range(2, k + 1):
            chosen = [_take(group, kept) for kept in combinations(range(k), size)]
            best |= {(name, size): s for name, s in _pick(chosen, evaluator).items()}
        return best, True
    for name in STATISTICS:
        left = list(range(k))
        while len(left) >= 2:
            best |= _note(name, _take(group, left), evaluator)
            shorter = [[at for at in left if at != out] for out in left]
            candidates = [_take(group, kept) for kept in shorter if len(kept) >= 2]
            picked = _pick(candidates, evaluator).get(name) if candidates else None
            if picked is None:
                break
            left = [at for at in left if group.items[at] in picked.items]
    return best, False


def _note(
    name: str, chosen: IndicatorSet, evaluator: Evaluator
) -> dict[tuple[str, int], IndicatorSet]:
    if np.isnan(evaluator.estimate(chosen)[name]):
        return {}
    return {(name, len(chosen.items)): chosen}


def _take(group: IndicatorSet, kept: tuple[int, ...] | list[int]) -> IndicatorSet:
    at = np.array(kept)
    weights = group.weights[at]
    total = weights.sum()
    scaled = weights / total if total > 0 else np.full(len(at), 1 / len(at))
    return IndicatorSet(items=group.items[at], weights=scaled)


def _pick(chosen: list[IndicatorSet], evaluator: Evaluator) -> dict[str, IndicatorSet]:
    """Return the best of sets of one size by each statistic that is defined for one of them."""
    values = evaluator.estimate_all(chosen)
    picked = {}
    for name in STATISTICS:
        column = np.array([row[name] for row in values])
        if np.isfinite(column).any():
            picked[name] = chosen[int(np.nanargmax(np.round(column, 12)))]
    return picked
