"""Eigenvalues of the correlations, with the number of factors that the model keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clientindex.figures import colours
from clientindex.figures.labels import add_legend, use_ranks, use_wording
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_figure
from clientindex.results import ExploratoryModel

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.results import Bundle
    from clientindex.wording import Wording

HEIGHT_IN = 3.4
MEAN_EIGENVALUE = 1.0
"""The eigenvalues of a correlation matrix of K indicators sum to K."""


def draw_eigenvalues(result: ExploratoryModel, *, ax: Axes, wording: Wording) -> Axes:
    """Draw the eigenvalues in falling order; those of kept factors are filled.

    Parameters
    ----------
    result : ExploratoryModel
    ax : Axes
    wording : Wording

    Returns
    -------
    Axes
    """
    values, kept = result.eigenvalues, result.n_factors
    number = np.arange(1, len(values) + 1)
    ax.plot(number, values, color=colours.INTERVAL, linewidth=1.2, zorder=1)
    ax.plot(
        number[:kept],
        values[:kept],
        "o",
        markersize=5,
        color=colours.ESTIMATE,
        label=wording.text("figures.eigenvalues.kept", n=wording.integer(kept)),
    )
    ax.plot(
        number[kept:],
        values[kept:],
        "o",
        markersize=5,
        color=colours.ESTIMATE,
        markerfacecolor=colours.PAPER,
        label=wording.text("figures.eigenvalues.dropped"),
    )
    ax.axvline(kept + 0.5, color=colours.OVERALL, linewidth=1.0, linestyle="--")
    ax.axhline(
        MEAN_EIGENVALUE,
        color=colours.REFERENCE,
        linewidth=0.8,
        linestyle=":",
        label=wording.text("figures.eigenvalues.mean"),
    )
    ax.set_xlim(0.4, len(values) + 0.6)
    ax.set_ylim(bottom=min(0.0, float(values.min())))
    ax.grid(visible=True, axis="y")
    use_ranks(ax.xaxis, wording, last=len(values))
    use_wording(ax.yaxis, wording)
    ax.set_xlabel(wording.text("figures.eigenvalues.x", n=wording.integer(result.n)))
    ax.set_ylabel(wording.text("figures.eigenvalues.y"))
    return ax


def _make(bundle: Bundle, wording: Wording) -> Figure:
    figure = new_figure(HEIGHT_IN)
    ax = figure.add_subplot()
    draw_eigenvalues(take(bundle, "exploratory", ExploratoryModel), ax=ax, wording=wording)
    add_legend(figure, ax, columns=3)
    return figure


RECIPE = Recipe(
    name="eigenvalues",
    needs=(
        Need(
            name="exploratory",
            kind=ExploratoryModel,
            has_content=lambda r: r.eigenvalues.size > 0,
        ),
    ),
    make=_make,
)
