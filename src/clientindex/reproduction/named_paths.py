"""The paths that an edition file names, and the same file with other paths in their place."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clientindex.edition import Edition

Location = tuple[str | int, ...]
"""Keys and positions that lead to a value: ``("data", "survey", 0, "file")``."""

_PLAIN = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_./-]*")


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


def replace_paths(text: str, values: Mapping[Location, str]) -> str:
    """Put other values into a YAML file; comments, order and every other character stay.

    Parameters
    ----------
    text : str
        A file that an edition was loaded from.
    values : mapping
        Place of a value that is one word of text -> what to write there.

    Raises
    ------
    KeyError
        If there is no such place in the file.
    """
    root = YAML(typ="rt").compose(text)
    changes: dict[tuple[int, int], str] = {}
    for location, value in values.items():
        node = _find(root, location)
        if not isinstance(node, ScalarNode):
            raise KeyError(location)
        ending = "\n" if node.style in ("|", ">") else ""
        anchor = f"&{node.anchor} " if node.anchor else ""
        changes[node.start_mark.index, node.end_mark.index] = anchor + _quote(value) + ending
    for (start, end), value in sorted(changes.items(), reverse=True):
        text = text[:start] + value + text[end:]
    return text


def _find(node: Any, location: Location) -> Any:
    for part in location:
        node = _step(node, part)
        if node is None:
            raise KeyError(location)
    return node


def _step(node: Any, part: str | int) -> Any:
    """Return what a key or a position leads to, also through ``<<``, or None."""
    if isinstance(node, SequenceNode):
        return node.value[part] if isinstance(part, int) and part < len(node.value) else None
    if not isinstance(node, MappingNode):
        return None
    for key, value in node.value:
        if key.value == part:
            return value
    merged = [value for key, value in node.value if key.value == "<<"]
    for value in merged:
        for other in value.value if isinstance(value, SequenceNode) else [value]:
            found = _step(other, part)
            if found is not None:
                return found
    return None


def _quote(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)
