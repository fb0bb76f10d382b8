"""Which renderer this machine can use.

Apart from rendering itself, because the answer is wanted also when nothing has to be rendered, and
the packages that run cells are slow to import.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import Literal

from clientindex.errors import RenderError
from clientindex.publishing.pandoc import pandoc_version
from clientindex.publishing.quarto_cli import find_quarto_version

RendererName = Literal["quarto", "embedded"]
RendererWish = Literal["auto", "quarto", "embedded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Renderer:
    """A renderer that can be used on this machine.

    Attributes
    ----------
    name : {"quarto", "embedded"}
        Which one.
    version : str
        Its version.
    reason : str
        Why it was chosen, one sentence for the log.
    """

    name: RendererName
    version: str
    reason: str

    def __str__(self) -> str:
        """Return the line that is printed before rendering."""
        return f"{self.name} {self.version} ({self.reason})"


def choose_renderer(wish: RendererWish = "auto") -> Renderer:
    """Choose Quarto when it works, the embedded renderer otherwise.

    Parameters
    ----------
    wish : {"auto", "quarto", "embedded"}, optional
        A renderer asked for by name is used or refused, never replaced.

    Returns
    -------
    Renderer

    Raises
    ------
    RenderError
        Quarto is asked for but is absent or broken, or the name is unknown.
    """
    if wish not in ("auto", "quarto", "embedded"):
        msg = f"renderer {wish!r} is not one of auto, quarto, embedded"
        raise RenderError(msg)
    if wish == "embedded":
        return Renderer(name="embedded", version=embedded_version(), reason="as asked")
    version, trouble = find_quarto_version()
    if version:
        return Renderer(name="quarto", version=version, reason="found on the path")
    if wish == "quarto":
        msg = f"renderer quarto was asked for, but {trouble}"
        raise RenderError(msg)
    return Renderer(name="embedded", version=embedded_version(), reason=trouble)


def embedded_version() -> str:
    """Return the versions of the programs behind the embedded renderer."""
    return f"(Pandoc {pandoc_version()}, typst {version('typst')})"
