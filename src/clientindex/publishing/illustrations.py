"""Figures as image files with caption, label and alternative text.

A cell that shows a figure itself must always show one; printing the image as Markdown lets a
section say in words why it has none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from IPython.core.getipython import get_ipython
from matplotlib.figure import Figure

from clientindex.figures import figure_to_png, figure_to_svg
from clientindex.figures.plotted import figure_to_csv
from clientindex.publishing.assemble import FIGURES
from clientindex.publishing.bitmap import FIGURE_DPI, svg_to_png
from clientindex.publishing.shelf import keep_image, take_image
from clientindex.tables.markdown import escape_markdown

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from traitlets.config import Config

SVG, PNG, CSV = "image/svg+xml", "image/png", "text/csv"
_BREAKS: Final = re.compile(r"[ \t\r\n]+")
"""Spaces that an alternative text may lose; no-break ones stay."""
_ENDINGS: Final = {SVG: "svg", PNG: "png", CSV: "csv"}


def write_illustration(
    draw: Callable[[], Figure],
    *,
    name: str,
    language: str,
    caption: str,
    alt: str,
    folder: Path,
) -> str:
    """Write the image files that the renderer asked for and return the Markdown of the figure.

    Parameters
    ----------
    draw : callable
        Draws the figure; not called where another document of the publication has drawn it, see
        :mod:`clientindex.publishing.shelf`.
    name, language : str
        Name of the figure; with hyphens and ``fig-`` before it, its label.
    caption, alt : str
        Caption, and the text read out instead of the image.
    folder : Path
        Folder of the document; the files go into a folder below it.

    Returns
    -------
    str
        An image with SVG where the kernel was set to show it, PNG otherwise; the embedded renderer
        finds the PNG of the same name for DOCX. Beside an SVG stands a CSV of what it shows.
    """
    wanted = find_wanted_formats()
    target = folder / FIGURES
    target.mkdir(exist_ok=True)
    label = f"fig-{name.replace('_', '-')}"
    kinds = (*wanted, CSV) if SVG in wanted else wanted
    for kind, image in _make_images(draw, f"{label}.{language}", kinds).items():
        (target / f"{label}.{_ENDINGS[kind]}").write_bytes(image)
    quoted = _BREAKS.sub(" ", alt).replace("\\", "\\\\").replace('"', '\\"')
    path = f"{FIGURES}/{label}.{_ENDINGS[wanted[0]]}"
    return f'![{escape_markdown(caption)}]({path}){{#{label} fig-alt="{quoted}"}}'


def _make_images(
    draw: Callable[[], Figure], name: str, wanted: tuple[str, ...]
) -> dict[str, bytes]:
    """Take the images that another document left, and draw where one is missing."""
    found = {kind: take_image(f"{name}.{_ENDINGS[kind]}") for kind in wanted}
    images = {kind: image for kind, image in found.items() if image is not None}
    if len(images) == len(wanted):
        return images
    images = _draw_images(draw(), wanted)
    for kind, image in images.items():
        keep_image(f"{name}.{_ENDINGS[kind]}", image)
    return images


def _draw_images(figure: Figure, wanted: tuple[str, ...]) -> dict[str, bytes]:
    if SVG not in wanted:
        return {PNG: figure_to_png(figure, dpi=FIGURE_DPI)}
    images = {SVG: figure_to_svg(figure), CSV: figure_to_csv(figure)}
    if PNG in wanted:
        images[PNG] = svg_to_png(images[SVG], dpi=FIGURE_DPI)
    return images


def find_wanted_formats() -> tuple[str, ...]:
    """Return the kinds of image that the kernel shows figures in, SVG first; PNG without one.

    Quarto sets one kind a format, the embedded renderer both.
    """
    shell = get_ipython()
    if shell is None or shell.display_formatter is None:
        return (PNG,)
    formatters = shell.display_formatter.formatters
    wanted = [kind for kind in (SVG, PNG) if _knows_figures(formatters[kind])]
    return tuple(wanted) or _read_configured(shell.config) or (PNG,)


def _read_configured(config: Config) -> tuple[str, ...]:
    """Return the kinds that figures will be shown in once a cell loads Matplotlib's pyplot."""
    configured = config.get("InlineBackend", {}).get("figure_formats", ())
    return tuple(kind for kind in (SVG, PNG) if _ENDINGS[kind] in configured)


def _knows_figures(formatter: object) -> bool:
    try:
        formatter.lookup_by_type(Figure)  # type: ignore[attr-defined]  # IPython's formatters have it
    except KeyError:
        return False
    return True
