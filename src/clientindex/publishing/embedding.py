"""Images and the stylesheet inside a page, so that one file is all there is.

Pandoc's own `--embed-resources` reads the finished page once more as a tree, which takes three
times as long as writing it.
"""

from __future__ import annotations

import base64
import html
import mimetypes
import re
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from clientindex.errors import RenderError

if TYPE_CHECKING:
    from pathlib import Path

_IMAGE: Final = re.compile(r'(<img\b[^>]*?\bsrc=")([^"]+)(")')
_STYLESHEET: Final = re.compile(r'<link rel="stylesheet" href="([^"]+)">')


def embed_resources(page: str, *, folder: Path) -> str:
    """Return a page with its images and stylesheets inside.

    Parameters
    ----------
    page : str
        HTML as Pandoc writes it.
    folder : Path
        Paths in the page are relative to it.

    Raises
    ------
    RenderError
        A file is missing, or an image is not a file of the document.
    """
    styled = _STYLESHEET.sub(partial(_embed_stylesheet, folder=folder), page)
    return _IMAGE.sub(partial(_embed_image, folder=folder), styled)


def _embed_stylesheet(link: re.Match[str], *, folder: Path) -> str:
    text = _read(link[1], folder=folder).decode()
    return f'<style type="text/css">\n{text}</style>'


def _embed_image(image: re.Match[str], *, folder: Path) -> str:
    opening, target, closing = image.groups()
    if target.startswith("data:"):
        return image[0]
    kind, _ = mimetypes.guess_type(target)
    if kind is None or not kind.startswith("image/"):
        msg = f"{html.unescape(target)}: not the name of an image file, such as figure.png"
        raise RenderError(msg)
    content = base64.b64encode(_read(target, folder=folder)).decode()
    return f"{opening}data:{kind};base64,{content}{closing}"


def _read(target: str, *, folder: Path) -> bytes:
    name = unquote(html.unescape(target))
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        msg = f"{name}: cannot be put into the page ({error.strerror or error})"
        raise RenderError(msg) from error
