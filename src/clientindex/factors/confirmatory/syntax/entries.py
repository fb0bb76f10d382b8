"""Parameters that a model text names, with what it says of each in every group."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from clientindex.factors.confirmatory.syntax.fault import make_fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.factors.confirmatory.spec import Operator
    from clientindex.factors.confirmatory.syntax.statements import Modifier, Statement, Term
    from clientindex.factors.confirmatory.syntax.tokens import Token

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What the text says of a parameter in one group.

    Attributes
    ----------
    fixed : float or None
    freed : bool
        NA stands before it.
    label : str
    start : float or None
    """

    fixed: float | None = None
    freed: bool = False
    label: str = ""
    start: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A parameter that the text names; `cells` has one element a group."""

    lhs: str
    op: Operator
    rhs: str
    cells: tuple[Cell, ...]
    equal: str
    lhs_place: Token
    place: Token

    @property
    def key(self) -> Key:
        """Names that tell parameters apart: a covariance is the same both ways."""
        return make_key(self.lhs, self.op, self.rhs)


def make_key(lhs: str, op: str, rhs: str) -> Key:
    """Return the key of a parameter; covariances are sorted."""
    if op == "~~" and rhs < lhs:
        lhs, rhs = rhs, lhs
    return (lhs, op, rhs)


def list_entries(statements: list[Statement], *, n_groups: int) -> list[Entry]:
    """Return the parameters of all statements in order.

    Raises
    ------
    ModelSyntaxError
        If a parameter stands twice, modifiers do not fit the number of groups or contradict each
        other, or ``equal()`` names an unknown parameter.
    """
    entries: list[Entry] = []
    seen: dict[Key, Entry] = {}
    for entry in _iterate(statements, n_groups):
        if entry.key in seen:
            raise _make_repeated_fault(entry, seen[entry.key])
        seen[entry.key] = entry
        entries.append(entry)
    return _tie_equal(entries)


def _iterate(statements: list[Statement], n_groups: int) -> Iterator[Entry]:
    for statement in statements:
        for lhs in statement.lhs:
            for term in statement.terms:
                intercept = term.name.text == "1"
                yield Entry(
                    lhs=lhs.text,
                    op="~1" if intercept else cast("Operator", statement.op.text),
                    rhs="" if intercept else term.name.text,
                    cells=_read_cells(term, n_groups),
                    equal=next((m.equal for m in term.modifiers if m.equal), ""),
                    lhs_place=lhs,
                    place=term.name,
                )


def _make_repeated_fault(entry: Entry, first: Entry) -> Exception:
    named = f"{entry.lhs} {entry.op} {entry.rhs}".rstrip()
    if entry.op == "=~":
        allowed = f"an indicator stands once in a factor (first in line {first.place.line})"
    else:
        allowed = f"a parameter stands once (first in line {first.place.line})"
    return make_fault(entry.place, f"{named!r} a second time", allowed)


def _read_cells(term: Term, n_groups: int) -> tuple[Cell, ...]:
    cells = [Cell()] * n_groups
    for modifier in term.modifiers:
        values = modifier.settings or modifier.start
        if len(values) > 1 and len(values) != n_groups:
            read = f"{len(values)} values in {modifier.place.text}() before {term.name.text!r}"
            raise make_fault(modifier.place, read, f"the model has {n_groups} group(s): one each")
        for group in range(n_groups if values else 0):
            value = values[group if len(values) > 1 else 0]
            cells[group] = _change(cells[group], value, modifier)
    return tuple(cells)


def _change(cell: Cell, value: float | str | None, modifier: Modifier) -> Cell:
    if isinstance(value, str):
        changed, twice = replace(cell, label=value), bool(cell.label)
    elif modifier.start and value is not None:
        changed, twice = replace(cell, start=float(value)), cell.start is not None
    elif value is None:
        changed, twice = replace(cell, freed=True), cell.freed or cell.fixed is not None
    else:
        changed, twice = replace(cell, fixed=float(value)), cell.freed or cell.fixed is not None
    if twice or (changed.fixed is not None and changed.start is not None):
        read = f"a second modifier {modifier.place.text!r} of the same parameter"
        raise make_fault(
            modifier.place, read, "give one number or NA, one label and one start, no contradiction"
        )
    return changed


def _tie_equal(entries: list[Entry]) -> list[Entry]:
    """Give a parameter and the one that it equals the same label."""
    tied = {_strip(entry): entry for entry in entries}
    targets = {}
    for entry in entries:
        if not entry.equal:
            continue
        if entry.equal not in tied or entry.equal == _strip(entry):
            read = f'equal("{entry.equal}")'
            allowed = "it names another parameter of the text as lhs, operator, rhs"
            raise make_fault(entry.place, read, allowed, word=entry.equal, known=tied)
        target = tied[entry.equal]
        targets[target.key] = target.cells[0].label or entry.equal
    return [_label_tied(entry, targets, tied) for entry in entries]


def _strip(entry: Entry) -> str:
    return f"{entry.lhs}{entry.op}{entry.rhs}"


def _label_tied(entry: Entry, targets: dict[Key, str], tied: dict[str, Entry]) -> Entry:
    cells = entry.cells
    if entry.key in targets:
        cells = (replace(cells[0], label=targets[entry.key]), *cells[1:])
    if entry.equal:
        label = targets[tied[entry.equal].key]
        cells = tuple(replace(cell, label=label) for cell in cells)
    return replace(entry, cells=cells)
