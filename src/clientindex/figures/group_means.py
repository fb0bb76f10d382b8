"""Mean score of every group of expectations with its interval, over all regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.figures.labels import add_legend, name_rows, print_n, use_wording
from clientindex.figures.means import draw_intervals, draw_means
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_row_figure
from clientindex.results import COUNTRY, GroupMeans

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

ROW_IN, ROOM_IN = 0.36, 1.05
NAME_WIDTH = 26
N_PT, POINTS_PER_INCH = 8.0, 72


def draw_group_means(
    result: GroupMeans, *, ax: Axes, wording: Wording, methodology: Methodology, row_in: float
) -> Axes:
    """Draw the mean score of groups over all regions, in the order of the methodology, with n.

    A group without an interval (one centre) gets a hollow marker; a group without a score is left
    out.

    Parameters
    ----------
    result : GroupMeans
    ax : Axes
    wording : Wording
    methodology : Methodology
        Names of groups.
    row_in : float
        Height of a row, inches; sets the size of the type.

    Returns
    -------
    Axes
    """
    frame = arrange_groups(result)
    draw_means(
        frame,
        ax=ax,
        row_in=row_in,
        label=wording.text("figures.group_means.mean"),
        label_single=wording.text("figures.group_means.no_interval"),
    )
    draw_intervals(frame, ax=ax, wording=wording, level=result.level)
    size = min(N_PT, row_in * POINTS_PER_INCH)
    print_n(frame["n_centres"], range(len(frame)), ax=ax, wording=wording, size=size)
    names = [methodology.group(key).name.in_language(wording.language) for key in frame["group"]]
    name_rows(ax, names, row_in=row_in, width=NAME_WIDTH)
    use_wording(ax.xaxis, wording)
    ax.set_xlabel(wording.text("figures.group_means.x"), loc="right")
    ax.grid(visible=True, axis="x")
    ax.spines["left"].set_visible(False)
    return ax


def arrange_groups(result: GroupMeans) -> pd.DataFrame:
    """Return the rows of the country that have a score, in the order of the methodology."""
    frame = result.frame
    return frame[(frame["region"] == COUNTRY) & frame["estimate"].notna()]


def _make(bundle: Bundle, wording: Wording) -> Figure:
    means = take(bundle, "group_means", GroupMeans)
    n_rows = len(arrange_groups(means))
    figure, row_in = new_row_figure(n_rows, wanted_in=ROW_IN, room_in=ROOM_IN)
    ax = figure.add_subplot()
    draw_group_means(means, ax=ax, wording=wording, methodology=bundle.methodology, row_in=row_in)
    add_legend(figure, ax, columns=2)
    return figure


RECIPE = Recipe(
    name="group_means",
    needs=(
        Need(name="group_means", kind=GroupMeans, has_content=lambda r: len(arrange_groups(r)) > 0),
    ),
    make=_make,
)
