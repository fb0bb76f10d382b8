"""The value of a cell that is not published, because it would speak of few people."""

from __future__ import annotations

from functools import cache
from typing import Literal, Self

Rule = Literal["primary", "secondary"]


class Hidden(float):
    """No number, and why there is none.

    It is a float that is not a number, so that whatever reads a frame sees a missing value; tables
    keep it and write a word for it.

    Attributes
    ----------
    rule : {"primary", "secondary"}
        Whether the cell itself counts few people, or would give away another one that does.
    fewest : int
        The smallest count that is published.
    """

    __slots__ = ("fewest", "rule")
    rule: Rule
    fewest: int

    def __new__(cls, rule: Rule, fewest: int) -> Self:
        """Make the value; see :func:`hide`."""
        value = super().__new__(cls, "nan")
        value.rule = rule
        value.fewest = fewest
        return value


@cache
def hide(rule: Rule, fewest: int) -> Hidden:
    """Return the value of a cell that is not published: one object a rule."""
    return Hidden(rule, fewest)
