"""Small panels with common axes: the index and every group of survey and checklist."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from clientindex.figures.labels import measure, wrap
from clientindex.figures.style import MAX_HEIGHT_IN, WIDTH_IN, new_figure
from clientindex.results import INDEX
from clientindex.wording.names import name_group

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.methodology import Methodology
    from clientindex.wording import Wording

PANEL_IN, ROOM_IN, ENTRY_IN = 2.1, 0.6, 0.17
MOST_COLUMNS: Final = 3
TITLE_PT: Final = 8.5
LINES_IN: Final = 0.7
"""Panel width that its heading leaves free, inches."""


def list_subjects(found: Iterable[str], methodology: Methodology) -> list[str]:
    """Return the index and the groups that were found, in the order of the methodology."""
    present = set(found)
    return [key for key in (INDEX, *methodology.group_keys) if key in present]


def count_columns(n_panels: int) -> int:
    """Return the number of panel columns: two by two for four panels, else up to three."""
    return 2 if n_panels == 4 else min(n_panels, MOST_COLUMNS)


def make_panels(n_panels: int, *, n_entries: int) -> tuple[Figure, list[Axes]]:
    """Return a figure of panels with common axes; lowest panels keep their tick labels.

    Parameters
    ----------
    n_panels : int
    n_entries : int
        Entries of the legend, for which the figure grows.
    """
    columns = count_columns(n_panels)
    rows = math.ceil(n_panels / columns)
    legend_in = ENTRY_IN * math.ceil(n_entries / 2)
    figure = new_figure(min(ROOM_IN + legend_in + PANEL_IN * rows, MAX_HEIGHT_IN))
    axes = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel()
    for number in range(n_panels, rows * columns):
        axes[number].remove()
        axes[number - columns].tick_params(labelbottom=True)
    return figure, list(axes[:n_panels])


def head_panel(ax: Axes, key: str, n: int, *, wording: Wording, methodology: Methodology) -> None:
    """Write the name of the subject above its panel, and the number of centres."""
    columns = ax.get_subplotspec()
    n_columns = columns.get_gridspec().ncols if columns else 1
    room = WIDTH_IN / n_columns - LINES_IN
    whole = key == INDEX
    name = wording.text("compared.index") if whole else name_group(key, methodology, wording)
    width = max(10, int(len(name) * room / measure(name, size=TITLE_PT)))
    count = wording.text("figures.n", n=wording.integer(n))
    ax.set_title(f"{wrap(name, width=width)}\n{count}", size=TITLE_PT)


def select_points(points: pd.DataFrame, subject: str) -> pd.DataFrame:
    """Return the centres that have both scores of a subject."""
    chosen = points[points["subject"] == subject]
    return chosen[chosen["survey"].notna() & chosen["checklist"].notna()]


def fit_marker(n: int) -> float:
    """Return the size of marks in points: smaller where there are more centres."""
    return min(3.5, max(1.5, 60 / math.sqrt(max(n, 1))))
