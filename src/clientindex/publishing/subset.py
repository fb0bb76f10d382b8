"""Refuse what one of the formats would silently drop."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from clientindex.errors import RenderError
from clientindex.publishing.assemble import FIGURES
from clientindex.publishing.callouts import check_callouts
from clientindex.publishing.crossref import UNNUMBERED_KINDS
from clientindex.publishing.nodes import plain_text, walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.publishing.pandoc import Node

_QUARTO_CLASSES: Final = frozenset(
    {
        *("panel-tabset", "panel-input", "panel-fill", "panel-center", "panel-sidebar"),
        *("content-visible", "content-hidden", "aside", "margin", "landscape", "columns"),
        *("column", "hidden", "fragment", "incremental", "nonincremental", "notes"),
        *("proof", "remark", "solution", "lightbox"),
        *("cell", "cell-output", "unlisted", "grid", "output-stdout", "border"),
    }
)
_QUARTO_CLASS_STARTS: Final = ("column-", "panel-", "quarto-", "layout-")
_QUARTO_ATTRIBUTES: Final = ("layout", "when-", "unless-", "column", "style")
_IMAGE_ATTRIBUTES: Final = frozenset({"fig-alt", "width"})
_CONTAINERS: Final = {"Div", "Span"}
_NAMED: Final = {*_CONTAINERS, "Figure", "Table", "Image", "CodeBlock", "Code", "Link"}


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
        Raw HTML or other raw text, a Quarto layout class or attribute, a label of a kind that only
        Quarto numbers or that is used twice, an attribute of a code block, a footnote in a heading,
        an unknown callout, or an image without alternative text or of a kind that DOCX cannot hold;
        the message names construct, file and line.
    """
    seen: set[str] = set()
    for node in walk(blocks):
        _check_raw(node, locate)
        _check_label(node, locate, seen)
        _check_container(node, locate)
        _check_code(node, locate)
        _check_heading(node, locate)
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


def _check_label(node: Node, locate: Callable[..., str], seen: set[str]) -> None:
    name = _read_attributes(node)[0]
    if not name:
        return
    where = partial(locate, f"#{name}", name)
    kind = name.partition("-")[0]
    if "-" in name and kind in UNNUMBERED_KINDS:
        msg = f"{where()}: labels of kind #{kind}- are not supported, only #fig-, #tbl-, #sec-"
        raise RenderError(msg)
    if name in seen:
        msg = f"{where()}: duplicate label {name!r}"
        raise RenderError(msg)
    seen.add(name)


def _read_attributes(node: Node) -> tuple[str, list[str], list[list[str]]]:
    if node["t"] not in _NAMED:
        return "", [], []
    name, classes, pairs = node["c"][0]
    return name, classes, pairs


def _check_code(node: Node, locate: Callable[..., str]) -> None:
    if node["t"] not in {"CodeBlock", "Code"}:
        return
    for key, _ in _read_attributes(node)[2]:
        msg = f"{locate(key)}: attribute {key!r} of code is not supported"
        raise RenderError(msg)


def _check_heading(node: Node, locate: Callable[..., str]) -> None:
    if node["t"] != "Header" or not any(part["t"] == "Note" for part in walk(node["c"][2])):
        return
    title = plain_text(node["c"][2])
    msg = f"{locate(title)}: the heading {title!r} has a footnote, which contents would repeat"
    raise RenderError(msg)


def _check_container(node: Node, locate: Callable[..., str]) -> None:
    _, classes, pairs = _read_attributes(node)
    for name in classes:
        if name in _QUARTO_CLASSES or name.startswith(_QUARTO_CLASS_STARTS):
            msg = f"{locate(f'.{name}', name)}: Quarto class .{name} is not supported"
            raise RenderError(msg)
    for key, _ in pairs if node["t"] in _CONTAINERS else ():
        if key.startswith(_QUARTO_ATTRIBUTES):
            msg = f"{locate(key)}: Quarto attribute {key!r} is not supported"
            raise RenderError(msg)


def _check_image(node: Node, locate: Callable[..., str]) -> None:
    if node["t"] != "Image":
        return
    (name, _, pairs), alt, (target, _) = node["c"]
    if name.startswith("fig-"):
        where = locate(f"#{name}", name)
        msg = f"{where}: {name!r} has no caption, or does not stand in a paragraph of its own"
        raise RenderError(msg)
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
    if target.endswith(".svg") and not target.startswith(f"{FIGURES}/"):
        msg = f"{locate(target)}: image {target} is SVG, which DOCX does not hold; give PNG or JPEG"
        raise RenderError(msg)
