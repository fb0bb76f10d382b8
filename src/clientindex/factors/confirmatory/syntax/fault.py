"""A fault of a model text, told with its place and a remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from clientindex.errors import ModelSyntaxError
from clientindex.settings import find_nearest

if TYPE_CHECKING:
    from collections.abc import Iterable


class Place(Protocol):
    """Anything that knows where it stands in the text, counted from 1."""

    @property
    def line(self) -> int:
        """Line."""
        ...

    @property
    def column(self) -> int:
        """Column."""
        ...


def make_fault(
    place: Place, read: str, allowed: str, *, word: str = "", known: Iterable[str] = ()
) -> ModelSyntaxError:
    """Return the error of something that may not stand where it stands.

    Parameters
    ----------
    place : Place
    read : str
        What stands there, as a phrase.
    allowed : str
        What may stand there, or what to do.
    word : str
        The word for which the nearest of `known` is suggested.
    known : iterable of str
    """
    nearest = find_nearest(word, known) if word else None
    hint = f"; did you mean {nearest!r}?" if nearest else ""
    return ModelSyntaxError(
        f"model, line {place.line}, column {place.column}: read {read}; {allowed}{hint}"
    )
