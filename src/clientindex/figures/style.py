"""The house style, and figures as bytes.

A figure keeps the style only if it is drawn once inside :func:`house_style` (ticks are made late),
and the salt and font type of an SVG are read when it is written: both happen here.
"""

from __future__ import annotations

import io
from contextlib import contextmanager
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Final

import matplotlib.style
from matplotlib.figure import Figure

from clientindex.figures.steady_layout import SteadyLayout

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH_IN: Final = 6.5
"""Width of every figure, inches: the text width of an A4 page."""
MAX_HEIGHT_IN: Final = 8.8
"""Tallest figure that leaves room for its caption on an A4 page, inches."""

STYLE_NAME: Final = "clientindex.mplstyle"


@contextmanager
def house_style() -> Iterator[None]:
    """Set the house style over matplotlib's own defaults, whatever the machine's settings are."""
    with (
        as_file(files("clientindex.figures") / STYLE_NAME) as path,
        matplotlib.style.context(str(path), after_reset=True),
    ):
        yield


def new_figure(height_in: float) -> Figure:
    """Return an empty figure of text width; no window and no pyplot state belongs to it."""
    return Figure(figsize=(WIDTH_IN, min(height_in, MAX_HEIGHT_IN)), layout=SteadyLayout())


def row_height(n_rows: float, *, wanted_in: float, room_in: float) -> float:
    """Return the height of one row in inches: as wanted, or what the page leaves for each.

    Parameters
    ----------
    n_rows : float
        Rows, and parts of rows that gaps take.
    wanted_in : float
        Comfortable height of a row.
    room_in : float
        Height taken by axis labels and legend.
    """
    return min(wanted_in, (MAX_HEIGHT_IN - room_in) / max(n_rows, 1))


def new_row_figure(n_rows: float, *, wanted_in: float, room_in: float) -> tuple[Figure, float]:
    """Return an empty figure as high as its rows need, and the height of a row in inches.

    Parameters
    ----------
    n_rows, wanted_in, room_in
        As of :func:`row_height`.
    """
    row_in = row_height(n_rows, wanted_in=wanted_in, room_in=room_in)
    return new_figure(room_in + row_in * n_rows), row_in


def figure_to_svg(figure: Figure) -> bytes:
    """Return the figure as SVG without a date: equal figures give equal bytes."""
    with house_style():
        buffer = io.BytesIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()


def figure_to_png(figure: Figure, *, dpi: float = 200) -> bytes:
    """Return the figure as PNG."""
    with house_style():
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
    return buffer.getvalue()
