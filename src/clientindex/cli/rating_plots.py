"""Figures of one region and of one centre, which documents do not have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.figures import house_style
from clientindex.figures.legends import add_common_legend
from clientindex.figures.rank_intervals import LEGEND_WIDTH, draw_rank_intervals
from clientindex.figures.recipe import mark_synthetic
from clientindex.figures.region_centres import draw_region_centres
from clientindex.figures.score_parts import draw_score_parts
from clientindex.figures.star_probabilities import draw_star_probabilities
from clientindex.figures.style import new_row_figure
from clientindex.results import RankTable, ScoreParts, StarDoubt, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.cli.rated import Rated
    from clientindex.wording import Wording

ROW_IN, ROOM_IN = 0.27, 1.2
"""Height of a row, and of what stands around the rows, inches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A figure of a region or a centre: its name, its rows, whether keys stand below, its maker."""

    name: str
    n_rows: int
    has_legend: bool = False
    draw: Callable[[Axes, Wording, float], object]


def draw_plot(plot: Plot, rated: Rated, wording: Wording) -> Figure:
    """Draw a figure of a region or a centre in the house style."""
    with house_style():
        figure, row_in = new_row_figure(plot.n_rows, wanted_in=ROW_IN, room_in=ROOM_IN)
        ax = figure.subplots()
        plot.draw(ax, wording, row_in)
        if plot.has_legend:
            add_common_legend(figure, [ax], width=LEGEND_WIDTH)
        if rated.edition.synthetic:
            mark_synthetic(figure, wording)
        figure.draw_without_rendering()
    return figure


def list_region_plots(rated: Rated, region: str) -> list[Plot]:
    """List the figures of a region: indices, probabilities of stars, ranks."""
    stars = rated.stars
    own = stars.frame[stars.frame["region"] == region]
    given = own.loc[own["withheld"] == "", "centre"].tolist()
    names = dict(zip(own["centre"], own["name"], strict=True))
    plots = [
        Plot(
            name="region_centres",
            has_legend=True,
            n_rows=len(own),
            draw=lambda ax, wording, row_in: draw_region_centres(
                stars,
                ax=ax,
                wording=wording,
                methodology=rated.methodology,
                region=region,
                row_in=row_in,
            ),
        )
    ]
    doubt = rated.take("star_doubt", StarDoubt)
    if given and not isinstance(doubt, Unavailable):
        plots.append(
            Plot(
                name="star_probabilities",
                n_rows=len(given),
                draw=lambda ax, wording, row_in: draw_star_probabilities(
                    doubt, ax=ax, wording=wording, centres=given, row_in=row_in
                ),
            )
        )
    ranks = rated.take("ranks", RankTable)
    if not isinstance(ranks, Unavailable) and (ranks.frame["scope"] == region).any():
        plots.append(
            Plot(
                name="rank_intervals",
                has_legend=True,
                n_rows=len(given),
                draw=lambda ax, wording, row_in: draw_rank_intervals(
                    ranks,
                    ax=ax,
                    wording=wording,
                    scope=region,
                    names=names,
                    height_in=row_in * len(given),
                ),
            )
        )
    return plots


def list_centre_plots(rated: Rated, centre: str | None) -> list[Plot]:
    """List the figures of a centre: what its index is made of, the probability of its stars."""
    plots = []
    parts = rated.take("score_parts", ScoreParts)
    if not isinstance(parts, Unavailable):
        n_rows = int((parts.frame["centre"] == centre).sum())
        if n_rows:
            plots.append(
                Plot(
                    name="score_parts",
                    n_rows=n_rows,
                    draw=lambda ax, wording, row_in: draw_score_parts(
                        parts,
                        ax=ax,
                        wording=wording,
                        methodology=rated.methodology,
                        centre=str(centre),
                        row_in=row_in,
                    ),
                )
            )
    doubt = rated.take("star_doubt", StarDoubt)
    if not isinstance(doubt, Unavailable):
        given = doubt.probabilities["centre"] == centre
        if given.any():
            plots.append(
                Plot(
                    name="star_probabilities",
                    n_rows=1,
                    draw=lambda ax, wording, row_in: draw_star_probabilities(
                        doubt, ax=ax, wording=wording, centres=[str(centre)], row_in=row_in
                    ),
                )
            )
    return plots
