"""A rule applied inside each peer group: centres are compared with their like only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.rating.star_rules.cuts import StarRule


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PeerGroups:
    """A rule inside peer groups.

    Attributes
    ----------
    rule : StarRule or tuple of StarRule
        The same rule for all groups, or one for each, with equally many stars: previous cut points
        and given start centres differ between groups.
    groups : int ndarray of shape (C,)
        Place of each centre's group in `names`.
    names : tuple of str
        Of the P groups, for refusals.
    fewest : int
        Smallest group to which the rule is applied; each needs at least as many as stars.

    Raises
    ------
    StatisticsError
        If a group is empty or smaller than `fewest`, naming it, or a centre has no group. When cut
        points are found: with the name of the group in which the rule cannot be applied.

    Notes
    -----
    The cut points of a centre are those of its group, so `find_cuts` returns a row a centre, shape
    (C, K - 1); :meth:`find_group_cuts` returns a row a group.
    """

    rule: StarRule | tuple[StarRule, ...]
    groups: NDArray[np.intp]
    names: tuple[str, ...]
    fewest: int = 1

    def __post_init__(self) -> None:
        """Check that every centre has a group and every group enough centres."""
        groups, number = np.asarray(self.groups), len(self.names)
        rules = self.rules
        if len(rules) != number or len({rule.n_stars for rule in rules}) != 1:
            msg = f"{number} peer groups need one rule each, all with the same number of stars"
            raise StatisticsError(msg)
        if groups.size and (groups.min() < 0 or groups.max() >= number):
            msg = f"peer groups are numbered 0 to {number - 1}, but a centre has another number"
            raise StatisticsError(msg)
        sizes = np.bincount(groups, minlength=number)
        small = np.flatnonzero(sizes < max(self.fewest, 1))
        if len(small):
            told = ", ".join(f"{self.names[place]} ({sizes[place]})" for place in small)
            msg = (
                f"peer groups without {max(self.fewest, 1)} centres: {told}; join them to others, "
                "or leave their centres out"
            )
            raise StatisticsError(msg)

    @property
    def n_stars(self) -> int:
        """Number of stars, the same in each group."""
        return self.rules[0].n_stars

    @property
    def rules(self) -> tuple[StarRule, ...]:
        """The rule of each group."""
        return self.rule if isinstance(self.rule, tuple) else (self.rule,) * len(self.names)

    def find_cuts(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the cut points of each centre's group, shape (C, K - 1)."""
        return self.find_group_cuts(scores)[self.groups]

    def find_group_cuts(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the cut points of each group, shape (P, K - 1)."""
        if len(scores) != len(self.groups):
            msg = f"{len(scores)} scores do not fit {len(self.groups)} centres with peer groups"
            raise StatisticsError(msg)
        return np.stack([self._find_within(scores, place) for place in range(len(self.names))])

    def _find_within(self, scores: NDArray[np.float64], place: int) -> NDArray[np.float64]:
        try:
            return self.rules[place].find_cuts(scores[self.groups == place])
        except StatisticsError as error:
            msg = f"peer group {self.names[place]}: {error}"
            raise StatisticsError(msg) from error
