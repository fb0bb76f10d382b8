"""Callouts: boxed notes with a title, told apart by title and colour in all three formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from clientindex.errors import RenderError
from clientindex.publishing.nodes import attributes, div, raw, replace_nodes, styled, words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from clientindex.publishing.pandoc import Node

KINDS: Final = ("note", "tip", "important", "warning", "caution")
AFTER_TABLE: Final = raw('<w:p><w:pPr><w:pStyle w:val="AfterTable"/></w:pPr></w:p>', kind="openxml")
"""Room below a table in DOCX, where tables have no margin of their own."""

_PREFIX: Final = "callout-"
_ATTRIBUTES: Final = frozenset({"title", "icon"})


def check_callouts(node: Node, locate: Callable[..., str]) -> None:
    """Refuse a callout that Quarto or we do not know.

    Parameters
    ----------
    node : Node
        Any element.
    locate : Callable[..., str]
        Finds spellings in the source.

    Raises
    ------
    RenderError
        The type or an attribute of the callout is not supported.
    """
    if node["t"] != "Div":
        return
    _, classes, pairs = node["c"][0]
    for name in (c for c in classes if c.startswith(_PREFIX)):
        if name.removeprefix(_PREFIX) not in KINDS:
            msg = f"{locate(name)}: callout type {name!r} is not one of {', '.join(KINDS)}"
            raise RenderError(msg)
        unknown = sorted({k for k, _ in pairs} - _ATTRIBUTES)
        if unknown:
            msg = f"{locate(unknown[0])}: callout attribute {unknown[0]!r} is not supported"
            raise RenderError(msg)


def write_callouts(blocks: list[Node], *, to: str, titles: Mapping[str, str]) -> list[Node]:
    """Turn callouts into what one format needs.

    Parameters
    ----------
    blocks : list[Node]
        Document body.
    to : {"html", "docx", "typst"}
        Format.
    titles : Mapping[str, str]
        Title by type where the callout has none of its own.

    Returns
    -------
    list[Node]
        New body.
    """
    build = {"html": _html, "docx": _docx, "typst": _typst}[to]

    def change(node: Node) -> list[Node] | None:
        kind = _kind(node)
        if kind is None:
            return None
        title, body = _parts(node, titles[kind])
        return build(kind, title, body)

    changed: list[Node] = replace_nodes(blocks, change)
    return changed


def _kind(node: Node) -> str | None:
    if node["t"] != "Div":
        return None
    names = [c.removeprefix(_PREFIX) for c in node["c"][0][1] if c.startswith(_PREFIX)]
    return names[0] if names and names[0] in KINDS else None


def _parts(node: Node, default: str) -> tuple[list[Node], list[Node]]:
    attr, body = node["c"]
    if body and body[0]["t"] == "Header":
        return body[0]["c"][2], body[1:]
    return words(str(dict(map(tuple, attr[2])).get("title", default))), body


def _html(kind: str, title: list[Node], body: list[Node]) -> list[Node]:
    heading: Node = {"t": "Para", "c": [{"t": "Strong", "c": title}]}
    attr: list[Any] = attributes(classes=("callout", f"callout-{kind}-box"), role="note")
    inner = [
        div([heading], attributes(classes=("callout-title",))),
        div(body, attributes(classes=("callout-body",))),
    ]
    return [div(inner, attr)]


def _docx(kind: str, title: list[Node], body: list[Node]) -> list[Node]:
    """Build a table of one cell, which holds lists and tables where a bordered paragraph cannot."""
    heading: Node = {"t": "Para", "c": title}
    name = kind.capitalize()
    blocks = [styled([heading], f"Callout {name} Title"), *(_loosen(block) for block in body)]
    blank = ["", [], []]
    cell = [blank, {"t": "AlignDefault"}, 1, 1, blocks]
    table: list[Any] = [
        attributes(custom_style=f"Callout{name}"),
        [None, []],
        [[{"t": "AlignDefault"}, {"t": "ColWidth", "c": 1.0}]],
        [blank, []],
        [[blank, 0, [], [[blank, [cell]]]]],
        [blank, []],
    ]
    return [{"t": "Table", "c": table}, AFTER_TABLE]


def _loosen(block: Node) -> Node:
    return {**block, "t": "Para"} if block["t"] == "Plain" else block


def _typst(kind: str, title: list[Node], body: list[Node]) -> list[Node]:
    opening = raw(f'#boxed-callout(kind: "{kind}", title: [', kind="typst")
    middle, closing = raw("])[", kind="typst"), raw("]", kind="typst")
    return [opening, {"t": "Plain", "c": title}, middle, *body, closing]
