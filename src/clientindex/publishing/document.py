"""What the writers share: the finished syntax tree and how it is handed to Pandoc."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from clientindex.errors import RenderError
from clientindex.publishing.nodes import plain_text, replace_nodes, words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clientindex.publishing.pandoc import Node
    from clientindex.publishing.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document with every number, reference and citation in place.

    Attributes
    ----------
    tree : Node
        Pandoc's syntax tree; its own metadata are not used.
    settings : Settings
        Title, language and so on.
    folder : Path
        Staged folder that paths are relative to.
    """

    tree: Node
    settings: Settings
    folder: Path

    @property
    def blocks(self) -> list[Node]:
        """Return the body."""
        return list(self.tree["blocks"])

    def asset(self, to: str, key: str) -> str:
        """Return the path of a template, stylesheet or reference document.

        Parameters
        ----------
        to : str
            Quarto's name of the format.
        key : str
            Setting of that format.

        Returns
        -------
        str
            Path relative to the document's folder.

        Raises
        ------
        RenderError
            The setting is absent or the file does not exist.
        """
        section = self.settings.formats.get(to)
        name = section.get(key) if isinstance(section, dict) else None
        if not isinstance(name, str) or not (self.folder / name).is_file():
            named = f"names no existing file ({name})" if name else "is not set"
            msg = f"format: {to}: {key}: {named}; see _quarto.yml"
            raise RenderError(msg)
        return name

    def as_json(self, blocks: list[Node], **extra: object) -> str:
        """Return Pandoc's JSON with our metadata.

        Parameters
        ----------
        blocks : list[Node]
            Body as changed for one format.
        **extra : object
            More metadata; underscores in names become hyphens.

        Returns
        -------
        str
        """
        settings = self.settings
        values: dict[str, object] = {
            "title": settings.title,
            "lang": settings.locale.language,
            "author": list(settings.authors),
            "toc-title": settings.toc_title,
        }
        values |= {"subtitle": settings.subtitle} if settings.subtitle else {}
        values |= {"date": settings.date_text} if settings.date_text else {}
        values |= {name.replace("_", "-"): value for name, value in extra.items()}
        meta = {name: _meta(value) for name, value in values.items()}
        return json.dumps({**self.tree, "meta": meta, "blocks": blocks}, ensure_ascii=False)

    def filter_arguments(self) -> list[str]:
        """Return the Pandoc arguments that run the shared filters.

        Raises
        ------
        RenderError
            A filter does not exist.
        """
        for name in self.settings.filters:
            if not (self.folder / name).is_file():
                msg = f"filters: {name} does not exist; see _quarto.yml"
                raise RenderError(msg)
        return [f"--lua-filter={name}" for name in self.settings.filters]

    def common_arguments(self) -> list[str]:
        """Return the Pandoc arguments that HTML and typst share."""
        toc = ["--toc", f"--toc-depth={self.settings.toc_depth}"] if self.settings.toc else []
        numbers = ["--number-sections"] if self.settings.number_sections else []
        filters = self.filter_arguments()
        return ["-f", "json", "--standalone", "--wrap=preserve", *toc, *numbers, *filters]


def write_alternatives(
    blocks: list[Node], *, rename: Callable[[str], str] = lambda target: target
) -> list[Node]:
    """Give every image its alternative text where the writers expect it.

    Parameters
    ----------
    blocks : list[Node]
        Document body.
    rename : Callable[[str], str], optional
        Chooses the file for the format.

    Returns
    -------
    list[Node]
        New body.
    """

    def change(node: Node) -> list[Node] | None:
        if node["t"] != "Image":
            return None
        (identifier, classes, pairs), _, (target, title) = node["c"]
        kept = [pair for pair in pairs if pair[0] != "fig-alt"]
        shown = words(alternative(node))
        return [{"t": "Image", "c": [[identifier, classes, kept], shown, [rename(target), title]]}]

    changed: list[Node] = replace_nodes(blocks, change)
    return changed


def alternative(image: Node) -> str:
    """Return the text read out instead of an image: its ``fig-alt``, else its description."""
    (_, _, pairs), shown, _ = image["c"]
    return str(dict(map(tuple, pairs)).get("fig-alt") or plain_text(shown))


def replace_page_breaks(blocks: list[Node], replacement: list[Node]) -> list[Node]:
    """Replace page breaks by what a format needs."""

    def change(node: Node) -> list[Node] | None:
        is_break = node["t"] == "Div" and "page-break" in node["c"][0][1]
        return replacement if is_break else None

    changed: list[Node] = replace_nodes(blocks, change)
    return changed


def _meta(value: object) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"t": "MetaBool", "c": value}
    if isinstance(value, list):
        return {"t": "MetaList", "c": [_meta(item) for item in value]}
    if isinstance(value, dict):
        return {"t": "MetaMap", "c": {k: _meta(v) for k, v in value.items()}}
    return {"t": "MetaInlines", "c": words(str(value))}
