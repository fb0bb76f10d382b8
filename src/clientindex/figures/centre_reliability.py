"""Reliability of the index of every centre against the number of its answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from matplotlib.ticker import NullFormatter

from clientindex.figures import colours
from clientindex.figures.labels import WordingFormatter, add_legend
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_figure
from clientindex.results import INDEX, CentreReliability

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

HEIGHT_IN: Final = 4.0
ROUND: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)


def draw_centre_reliability(
    result: CentreReliability, *, ax: Axes, wording: Wording, methodology: Methodology
) -> Axes:
    """Draw one point a centre; the levels asked for and the minimum sample are lines.

    Centres whose sampling error is from other centres are hollow.

    Parameters
    ----------
    result : CentreReliability
    ax : Axes
    wording : Wording
    methodology : Methodology
        Levels of reliability.

    Returns
    -------
    Axes
    """
    frame = select_rows(result)
    for own, fill in ((True, colours.ESTIMATE), (False, colours.PAPER)):
        part = frame[frame["own"] == own]
        if len(part):
            ax.plot(
                part["n"].to_numpy(float),
                part["estimate"].to_numpy(float),
                "o",
                color=colours.ESTIMATE,
                markerfacecolor=fill,
                markersize=3.4,
                markeredgewidth=0.8,
                label=wording.text(f"figures.centre_reliability.{'own' if own else 'pooled'}"),
            )
    for number, level in enumerate(methodology.reliability.centre_levels):
        label = wording.text("figures.centre_reliability.level") if number == 0 else "_level"
        ax.axhline(level, color=colours.REFERENCE, linestyle=":", linewidth=1.0, label=label)
    ax.axvline(
        result.minimum_sample,
        color=colours.OVERALL,
        linestyle="--",
        linewidth=1.1,
        label=wording.text(
            "figures.centre_reliability.minimum", n=wording.integer(result.minimum_sample)
        ),
    )
    _scale(ax, [*frame["n"], result.minimum_sample], wording)
    ax.set_ylim(0, 1)
    ax.yaxis.set_major_formatter(WordingFormatter(wording))
    ax.grid(visible=True, axis="y")
    ax.set_xlabel(wording.text("figures.centre_reliability.x"))
    ax.set_ylabel(wording.text("figures.centre_reliability.y"))
    return ax


def _scale(ax: Axes, n: list[float], wording: Wording) -> None:
    low, high = min(n) / 1.2, max(n) * 1.2
    ax.set_xscale("log")
    ax.set_xlim(low, high)
    ticks = [tick for tick in ROUND if low <= tick <= high]
    ax.set_xticks(ticks, labels=[wording.integer(tick) for tick in ticks])
    ax.xaxis.set_minor_formatter(NullFormatter())


def select_rows(result: CentreReliability) -> pd.DataFrame:
    """Return the reliability of the index of every centre that has answers."""
    frame = result.centres
    chosen = (frame["kind"] == "all") & (frame["group"] == INDEX) & (frame["n"] > 0)
    return frame[chosen & frame["estimate"].notna()]


def _make(bundle: Bundle, wording: Wording) -> Figure:
    figure = new_figure(HEIGHT_IN)
    ax = figure.add_subplot()
    result = take(bundle, "centre_reliability", CentreReliability)
    draw_centre_reliability(result, ax=ax, wording=wording, methodology=bundle.methodology)
    add_legend(figure, ax, columns=2)
    return figure


RECIPE = Recipe(
    name="centre_reliability",
    needs=(
        Need(
            name="centre_reliability",
            kind=CentreReliability,
            has_content=lambda r: len(select_rows(r)) > 0,
        ),
    ),
    make=_make,
)
