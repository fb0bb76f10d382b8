"""Number figures, tables and sections, and resolve the references to them.

Works on Pandoc's syntax tree and gives every format the same numbers. The words come from the
``crossref:`` settings, because Quarto's own Russian ones are wrong in a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from clientindex.errors import RenderError
from clientindex.publishing.nodes import NBSP, plain_text, replace_nodes, walk, words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from clientindex.publishing.pandoc import Node

KINDS: Final = ("fig", "tbl", "sec")
UNNUMBERED_KINDS: Final = frozenset(
    {
        *("lst", "thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr", "sol", "rem", "alg"),
        *("eq", "tip", "nte", "wrn", "imp", "cau"),
    }
)
"""Labels that Quarto numbers and the embedded renderer does not."""
_SEPARATORS: Final = {"Space", "SoftBreak", "LineBreak"}


@dataclass(slots=True)
class _Numbering:
    crossref: Mapping[str, str]
    locate: Callable[..., str]
    numbers: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=lambda: {"fig": 0, "tbl": 0})
    levels: list[int] = field(default_factory=lambda: [0] * 6)

    def label(self, identifier: str) -> str:
        """Give the next number to a figure or table and return its title."""
        kind = identifier.partition("-")[0]
        self.counts[kind] += 1
        self.remember(identifier, str(self.counts[kind]))
        delimiter = self.crossref["title-delim"]
        return f"{self.crossref[f'{kind}-title']}{NBSP}{self.counts[kind]}{delimiter} "

    def remember(self, identifier: str, number: str) -> None:
        if identifier in self.numbers:
            msg = f"{self.locate(f'#{identifier}', identifier)}: duplicate label {identifier!r}"
            raise RenderError(msg)
        self.numbers[identifier] = number


def number_document(
    blocks: list[Node],
    *,
    crossref: Mapping[str, str],
    number_sections: bool,
    locate: Callable[..., str],
) -> list[Node]:
    """Give numbers to everything with a label, and turn references into links.

    Parameters
    ----------
    blocks : list[Node]
        Document body.
    crossref : Mapping[str, str]
        Keys ``fig-title``, ``fig-prefix``, ``tbl-title``, ``tbl-prefix``, ``sec-prefix`` and
        ``title-delim``, with Quarto's meaning.
    number_sections : bool
        Whether headings are numbered; without it a reference to a section is an error.
    locate : Callable[..., str]
        Finds spellings in the source, for messages.

    Returns
    -------
    list[Node]
        New body: captions begin with name and number, references are links.

    Raises
    ------
    RenderError
        A label is used twice, a reference has no target, a labelled block lacks its caption or
        content, a heading skips a level, or the kind of reference is not supported.
    """
    numbering = _Numbering(crossref=crossref, locate=locate)
    numbered: list[Node] = _number(blocks, numbering)
    if not number_sections:
        numbering.numbers = {k: v for k, v in numbering.numbers.items() if k[:3] != "sec"}
    resolved: list[Node] = replace_nodes(numbered, lambda node: _resolve(node, numbering))
    return resolved


def _number(blocks: list[Node], numbering: _Numbering) -> list[Node]:
    """Go through blocks in reading order; only blocks can hold labelled blocks."""
    return [_number_block(block, numbering) for block in blocks]


def _number_block(block: Node, numbering: _Numbering) -> Node:
    kind: str = block["t"]
    content: Any = block.get("c")
    identifier = _identifier(block)
    if kind == "Header":
        _number_heading(block, numbering)
    elif kind == "Figure" and identifier.startswith("fig-"):
        caption = _caption_inlines(content[1])
        return _figure(content[2], caption, identifier, numbering)
    elif kind == "Table" and identifier.startswith("tbl-"):
        return _table(block, _caption_inlines(content[1]), identifier, numbering)
    elif kind == "Div" and identifier.startswith(("fig-", "tbl-")):
        return _labelled_div(block, identifier, numbering)
    elif kind == "Div":
        return {"t": "Div", "c": [content[0], _number(content[1], numbering)]}
    elif kind == "BlockQuote":
        return {"t": kind, "c": _number(content, numbering)}
    elif kind == "BulletList":
        return {"t": kind, "c": [_number(item, numbering) for item in content]}
    elif kind == "OrderedList":
        return {"t": kind, "c": [content[0], [_number(item, numbering) for item in content[1]]]}
    return block


def _identifier(block: Node) -> str:
    content = block.get("c")
    if block["t"] in {"Div", "Figure", "Table"} and isinstance(content, list):
        return str(content[0][0])
    return ""


def _number_heading(block: Node, numbering: _Numbering) -> None:
    level, attr, text = block["c"]
    if "unnumbered" in attr[1]:
        return
    if level > 1 and numbering.levels[level - 2] == 0:
        title = plain_text(text)
        where = numbering.locate(f"{'#' * level} {title}", title)
        msg = f"{where}: heading {title!r} of level {level} skips a level"
        raise RenderError(msg)
    number = _next_number(numbering.levels, level)
    if attr[0].startswith("sec-"):
        numbering.remember(attr[0], number)


def heading_numbers(blocks: list[Node]) -> dict[str, str]:
    """Compute the numbers of headings as Pandoc, Quarto and typst do.

    Parameters
    ----------
    blocks : list[Node]
        Document body.

    Returns
    -------
    dict[str, str]
        Number such as ``2.1`` by identifier; unnumbered headings are absent.
    """
    levels = [0] * 6
    headings = [b["c"] for b in blocks if b["t"] == "Header" and "unnumbered" not in b["c"][1][1]]
    return {attr[0]: _next_number(levels, level) for level, attr, _ in headings}


def _next_number(levels: list[int], level: int) -> str:
    levels[level - 1] += 1
    levels[level:] = [0] * (6 - level)
    return ".".join(map(str, levels[:level]))


def _labelled_div(block: Node, identifier: str, numbering: _Numbering) -> Node:
    """Read a container whose last paragraph is the caption, as Quarto writes floats."""
    blocks = block["c"][1]
    caption = blocks[-1]["c"] if len(blocks) > 1 and blocks[-1]["t"] in {"Para", "Plain"} else []
    if identifier.startswith("fig-"):
        return _figure(blocks[:-1], caption, identifier, numbering)
    tables = [b for b in blocks[:-1] if b["t"] == "Table"]
    if len(tables) != 1:
        where = numbering.locate(f"#{identifier}", identifier)
        msg = f"{where}: {identifier!r} must hold one table and its caption, found {len(tables)}"
        raise RenderError(msg)
    table = _table(tables[0], caption, identifier, numbering)
    if len(blocks) == 2:  # a table and its caption
        return table
    others = [table if b is tables[0] else b for b in blocks[:-1]]
    return {"t": "Div", "c": [["", ["table-with-notes"], []], others]}


def _caption_inlines(caption: list[object]) -> list[Node]:
    blocks = caption[1]
    return [i for b in blocks for i in b["c"]] if isinstance(blocks, list) else []


def _titled(caption: list[Node], identifier: str, numbering: _Numbering) -> list[Node]:
    if not plain_text(caption).strip():
        where = numbering.locate(f"#{identifier}", identifier)
        msg = f"{where}: {identifier!r} has no caption"
        raise RenderError(msg)
    title = words(numbering.label(identifier).rstrip(" "))
    return [*title, {"t": "Space"}, *caption]


def _figure(
    blocks: list[Node], caption: list[Node], identifier: str, numbering: _Numbering
) -> Node:
    images = [node for node in walk(blocks) if node["t"] == "Image"]
    if len(images) != 1:
        where = numbering.locate(f"#{identifier}", identifier)
        msg = f"{where}: {identifier!r} must hold one image and its caption, found {len(images)}"
        raise RenderError(msg)
    body = [{"t": "Plain", "c": [images[0]]}]
    titled = [{"t": "Plain", "c": _titled(caption, identifier, numbering)}]
    return {"t": "Figure", "c": [[identifier, [], []], [None, titled], body]}


def _table(table: Node, caption: list[Node], identifier: str, numbering: _Numbering) -> Node:
    titled = [{"t": "Plain", "c": _titled(caption, identifier, numbering)}]
    attr = [identifier, *table["c"][0][1:]]
    return {"t": "Table", "c": [attr, [None, titled], *table["c"][2:]]}


def _resolve(node: Node, numbering: _Numbering) -> list[Node] | None:
    if node["t"] != "Cite":
        return None
    citations = node["c"][0]
    kinds = [c["citationId"].partition("-")[0].lower() for c in citations]
    _refuse_kinds(citations, kinds, numbering)
    ours = [
        kind in KINDS and "-" in c["citationId"] for c, kind in zip(citations, kinds, strict=True)
    ]
    if not any(ours):
        return None
    if not all(ours):
        first = citations[0]["citationId"]
        msg = f"{numbering.locate(f'@{first}')}: references and citations in one pair of brackets"
        raise RenderError(msg)
    return _joined([_reference(citation, numbering) for citation in citations])


def _refuse_kinds(citations: list[Node], kinds: list[str], numbering: _Numbering) -> None:
    for citation, kind in zip(citations, kinds, strict=True):
        name = citation["citationId"]
        if kind in UNNUMBERED_KINDS and "-" in name:
            where = numbering.locate(f"@{name}")
            msg = (
                f"{where}: references of kind @{kind}- are not supported, only @fig-, @tbl-, @sec-"
            )
            raise RenderError(msg)


def _joined(references: list[list[Node]]) -> list[Node]:
    joined = references[0]
    for reference in references[1:]:
        joined = [*joined, {"t": "Str", "c": ","}, {"t": "Space"}, *reference]
    return joined


def _reference(citation: Node, numbering: _Numbering) -> list[Node]:
    name = citation["citationId"]
    identifier = name[0].lower() + name[1:]
    number = numbering.numbers.get(identifier)
    if number is None:
        hint = "; 'number-sections: true' is needed" if identifier.startswith("sec-") else ""
        msg = f"{numbering.locate(f'@{name}')}: unresolved reference @{name}{hint}"
        raise RenderError(msg)
    prefix = _prefix(citation, identifier, numbering)
    text = [*prefix, {"t": "Str", "c": number}]
    link = {"t": "Link", "c": [["", ["crossref"], []], text, [f"#{identifier}", ""]]}
    return [link, *citation["citationSuffix"]]


def _prefix(citation: Node, identifier: str, numbering: _Numbering) -> list[Node]:
    if citation["citationMode"]["t"] == "SuppressAuthor":
        return []
    own = citation["citationPrefix"]
    if own:
        return [*(i for i in own if i["t"] not in _SEPARATORS or i is not own[-1]), *_nbsp()]
    word = numbering.crossref[f"{identifier.partition('-')[0]}-prefix"]
    if citation["citationId"][0].isupper():
        word = word[0].upper() + word[1:]
    return [*words(word.replace(" ", NBSP)), *_nbsp()] if word else []


def _nbsp() -> list[Node]:
    return [{"t": "Str", "c": NBSP}]
