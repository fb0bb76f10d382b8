"""Rows of what results say is not defined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from clientindex.results import Bundle


def list_left_out(bundle: Bundle, kinds: dict[str, type[Any]]) -> list[tuple[str, dict[Any, Any]]]:
    """Return name of the result and row, result by result; an absent result has no rows.

    Parameters
    ----------
    bundle : Bundle
    kinds : dict of str to type
        Name of a result -> its type, which has a frame ``left_out``.
    """
    found = [(name, bundle.results.get(name), kind) for name, kind in kinds.items()]
    known: list[tuple[str, Any]] = [
        (name, result) for name, result, kind in found if isinstance(result, kind)
    ]
    return [(name, row) for name, result in known for row in result.left_out.to_dict("records")]
