"""Which counts are not published: the small ones, and those that would give them away.

Counts that add up to a published total form an equation. Whoever subtracts can solve it for one
unknown; of several equations with unknowns in common, more than that. Cells are hidden one after
the other until no small one can be found: neither as the only solution of all equations, nor as the
only whole number between its bounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from clientindex.tables.disclosure.bounds import find_bounds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from clientindex.tables.hidden import Rule

Key = tuple[str, ...]
_NOTHING: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """Parts that add up to a total.

    Attributes
    ----------
    total : tuple of str or None
        Key of the cell with the total; None where the total follows from other numbers.
    parts : tuple of tuple of str
    """

    total: Key | None
    parts: tuple[Key, ...]

    @property
    def members(self) -> tuple[Key, ...]:
        """All cells of the equation, the total last."""
        return self.parts if self.total is None else (*self.parts, self.total)


def choose_hidden(
    values: Mapping[Key, int],
    sums: Sequence[Sum],
    *,
    fewest: int,
    forced: Iterable[Key] = (),
    whole: bool = False,
) -> dict[Key, Rule]:
    """Choose the cells that are not published.

    Parameters
    ----------
    values : mapping
        Cell -> count, in an order that settles ties.
    sums : sequence of Sum
        Whose members are cells of `values`.
    fewest : int
        Counts from 1 to one less are small.
    forced : iterable
        Cells that are hidden for other reasons.
    whole : bool
        Whether a cell stands for several counts that are hidden together, so that its value says
        how small the smallest is and does not add up.

    Returns
    -------
    dict
        Cell -> "primary" where it is small itself, "secondary" where it would give one away. A
        small cell that gives others away is called secondary where their being small, and its own,
        would tell exactly how small: four small counts that add up to a small one are all 1.

    Notes
    -----
    Of the cells of an equation the smallest is hidden that is not 0, the first of equal ones; a
    total or a zero only where nothing else is left.
    """
    small = {key for key, value in values.items() if 0 < value < fewest}
    hidden: dict[Key, Rule] = {key: "secondary" for key in forced if key in values}
    hidden |= dict.fromkeys(small, "primary")
    order = {key: place for place, key in enumerate(values)}
    _hide_partners(values, sums, hidden, order)
    while True:
        found = _find_solved(sums, hidden) & small
        partner = _find_partner(values, sums, found, hidden, order)
        if partner is None:
            break
        hidden[partner] = "secondary"
        _hide_partners(values, sums, hidden, order)
    return hidden if whole else _blur(values, sums, hidden, fewest=fewest)


def _blur(
    values: Mapping[Key, int], sums: Sequence[Sum], hidden: dict[Key, Rule], *, fewest: int
) -> dict[Key, Rule]:
    """Call small cells secondary where all of an equation being small would tell what they are."""
    while True:
        found = _find_bounded(values, sums, hidden, fewest=fewest)
        several = [e for e in sums if sum(key in hidden for key in e.members) > 1]
        told = [e for e in several if found.intersection(e.members)]
        small = [k for e in told for k in reversed(e.members) if hidden.get(k) == "primary"]
        if not small:
            return hidden
        hidden = hidden | {small[0]: "secondary"}


def _hide_partners(
    values: Mapping[Key, int],
    sums: Sequence[Sum],
    hidden: dict[Key, Rule],
    order: Mapping[Key, int],
) -> None:
    """Hide a second cell in every equation with one, until there is none with one."""
    changed = True
    while changed:
        changed = False
        for equation in sums:
            if sum(key in hidden for key in equation.members) != 1:
                continue
            partner = _choose_partner(values, equation, hidden, order)
            if partner is not None:
                hidden[partner] = "secondary"
                changed = True


def _choose_partner(
    values: Mapping[Key, int],
    equation: Sum,
    hidden: Mapping[Key, Rule],
    order: Mapping[Key, int],
) -> Key | None:
    open_cells = [key for key in equation.members if key not in hidden]
    if not open_cells:
        return None
    total = equation.total
    return min(open_cells, key=lambda k: (k == total, values[k] == 0, values[k], order[k]))


def _find_partner(
    values: Mapping[Key, int],
    sums: Sequence[Sum],
    found: set[Key],
    hidden: Mapping[Key, Rule],
    order: Mapping[Key, int],
) -> Key | None:
    for equation in sums:
        if found.intersection(equation.members):
            partner = _choose_partner(values, equation, hidden, order)
            if partner is not None:
                return partner
    return None


def _find_solved(sums: Sequence[Sum], hidden: Mapping[Key, Rule]) -> set[Key]:
    """Return the hidden cells that the equations have one solution for."""
    solved: set[Key] = set()
    for equations in _split(sums, hidden):
        keys = sorted({key for equation in equations for key in equation.members if key in hidden})
        column = {key: place for place, key in enumerate(keys)}
        matrix = np.zeros((len(equations), len(keys)))
        for row, equation in enumerate(equations):
            for key in equation.members:
                if key in column:
                    matrix[row, column[key]] += -1.0 if key == equation.total else 1.0
        free = np.linalg.norm(_solve_for_nothing(matrix), axis=1)
        solved |= {key for key, place in column.items() if free[place] < _NOTHING}
    return solved


def _solve_for_nothing(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a basis of what can be added to the unknowns without changing any equation."""
    _, sizes, rows = np.linalg.svd(matrix, full_matrices=True)
    rank = int((sizes > _NOTHING).sum())
    return np.asarray(rows[rank:].T)


def _split(sums: Sequence[Sum], hidden: Mapping[Key, Rule]) -> list[list[Sum]]:
    """Put equations together that have unknowns in common."""
    group_of: dict[Key, int] = {}
    groups: dict[int, list[Sum]] = {}
    for number, equation in enumerate(sums):
        unknown = [key for key in equation.members if key in hidden]
        if not unknown:
            continue
        met = {group_of[key] for key in unknown if key in group_of}
        merged = [equation]
        for other in met:
            merged = groups.pop(other) + merged
        groups[number] = merged
        group_of |= {key: number for one in merged for key in one.members if key in hidden}
    return list(groups.values())


def _find_bounded(
    values: Mapping[Key, int], sums: Sequence[Sum], hidden: Mapping[Key, Rule], *, fewest: int
) -> set[Key]:
    bounds = find_bounds(
        values,
        [(equation.parts, equation.total) for equation in sums],
        {
            key: (1.0, fewest - 1.0) if rule == "primary" else (0.0, np.inf)
            for key, rule in hidden.items()
        },
    )
    primary = (key for key, rule in hidden.items() if rule == "primary")
    return {key for key in primary if bounds[key][1] - bounds[key][0] < 1}
