"""From known margins of one scope and its cells to a problem that raking can solve, or why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from clientindex.counts import add_by
from clientindex.intake.tables import UNKNOWN_LEVEL
from clientindex.rating.answer_weights.raking import Margins

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from clientindex.rating.answer_weights.known_margins import KnownMargin
    from clientindex.rating.answer_weights.scopes import ScopeCells

EMPTY_LEVEL = "empty_level"
NO_VISITORS_IN_LEVEL = "no_visitors_in_level"
LEVEL_WITHOUT_MARGIN = "level_without_margin"
NO_KNOWN_TRAIT = "no_known_trait"
NO_VISITORS = "no_visitors"
COLLAPSED = "collapsed"

JOINED = " + "


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Problem:
    """What raking has to do in one scope.

    Attributes
    ----------
    margins : Margins or None
        None where nothing can be done.
    places : tuple of int32 ndarray of shape (h,)
        Level of every cell in every known margin before any were joined; -1 = outside.
    known : tuple of KnownMargin
        One for each of `places`.
    joined : tuple of tuple of str
        For each of `known` the name of the joined level that every level belongs to, or "".
    left_out : tuple of tuple of str
        Segment, trait, level, reason, detail.
    refused : bool
        Whether an empty level leaves the scope as it was.
    """

    margins: Margins | None
    places: tuple[NDArray[np.int32], ...]
    known: tuple[KnownMargin, ...]
    joined: tuple[tuple[str, ...], ...]
    left_out: tuple[tuple[str, str, str, str, str], ...]
    refused: bool


def pose_problem(known: Sequence[KnownMargin], cells: ScopeCells, *, collapse: bool) -> Problem:
    """Put the margins of a scope against its cells.

    A cell stands outside a margin when its trait is unknown, its level has no visitors listed, or
    it is of another segment than the margin. A level that has visitors and no respondents, or
    respondents and no visitors, cannot be met: with `collapse` it is joined with the next level of
    the margin (the last with the one before) until all levels can be met, otherwise the scope is
    refused.

    Parameters
    ----------
    known : sequence of KnownMargin
    cells : ScopeCells
    collapse : bool

    Returns
    -------
    Problem
    """
    desk = _Desk(cells, collapse=collapse)
    for margin in known:
        desk.add(margin)
    return desk.finish()


class _Desk:
    """Collects the margins of one scope."""

    def __init__(self, cells: ScopeCells, *, collapse: bool) -> None:
        self._cells = cells
        self._collapse = collapse
        self._left_out: list[tuple[str, str, str, str, str]] = []
        self._refused = False
        self._taken: list[tuple[KnownMargin, NDArray[np.int32], list[list[int]]]] = []

    def add(self, margin: KnownMargin) -> None:
        place = self._place(margin)
        inside = place >= 0
        weight = add_by(place[inside], self._cells.weight[inside], len(margin.levels))
        if not inside.any():
            self._note(margin, "", NO_KNOWN_TRAIT)
        elif margin.visitors.sum() <= 0:
            self._note(margin, "", NO_VISITORS)
        else:
            self._taken.append((margin, place, self._join(margin, weight)))

    def finish(self) -> Problem:
        groups = [group for _, _, group in self._taken]
        usable = not self._refused and bool(groups)
        return Problem(
            margins=self._stack() if usable else None,
            places=tuple(place for _, place, _ in self._taken),
            known=tuple(margin for margin, _, _ in self._taken),
            joined=tuple(_name_joined(margin, group) for margin, _, group in self._taken),
            left_out=tuple(self._left_out),
            refused=self._refused,
        )

    def _note(self, margin: KnownMargin, level: str, reason: str, detail: str = "") -> None:
        self._left_out.append((margin.segment, margin.trait, level, reason, detail))

    def _place(self, margin: KnownMargin) -> NDArray[np.int32]:
        """Return the level of every cell in a margin, -1 outside."""
        position = {level: at for at, level in enumerate(margin.levels)}
        texts = self._cells.levels[margin.trait]
        place = np.array([position.get(text, -1) for text in texts], dtype=np.int32)
        here = (
            self._cells.segment == margin.segment if margin.segment else np.ones(len(place), bool)
        )
        strange = {str(text) for text in texts[here & (place < 0)]} - {UNKNOWN_LEVEL}
        for level in sorted(strange):
            self._note(margin, level, LEVEL_WITHOUT_MARGIN)
        return np.where(here, place, -1).astype(np.int32)

    def _join(self, margin: KnownMargin, weight: NDArray[np.float64]) -> list[list[int]]:
        """Return the levels in groups that can be met; levels that nobody has anywhere fall out."""
        groups = [[at] for at in range(len(weight)) if weight[at] > 0 or margin.visitors[at] > 0]
        while (bad := _find_unmet(groups, weight, margin.visitors)) is not None:
            level = JOINED.join(margin.levels[at] for at in groups[bad])
            empty = weight[groups[bad]].sum() <= 0
            reason = EMPTY_LEVEL if empty else NO_VISITORS_IN_LEVEL
            if not self._collapse:
                self._refused = True
                self._note(margin, level, reason)
                groups = [group for group in groups if group is not groups[bad]]
                continue
            other = bad + 1 if bad + 1 < len(groups) else bad - 1
            name = JOINED.join(margin.levels[at] for at in groups[other])
            self._note(margin, level, COLLAPSED, name)
            low, high = sorted((bad, other))
            groups[low : high + 1] = [groups[low] + groups[high]]
        return groups

    def _stack(self) -> Margins:
        width = max(len(group) for _, _, group in self._taken)
        shares = np.zeros((len(self._taken), width))
        level_of = np.full((len(self._taken), len(self._cells.weight)), -1, dtype=np.int32)
        for row, (margin, place, groups) in enumerate(self._taken):
            moves: NDArray[Any] = np.full(len(margin.levels) + 1, -1, dtype=np.int32)
            for at, group in enumerate(groups):
                moves[group] = at
                shares[row, at] = margin.visitors[group].sum() / margin.visitors.sum()
            level_of[row] = moves[place]
        return Margins(level_of=level_of, shares=shares)


def _find_unmet(
    groups: list[list[int]], weight: NDArray[np.float64], visitors: NDArray[np.float64]
) -> int | None:
    """Return the first group that has visitors or respondents but not both."""
    for at, group in enumerate(groups):
        if (weight[group].sum() > 0) != (visitors[group].sum() > 0):
            return at
    return None


def _name_joined(margin: KnownMargin, groups: list[list[int]]) -> tuple[str, ...]:
    names = [""] * len(margin.levels)
    for group in groups:
        if len(group) > 1:
            for at in group:
                names[at] = JOINED.join(margin.levels[place] for place in group)
    return tuple(names)
