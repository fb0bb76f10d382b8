"""Stars all over the simplex of the weights of three groups, the others as stated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.results.sensitivity import SIMPLEX_COLUMNS
from clientindex.sensitivity.draws import WeightDraws

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from clientindex.rating.weighting import WeightPlan

STEPS = 20
"""Parts into which a side of the simplex is divided: a cell is a twentieth of the side."""
CORNERS = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeightSimplex:
    """The cells of the simplex.

    Attributes
    ----------
    groups : int ndarray of shape (3,)
        Positions of the groups whose weights move.
    draws : WeightDraws
        One weighting a cell, that of its middle.
    """

    groups: NDArray[np.intp]
    draws: WeightDraws

    @property
    def frame(self) -> pd.DataFrame:
        """Weights of the three groups, a row a cell."""
        weights = self.draws.outer[:, self.groups]
        return pd.DataFrame(weights, columns=list(SIMPLEX_COLUMNS[:CORNERS]))


def make_simplex(plan: WeightPlan, *, steps: int = STEPS) -> WeightSimplex | None:
    """Divide the simplex of the three groups with most weight; groups of one weight by their order.

    Their weights share what they have together; other weights stay as stated.

    Returns
    -------
    WeightSimplex or None
        None where fewer than three groups have weight.
    """
    order = np.argsort(-plan.outer, kind="stable")[:CORNERS]
    if len(order) < CORNERS or plan.outer[order[-1]] <= 0:
        return None
    groups = np.sort(order)
    parts = divide_simplex(steps)
    outer = np.tile(plan.outer, (len(parts), 1))
    outer[:, groups] = parts * plan.outer[groups].sum()
    inner = np.tile(plan.inner, (len(parts), 1))
    return WeightSimplex(groups=groups, draws=WeightDraws(inner=inner, outer=outer))


def divide_simplex(steps: int) -> NDArray[np.float64]:
    """Return the middles of the ``steps²`` equal triangles of a triangle, shape (steps², 3).

    Coordinates sum to 1 and none is 0.
    """
    rows = []
    for first in range(steps):
        for second in range(steps - first):
            third = steps - 1 - first - second
            rows.append((first + 1 / 3, second + 1 / 3, third + 1 / 3))
            if third:
                rows.append((first + 2 / 3, second + 2 / 3, third - 1 / 3))
    return np.array(rows) / steps


def tabulate_simplex(
    simplex: WeightSimplex,
    compute: Callable[[WeightDraws], NDArray[np.int64]],
    *,
    level: NDArray[np.int64],
    watched: int,
    values: NDArray[np.float64],
    block: int,
) -> pd.DataFrame:
    """Return the cells: weights, share of centres with the nominal star, star of one centre.

    Parameters
    ----------
    simplex : WeightSimplex
    compute : callable
        Levels of C centres under B weightings, shape (B, C); 0 where there are none.
    level : int ndarray of shape (C,)
        Nominal.
    watched : int
        Position of the centre whose star is told.
    values : ndarray of shape (K,)
        Stars of the levels 1 to K.
    block : int
        Cells computed at once.
    """
    draws = simplex.draws
    share = np.empty(len(draws.outer))
    own = np.empty(len(draws.outer), dtype=np.int64)
    for start in range(0, len(share), block):
        part = slice(start, start + block)
        found = compute(WeightDraws(inner=draws.inner[part], outer=draws.outer[part]))
        share[part] = (found == level).mean(axis=1)
        own[part] = found[:, watched]
    star = np.append(np.nan, values)[own]
    return simplex.frame.assign(share_same_star=share, star=star)
