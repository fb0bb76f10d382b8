"""Change values of a YAML file that people wrote; comments, order and all other signs stay."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clientindex.settings.fault import Location

MERGE: Final = "<<"
"""The key whose value is other keys and values."""
_PLAIN: Final = re.compile(r"[A-Za-z_./][A-Za-z0-9_./-]*")
_WORDS: Final = frozenset({"yes", "no", "on", "off", "true", "false", "null", "y", "n"})


def quote_value(value: str) -> str:
    """Write a text so that YAML reads it as this text and not as a number or a truth."""
    plain = _PLAIN.fullmatch(value) and value.lower() not in _WORDS
    return value if plain else json.dumps(value, ensure_ascii=False)


def list_scalars(text: str) -> dict[Location, str]:
    """Return every single value of a file by its place, as it stands there without quotes."""
    root = YAML(typ="rt").compose(text)
    return dict(_walk(root, ()))


def _walk(node: Any, at: Location) -> Iterator[tuple[Location, str]]:
    if isinstance(node, ScalarNode):
        yield at, node.value
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            yield from _walk(value, (*at, key.value))
    elif isinstance(node, SequenceNode):
        for position, value in enumerate(node.value):
            yield from _walk(value, (*at, position))


def replace_values(text: str, values: Mapping[Location, str]) -> str:
    """Put other values in place of those of a file.

    Parameters
    ----------
    text : str
        Valid YAML.
    values : mapping
        Place of a value, also of a whole list or of keys and values -> what to write there, on one
        line, as YAML. A place that is reached by ``<<`` or by an alias is changed where its value
        stands, and keeps its anchor.

    Raises
    ------
    KeyError
        If the file has no such place; see :func:`select_known`.
    """
    root = YAML(typ="rt").compose(text)
    changes: dict[tuple[int, int], str] = {}
    for location, value in values.items():
        found = _find(root, location)
        if found is None:
            raise KeyError(location)
        start, end, lead = _span(text, *found)
        anchor = f"&{found[1].anchor} " if found[1].anchor else ""
        changes[start, end] = lead + anchor + value
    for (start, end), value in sorted(changes.items(), reverse=True):
        text = f"{text[:start]}{value}{text[end:]}"
    return text


def select_known(text: str, values: Mapping[Location, str]) -> dict[Location, str]:
    """Return those of the values whose place a file has."""
    root = YAML(typ="rt").compose(text)
    return {at: value for at, value in values.items() if _find(root, at) is not None}


def insert_below(text: str, key: str, lines: str) -> str:
    """Put lines below the value of a key at the top of a file.

    Raises
    ------
    KeyError
        If there is no such key.
    """
    found = _find(YAML(typ="rt").compose(text), (key,))
    if found is None:
        raise KeyError(key)
    end = text.find("\n", _last(text, found[1]))
    place = len(text) if end < 0 else end
    return f"{text[:place]}\n{lines}{text[place:]}"


def _find(root: Any, location: Location) -> tuple[Any, Any] | None:
    """Return the node of the last key and of its value, None where there is none."""
    key, node = None, root
    for part in location:
        found = _step(node, part)
        if found is None:
            return None
        key, node = found
    return key, node


def _step(node: Any, part: str | int) -> tuple[Any, Any] | None:
    """Return the nodes that a key or a position leads to, also through ``<<``, or None."""
    if isinstance(node, SequenceNode):
        is_there = isinstance(part, int) and part < len(node.value)
        return (None, node.value[part]) if is_there else None
    if not isinstance(node, MappingNode):
        return None
    for key, value in node.value:
        if key.value == part:
            return key, value
    for merged in (value for key, value in node.value if key.value == MERGE):
        for other in merged.value if isinstance(merged, SequenceNode) else [merged]:
            found = _step(other, part)
            if found is not None:
                return found
    return None


def _span(text: str, key: Any, node: Any) -> tuple[int, int, str]:
    """Return where a value begins and ends, and what stands between it and the sign before it.

    A value that stands below its key begins behind the colon; that of an alias stands elsewhere.
    """
    start, end = node.start_mark.index, _last(text, node)
    is_alias = key is not None and node.start_mark.index < key.start_mark.index
    if key is not None and not is_alias and node.start_mark.line != key.end_mark.line:
        return text.index(":", key.end_mark.index) + 1, end, " "
    return start, end, ""


def _last(text: str, node: Any) -> int:
    """Return the end of the last sign of a value; a block ends before what follows it."""
    if not isinstance(node, ScalarNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _last(text, last[1] if isinstance(node, MappingNode) else last)
    start: int = node.start_mark.index
    return start + len(text[start : node.end_mark.index].rstrip())
