"""Which centres may be among the best, or are shown to be: read off simultaneous rank sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.rating.ranks.confidence import RankSets


def find_possible_best(sets: RankSets, count: int) -> NDArray[np.bool_]:
    r"""Find the centres that may be among the best `count` (the :math:`\tau`-best).

    Every centre whose true rank is at most `count` is found, all together with probability of at
    least the level of the sets. Centres truly tied with the last of them are among them too.

    Parameters
    ----------
    sets : RankSets
        Simultaneous ones.
    count : int
        From 1 to the number of centres.

    Returns
    -------
    bool ndarray of shape (C,)

    Raises
    ------
    StatisticsError
        With marginal sets, whose level does not hold for a list, or a count out of range.

    References
    ----------
    The projection of Mogstad, Romano, Shaikh and Wilhelm, see
    :mod:`clientindex.rating.ranks.confidence`.
    """
    _check(sets, count)
    return np.asarray(sets.low <= count)


def find_certain_best(sets: RankSets, count: int) -> NDArray[np.bool_]:
    """Find the centres shown to be among the best `count`; arguments as above.

    With probability of at least the level none of the found is there by mistake.
    """
    _check(sets, count)
    return np.asarray(sets.high <= count)


def find_possible_worst(sets: RankSets, count: int) -> NDArray[np.bool_]:
    """Find the centres that may have one of the `count` last ranks; arguments as above.

    Ranks are the smallest of ties: of centres truly tied at the end only those are held to be
    there whose shared rank is one of the last.
    """
    _check(sets, count)
    return np.asarray(sets.high >= len(sets.high) - count + 1)


def _check(sets: RankSets, count: int) -> None:
    if sets.cover != "simultaneous":
        message = "a list of the best needs simultaneous rank sets: marginal ones hold one centre"
        raise StatisticsError(message)
    if not 1 <= count <= len(sets.low):
        message = f"the best {count} of {len(sets.low)} centres cannot be told"
        raise StatisticsError(message)
