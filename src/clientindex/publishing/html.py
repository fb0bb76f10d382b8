"""Write HTML: one file that needs no network."""

from __future__ import annotations

import re
from functools import partial
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from clientindex.publishing.callouts import write_callouts
from clientindex.publishing.columns import SERIF_PAGE, align_columns, break_long_words, set_widths
from clientindex.publishing.document import write_alternatives
from clientindex.publishing.embedding import embed_resources
from clientindex.publishing.nodes import attributes, div, plain_text, replace_nodes
from clientindex.publishing.pandoc import refuse_warnings, run_pandoc

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.publishing.document import Document
    from clientindex.publishing.pandoc import Node

_CYRILLIC: Final = re.compile("[\u0400-\u04ff]")
_LATIN: Final = re.compile("[A-Za-z]")


def write_html(document: Document, target: Path) -> None:
    """Write a self-contained page.

    Parameters
    ----------
    document : Document
        Finished document.
    target : Path
        File to write.

    Raises
    ------
    RenderError
        The stylesheet or an image is missing, or Pandoc warns.
    """
    blocks = write_callouts(document.blocks, to="html", titles=document.settings.locale.callouts)
    blocks = replace_nodes(write_alternatives(blocks), _wrap_table)
    blocks = replace_nodes(
        blocks, partial(_name_language, language=document.settings.locale.language)
    )
    text = document.as_json(blocks, skip_to_content=document.settings.locale.skip_to_content)
    template = resources.files("clientindex.publishing") / "assets" / "page.html"
    with resources.as_file(template) as path:
        page, complaint = run_pandoc(text, _arguments(document, path), folder=document.folder)
    refuse_warnings(complaint)
    target.write_text(embed_resources(page, folder=document.folder), encoding="utf-8")


def _arguments(document: Document, template: Path) -> list[str]:
    return [
        *document.common_arguments(),
        *("-t", "html5", "--mathml", "--section-divs"),
        *("--email-obfuscation=none", "--syntax-highlighting=none"),
        f"--template={template}",
        f"--css={document.asset('html', 'css')}",
        f"--include-after-body={document.asset('html', 'include-after-body')}",
    ]


def _wrap_table(node: Node) -> list[Node] | None:
    """Let a wide table scroll inside its own box, by keyboard too."""
    if node["t"] != "Table":
        return None
    table = _scope_heads(set_widths(align_columns(break_long_words(node)), page=SERIF_PAGE))
    caption = plain_text(table["c"][1][1]).strip()
    label = {"aria_label": caption, "role": "region"} if caption else {}
    attr = attributes(classes=("table-scroll",), tabindex="0", **label)
    return [div([table], attr)]


def _scope_heads(table: Node) -> Node:
    """Say of every cell of the head that it names its column, or its columns."""
    content = list(table["c"])
    attr, rows = content[3]
    content[3] = [attr, [[row, [_scope(cell) for cell in cells]] for row, cells in rows]]
    return {"t": "Table", "c": content}


def _scope(cell: list[Any]) -> list[Any]:
    (identifier, classes, pairs), *rest = cell
    scope = "col" if rest[2] == 1 else "colgroup"
    return [[identifier, classes, [*pairs, ["scope", scope]]], *rest]


def _name_language(node: Node, *, language: str) -> list[Node] | None:
    """Mark sources mostly in the other alphabet, which are read out in their own language."""
    if node["t"] != "Div" or "csl-entry" not in node["c"][0][1]:
        return None
    (identifier, classes, pairs), blocks = node["c"]
    text = plain_text(blocks)
    other = "ru" if len(_CYRILLIC.findall(text)) > len(_LATIN.findall(text)) else "en"
    if other == language:
        return None
    return [div(blocks, [identifier, classes, [*pairs, ["lang", other]]])]
