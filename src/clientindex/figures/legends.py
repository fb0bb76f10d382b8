"""Legends of several panels: every entry once, in as many columns as the page has room for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from clientindex.figures.labels import even_marks, measure, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEGEND_PT: Final = 7.5
GAP_IN: Final = 0.42
"""Handle of an entry and the space to the next column, inches."""
MOST_COLUMNS: Final = 4
ENTRY_WIDTH: Final = 46
"""Longest line of an entry, characters."""


def add_common_legend(
    figure: Figure, axes: Iterable[Axes], *, order: Sequence[str] = (), width: int = ENTRY_WIDTH
) -> None:
    """Put one legend of all axes above the figure; what several axes have stands once.

    Parameters
    ----------
    figure : Figure
    axes : iterable of Axes
    order : sequence of str
        Labels that come first, in this order; the others follow as they were drawn.
    width : int
        Longest line of an entry, characters.
    """
    found: dict[str, Artist] = {}
    for ax in axes:
        for handle, label in zip(*ax.get_legend_handles_labels(), strict=True):
            found.setdefault(label, handle)
    labels = [label for label in order if label in found]
    labels += [label for label in found if label not in labels]
    entries = {wrap(label, width=width): found[label] for label in labels}
    legend = figure.legend(
        list(entries.values()),
        list(entries),
        loc="outside upper center",
        ncols=fit_columns(list(entries), width_in=figure.get_figwidth()),
        fontsize=LEGEND_PT,
    )
    even_marks(legend)


def fit_columns(labels: Sequence[str], *, width_in: float) -> int:
    """Return the most columns in which a legend fits a width; it is filled column by column."""
    widths = np.array([measure(label, size=LEGEND_PT) + GAP_IN for label in labels])
    for columns in range(min(len(labels), MOST_COLUMNS), 1, -1):
        if sum(float(part.max()) for part in np.array_split(widths, columns)) <= width_in:
            return columns
    return 1
