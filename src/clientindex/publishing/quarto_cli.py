"""The real Quarto, called on the staged copy.

``quarto.render`` neither returns the exit code nor captures what Quarto prints, and Quarto only
warns of unresolved references. So it runs in a child interpreter whose messages are read.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import quarto
from ruamel.yaml import YAML

from clientindex.errors import RenderError
from clientindex.publishing.segments import Inline
from clientindex.publishing.settings import load_settings
from clientindex.publishing.source import split_front_matter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from clientindex.publishing.segments import Source

_QUARTO_FORMATS: Final = {"html": "html", "pdf": "typst", "docx": "docx"}
_TROUBLE: Final = re.compile(
    r"unable to resolve crossref|unresolved|citation \S+ not found|^ERROR|\[ERROR\]",
    re.IGNORECASE | re.MULTILINE,
)
_CALL: Final = (
    "import sys, quarto; quarto.render(sys.argv[1], output_format=sys.argv[2], execute=True)"
)
_INLINE: Final = (
    "__import__('clientindex.publishing.inline', fromlist=['as_markdown']).as_markdown({code})"
)
_VERSION_TIMEOUT_S: Final = 60
_RENDER_TIMEOUT_S: Final = 1800


def find_quarto_version() -> tuple[str, str]:
    """Ask Quarto for its version.

    Returns
    -------
    tuple[str, str]
        The version, empty when Quarto is absent or broken, and then why.
    """
    path = quarto.path()
    if path is None:
        return "", "quarto is not on the path"
    try:
        done = subprocess.run(
            [path, "--version"],
            capture_output=True,
            text=True,
            check=False,
            timeout=_VERSION_TIMEOUT_S,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return "", f"quarto --version fails: {error}"
    if done.returncode != 0:
        return "", f"quarto --version fails with exit code {done.returncode}"
    return done.stdout.strip(), ""


def render_with_quarto(
    copy: Path,
    source: Source,
    *,
    formats: Sequence[str],
    metadata: Mapping[str, object],
    folder: Path,
) -> dict[str, Path]:
    """Render a staged document with Quarto, one format after another.

    Parameters
    ----------
    copy : Path
        The document in its staged folder; changed here.
    source : Source
        What it says.
    formats : Sequence[str]
        Of ``html``, ``pdf`` and ``docx``.
    metadata : Mapping[str, object]
        Values that override the document's.
    folder : Path
        Where the files go.

    Returns
    -------
    dict[str, Path]
        File by format.

    Raises
    ------
    RenderError
        Quarto fails, writes no file, or warns of an unresolved reference or citation.
    """
    settings = load_settings(copy, source.front_matter, metadata=metadata)
    wrap_inline_expressions(copy.parent, source)
    set_front_matter(copy, metadata)
    environment = {
        **os.environ,
        "QUARTO_PYTHON": sys.executable,
        "SOURCE_DATE_EPOCH": str(settings.timestamp),
    }
    return {to: _render_one(copy, to, environment, folder) for to in formats}


def set_front_matter(copy: Path, metadata: Mapping[str, object]) -> None:
    """Write the caller's metadata into the YAML block of the staged document.

    Parameters
    ----------
    copy : Path
        Staged document, changed in place.
    metadata : Mapping[str, object]
        Title, subtitle, author or date.
    """
    if not metadata:
        return
    front_matter, body = split_front_matter(copy.read_text("utf-8-sig"), file=copy.name)
    dates = {k: v.isoformat() for k, v in metadata.items() if isinstance(v, dt.date)}
    buffer = io.StringIO()
    YAML(typ="safe", pure=True).dump({**front_matter, **metadata, **dates}, buffer)
    copy.write_text(f"---\n{buffer.getvalue()}---\n{body}", encoding="utf-8")


def wrap_inline_expressions(folder: Path, source: Source) -> None:
    """Send inline values through our own printing, so that no-break spaces survive.

    Parameters
    ----------
    folder : Path
        Staged folder, files changed in place.
    source : Source
        Document parsed from it.
    """
    for inline in {
        (s.place.file, s.code): s for s in source.segments if isinstance(s, Inline)
    }.values():
        path = folder / inline.place.file
        pattern = re.compile(rf"`\{{python\}}[ \t]+{re.escape(inline.code)}[ \t]*`")
        wrapped = f"`{{python}} {_INLINE.format(code=inline.code)}`"
        text = pattern.sub(wrapped.replace("\\", r"\\"), path.read_text("utf-8"))
        path.write_text(text, encoding="utf-8")


def _render_one(copy: Path, to: str, environment: Mapping[str, str], folder: Path) -> Path:
    try:
        done = subprocess.run(
            [sys.executable, "-c", _CALL, copy.name, _QUARTO_FORMATS[to]],
            capture_output=True,
            text=True,
            cwd=copy.parent,
            env=dict(environment),
            check=False,
            timeout=_RENDER_TIMEOUT_S,
        )
    except subprocess.TimeoutExpired as error:
        msg = f"{copy.name}: Quarto took longer than {_RENDER_TIMEOUT_S} s for {to}"
        raise RenderError(msg) from error
    messages = f"{done.stdout}\n{done.stderr}"
    trouble = next((s for s in messages.splitlines() if _TROUBLE.search(s)), "")
    written = copy.with_suffix(f".{to}")
    if trouble or done.returncode != 0 or not written.is_file():
        last = trouble or (messages.strip().splitlines() or ["no message"])[-1]
        msg = f"{copy.name}: Quarto could not write {to}: {last.strip()}"
        raise RenderError(msg)
    return Path(shutil.move(written, folder / written.name))
