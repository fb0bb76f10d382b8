"""Statements of a model text: which sides, which operator, which modifiers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from clientindex.factors.confirmatory.syntax.fault import make_fault
from clientindex.factors.confirmatory.syntax.tokens import OPERATORS, Token, split_statements

if TYPE_CHECKING:
    from collections.abc import Sequence

_FUNCTIONS = ("c", "start", "equal", "label")
_FREE = "NA"


@dataclass(frozen=True, slots=True, kw_only=True)
class Modifier:
    """What stands before ``*``: one of three fields is filled; tuples hold a value a group.

    Attributes
    ----------
    place : Token
    settings : tuple of float, str or None
        A number fixes, a text is a label, None (written NA) frees.
    start : tuple of float
        Start values.
    equal : str
        The parameter that this one equals, as ``f=~x1``.
    """

    place: Token
    settings: tuple[float | str | None, ...] = ()
    start: tuple[float, ...] = ()
    equal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A name on the right side with what stands before it; the name is "1" for an intercept."""

    name: Token
    modifiers: tuple[Modifier, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement: names on the left, an operator, terms on the right."""

    lhs: tuple[Token, ...]
    op: Token
    terms: tuple[Term, ...]


def parse_statements(text: str) -> list[Statement]:
    """Return the statements of a model text in order.

    Raises
    ------
    ModelSyntaxError
        If a statement does not follow the grammar
        ``name [+ name ...] operator [modifier *] name [+ ...]``.
    """
    return [_Reader(tokens).read_statement() for tokens in split_statements(text)]


@dataclass(slots=True)
class _Reader:
    """Reads one statement from left to right."""

    tokens: Sequence[Token]
    position: int = field(default=0)

    @property
    def _next(self) -> Token:
        return self.tokens[self.position]

    def _take(self) -> Token:
        token = self._next
        self.position += token.kind != "end"
        return token

    def _accept(self, text: str) -> bool:
        found = self._next.kind == "operator" and self._next.text == text
        self.position += found
        return found

    def _expect(self, text: str, allowed: str) -> None:
        if not self._accept(text):
            raise make_fault(self._next, self._next.shown, allowed)

    def read_statement(self) -> Statement:
        lhs = [self._read_name("a statement begins with the name of a factor or indicator")]
        while self._accept("+"):
            lhs.append(self._read_name("after + comes another name"))
        op = self._take()
        if op.text not in OPERATORS:
            allowed = f"after {lhs[-1].text!r} comes one of {' '.join(OPERATORS)}"
            raise make_fault(op, op.shown, allowed)
        terms = [self._read_term(op)]
        while self._accept("+"):
            terms.append(self._read_term(op))
        if self._next.kind != "end":
            allowed = "terms are joined by +, statements stand on lines of their own"
            raise make_fault(self._next, self._next.shown, allowed)
        return Statement(lhs=tuple(lhs), op=op, terms=tuple(terms))

    def _read_name(self, allowed: str) -> Token:
        token = self._take()
        if token.kind != "name":
            raise make_fault(token, token.shown, allowed)
        return token

    def _read_term(self, op: Token) -> Term:
        modifiers: list[Modifier] = []
        while True:
            place = self._next
            if self._ends_term():
                break
            modifiers.append(self._read_modifier())
            self._expect("*", f"after the modifier {place.text!r} comes * and a name")
        name = self._take()
        if name.kind == "name" or (name.text == "1" and op.text == "~"):
            return Term(name=name, modifiers=tuple(modifiers))
        if name.kind == "end":
            allowed = f"after {op.text} comes the name of an indicator or factor"
        else:
            allowed = "a term is a name, with modifiers before it: 0.5*x, a*x, NA*x, start(0.7)*x"
        raise make_fault(name, name.shown, allowed)

    def _ends_term(self) -> bool:
        """Return whether the next token is the term's own name, not a modifier before ``*``."""
        token = self._next
        if token.kind == "end" or (token.kind == "operator" and token.text != "-"):
            return True
        if token.kind not in ("name", "number"):
            return False
        following = self.tokens[self.position + 1]
        return not (following.kind == "operator" and following.text in "*(")

    def _read_modifier(self) -> Modifier:
        place = self._next
        is_call = place.kind == "name" and self.tokens[self.position + 1].text == "("
        if not is_call:
            return Modifier(place=place, settings=(self._read_setting(),))
        name = self._take().text
        self._expect("(", "a function has its values in parentheses")
        values = [self._read_setting()]
        while self._accept(","):
            values.append(self._read_setting())
        self._expect(")", "the values of a function are separated by commas and closed by )")
        return _make_modifier(name, place, values)

    def _read_setting(self) -> float | str | None:
        negative = self._accept("-")
        token = self._take()
        if token.kind == "number":
            return -float(token.text) if negative else float(token.text)
        if token.kind == "name" and not negative:
            return None if token.text == _FREE else token.text
        if token.kind == "string" and not negative:
            return token.text[1:-1]
        raise make_fault(token, token.shown, "a modifier is a number, NA, or a label")


def _make_modifier(name: str, place: Token, values: list[float | str | None]) -> Modifier:
    if name == "c":
        return Modifier(place=place, settings=tuple(values))
    if name == "start":
        numbers = tuple(value for value in values if isinstance(value, float))
        if len(numbers) == len(values):
            return Modifier(place=place, start=numbers)
        raise make_fault(place, "start() with something else", "start() takes numbers")
    text = values[0]
    if name in ("equal", "label"):
        if len(values) != 1 or not isinstance(text, str):
            example = 'equal("f=~x1")' if name == "equal" else 'label("a")'
            raise make_fault(place, f"{name}() without one text", f"write {example}")
        if name == "label":
            return Modifier(place=place, settings=(text,))
        return Modifier(place=place, equal=text.replace(" ", ""))
    allowed = "the functions of a model are " + ", ".join(f"{name}()" for name in _FUNCTIONS)
    raise make_fault(place, f"{name}()", allowed, word=name, known=_FUNCTIONS)
