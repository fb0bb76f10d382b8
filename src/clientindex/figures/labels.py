"""Labels that pass through the wording: numbers on ticks, names that are wrapped, legends."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.textpath import text_to_path
from matplotlib.ticker import Formatter, MaxNLocator

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend

    from clientindex.wording import Wording

MAX_DIGITS: Final = 3
LEGEND_MARKER_PT: Final = 4.5
LEGEND_LINE_PT: Final = 1.2
SMALLEST_WRAPPED_PT: Final = 5.8
FONT: Final = "DejaVu Sans"
"""Of the house style; texts are measured in it."""
SMALLEST_PT: Final = 4.8
"""Type that would have to be smaller is left out."""
NOTE_PT: Final = 7.5
NOTE_WIDTH: Final = 96
"""Longest line of a note below a figure, characters."""
_POINTS_PER_INCH: Final = 72
_LINE_SPACING: Final = 1.25


class WordingFormatter(Formatter):
    """Tick labels with the decimal sign of the language and as many digits as the ticks need."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def __call__(self, x: float, pos: int | None = None) -> str:
        """Return the label of one tick."""
        return self._format(x, digits=count_digits([x]))

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """Return the labels of all ticks, with equal numbers of digits."""
        digits = count_digits(values)
        return [self._format(value, digits=digits) for value in values]

    def _format(self, value: float, *, digits: int) -> str:
        if digits == 0:
            return self._wording.integer(round(value))
        return self._wording.number(float(value), digits=digits)


def count_digits(values: Sequence[float]) -> int:
    """Return the fewest decimals (at most :data:`MAX_DIGITS`) that show the values exactly."""
    for digits in range(MAX_DIGITS):
        if all(abs(value - round(value, digits)) < 1e-9 for value in values):
            return digits
    return MAX_DIGITS


def use_wording(axis: Axis, wording: Wording, *, integers: bool = False) -> None:
    """Write the ticks of a numeric axis in the language; `integers` allows whole numbers only."""
    if integers:
        axis.set_major_locator(MaxNLocator(nbins=7, integer=True, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(WordingFormatter(wording))


def use_ranks(axis: Axis, wording: Wording, *, last: float) -> None:
    """Write ticks 1, then round numbers up to `last`: there is no rank 0."""
    use_wording(axis, wording, integers=True)
    round_ticks = [tick for tick in axis.get_ticklocs() if max(1, last * 0.05) < tick <= last]
    axis.set_ticks([1, *round_ticks])


def wrap(text: str, *, width: int) -> str:
    """Break a label into the fewest lines of at most `width` characters, then even them out.

    Words stay whole: a longer word makes a longer line.
    """
    lines = _break(text, width)
    for narrower in range(width - 1, 0, -1):
        tried = _break(text, narrower)
        if len(tried) > len(lines) or max(map(len, tried), default=0) > width:
            break
        lines = tried
    return "\n".join(lines)


def _break(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width=width, break_long_words=False, break_on_hyphens=False)


def name_rows(ax: Axes, names: Sequence[str], *, row_in: float, width: int) -> None:
    """Name the rows 0, 1, ... of a horizontal figure from top to bottom.

    Long names are broken where a row has room for two lines; the type shrinks where rows are lower
    than their lines: no name is cut and none overlaps.

    Parameters
    ----------
    ax : Axes
    names : sequence of str
        One name a row.
    row_in : float
        Height of a row, inches.
    width : int
        Longest line, characters.
    """
    fits_two = row_in * _POINTS_PER_INCH >= 2 * SMALLEST_WRAPPED_PT * _LINE_SPACING
    labels = [wrap(name, width=width) if fits_two else name for name in names]
    lines = max((label.count("\n") + 1 for label in labels), default=1)
    size = min(8.0, row_in * _POINTS_PER_INCH / (lines * _LINE_SPACING))
    ax.set_yticks(range(len(labels)), labels=labels)
    ax.tick_params(axis="y", length=0, labelsize=size)
    ax.set_ylim(len(labels) - 0.5, -0.5)


def print_n(
    counts: Iterable[float], rows: Iterable[float], *, ax: Axes, wording: Wording, size: float
) -> None:
    """Print the number of cases of each row to the right of the axes, in type of `size` points."""
    for row, n in zip(rows, counts, strict=True):
        ax.annotate(
            wording.text("figures.n", n=wording.integer(int(n))),
            (1.01, row),
            xycoords=("axes fraction", "data"),
            va="center",
            size=size,
        )


def with_count(name: str, n: int, *, wording: Wording) -> str:
    """Return a name followed by the number of cases behind it."""
    return wording.text("figures.with_count", name=name, n=wording.integer(n))


def with_centres(name: str, n: int, *, wording: Wording) -> str:
    """Return a name followed by the number of centres behind it."""
    return wording.text("figures.with_centres", name=name, n=wording.integer(n))


def add_legend(figure: Figure, ax: Axes, *, columns: int) -> None:
    """Put the legend of `ax` above the figure, outside all axes.

    Marks in the legend have one size, however small those of 2,000 centres are.
    """
    handles, labels = ax.get_legend_handles_labels()
    even_marks(figure.legend(handles, labels, loc="outside upper center", ncols=columns))


def even_marks(legend: Legend) -> None:
    """Give the marks of a legend one size."""
    for handle in legend.legend_handles:
        if isinstance(handle, Line2D):
            handle.set_markersize(LEGEND_MARKER_PT)
            handle.set_markeredgewidth(0.8)
            handle.set_linewidth(max(handle.get_linewidth(), LEGEND_LINE_PT))


def add_note(ax: Axes, text: str, *, width: int = NOTE_WIDTH) -> None:
    """Write what a reader must know below the axes, broken into even lines."""
    ax.set_xlabel(wrap(text, width=width), loc="right", size=NOTE_PT, linespacing=1.3, labelpad=6)


def measure(text: str, *, size: float, weight: str = "normal") -> float:
    """Return the width of the longest line of a text in inches."""
    font = FontProperties(family=FONT, weight=weight, size=size)
    widths = [
        text_to_path.get_text_width_height_descent(line, font, ismath=False)[0]
        for line in text.split("\n")
    ]
    return float(max(widths)) / _POINTS_PER_INCH


def fit_size(texts: Iterable[str], *, width_in: float, largest: float) -> float:
    """Return the type size in points, at most `largest`, at which every text fits the width."""
    widest = max((measure(text, size=largest) for text in texts), default=0.0)
    return largest if widest <= width_in else largest * width_in / widest


def name_basis(basis: str, wording: Wording) -> str:
    """Name the kind of correlations."""
    return wording.text(f"basis.{basis}")
