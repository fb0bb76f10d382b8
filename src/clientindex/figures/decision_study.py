"""How well centres would be told apart with other numbers of respondents and indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.figures import colours
from clientindex.figures.labels import WordingFormatter, add_legend, use_wording, wrap
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_figure
from clientindex.results import INDEX, CentreReliability
from clientindex.wording.names import name_group

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

HEIGHT_IN: Final = 4.3
SIDE_WIDTH: Final = 40
LINES: Final = ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)))
PANELS: Final = {"respondents": "fixed", "indicators": "relative"}
"""What varies -> the coefficient that is drawn."""


def draw_decision_study(
    result: CentreReliability,
    facet: str,
    *,
    ax: Axes,
    wording: Wording,
    methodology: Methodology,
) -> Axes:
    """Draw one curve a group, and the index with its interval.

    Parameters
    ----------
    result : CentreReliability
    facet : {"respondents", "indicators"}
        What varies: over respondents the listed indicators are all there are, over indicators they
        are a sample.
    ax : Axes
    wording : Wording
    methodology : Methodology

    Returns
    -------
    Axes
    """
    frame = select_rows(result, facet)
    groups = [key for key in (INDEX, *methodology.group_keys) if key in set(frame["group"])]
    for number, key in enumerate(groups):
        part = frame[frame["group"] == key].sort_values(facet)
        x = part[facet].to_numpy(float)
        colour, _ = colours.segment_look(number)
        if key == INDEX:
            low, high = (part[end].to_numpy(float) for end in ("ci_low", "ci_high"))
            ax.fill_between(x, low, high, color=colours.BIAS_SHADE, linewidth=0)
        ax.plot(
            x,
            part["estimate"].to_numpy(float),
            linestyle=LINES[number % len(LINES)],
            linewidth=1.8 if key == INDEX else 1.2,
            color=colour,
            label=name_group(key, methodology, wording),
        )
    for level in methodology.reliability.centre_levels:
        ax.axhline(level, color=colours.REFERENCE, linestyle=":", linewidth=0.8, zorder=0)
    if facet == "respondents":
        ax.axvline(result.minimum_sample, color=colours.OVERALL, linestyle="--", linewidth=1.0)
        ax.set_xlim(0, 200)
    ax.set_ylim(0, 1)
    use_wording(ax.xaxis, wording, integers=True)
    ax.yaxis.set_major_formatter(WordingFormatter(wording))
    ax.grid(visible=True, axis="y")
    text = wording.text(f"figures.decision_study.{facet}", n=wording.integer(result.minimum_sample))
    ax.set_xlabel(wrap(text, width=SIDE_WIDTH))
    return ax


def select_rows(result: CentreReliability, facet: str) -> pd.DataFrame:
    """Return the curves of everybody over one facet."""
    frame = result.curves
    chosen = (frame["kind"] == "all") & (frame["facet"] == facet)
    return frame[chosen & (frame["statistic"] == PANELS[facet]) & frame["estimate"].notna()]


def _make(bundle: Bundle, wording: Wording) -> Figure:
    figure = new_figure(HEIGHT_IN)
    result = take(bundle, "centre_reliability", CentreReliability)
    axes = figure.subplots(1, 2, sharey=True)
    for ax, facet in zip(axes, PANELS, strict=True):
        draw_decision_study(result, facet, ax=ax, wording=wording, methodology=bundle.methodology)
    level = wording.percent(result.confidence, digits=0)
    axes[0].set_ylabel(
        wrap(wording.text("figures.decision_study.y", level=level), width=SIDE_WIDTH)
    )
    add_legend(figure, axes[0], columns=2)
    return figure


RECIPE = Recipe(
    name="decision_study",
    needs=(
        Need(
            name="centre_reliability",
            kind=CentreReliability,
            has_content=lambda r: all(len(select_rows(r, facet)) for facet in PANELS),
        ),
    ),
    make=_make,
)
