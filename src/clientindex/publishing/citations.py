"""Citations and the list of references, by Pandoc's citeproc."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from clientindex.errors import RenderError
from clientindex.publishing.nodes import walk
from clientindex.publishing.pandoc import Node, refuse_warnings, run_pandoc

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clientindex.publishing.settings import Settings

_MISSING: Final = re.compile(r"citation (?P<key>\S+) not found")


def resolve_citations(
    document: Node, settings: Settings, *, folder: Path, locate: Callable[..., str]
) -> Node:
    """Format the citations of a document and add its references.

    Parameters
    ----------
    document : Node
        Syntax tree; cross-references must be resolved already, they look like citations.
    settings : Settings
        Bibliography, style and language.
    folder : Path
        Folder that the paths are relative to.
    locate : Callable[..., str]
        Finds spellings in the source.

    Returns
    -------
    Node
        New tree without citation elements.

    Raises
    ------
    RenderError
        A cited key is in no bibliography, there is no bibliography or citeproc is off.
    """
    cited = [
        c["citationId"] for n in walk(document["blocks"]) if n["t"] == "Cite" for c in n["c"][0]
    ]
    if not cited:
        return document
    if not settings.citeproc or not settings.bibliography:
        msg = f"{locate(f'@{cited[0]}')}: citation @{cited[0]} needs 'citeproc' and 'bibliography'"
        raise RenderError(msg)
    output, complaint = run_pandoc(
        json.dumps(document), _arguments(settings, folder), folder=folder
    )
    missing = _MISSING.search(complaint)
    if missing is not None:
        key = missing["key"]
        msg = f"{locate(f'@{key}')}: citation @{key} is not in {', '.join(settings.bibliography)}"
        raise RenderError(msg)
    refuse_warnings(complaint)
    return dict(json.loads(output))


def _arguments(settings: Settings, folder: Path) -> list[str]:
    files = [*settings.bibliography, *([settings.csl] if settings.csl else [])]
    for name in files:
        if not (folder / name).is_file():
            msg = f"file {name} named in the document's settings does not exist"
            raise RenderError(msg)
    style = [f"--csl={settings.csl}"] if settings.csl else []
    language = f"--metadata=lang:{settings.locale.language}"
    bibliography = [f"--bibliography={name}" for name in settings.bibliography]
    links = "--metadata=link-citations:true"
    return ["-f", "json", "-t", "json", "--citeproc", language, links, *bibliography, *style]
