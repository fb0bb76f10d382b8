"""The paths that an edition file names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.edition import Edition
    from clientindex.settings.fault import Location


def list_paths(edition: Edition) -> dict[Location, Path]:
    """Return every path of an edition by its place in the file, in the order of the model.

    Paths that the file does not give, and that have no default, are left out.
    """
    return dict(_walk(edition, ()))


def _walk(value: object, at: Location) -> Iterator[tuple[Location, Path]]:
    if isinstance(value, Path):
        yield at, value
    elif isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            yield from _walk(getattr(value, name), (*at, field.alias or name))
    elif isinstance(value, tuple):
        for position, part in enumerate(value):
            yield from _walk(part, (*at, position))
