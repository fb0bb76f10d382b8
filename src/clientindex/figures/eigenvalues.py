"""Scree plot: observed eigenvalues against those of random data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from clientindex.figures import colours
from clientindex.figures.labels import add_legend, name_basis, use_ranks, use_wording, wrap
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_figure
from clientindex.results import FactorNumber

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

HEIGHT_IN: Final = 4.1
KINDS: Final = ("components", "axis")
RULES: Final = {"components": "parallel_components", "axis": "parallel_axis"}
"""Kind of eigenvalues -> rule of parallel analysis that reads them."""
VIEW_FACTOR: Final = 1.25
"""The view ends this many times above the second eigenvalue and the first random one."""
CUT_FACTOR: Final = 1.6
"""An eigenvalue so many times above the end of the view is cut off and told as a number."""
CUT_AT: Final = 0.985
"""Where a cut eigenvalue is marked, share of the height."""
SIDE_WIDTH: Final = 44


def draw_eigenvalues(
    result: FactorNumber, *, ax: Axes, wording: Wording, basis: str, kind: str
) -> Axes:
    """Draw eigenvalues in falling order with the band of random data.

    Observed eigenvalues have their bootstrap interval; the band reaches from the mean of the random
    eigenvalues to their high quantile, once for each kind of random data. Vertical lines mark the
    number of groups of the methodology and the votes of parallel analysis. First eigenvalues far
    above all others are cut off and printed as numbers, so that the rest can be told apart.

    Parameters
    ----------
    result : FactorNumber
    ax : Axes
    wording : Wording
    basis : {"polychoric", "pearson"}
    kind : {"components", "axis"}

    Returns
    -------
    Axes
    """
    frame = result.eigenvalues
    frame = frame[(frame["basis"] == basis) & (frame["kind"] == kind)]
    references = list(dict.fromkeys(frame["reference"]))
    observed = frame[frame["reference"] == references[0]]
    top = _find_top(frame)
    _draw_observed(observed, ax=ax, wording=wording, level=result.level)
    for number, reference in enumerate(references):
        _draw_random(frame[frame["reference"] == reference], number, ax=ax, wording=wording)
    _mark_intended(result.n_intended, ax=ax, wording=wording)
    _mark_votes(result.votes, ax=ax, wording=wording, basis=basis, kind=kind)
    last = int(observed["position"].max())
    ax.set_xlim(0.3, last + 0.7)
    ax.set_ylim(min(0.0, float(frame["estimate"].min()) - 0.1), top)
    _tell_cut(observed[observed["estimate"] > top], ax=ax, wording=wording)
    use_ranks(ax.xaxis, wording, last=last)
    use_wording(ax.yaxis, wording)
    ax.grid(visible=True, axis="y")
    ax.set_title(wrap(wording.text(f"figures.eigenvalues.{kind}"), width=SIDE_WIDTH))
    return ax


def _find_top(frame: pd.DataFrame) -> float:
    """Return the upper end of the view: all eigenvalues, unless the first stands far above."""
    largest = float(np.nanmax(frame[["estimate", "ci_high"]].to_numpy(float)))
    rest = frame[frame["position"] > 1]
    told = np.r_[rest["estimate"], rest["ci_high"], frame["random_high"]].astype(float)
    top = VIEW_FACTOR * float(np.nanmax(told)) if len(rest) else largest
    return top if largest > CUT_FACTOR * top else 1.05 * largest


def _draw_random(part: pd.DataFrame, number: int, *, ax: Axes, wording: Wording) -> None:
    colour, style = colours.RANDOM[number % len(colours.RANDOM)], ("--", ":")[number % 2]
    position = part["position"].to_numpy(int)
    mean, high = part["random_mean"].to_numpy(float), part["random_high"].to_numpy(float)
    reference = str(part["reference"].iloc[0])
    ax.fill_between(position, mean, high, color=colour, alpha=0.3, linewidth=0, zorder=1)
    ax.plot(
        position,
        high,
        linestyle=style,
        color=colour,
        linewidth=1.1,
        zorder=2,
        label=wording.text(f"figures.eigenvalues.random_{reference}"),
    )


def _draw_observed(part: pd.DataFrame, *, ax: Axes, wording: Wording, level: float) -> None:
    position, estimate = part["position"].to_numpy(int), part["estimate"].to_numpy(float)
    sure = part["ci_low"].notna().to_numpy()
    if sure.any():
        ax.vlines(
            position[sure],
            part["ci_low"].to_numpy(float)[sure],
            part["ci_high"].to_numpy(float)[sure],
            color=colours.ESTIMATE,
            linewidth=1.2,
            zorder=3,
            label=wording.text("figures.interval", level=wording.percent(level, digits=0)),
        )
    ax.plot(
        position,
        estimate,
        "o-",
        color=colours.ESTIMATE,
        linewidth=0.9,
        markersize=3.4,
        zorder=4,
        label=wording.text("figures.eigenvalues.observed"),
    )


def _mark_intended(n_intended: int, *, ax: Axes, wording: Wording) -> None:
    ax.axvline(
        n_intended + 0.5,
        color=colours.OVERALL,
        linewidth=1.1,
        linestyle="-.",
        zorder=2.5,
        label=wording.text("figures.eigenvalues.intended", n=wording.integer(n_intended)),
    )


def _mark_votes(votes: pd.DataFrame, *, ax: Axes, wording: Wording, basis: str, kind: str) -> None:
    """Ring the last eigenvalue that parallel analysis keeps, one ring a kind of random data."""
    chosen = votes[(votes["basis"] == basis) & (votes["rule"] == RULES[kind])]
    chosen = chosen[chosen["n_factors"].notna() & (chosen["n_factors"] > 0).fillna(value=False)]
    for number, row in enumerate(chosen.to_dict("records")):
        ax.plot(
            [int(row["n_factors"])],
            [0.045 + 0.075 * number],
            colours.SEGMENT_MARKERS[3 + number % 2],
            transform=ax.get_xaxis_transform(),
            color=colours.RANDOM[number % len(colours.RANDOM)],
            markeredgecolor=colours.INK,
            markersize=6,
            zorder=5,
            label=wording.text(f"figures.eigenvalues.vote_{row['reference']}"),
        )


def _tell_cut(cut: pd.DataFrame, *, ax: Axes, wording: Wording) -> None:
    """Mark eigenvalues beyond the view by a triangle and print them with their interval."""
    for number, row in enumerate(cut.to_dict("records")):
        ax.plot(
            [row["position"]],
            [CUT_AT],
            "^",
            transform=ax.get_xaxis_transform(),
            color=colours.ESTIMATE,
            markersize=6,
            clip_on=False,
            zorder=5,
        )
        text = wording.number(row["estimate"], digits=2)
        if not np.isnan(row["ci_low"]):
            text += f" {wording.interval(row['ci_low'], row['ci_high'], digits=2)}"
        ax.annotate(
            f"← {text}",
            (len(cut) + 1.2, 0.975 - 0.08 * number),
            xycoords=ax.get_xaxis_transform(),
            va="center",
            size=7.5,
            bbox={"facecolor": colours.PAPER, "edgecolor": "none", "pad": 1.2},
            zorder=6,
        )


def draw_panels(
    result: FactorNumber, *, figure: Figure, wording: Wording, methodology: Methodology
) -> Figure:
    """Draw components and principal axes side by side, of the correlations that lead."""
    basis = find_basis(result, methodology)
    kinds = [kind for kind in KINDS if (result.eigenvalues["kind"] == kind).any()]
    axes = figure.subplots(1, len(kinds), squeeze=False).ravel()
    for ax, kind in zip(axes, kinds, strict=True):
        draw_eigenvalues(result, ax=ax, wording=wording, basis=basis, kind=kind)
    settings = {
        "basis": name_basis(basis, wording),
        "quantile": wording.percent(result.quantile, digits=0),
        "replicates": wording.integer(result.random_replicates),
        "n": wording.integer(result.n),
    }
    note = wrap(wording.text("figures.eigenvalues.x", **settings), width=92)
    figure.supxlabel(note, size="medium")
    axes[0].set_ylabel(wording.text("figures.eigenvalues.y"))
    add_legend(figure, axes[0], columns=3)
    return figure


def find_basis(result: FactorNumber, methodology: Methodology) -> str:
    """Return the kind of correlations that leads, or the one there is."""
    found = list(dict.fromkeys(result.eigenvalues["basis"]))
    wanted = methodology.factors.correlations
    return wanted if wanted in found else str(found[0])


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result = take(bundle, "factor_number", FactorNumber)
    figure = new_figure(HEIGHT_IN)
    return draw_panels(result, figure=figure, wording=wording, methodology=bundle.methodology)


RECIPE = Recipe(
    name="eigenvalues",
    needs=(
        Need(
            name="factor_number",
            kind=FactorNumber,
            has_content=lambda r: bool(r.eigenvalues["estimate"].notna().any()),
        ),
    ),
    make=_make,
)
