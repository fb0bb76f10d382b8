"""A model text as a list of words, numbers and operators with their places.

A statement ends with its line or with ``;``. A line goes on below when it ends in an operator, when
the next one begins with ``+`` or ``*``, or inside parentheses. ``#`` and ``!`` begin a comment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from clientindex.factors.confirmatory.syntax.fault import make_fault

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["name", "number", "string", "operator", "end"]

OPERATORS = ("=~", "~~", "~*~", "~", "|")
"""What joins the two sides of a statement; the longest match counts."""

_PATTERN = re.compile(
    r"""(?P<blank>[ \t\r\f\v\u00a0\ufeff]+)
    |(?P<comment>[#!][^\n]*)
    |(?P<end>[\n;])
    |(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<name>[^\W\d][\w.]*)
    |(?P<string>"[^"\n]*"|'[^'\n]*')
    |(?P<operator>=~|~\*~|~~|~|\||[+*(),-])
    """,
    re.VERBOSE,
)
_OPENS_NEXT = frozenset((*OPERATORS, "+", "*", ",", "(", "-"))
_CONTINUES = frozenset(("+", "*"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word, number, text in quotes, operator, or the end of a statement."""

    kind: Kind
    text: str
    line: int
    column: int

    @property
    def shown(self) -> str:
        """The token as an error message shows it."""
        return "the end of the statement" if self.kind == "end" else repr(self.text)


def split_statements(text: str) -> list[list[Token]]:
    """Return the tokens of every statement, each list closed by a token of kind "end".

    Raises
    ------
    ModelSyntaxError
        If a character is not part of the language.
    """
    statements: list[list[Token]] = [[]]
    for token in _join_lines(list(_scan(text))):
        statements[-1].append(token)
        if token.kind == "end":
            statements.append([])
    return [tokens for tokens in statements if len(tokens) > 1]


def _scan(text: str) -> Iterator[Token]:
    line, start, position = 1, 0, 0
    while position < len(text):
        match = _PATTERN.match(text, position)
        column = position - start + 1
        if match is None:
            place = Token(kind="operator", text=text[position], line=line, column=column)
            raise make_fault(
                place,
                repr(text[position]),
                "a model has names, numbers and the signs =~ ~~ ~ | ~*~ + * ( ) , ; #",
            )
        kind, found = match.lastgroup, match.group()
        if kind not in (None, "blank", "comment"):
            yield Token(kind=cast("Kind", kind), text=found, line=line, column=column)
        position = match.end()
        if found == "\n":
            line, start = line + 1, position
    yield Token(kind="end", text="\n", line=line, column=position - start + 1)


def _join_lines(tokens: list[Token]) -> Iterator[Token]:
    """Leave out the ends of lines that go on below."""
    depth, last = 0, ""
    for position, token in enumerate(tokens):
        depth += (token.text == "(") - (token.text == ")")
        if token.kind == "end" and token.text == "\n" and position < len(tokens) - 1:
            following = next((t for t in tokens[position:] if t.text != "\n"), token)
            if depth > 0 or last in _OPENS_NEXT or following.text in _CONTINUES:
                continue
        if token.kind == "end":
            depth = 0
        last = token.text
        yield token
