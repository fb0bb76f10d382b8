"""What a model has without being told, as lavaan's ``cfa()`` adds it.

The first loading of a factor is 1, or with `std_lv` every loading is free and factor variances
are 1. Residual variances and variances of factors are free; the residual variance of an indicator
that is the only one of a factor is 0. Factors that nothing explains are correlated, and so are
factors that are explained by others and explain none, unless `orthogonal`. Where the text names an
intercept, intercepts of all indicators are free and factor means 0.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from clientindex.factors.confirmatory.spec import Operator, Parameter
from clientindex.factors.confirmatory.syntax.entries import Cell, make_key
from clientindex.factors.confirmatory.syntax.fault import make_fault
from clientindex.factors.confirmatory.syntax.names import find_factors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from clientindex.factors.confirmatory.syntax.entries import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Options of :func:`~clientindex.factors.confirmatory.syntax.read_model`."""

    n_groups: int
    std_lv: bool
    orthogonal: bool


def complete(
    entries: Sequence[Entry], indicators: Sequence[str], options: Options
) -> list[Parameter]:
    """Return the parameters of the text and those it leaves to the defaults, group by group.

    Parameters
    ----------
    entries : sequence of Entry
    indicators : sequence of str
        Those that the text names.
    options : Options
    """
    fixed = _find_fixed(entries, options)
    named = {entry.key for entry in entries}
    added = [
        (lhs, op, rhs)
        for lhs, op, rhs in _list_added(entries, indicators, orthogonal=options.orthogonal)
        if make_key(lhs, op, rhs) not in named
    ]
    parameters: list[Parameter] = []
    for group in range(options.n_groups):
        parameters += [_settle(entry, group, fixed.get(entry.key)) for entry in entries]
        for lhs, op, rhs in added:
            value = fixed.get(make_key(lhs, op, rhs))
            parameters.append(
                Parameter(lhs=lhs, op=op, rhs=rhs, group=group, free=value is None, value=value)
            )
    return parameters


def _find_fixed(entries: Sequence[Entry], options: Options) -> dict[tuple[str, str, str], float]:
    """Return what is fixed unless the text says otherwise."""
    loadings = [entry for entry in entries if entry.op == "=~"]
    factors = find_factors(entries)
    if options.std_lv:
        fixed = {make_key(factor, "~~", factor): 1.0 for factor in factors}
    else:
        first = {entry.lhs: entry.key for entry in reversed(loadings)}
        fixed = dict.fromkeys(first.values(), 1.0)
    sizes = Counter(entry.lhs for entry in loadings)
    for entry in loadings:
        if sizes[entry.lhs] == 1:
            fixed[make_key(entry.rhs, "~~", entry.rhs)] = 0.0
    return fixed


def _list_added(
    entries: Sequence[Entry], indicators: Sequence[str], *, orthogonal: bool
) -> Iterator[tuple[str, Operator, str]]:
    factors = find_factors(entries)
    for name in (*indicators, *factors):
        yield (name, "~~", name)
    measured = {entry.rhs for entry in entries if entry.op == "=~"}
    explained = {entry.lhs for entry in entries if entry.op == "~"}
    explaining = {entry.rhs for entry in entries if entry.op == "~"}
    if not orthogonal:
        above = [name for name in factors if name not in measured | explained]
        last = [name for name in factors if name in explained - explaining]
        for group in (above, last):
            for one, other in combinations(group, 2):
                yield (one, "~~", other)
    if any(entry.op == "~1" for entry in entries):
        for name in indicators:
            yield (name, "~1", "")


def _settle(entry: Entry, group: int, default: float | None) -> Parameter:
    """Return the parameter of an entry: what the text says goes before the default."""
    cell: Cell = entry.cells[group]
    fixed = cell.fixed
    if fixed is None and not cell.freed and default is not None:
        fixed = default
        if cell.start is not None:
            read = f"start({cell.start:g}) for a parameter that is fixed to {default:g}"
            allowed = f"write NA*start({cell.start:g})*{entry.rhs} to free it"
            raise make_fault(entry.place, read, allowed)
    return Parameter(
        lhs=entry.lhs,
        op=entry.op,
        rhs=entry.rhs,
        group=group,
        free=fixed is None,
        value=cell.start if fixed is None else fixed,
        label=cell.label,
    )
