"""What earlier stages left."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientindex.results import Result

Kind = TypeVar("Kind")


def take_result(results: Mapping[str, Result], name: str, kind: type[Kind]) -> Kind:
    """Return what an earlier stage left.

    Raises
    ------
    TypeError
        If it is of another type.
    """
    result = results[name]
    if not isinstance(result, kind):
        msg = f"the stage before left {type(result).__name__} as {name}, not {kind.__name__}"
        raise TypeError(msg)
    return result
