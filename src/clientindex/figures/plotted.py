"""What a figure shows, as CSV: every mark with its coordinates in the units of the axes."""

from __future__ import annotations

import csv
import io
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedFormatter, FixedLocator, FuncFormatter

from clientindex.files import neutralise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

COLUMNS: Final = (
    *("panel", "mark", "series", "part", "x_name", "y_name"),
    *("x", "y", "x2", "y2", "value", "text"),
)
"""Columns of the CSV: where a mark stands, what it is, names of categories, coordinates."""

DIGITS: Final = 5
"""Significant digits of coordinates: more than a reader can see in the figure."""
_NEAR: Final = 0.45
"""A mark this near to the tick of a category belongs to it."""
_NAMING: Final = (FixedFormatter, FuncFormatter)
_NUMBER: Final = re.compile(r"^[\d\s.,%+\-\u2212]+$")
_COLOURBAR: Final = "<colorbar>"

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """One mark: a point, or a segment or box with two corners; NaN where there is nothing."""

    kind: str
    x: float = math.nan
    y: float = math.nan
    x2: float = math.nan
    y2: float = math.nan
    value: float = math.nan
    text: str = ""

    @property
    def middle(self) -> tuple[float, float]:
        """Return where the mark stands among categories."""
        return _middle(self.x, self.x2), _middle(self.y, self.y2)


