"""Sets of indicators with their weights: as the methodology has them, and changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from clientindex.errors import StatisticsError
from clientindex.results import INDEX

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from clientindex.methodology import Methodology


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IndicatorSet:
    """Indicators that make one score.

    Attributes
    ----------
    items : int ndarray of shape (k,)
        Positions in the methodology.
    weights : ndarray of shape (k,)
        Summing to 1.
    key : tuple
        What two equal sets have in common.
    """

    items: NDArray[np.intp]
    weights: NDArray[np.float64]
    key: tuple[tuple[int, ...], tuple[float, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Set the key, which is asked for much more often than sets are made."""
        key = tuple(self.items.tolist()), tuple(np.round(self.weights, 12).tolist())
        object.__setattr__(self, "key", key)


def list_sets(methodology: Methodology) -> dict[str, IndicatorSet]:
    """Return the set of every group and of all indicators ("index")."""
    return change_set(methodology)


def change_set(
    methodology: Methodology,
    *,
    drop: Collection[str] = (),
    move: Mapping[str, str] | None = None,
) -> dict[str, IndicatorSet]:
    """Return the sets of the groups and the index after a change.

    Weights that are left in a group are scaled to sum to 1. An indicator that moves gets the mean
    weight of the group that it joins. A group that loses all its indicators drops out, and the
    weights of the others are scaled.

    Parameters
    ----------
    methodology : Methodology
    drop : collection of str
        Indicators to leave out.
    move : mapping, optional
        Indicator -> the group that it joins.

    Raises
    ------
    StatisticsError
        If an indicator or group is not one of the methodology's, an indicator is dropped and moved
        at once, or none is left.
    """
    moves = dict(move or {})
    _check(methodology, drop, moves)
    members: dict[str, dict[str, float]] = {}
    for group in methodology.groups:
        kept = {k: w for k, w in group.indicators.items() if k not in drop and k not in moves}
        joining = [key for key, target in moves.items() if target == group.key]
        mean = float(np.mean(list(group.indicators.values())))
        members[group.key] = kept | dict.fromkeys(joining, mean)
    found = {key: _make(methodology, own) for key, own in members.items() if sum(own.values()) > 0}
    if not found:
        msg = "no indicator with a weight is left; leave at least one"
        raise StatisticsError(msg)
    total = sum(methodology.group(key).weight for key in found)
    items = np.concatenate([own.items for own in found.values()])
    weights = np.concatenate(
        [
            own.weights * methodology.group(key).weight / (total if total > 0 else 1.0)
            for key, own in found.items()
        ]
    )
    order = np.argsort(items)
    return {**found, INDEX: IndicatorSet(items=items[order], weights=weights[order])}


def _make(methodology: Methodology, members: Mapping[str, float]) -> IndicatorSet:
    place = {key: at for at, key in enumerate(methodology.indicator_keys)}
    items = np.array([place[key] for key in members], dtype=np.intp)
    weights = np.array(list(members.values()))
    order = np.argsort(items)
    return IndicatorSet(items=items[order], weights=weights[order] / weights.sum())


def _check(methodology: Methodology, drop: Collection[str], move: Mapping[str, str]) -> None:
    unknown = [key for key in (*drop, *move) if key not in methodology.indicator_keys]
    strange = [key for key in move.values() if key not in methodology.group_keys]
    both = [key for key in drop if key in move]
    for names, what in (
        (unknown, "not an indicator of the methodology"),
        (strange, f"not a group of the methodology ({', '.join(methodology.group_keys)})"),
        (both, "dropped and moved at once; decide on one"),
    ):
        if names:
            msg = f"{', '.join(names)}: {what}"
            raise StatisticsError(msg)
