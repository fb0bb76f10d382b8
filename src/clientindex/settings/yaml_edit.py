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
        line, as YAML. Places that the file does not have are passed by.
    """
    root = YAML(typ="rt").compose(text)
    changes = []
    for location, value in values.items():
        found = _find(root, location)
        if found is not None:
            start, end, lead = _span(text, *found)
            changes.append((start, end, lead + value))
    for start, end, value in sorted(changes, reverse=True):
        text = f"{text[:start]}{value}{text[end:]}"
    return text


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
        if isinstance(node, MappingNode):
            known = {one.value: (one, value) for one, value in node.value}
            if part not in known:
                return None
            key, node = known[part]
        elif isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
            key, node = None, node.value[part]
        else:
            return None
    return key, node


def _span(text: str, key: Any, node: Any) -> tuple[int, int, str]:
    """Return where a value begins and ends, and what stands between it and the sign before it.

    A value that stands below its key begins behind the colon.
    """
    start, end = node.start_mark.index, _last(text, node)
    if key is not None and node.start_mark.line != key.end_mark.line:
        return text.index(":", key.end_mark.index) + 1, end, " "
    return start, end, ""


def _last(text: str, node: Any) -> int:
    """Return the end of the last sign of a value; a block ends before what follows it."""
    if not isinstance(node, ScalarNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _last(text, last[1] if isinstance(node, MappingNode) else last)
    start: int = node.start_mark.index
    return start + len(text[start : node.end_mark.index].rstrip())
