"""The only door to Pandoc.

The program comes with the ``pypandoc-binary`` wheel. It is called directly, because its warnings
must become errors and pypandoc sends them to a log.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pypandoc

from clientindex.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

Node = dict[str, Any]
"""A Pandoc element, ``{"t": type, "c": content}``, or the whole document."""

READER: Final = "markdown"
_TIMEOUT_S: Final = 300
_POSITION: Final = re.compile(r"at line (\d+) column \d+")


@cache
def pandoc_path() -> str:
    """Return the path of the Pandoc program.

    Returns
    -------
    str

    Raises
    ------
    RenderError
        The wheel has no program for this machine.
    """
    try:
        return str(pypandoc.get_pandoc_path())
    except OSError as error:
        msg = "Pandoc is missing: install the package pypandoc-binary"
        raise RenderError(msg) from error


@cache
def pandoc_version() -> str:
    """Return the version of Pandoc, such as ``3.9``."""
    return str(pypandoc.get_pandoc_version())


def run_pandoc(
    text: str, arguments: Sequence[str], *, folder: Path, timestamp: int = 0
) -> tuple[str, str]:
    """Run Pandoc once.

    Parameters
    ----------
    text : str
        Standard input.
    arguments : Sequence[str]
        Command line after the program's name.
    folder : Path
        Working directory; relative resources are found there.
    timestamp : int, optional
        Seconds since 1970 written into files, 0 for none in the text formats.

    Returns
    -------
    tuple[str, str]
        Standard output and the warnings.

    Raises
    ------
    RenderError
        Pandoc stops with an error; the message is Pandoc's own.
    """
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(timestamp), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [pandoc_path(), *arguments],
        input=text.encode(),
        capture_output=True,
        cwd=folder,
        env=environment,
        check=False,
        timeout=_TIMEOUT_S,
    )
    complaint = done.stderr.decode(errors="replace").strip()
    if done.returncode != 0:
        msg = f"Pandoc: {complaint}"
        raise RenderError(msg)
    return done.stdout.decode(), complaint


def read_markdown(
    text: str, *, folder: Path, name_line: Callable[[int], str] | None = None
) -> Node:
    """Parse Markdown into a syntax tree.

    Parameters
    ----------
    text : str
        Markdown without a YAML block.
    folder : Path
        Folder of the document.
    name_line : Callable[[int], str], optional
        Turns a line of ``text`` into a place in the source, for messages.

    Returns
    -------
    Node
        Document with ``meta`` and ``blocks``.

    Raises
    ------
    RenderError
        Pandoc fails or warns, for example of a label used twice or a footnote never used.
    """
    reader = f"{READER}-yaml_metadata_block-pandoc_title_block"
    output, complaint = run_pandoc(text, ["-f", reader, "-t", "json"], folder=folder)
    if complaint and name_line is not None:
        complaint = _POSITION.sub(lambda m: f"at {name_line(int(m[1]))}", complaint)
    refuse_warnings(complaint)
    return dict(json.loads(output))


def refuse_warnings(complaint: str) -> None:
    """Turn a warning into an error.

    Parameters
    ----------
    complaint : str
        What Pandoc wrote to standard error.

    Raises
    ------
    RenderError
        It is not empty.
    """
    if complaint:
        msg = f"Pandoc warns: {complaint}"
        raise RenderError(msg)
