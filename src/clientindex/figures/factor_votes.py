"""How many factors each rule names, side by side: the rules disagree, and the panel says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from clientindex.figures import colours
from clientindex.figures.labels import add_legend, name_basis, name_rows, use_wording, wrap
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_row_figure
from clientindex.results import FactorNumber
from clientindex.wording.names import name_rule

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.results import Bundle
    from clientindex.wording import Wording

ROW_IN, ROOM_IN = 0.34, 1.35
NAME_WIDTH = 36
SPREAD: Final = 0.4
"""Share of a row over which its kinds of correlations lie."""
MOST_TICKS: Final = 12
"""With more factors not every number has its tick."""


def draw_factor_votes(result: FactorNumber, *, ax: Axes, wording: Wording, row_in: float) -> Axes:
    """Draw one row a rule, one marker a kind of correlations, with the range over the bootstrap.

    A rule that is not defined says so in its row. At the right stands the share of bootstrap
    replicates with the same vote.

    Parameters
    ----------
    result : FactorNumber
    ax : Axes
    wording : Wording
    row_in : float
        Height of a row, inches; sets the size of the type.

    Returns
    -------
    Axes
    """
    votes = result.votes
    rules = list(dict.fromkeys(zip(votes["rule"], votes["reference"], strict=True)))
    bases = list(dict.fromkeys(votes["basis"]))
    offsets = np.linspace(-SPREAD / 2, SPREAD / 2, len(bases)) if len(bases) > 1 else [0.0]
    size = min(7.0, row_in * 72 * 0.42)
    for number, (basis, offset) in enumerate(zip(bases, offsets, strict=True)):
        part = votes[votes["basis"] == basis]
        keys = zip(part["rule"], part["reference"], strict=True)
        rows = np.array([rules.index(key) for key in keys]) + offset
        _draw_basis(part, rows, number, ax=ax, label=_capitalise(name_basis(basis, wording)))
        _print_shares(part, rows, ax=ax, wording=wording, size=size)
    ax.axvline(
        result.n_intended,
        color=colours.OVERALL,
        linestyle="-.",
        linewidth=1.1,
        zorder=1,
        label=wording.text("figures.factor_votes.intended", n=wording.integer(result.n_intended)),
    )
    name_rows(ax, [name_rule(*rule, wording) for rule in rules], row_in=row_in, width=NAME_WIDTH)
    _set_view(result, ax=ax, wording=wording)
    return ax


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]


def _draw_basis(part: pd.DataFrame, rows: np.ndarray, number: int, *, ax: Axes, label: str) -> None:
    colour, marker = colours.segment_look(number + 1)
    low, high = _numbers(part["n_low"]), _numbers(part["n_high"])
    sure = ~np.isnan(low)
    ax.hlines(rows[sure], low[sure], high[sure], color=colour, linewidth=2.2, alpha=0.55, zorder=2)
    ax.plot(
        _numbers(part["n_factors"]), rows, marker, color=colour, markersize=5, label=label, zorder=3
    )


def _numbers(column: pd.Series) -> np.ndarray:
    return column.astype("Float64").to_numpy(float, na_value=np.nan)


def _print_shares(
    part: pd.DataFrame, rows: np.ndarray, *, ax: Axes, wording: Wording, size: float
) -> None:
    for row, share, vote in zip(rows, part["share"], _numbers(part["n_factors"]), strict=True):
        if np.isnan(vote):
            text = wording.text("figures.factor_votes.undefined")
        elif np.isnan(share):
            continue
        else:
            text = wording.percent(share, digits=0)
        ax.annotate(text, (1.01, row), xycoords=("axes fraction", "data"), va="center", size=size)


def _set_view(result: FactorNumber, *, ax: Axes, wording: Wording) -> None:
    last = max(
        float(np.nanmax(_numbers(result.votes[column]), initial=0.0))
        for column in ("n_factors", "n_high")
    )
    ax.set_xlim(-0.4, max(last, result.n_intended) + 0.6)
    use_wording(ax.xaxis, wording, integers=True)
    if max(last, result.n_intended) <= MOST_TICKS:
        ax.set_xticks(range(int(max(last, result.n_intended)) + 1))
    ax.grid(visible=True, axis="x")
    ax.spines["left"].set_visible(False)
    level = wording.percent(result.level, digits=0)
    ax.set_xlabel(
        wrap(
            wording.text("figures.factor_votes.x", level=level, n=wording.integer(result.n)),
            width=72,
        ),
        loc="right",
    )
    if result.votes["share"].notna().any():
        _head_shares(ax, wording)


def _head_shares(ax: Axes, wording: Wording) -> None:
    ax.annotate(
        wording.text("figures.factor_votes.share"),
        (1.01, 1.005),
        xycoords="axes fraction",
        va="bottom",
        size=7,
    )


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result = take(bundle, "factor_number", FactorNumber)
    n_rows = len(result.votes[["rule", "reference"]].drop_duplicates())
    figure, row_in = new_row_figure(n_rows, wanted_in=ROW_IN, room_in=ROOM_IN)
    ax = figure.add_subplot()
    draw_factor_votes(result, ax=ax, wording=wording, row_in=row_in)
    add_legend(figure, ax, columns=3)
    return figure


RECIPE = Recipe(
    name="factor_votes",
    needs=(
        Need(
            name="factor_number",
            kind=FactorNumber,
            has_content=lambda r: bool(r.votes["n_factors"].notna().any()),
        ),
    ),
    make=_make,
)
