r"""The largest and smallest index when weights of both levels move within their bands.

The index :math:`I = M_v(G_1, \dots, G_G)` is a mean of group scores
:math:`G_g = M_{w_g}(x_{g1}, \dots)`; weights :math:`v` of groups and :math:`w_g` inside each group
move independently. A mean never falls when one of its values rises, so

.. math:: \max_{v, w} M_v(G_1(w_1), \dots, G_G(w_G)) = \max_v M_v(\max G_1, \dots, \max G_G)

and the right side is reached: the maximising :math:`w_g` may be chosen one by one. The same holds
for the smallest index. So one knapsack a group and one over groups is exact, though index and
weights are not linear in each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.sensitivity.bounds.transform import find_reference, from_sum, to_sum
from clientindex.sensitivity.bounds.weight_slice import find_largest_weights, sum_weighted

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Nest:
    """Stated weights of two levels, which of them move, and the powers of both means.

    Attributes
    ----------
    inner : ndarray of shape (K,)
        Inside groups; sum to 1 in every group, or are all 0.
    outer : ndarray of shape (G,)
        Sum to 1.
    group_of : int ndarray of shape (K,)
    power_group, power_index : float
        1 arithmetic, 0 geometric, -1 harmonic.
    inner_moves, outer_moves : bool
    rescaled : bool
        See :func:`clientindex.sensitivity.bounds.weight_slice.find_largest_weights`.
    """

    inner: NDArray[np.float64]
    outer: NDArray[np.float64]
    group_of: NDArray[np.intp]
    power_group: float
    power_index: float
    inner_moves: bool = True
    outer_moves: bool = True
    rescaled: bool = False

    @property
    def has_one_power(self) -> bool:
        """Whether the index is a mean of one power of the indicators themselves."""
        return self.power_group == self.power_index


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Extreme:
    """The index of N units at one end, and the weights that give it.

    Attributes
    ----------
    index : ndarray of shape (N,)
        NaN where nothing is present.
    groups : ndarray of shape (N, G)
    inner : ndarray of shape (N, K)
        Weights of what is present inside groups.
    outer : ndarray of shape (N, G)
    """

    index: NDArray[np.float64]
    groups: NDArray[np.float64]
    inner: NDArray[np.float64]
    outer: NDArray[np.float64]


def find_extreme(
    x: NDArray[np.float64], nest: Nest, *, band: NDArray[np.float64], largest: bool
) -> Extreme:
    """Find the largest or the smallest index of every unit.

    Parameters
    ----------
    x : ndarray of shape (N, K)
        Indicator scores, NaN missing. Weights of missing indicators, and of groups of which nothing
        is present, are shared among the others of the same parent.
    nest : Nest
    band : ndarray of shape (N,)
        Share b, 0 to 1: each unit may have its own.
    largest : bool

    Returns
    -------
    Extreme

    Raises
    ------
    StatisticsError
        If a value is negative and a mean is not arithmetic.
    """
    still = np.zeros_like(band)
    side = _Side(largest=largest, rescaled=nest.rescaled)
    groups = np.full((len(x), len(nest.outer)), np.nan)
    inner = np.zeros(x.shape)
    for group in range(len(nest.outer)):
        at = np.flatnonzero(nest.group_of == group)
        groups[:, group], inner[:, at] = side.find(
            x[:, at], nest.inner[at], nest.power_group, band if nest.inner_moves else still
        )
    index, outer = side.find(
        groups, nest.outer, nest.power_index, band if nest.outer_moves else still
    )
    return Extreme(index=index, groups=groups, inner=inner, outer=outer)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    largest: bool
    rescaled: bool

    def find(
        self,
        x: NDArray[np.float64],
        weights: NDArray[np.float64],
        power: float,
        band: NDArray[np.float64],
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return means at this end, shape (N,), and their weights, shape (N, K)."""
        reference = find_reference(x, power)
        h = to_sum(x, power, reference)
        found = find_largest_weights(
            h if self.largest else -h, weights, band=band, rescaled=self.rescaled
        )
        return from_sum(sum_weighted(h, found), power, reference[:, 0]), found