def figure_to_csv(figure: Figure) -> bytes:
    """Return what a figure shows as CSV (UTF-8, comma, point).

    Parameters
    ----------
    figure : Figure

    Returns
    -------
    bytes
        One row a mark, columns :data:`COLUMNS`: ``line`` and ``point`` by vertex, ``segment`` and
        ``box`` by two corners, ``area`` by vertex, ``cell`` of a matrix with its value, ``text``.
        The first rows of a panel hold its ``title`` and the labels of its axes, ``x_axis`` and
        ``y_axis``. What does not stand in the units of an axis has no coordinate there. Equal
        figures give equal bytes.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    shown = [axes for axes in figure.axes if axes.get_label() != _COLOURBAR]
    for number, axes in enumerate(shown, 1):
        writer.writerows(_write_panel(axes, number))
    return buffer.getvalue().encode()


def _write_panel(axes: Axes, number: int) -> Iterator[list[str]]:
    for kind, told in _list_labels(axes):
        yield [str(number), kind, *[""] * (len(COLUMNS) - 3), told]
    x_names, y_names = _name_ticks(axes.xaxis), _name_ticks(axes.yaxis)
    for part, (artist, marks) in enumerate(_list_artists(axes), 1):
        label = str(artist.get_label())
        series = "" if label.startswith("_") else _clean(label)
        for mark in marks:
            x, y = mark.middle
            names = [_find_name(x, x_names), _find_name(y, y_names)]
            numbers = map(_number, (mark.x, mark.y, mark.x2, mark.y2, mark.value))
            yield [str(number), mark.kind, series, str(part), *names, *numbers, mark.text]


def _list_labels(axes: Axes) -> Iterator[tuple[str, str]]:
    labels = {"title": axes.get_title(), "x_axis": axes.get_xlabel(), "y_axis": axes.get_ylabel()}
    return ((mark, _clean(told)) for mark, told in labels.items() if told.strip())


def _list_artists(axes: Axes) -> Iterator[tuple[Artist, list[_Mark]]]:
    """Yield the artists that show data, in the order of drawing lists, with their marks."""
    artists: list[Any] = [*axes.lines, *axes.patches, *axes.collections, *axes.images, *axes.texts]
    for artist in artists:
        on_x, on_y = _stands_in_data(artist, axes)
        marks = [_keep(mark, on_x, on_y) for mark in _read(artist)] if on_x or on_y else []
        if marks and artist.get_visible():
            yield artist, marks


def _stands_in_data(artist: Any, axes: Axes) -> tuple[bool, bool]:
    if isinstance(artist, PathCollection):
        return True, True
    on_x, on_y = artist.get_transform().contains_branch_seperately(axes.transData)
    return bool(on_x), bool(on_y)


def _keep(mark: _Mark, on_x: bool, on_y: bool) -> _Mark:
    """Leave out the coordinate that is a share of the panel and not a value."""
    if on_x and on_y:
        return mark
    x, x2 = (mark.x, mark.x2) if on_x else (math.nan, math.nan)
    y, y2 = (mark.y, mark.y2) if on_y else (math.nan, math.nan)
    return _Mark(kind=mark.kind, x=x, y=y, x2=x2, y2=y2, value=mark.value, text=mark.text)


def _read(artist: Any) -> Iterator[_Mark]:
    if hasattr(artist, "get_xydata"):
        kind = "point" if artist.get_linestyle() in ("None", "", " ") else "line"
        yield from _points(kind, artist.get_xydata())
    elif isinstance(artist, LineCollection):
        yield from _read_segments(artist.get_segments())
    elif isinstance(artist, PathCollection):
        yield from _points("point", artist.get_offsets())
    elif isinstance(artist, PolyCollection):
        for path in artist.get_paths():
            yield from _points("area", path.vertices)
    elif isinstance(artist, Rectangle):
        yield _box((*artist.get_xy(), artist.get_width(), artist.get_height()))
    elif hasattr(artist, "get_paths"):
        yield from (_box(path.get_extents().bounds) for path in artist.get_paths())
    elif hasattr(artist, "get_extent") and hasattr(artist, "get_array"):
        yield from _read_matrix(artist.get_array(), artist.get_extent())
    elif hasattr(artist, "get_text") and artist.get_text().strip():
        x, y = artist.get_position() if not hasattr(artist, "xy") else artist.xy
        yield _Mark(kind="text", x=float(x), y=float(y), text=_clean(artist.get_text()))


def _points(kind: str, points: Any) -> Iterator[_Mark]:
    for x, y in np.ma.filled(np.ma.asarray(points, dtype=float), np.nan):
        if not (math.isnan(x) and math.isnan(y)):
            yield _Mark(kind=kind, x=float(x), y=float(y))


def _read_segments(segments: Iterable[Any]) -> Iterator[_Mark]:
    for segment in segments:
        if len(segment) == 2:
            (x, y), (x2, y2) = segment
            yield _Mark(kind="segment", x=float(x), y=float(y), x2=float(x2), y2=float(y2))
        else:
            yield from _points("line", segment)


def _box(bounds: Box) -> _Mark:
    x, y, width, height = map(float, bounds)
    return _Mark(kind="box", x=x, y=y, x2=x + width, y2=y + height)


def _read_matrix(array: Any, extent: Box) -> Iterator[_Mark]:
    """Yield the cells of a matrix of values, none of a picture made of colours."""
    values: Any = np.ma.filled(np.ma.asarray(array, dtype=float), np.nan)
    if values.ndim != 2:
        return
    left, right, bottom, top = extent
    height, width = values.shape
    for (row, column), value in np.ndenumerate(values):
        x = left + (right - left) * (column + 0.5) / width
        y = top + (bottom - top) * (row + 0.5) / height
        if not math.isnan(value):
            yield _Mark(kind="cell", x=x, y=y, value=float(value))


def _name_ticks(axis: Axis) -> dict[float, str]:
    """Return the names of the categories of an axis by their place, none of an axis of numbers."""
    locator: Any = axis.get_major_locator()
    formatter: Any = axis.get_major_formatter()
    if not isinstance(locator, FixedLocator) or not isinstance(formatter, _NAMING):
        return {}
    names = {float(place): _clean(formatter(place, i)) for i, place in enumerate(locator())}
    named = {place: name for place, name in names.items() if name}
    return {} if all(_NUMBER.match(name) for name in named.values()) else named


def _find_name(place: float, names: dict[float, str]) -> str:
    nearest = min(names, key=lambda other: abs(other - place), default=math.nan)
    return names[nearest] if abs(nearest - place) <= _NEAR else ""


def _middle(first: float, second: float) -> float:
    return first if math.isnan(second) else (first + second) / 2


def _clean(text: object) -> str:
    """Return text on one line that no spreadsheet takes for a formula."""
    return neutralise(" ".join(str(text).split()))


def _number(value: float) -> str:
    """Write a number; minus zero is zero."""
    return "" if not math.isfinite(value) else f"{value + 0.0:.{DIGITS}g}"
