"""Equal weights: of groups, or of indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.sensitivity.weight_sources.weighting import Weighting

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def weigh_groups_equally(group_of: ArrayLike) -> Weighting:
    """Give every group the same weight, and every indicator of a group the same inside it.

    Parameters
    ----------
    group_of : array_like of shape (K,)
        Group of each indicator, from 0.

    Examples
    --------
    >>> weigh_groups_equally([0, 0, 1]).effective.tolist()
    [0.25, 0.25, 0.5]
    """
    places = np.asarray(group_of, dtype=np.intp)
    ones = np.ones(len(places))
    return Weighting.of_raw(ones, np.ones(int(places.max()) + 1), group_of=places)


def weigh_indicators_equally(group_of: ArrayLike) -> Weighting:
    """Give every indicator the same weight in the index: groups weigh as many as they hold.

    Parameters
    ----------
    group_of : array_like of shape (K,)
        Group of each indicator, from 0.

    Examples
    --------
    >>> weigh_indicators_equally([0, 0, 1]).outer.round(3).tolist()
    [0.667, 0.333]
    """
    places = np.asarray(group_of, dtype=np.intp)
    return Weighting.of_effective(np.ones(len(places)), group_of=places)
