"""Small tools for Pandoc's syntax tree, which is plain lists and dictionaries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from clientindex.publishing.pandoc import Node

NBSP = "\u00a0"


def words(text: str) -> list[Node]:
    """Return text as inline elements; ordinary spaces may break, others stay inside words."""
    inlines: list[Node] = []
    for part in text.split(" "):
        inlines += [{"t": "Str", "c": part}] if part else []
        inlines.append({"t": "Space"})
    return inlines[:-1]


def attributes(identifier: str = "", *, classes: tuple[str, ...] = (), **pairs: str) -> list[Any]:
    """Return Pandoc's attribute triple; underscores in names become hyphens."""
    return [identifier, list(classes), [[k.replace("_", "-"), v] for k, v in pairs.items()]]


def div(blocks: list[Node], attr: list[Any]) -> Node:
    """Return a block container."""
    return {"t": "Div", "c": [attr, blocks]}


def styled(blocks: list[Node], style: str) -> Node:
    """Return blocks that the DOCX writer gives a paragraph style."""
    return div(blocks, attributes(custom_style=style))


def raw(text: str, *, kind: str) -> Node:
    """Return a block in the language of one format."""
    return {"t": "RawBlock", "c": [kind, text]}


def raw_inline(text: str, *, kind: str) -> Node:
    """Return text inside a paragraph in the language of one format."""
    return {"t": "RawInline", "c": [kind, text]}


def plain_text(content: object) -> str:
    """Return the text inside elements, without footnotes."""
    if isinstance(content, list):
        return "".join(map(plain_text, content))
    if not isinstance(content, dict):
        return ""
    kind, inner = content.get("t"), content.get("c")
    if kind == "Str":
        return str(inner)
    if kind in {"Space", "SoftBreak", "LineBreak"}:
        return " "
    if kind in {"Code", "Math"} and isinstance(inner, list):
        return str(inner[1])
    return "" if kind in {"Note", "RawInline"} else plain_text(inner)


def walk(content: object) -> Iterator[Node]:
    """Yield every element in reading order, parents before children."""
    if isinstance(content, list):
        for item in content:
            yield from walk(item)
    elif isinstance(content, dict):
        if "t" in content:
            yield content
        yield from walk(content.get("c"))


_BRANCHES: Final = (list, dict)
_LEAVES: Final = frozenset({"Str", "Space", "SoftBreak", "LineBreak"})
"""Elements without elements inside: most of a tree."""


def replace_nodes(content: Any, change: Callable[[Node], list[Node] | None]) -> Any:
    """Return a copy of a tree with some elements replaced.

    Parameters
    ----------
    content : Any
        Element or list of elements.
    change : Callable[[Node], list[Node] | None]
        Called for each element after its children were replaced; None keeps it.

    Returns
    -------
    Any
        New tree of the same shape; words that stay are those of the old one.
    """
    if isinstance(content, dict):
        return {
            k: replace_nodes(v, change) if isinstance(v, _BRANCHES) else v
            for k, v in content.items()
        }
    if not isinstance(content, list):
        return content
    items: list[Any] = []
    for item in content:
        if not isinstance(item, _BRANCHES):
            items.append(item)
            continue
        is_leaf = isinstance(item, dict) and item.get("t") in _LEAVES
        new = item if is_leaf else replace_nodes(item, change)
        changed = change(new) if isinstance(new, dict) and "t" in new else None
        items.extend([new] if changed is None else changed)
    return items
