"""Figures as image files with caption, label and alternative text.

A cell that shows a figure itself must always show one; printing the image as Markdown lets a
section say in words why it has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from IPython.core.getipython import get_ipython
from matplotlib.figure import Figure

from clientindex.figures import figure_to_png, figure_to_svg
from clientindex.publishing.assemble import FIGURES
from clientindex.publishing.execute import FIGURE_DPI
from clientindex.tables.markdown import escape_markdown

if TYPE_CHECKING:
    from pathlib import Path

SVG, PNG = "image/svg+xml", "image/png"
_ENDINGS: Final = {SVG: "svg", PNG: "png"}


def write_illustration(figure: Figure, *, name: str, caption: str, alt: str, folder: Path) -> str:
    """Write the image files that the renderer asked for and return the Markdown of the figure.

    Parameters
    ----------
    figure : Figure
    name : str
        Name of the figure; with hyphens and ``fig-`` before it, its label.
    caption, alt : str
        Caption, and the text read out instead of the image.
    folder : Path
        Folder of the document; the files go into a folder below it.

    Returns
    -------
    str
        An image with SVG where the kernel was set to show it, PNG otherwise; the embedded renderer
        finds the PNG of the same name for DOCX.
    """
    wanted = find_wanted_formats()
    target = folder / FIGURES
    target.mkdir(exist_ok=True)
    label = f"fig-{name.replace('_', '-')}"
    if SVG in wanted:
        (target / f"{label}.svg").write_bytes(figure_to_svg(figure))
    if PNG in wanted:
        (target / f"{label}.png").write_bytes(figure_to_png(figure, dpi=FIGURE_DPI))
    quoted = " ".join(alt.split()).replace("\\", "\\\\").replace('"', '\\"')
    path = f"{FIGURES}/{label}.{_ENDINGS[wanted[0]]}"
    return f'![{escape_markdown(caption)}]({path}){{#{label} fig-alt="{quoted}"}}'


def find_wanted_formats() -> tuple[str, ...]:
    """Return the kinds of image that the kernel shows figures in, SVG first; PNG without one.

    Quarto sets one kind a format, the embedded renderer both.
    """
    shell = get_ipython()
    if shell is None or shell.display_formatter is None:
        return (PNG,)
    formatters = shell.display_formatter.formatters
    wanted = [kind for kind in (SVG, PNG) if _knows_figures(formatters[kind])]
    return tuple(wanted) or (PNG,)


def _knows_figures(formatter: object) -> bool:
    try:
        formatter.lookup_by_type(Figure)  # type: ignore[attr-defined]  # IPython's formatters have it
    except KeyError:
        return False
    return True
