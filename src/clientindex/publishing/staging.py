"""A copy of the sources in a temporary folder, where values may be replaced.

Nothing is ever written beside the sources, and a failed run leaves no trace there.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from clientindex.errors import RenderError
from clientindex.publishing.parameters import apply_parameters
from clientindex.publishing.source import parse_source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clientindex.publishing.segments import Source

_LEFT_OUT: Final = shutil.ignore_patterns(
    ".*", "_site", "_output", "__pycache__", "*_files", "*.html", "*.pdf"
)


@contextmanager
def staged_source(
    document: Path, parameters: Mapping[str, object]
) -> Iterator[tuple[Path, Source]]:
    """Copy the folder of a document and set its parameters there.

    Parameters
    ----------
    document : Path
        The ``.qmd`` file; everything in its folder is copied, outputs and hidden files excepted.
    parameters : Mapping[str, object]
        Values for the parameters cell.

    Yields
    ------
    tuple[Path, Source]
        The document's copy, removed at the end, and what it says.

    Raises
    ------
    RenderError
        The document is missing or outside the subset, or a parameter is refused.
    """
    if not document.is_file():
        msg = f"document {document.name} does not exist in {document.parent}"
        raise RenderError(msg)
    parse_source(document)
    with tempfile.TemporaryDirectory(prefix="clientindex-") as name:
        folder = Path(name).resolve() / "source"
        shutil.copytree(document.parent, folder, ignore=_LEFT_OUT)
        copy = folder / document.name
        apply_parameters(folder, parse_source(copy), parameters)
        yield copy, parse_source(copy)
