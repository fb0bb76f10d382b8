"""Languages and names that are asked for, checked against those there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.errors import RenderError
from clientindex.settings import find_nearest
from clientindex.wording import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence


def choose_languages(wanted: str, known: Sequence[str]) -> tuple[str, ...]:
    """Return the languages of a list such as "ru,en"; those of the edition for an empty one.

    Raises
    ------
    RenderError
        A language is none of ours.
    """
    parts = dict.fromkeys(part.strip() for part in wanted.split(",") if part.strip())
    require_known(parts, set(LANGUAGES), what="language")
    return tuple(parts) or tuple(known)


def require_known(values: Iterable[str], allowed: Collection[str], *, what: str) -> None:
    """Refuse the first value that is not allowed.

    Raises
    ------
    RenderError
        The message names some of those allowed, and the nearest one.
    """
    for value in values:
        if value in allowed:
            continue
        near = find_nearest(value, allowed)
        hint = f"; did you mean {near!r}?" if near else ""
        some = ", ".join(sorted(allowed)[:5])
        more = f" and {len(allowed) - 5} more" if len(allowed) > 5 else ""
        msg = f"{value!r} is no {what} of this edition ({some}{more}){hint}"
        raise RenderError(msg)
