"""Write HTML: one file that needs no network."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from clientindex.publishing.callouts import write_callouts
from clientindex.publishing.columns import SERIF_PAGE, align_columns, set_widths
from clientindex.publishing.document import write_alternatives
from clientindex.publishing.nodes import attributes, div, plain_text, replace_nodes
from clientindex.publishing.pandoc import refuse_warnings, run_pandoc

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.publishing.document import Document
    from clientindex.publishing.pandoc import Node


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
    text = document.as_json(blocks, skip_to_content=document.settings.locale.skip_to_content)
    template = resources.files("clientindex.publishing") / "assets" / "page.html"
    with resources.as_file(template) as path:
        _, complaint = run_pandoc(
            text, [*_arguments(document, path), f"--output={target}"], folder=document.folder
        )
    refuse_warnings(complaint)


def _arguments(document: Document, template: Path) -> list[str]:
    return [
        *document.common_arguments(),
        *("-t", "html5", "--embed-resources", "--mathml", "--section-divs"),
        *("--email-obfuscation=none", "--syntax-highlighting=none"),
        f"--template={template}",
        f"--css={document.asset('html', 'css')}",
    ]


def _wrap_table(node: Node) -> list[Node] | None:
    """Let a wide table scroll inside its own box, by keyboard too."""
    if node["t"] != "Table":
        return None
    table = set_widths(align_columns(node), page=SERIF_PAGE)
    caption = plain_text(table["c"][1][1]).strip()
    label = {"aria_label": caption, "role": "region"} if caption else {}
    attr = attributes(classes=("table-scroll",), tabindex="0", **label)
    return [div([table], attr)]
