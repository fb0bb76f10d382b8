r"""The smallest change of weights after which two centres change places.

With one power p at all levels, centre i is at or below centre j exactly where

.. math:: \sum_g v_g \sum_k w_{gk} \, (h(x_{ik}) - h(x_{jk})) \le 0

with the increasing transform h of :mod:`clientindex.sensitivity.bounds.transform`: weights are the
same for both, so it is the difference whose smallest value is sought, by the knapsacks of
:mod:`clientindex.sensitivity.bounds.nested`, and not two bounds of two centres.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from clientindex.sensitivity.bounds.distance import find_smallest_l1
from clientindex.sensitivity.bounds.nested import Extreme, Nest, find_extreme
from clientindex.sensitivity.bounds.smallest import find_smallest_band
from clientindex.sensitivity.bounds.transform import find_reference, to_sum

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Swaps:
    """What makes the first of each pair come level with the second.

    Attributes
    ----------
    band : ndarray of shape (P,)
        Smallest share b; 0 where the first is not ahead, NaN where no band up to 1 does it.
    l1_indicators : ndarray of shape (P,)
        Smallest sum of absolute changes of the weights of indicators in the index; NaN where no
        weights at all do it, as the first is ahead in every indicator, and where the weights of
        indicators stay.
    l1_groups : ndarray of shape (P,)
        The same for weights of groups, those inside groups staying.
    """

    band: NDArray[np.float64]
    l1_indicators: NDArray[np.float64]
    l1_groups: NDArray[np.float64]


def find_swaps(
    first: NDArray[np.float64], second: NDArray[np.float64], nest: Nest, *, tolerance: float
) -> Swaps:
    """Find the smallest changes of weights after which each first is not ahead of its second.

    Parameters
    ----------
    first, second : ndarray of shape (P, K)
        Indicator scores of both; the same ones missing.
    nest : Nest
        With one power.
    tolerance : float
        Of bands, in shares.
    """
    gap = _subtract(first, second, nest.power_index)
    linear = replace(nest, power_group=1.0, power_index=1.0)

    def swaps(rows: NDArray[np.intp], band: NDArray[np.float64]) -> NDArray[np.bool_]:
        return np.asarray(find_extreme(gap[rows], linear, band=band, largest=False).index <= 0)

    stated = find_extreme(gap, linear, band=np.zeros(len(gap)), largest=True)
    within = weigh_indicators(stated, nest)
    l1 = find_smallest_l1(gap, within, fall=stated.index)
    return Swaps(
        band=find_smallest_band(swaps, n=len(gap), tolerance=tolerance),
        l1_indicators=l1 if nest.inner_moves else np.full(len(gap), np.nan),
        l1_groups=find_smallest_l1(stated.groups, stated.outer, fall=stated.index),
    )


def weigh_indicators(found: Extreme, nest: Nest) -> NDArray[np.float64]:
    """Return the weights of indicators in the index, shape (N, K)."""
    return found.inner * found.outer[:, nest.group_of]


def _subtract(
    first: NDArray[np.float64], second: NDArray[np.float64], power: float
) -> NDArray[np.float64]:
    """Return differences of the transformed scores; 0 where both are minus infinity."""
    reference = find_reference(np.concatenate([first, second], axis=-1), power)
    one, other = to_sum(first, power, reference), to_sum(second, power, reference)
    with np.errstate(invalid="ignore"):
        return np.where(one == other, 0.0, one - other)
