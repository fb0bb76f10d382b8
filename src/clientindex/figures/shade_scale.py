"""The scale of shades that stand for shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.ticker import FixedLocator, FuncFormatter

from clientindex.figures import colours
from clientindex.figures.labels import NOTE_PT, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.wording import Wording

TICKS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
LABEL_WIDTH: Final = 72


def add_share_scale(
    figure: Figure,
    ax: Axes,
    *,
    label: str,
    wording: Wording,
    cax: Axes | None = None,
    lowest: float = 0.0,
) -> None:
    """Put the scale of shares from `lowest` to all above the axes, or into `cax`."""
    shown = ScalarMappable(norm=Normalize(lowest, 1), cmap=colours.SHARES)
    if cax is None:
        bar = figure.colorbar(shown, ax=ax, location="top", shrink=0.6, aspect=40, pad=0.02)
    else:
        bar = figure.colorbar(shown, cax=cax, orientation="horizontal")
    bar.ax.xaxis.set_major_locator(FixedLocator([lowest + tick * (1 - lowest) for tick in TICKS]))
    bar.ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: wording.percent(x, digits=0)))
    bar.outline.set_linewidth(0.4)
    bar.ax.tick_params(labelsize=7)
    bar.set_label(wrap(label, width=LABEL_WIDTH), size=NOTE_PT)
