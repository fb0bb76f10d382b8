"""Refuse what one of the formats would silently drop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.errors import RenderError
from clientindex.publishing.callouts import check_callouts
from clientindex.publishing.nodes import walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.publishing.pandoc import Node

_QUARTO_CLASSES: Final = frozenset(
    {
        *("panel-tabset", "panel-input", "panel-fill", "panel-center", "panel-sidebar"),
        *("content-visible", "content-hidden", "aside", "margin", "landscape", "columns"),
        *("column", "hidden", "fragment", "incremental", "nonincremental", "notes", "proof"),
        *("cell", "cell-output", "unlisted", "grid", "output-stdout", "border"),
    }
)
_QUARTO_CLASS_STARTS: Final = ("column-", "panel-", "quarto-", "layout-")
_QUARTO_ATTRIBUTES: Final = ("layout", "when-", "unless-", "column")
_IMAGE_ATTRIBUTES: Final = frozenset({"fig-alt", "width"})
_CONTAINERS: Final = {"Div", "Span"}


def check_subset(blocks: list[Node], *, locate: Callable[..., str]) -> None:
    """Walk through a document and refuse unsupported constructs.

    Parameters
    ----------
    blocks : list[Node]
        Document body as read.
    locate : Callable[..., str]
        Finds spellings in the source.

    Raises
    ------
    RenderError
        Raw HTML or other raw text, a Quarto layout class or attribute, an unknown callout, or an
        image without alternative text; the message names construct, file and line.
    """
    for node in walk(blocks):
        _check_raw(node, locate)
        _check_container(node, locate)
        _check_image(node, locate)
        check_callouts(node, locate)


def _check_raw(node: Node, locate: Callable[..., str]) -> None:
    if node["t"] not in {"RawBlock", "RawInline"}:
        return
    kind, text = node["c"]
    if kind == "html" and text.strip().startswith("<!--"):
        return
    first = text.strip().splitlines()[0] if text.strip() else kind
    msg = f"{locate(first)}: raw {kind} {first!r} would be lost in the other formats"
    raise RenderError(msg)


def _check_container(node: Node, locate: Callable[..., str]) -> None:
    if node["t"] not in _CONTAINERS:
        return
    _, classes, pairs = node["c"][0]
    for name in classes:
        if name in _QUARTO_CLASSES or name.startswith(_QUARTO_CLASS_STARTS):
            msg = f"{locate(f'.{name}', name)}: Quarto class .{name} is not supported"
            raise RenderError(msg)
    for key, _ in pairs:
        if key.startswith(_QUARTO_ATTRIBUTES):
            msg = f"{locate(key)}: Quarto attribute {key!r} is not supported"
            raise RenderError(msg)


def _check_image(node: Node, locate: Callable[..., str]) -> None:
    if node["t"] != "Image":
        return
    (_, _, pairs), alt, (target, _) = node["c"]
    has_alt = dict(map(tuple, pairs)).get("fig-alt") or alt
    if not has_alt:
        msg = f"{locate(target)}: image {target} has no fig-alt, the text read out instead of it"
        raise RenderError(msg)
    unknown = sorted({k for k, _ in pairs} - _IMAGE_ATTRIBUTES)
    if unknown:
        msg = f"{locate(unknown[0])}: image attribute {unknown[0]!r} is not supported"
        raise RenderError(msg)
    if "://" in target:
        msg = f"{locate(target)}: image {target} would be fetched from the network"
        raise RenderError(msg)
