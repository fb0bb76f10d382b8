"""Names of a model text: every one is a factor that the text defines or an indicator."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from clientindex.factors.confirmatory.syntax.fault import make_fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from clientindex.factors.confirmatory.syntax.entries import Entry
    from clientindex.factors.confirmatory.syntax.tokens import Token

_THRESHOLD = re.compile(r"t[1-9]\d*")
_WHAT = "a name is an indicator of the data or a factor that the model defines with =~"


def find_factors(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Return the factors (left sides of ``=~``) in order of appearance."""
    return tuple(dict.fromkeys(entry.lhs for entry in entries if entry.op == "=~"))


def check_names(entries: Sequence[Entry], *, indicators: Sequence[str]) -> None:
    """Check that every name is known and stands where a name of its kind may stand.

    Raises
    ------
    ModelSyntaxError
        At the first name that does not.
    """
    factors = find_factors(entries)
    for entry in entries:
        if entry.op == "=~" and entry.lhs in indicators:
            read = f"the indicator {entry.lhs!r} to the left of =~"
            raise make_fault(entry.lhs_place, read, "a factor needs a name of its own")
    for entry in entries:
        _check_known(entry.lhs_place, factors=factors, indicators=indicators)
        if entry.op in ("=~", "~~", "~", "~*~") and entry.rhs:
            _check_known(entry.place, factors=factors, indicators=indicators)
        _check_place(entry, factors)
    _check_circles(entries, factors)
    _check_thresholds(entries)


def _check_known(token: Token, *, factors: Sequence[str], indicators: Sequence[str]) -> None:
    known = (*indicators, *factors)
    if token.text not in known:
        raise make_fault(token, repr(token.text), _WHAT, word=token.text, known=known)


def _check_place(entry: Entry, factors: Sequence[str]) -> None:
    if entry.op == "=~" and entry.lhs == entry.rhs:
        raise make_fault(entry.place, f"{entry.rhs!r} measured by itself", "name its indicators")
    if entry.op == "~":
        for token in (entry.lhs_place, entry.place):
            if token.text not in factors:
                allowed = (
                    "regressions join factors; make the indicator one: "
                    f"f_{token.text} =~ 1*{token.text}, {token.text} ~~ 0*{token.text}"
                )
                raise make_fault(token, f"the indicator {token.text!r} in a regression", allowed)
    if entry.op == "~~" and (entry.lhs in factors) != (entry.rhs in factors):
        read = f"a covariance of {entry.lhs!r} and {entry.rhs!r}"
        allowed = "~~ joins two factors or two indicators; a loading is written with =~"
        raise make_fault(entry.place, read, allowed)
    if entry.op == "~*~" and entry.lhs != entry.rhs:
        raise make_fault(entry.place, repr(entry.rhs), f"write {entry.lhs} ~*~ {entry.lhs}")
    if entry.op in ("|", "~*~") and entry.lhs in factors:
        read = f"the factor {entry.lhs!r} with {entry.op}"
        raise make_fault(entry.lhs_place, read, "thresholds and scales belong to indicators")
    if entry.op == "|" and not _THRESHOLD.fullmatch(entry.rhs):
        raise make_fault(entry.place, repr(entry.rhs), "thresholds are called t1, t2, t3 and so on")


def _check_circles(entries: Sequence[Entry], factors: Sequence[str]) -> None:
    """Check that no factor measures or explains itself through others."""
    above: dict[str, set[str]] = {factor: set() for factor in factors}
    for entry in entries:
        if entry.op == "=~" and entry.rhs in above:
            above[entry.rhs].add(entry.lhs)
        if entry.op == "~" and entry.rhs:
            above[entry.lhs].add(entry.rhs)
    for entry in entries:
        reached, todo = set[str](), [entry.lhs] if entry.lhs in above else []
        while todo:
            fresh = above[todo.pop()] - reached
            reached |= fresh
            todo += fresh
        if entry.lhs in reached:
            read = f"a circle through the factor {entry.lhs!r}"
            raise make_fault(entry.lhs_place, read, "a factor does not depend on itself")


def _check_thresholds(entries: Sequence[Entry]) -> None:
    """Check that thresholds of an indicator are named without a gap."""
    named: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.op == "|":
            named.setdefault(entry.lhs, []).append(entry)
    for lhs, own in named.items():
        missing = {f"t{number + 1}" for number in range(len(own))} - {entry.rhs for entry in own}
        if missing:
            read = f"thresholds of {lhs!r} without {', '.join(sorted(missing))}"
            raise make_fault(own[0].lhs_place, read, "name every threshold from t1 to the last")
