"""From cut points to stars: the one place where a score meets a cut point.

Every rule of this room is a way to find cut points; what they mean is the same for all. A band
holds its lower end and not its upper end, and scores or cut points that are equal to
`clientindex.rating.bands.TIE_DECIMALS` decimals are equal, so that centres that are tied have the
same stars by every rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.rating.bands import settle

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

FEWEST_STARS = 2


class StarRule(Protocol):
    """A way to find cut points; it may look at the scores or not."""

    @property
    def n_stars(self) -> int:
        """Number of stars K that the rule can give, 1 to K."""
        ...

    def find_cuts(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Find the cut points.

        Parameters
        ----------
        scores : ndarray of shape (C,)
            Without NaN.

        Returns
        -------
        ndarray of shape (K - 1,) or (C, K - 1)
            Not falling: cut j is the lowest score with j + 2 stars (j from 0). With rows, each
            centre has its own, as in :class:`clientindex.rating.star_rules.PeerGroups`.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StarAssignment:
    """Stars of centres with the cut points that gave them.

    Attributes
    ----------
    stars : int64 ndarray of shape (C,)
        1 to K.
    cuts : ndarray of shape (K - 1,) or (C, K - 1)
        In points of the score.
    """

    stars: NDArray[np.int64]
    cuts: NDArray[np.float64]

    @property
    def n_stars(self) -> int:
        """Number of stars that could be given."""
        return int(self.cuts.shape[-1]) + 1

    @property
    def counts(self) -> NDArray[np.int64]:
        """Centres with each star, shape (K,); a star that ties left empty has 0."""
        return np.bincount(self.stars - 1, minlength=self.n_stars).astype(np.int64)


def apply_rule(rule: StarRule, scores: ArrayLike) -> StarAssignment:
    """Give stars by a rule.

    Parameters
    ----------
    rule : StarRule
    scores : array_like of shape (C,)

    Returns
    -------
    StarAssignment

    Raises
    ------
    StatisticsError
        If a score is missing or infinite, or the rule cannot be applied to these scores.

    Examples
    --------
    >>> from clientindex.rating.star_rules import FixedCuts
    >>> apply_rule(FixedCuts(cuts=(50.0, 60.0)), [49.9, 50.0, 80.0]).stars.tolist()
    [1, 2, 3]
    """
    known = check_scores(scores)
    cuts = rule.find_cuts(known)
    return StarAssignment(stars=find_levels(known, cuts), cuts=cuts)


def find_levels(scores: NDArray[np.float64], cuts: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return 1 + the number of cut points that each score reaches.

    Parameters
    ----------
    scores : ndarray of shape (..., C)
        Without NaN.
    cuts : ndarray of shape (K - 1,) or (C, K - 1)
        Not falling.

    Returns
    -------
    int64 ndarray of the same shape as `scores`
    """
    settled, limits = settle(scores), settle(cuts)
    if limits.ndim == 1:
        levels = np.ones(settled.shape, dtype=np.int64)
        # Cut points are few: to ask for one after the other is quicker than to search for each.
        for limit in limits:
            levels += ~(settled < limit)
        return levels
    reached: NDArray[np.int64] = np.sum(settled[..., None] >= limits, axis=-1, dtype=np.int64)
    return reached + 1


def check_scores(scores: ArrayLike) -> NDArray[np.float64]:
    """Return scores as numbers.

    Raises
    ------
    StatisticsError
        If there is none, or one is missing or infinite: whose star is withheld must be left out
        before, because its score would move the cut points of others.
    """
    known = np.asarray(scores, dtype=np.float64)
    if known.ndim != 1 or not len(known):
        msg = f"stars need a list of one score or more, got an array of shape {known.shape}"
        raise StatisticsError(msg)
    n_lost = int((~np.isfinite(known)).sum())
    if n_lost:
        msg = (
            f"{n_lost} of {len(known)} scores are missing or infinite: leave those centres out "
            "before stars are given"
        )
        raise StatisticsError(msg)
    return known


def check_cuts(cuts: ArrayLike) -> NDArray[np.float64]:
    """Return stated cut points.

    Raises
    ------
    StatisticsError
        If there is none, one is missing or infinite, or they do not rise.
    """
    known = np.atleast_1d(np.asarray(cuts, dtype=np.float64))
    if known.ndim != 1 or not len(known) or not np.isfinite(known).all():
        msg = f"cut points must be one or more numbers, got {known.tolist()}"
        raise StatisticsError(msg)
    out_of_order = np.flatnonzero(np.diff(settle(known)) <= 0)
    if len(out_of_order):
        first, second = known[out_of_order[0]], known[out_of_order[0] + 1]
        msg = f"cut points must rise, but {second:g} follows {first:g}"
        raise StatisticsError(msg)
    return known


def check_number(n_stars: int) -> None:
    """Check the number of stars of a rule.

    Raises
    ------
    StatisticsError
        If it is below two.
    """
    if n_stars < FEWEST_STARS:
        msg = f"a rule needs at least {FEWEST_STARS} different stars, got {n_stars}"
        raise StatisticsError(msg)


def find_distinct(
    scores: NDArray[np.float64], *, n_stars: int
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return distinct scores, ascending, and the place of every score among them.

    Raises
    ------
    StatisticsError
        If there are fewer distinct scores than stars: then no cut points of the data can exist.
    """
    distinct, places = np.unique(settle(scores), return_inverse=True)
    if len(distinct) < n_stars:
        msg = (
            f"{n_stars} stars cannot be found in {len(distinct)} distinct scores of "
            f"{len(scores)} centres: use fewer stars or fixed cut points"
        )
        raise StatisticsError(msg)
    return distinct, places


def cut_between(distinct: NDArray[np.float64], starts: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the middle between the scores on both sides of each border.

    Parameters
    ----------
    distinct : ndarray of shape (m,)
        Settled, ascending.
    starts : int ndarray of shape (K - 1,)
        Place of the lowest score of every star but the first.

    Returns
    -------
    ndarray of shape (K - 1,)
        Where the gap is so small that its middle cannot be told from its lower end, the upper end.
    """
    below, above = distinct[starts - 1], distinct[starts]
    middle = (below + above) / 2
    return np.where(settle(middle) > below, middle, above)
