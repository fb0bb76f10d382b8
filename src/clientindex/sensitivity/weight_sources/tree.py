"""Which indicators and groups weigh anything now: only those can get weights from a source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.sensitivity.weight_sources.weighting import Weighting

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeightTree:
    """Indicators that a source weighs, among all of a methodology.

    Attributes
    ----------
    current : Weighting
        All K indicators in G groups.
    at : int ndarray of shape (k,)
        Places of the indicators that are weighed.
    groups : int ndarray of shape (g,)
        Places of their groups.
    group_of : int ndarray of shape (k,)
        Place of each indicator's group among `groups`.
    """

    current: Weighting
    at: NDArray[np.intp]
    groups: NDArray[np.intp]
    group_of: NDArray[np.intp]

    @classmethod
    def of(cls, current: Weighting, *, without: int | None = None) -> WeightTree:
        """Take the indicators that weigh something now, but for the one at `without`.

        Raises
        ------
        StatisticsError
            If none is left.
        """
        weighs = current.effective > 0
        if without is not None:
            weighs[without] = False
        at = np.flatnonzero(weighs)
        if not len(at):
            msg = "no indicator has a weight"
            raise StatisticsError(msg)
        groups, group_of = np.unique(current.group_of[at], return_inverse=True)
        return cls(current=current, at=at, groups=groups, group_of=group_of.astype(np.intp))

    @property
    def inner(self) -> NDArray[np.float64]:
        """Current weights of the indicators that are weighed."""
        return self.current.inner[self.at]

    @property
    def outer(self) -> NDArray[np.float64]:
        """Current weights of their groups."""
        return self.current.outer[self.groups]

    def place(self, own: Weighting) -> Weighting:
        """Return weights of all: what is not weighed gets 0, but keeps its place in its group.

        Inside a group of which nothing is weighed, weights stay, and the group weighs 0.
        """
        inner = self.current.inner.copy()
        inner[np.isin(self.current.group_of, self.groups)] = 0.0
        inner[self.at] = own.inner
        outer = np.zeros(len(self.current.outer))
        outer[self.groups] = own.outer
        return Weighting(group_of=self.current.group_of, inner=inner, outer=outer)
