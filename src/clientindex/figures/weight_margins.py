"""Shares of levels of traits: known of the visitors, of the answers before and after weighting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from clientindex.figures import colours
from clientindex.figures.labels import name_rows, use_wording
from clientindex.figures.legends import add_common_legend
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_row_figure
from clientindex.results import ALL_SEGMENTS
from clientindex.results.answer_weights import AnswerWeights
from clientindex.wording.names import name_joined, name_level, name_segment, name_trait

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

ROW_IN, ROOM_IN = 0.27, 1.15
NAME_WIDTH: Final = 48
LOOKS: Final[dict[str, dict[str, Any]]] = {
    "share": {"marker": "|", "color": colours.INK, "markersize": 11, "markeredgewidth": 1.8},
    "before": {"marker": "o", "color": colours.OVERALL, "markerfacecolor": colours.PAPER},
    "after": {"marker": "D", "color": colours.ESTIMATE},
}
KEY: Final = "figures.weight_margins"


def draw_weight_margins(
    result: AnswerWeights,
    *,
    ax: Axes,
    wording: Wording,
    methodology: Methodology,
    scope: str,
    row_in: float,
) -> Axes:
    """Draw one row a level of a trait: known share, share before weighting and after it.

    Parameters
    ----------
    result : AnswerWeights
    ax : Axes
    wording : Wording
    methodology : Methodology
        Names of the segments.
    scope : str
        Centre or region.
    row_in : float
        Height of a row, inches; sets the size of the type.

    Returns
    -------
    Axes
    """
    frame = select_scope(result, scope)
    rows = np.arange(len(frame))
    ends = 100 * frame[list(LOOKS)].to_numpy(float)
    ax.hlines(rows, ends.min(axis=1), ends.max(axis=1), color=colours.NET_SHADE, linewidth=1.0)
    for name, look in LOOKS.items():
        ax.plot(
            100 * frame[name].to_numpy(float),
            rows,
            linestyle="none",
            label=wording.text(f"{KEY}.{name}"),
            **({"markersize": min(5.0, row_in * 26)} | look),
        )
    name_rows(ax, name_levels(frame, methodology, wording), row_in=row_in, width=NAME_WIDTH)
    traits = (frame["trait"] + "/" + frame["segment"]).to_numpy()
    for row in np.flatnonzero(traits[1:] != traits[:-1]):
        ax.axhline(row + 0.5, color=colours.REFERENCE, linewidth=0.6, linestyle=":", zorder=0.5)
    use_wording(ax.xaxis, wording)
    n = wording.integer(int(result.scopes.set_index("scope").loc[scope, "n"]))  # type: ignore[arg-type]
    ax.set_xlabel(wording.text(f"{KEY}.x", scope=scope, n=n), loc="right", parse_math=False)
    ax.grid(visible=True, axis="x")
    ax.spines["left"].set_visible(False)
    return ax


def select_scope(result: AnswerWeights, scope: str) -> pd.DataFrame:
    """Return the levels of one centre or region with all three shares, in their order."""
    frame = result.margins[result.margins["scope"] == scope]
    return frame[frame[list(LOOKS)].notna().all(axis=1)]


def choose_scope(result: AnswerWeights) -> str:
    """Return the centre or region in which weighting moved a share most, among the raked ones.

    Where none was raked, that with the largest difference from a margin. Empty without margins.
    """
    frame = result.margins
    frame = frame[frame[list(LOOKS)].notna().all(axis=1)]
    raked = frame["scope"].isin(result.scopes.loc[result.scopes["raked"].astype(bool), "scope"])
    frame = frame[raked] if raked.any() else frame
    if frame.empty:
        return ""
    column = "after" if raked.any() else "share"
    moved = (frame[column] - frame["before"]).abs().groupby(frame["scope"]).max().round(9)
    return str(moved.sort_index().idxmax())


def name_levels(frame: pd.DataFrame, methodology: Methodology, wording: Wording) -> list[str]:
    """Name the rows: trait, the segment where there is one, level and what it is joined with."""
    names = []
    columns = ["segment", "trait", "level", "joined"]
    for segment, trait, level, joined in frame[columns].astype(str).itertuples(index=False):
        parts = [name_trait(trait, methodology, wording)]
        if segment not in {"", ALL_SEGMENTS}:
            parts.append(name_segment(segment, methodology, wording))
        told = name_level(trait, level, methodology, wording)
        if joined:
            whole = name_joined(trait, joined, methodology, wording)
            told = wording.text(f"{KEY}.joined", level=told, joined=whole)
        names.append(f"{', '.join(parts)}: {told}")
    return names


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result = take(bundle, "answer_weights", AnswerWeights)
    scope = choose_scope(result)
    n_rows = len(select_scope(result, scope))
    figure, row_in = new_row_figure(n_rows, wanted_in=ROW_IN, room_in=ROOM_IN)
    ax = figure.add_subplot()
    draw_weight_margins(
        result,
        ax=ax,
        wording=wording,
        methodology=bundle.methodology,
        scope=scope,
        row_in=row_in,
    )
    add_common_legend(figure, [ax])
    return figure


def _describe(bundle: Bundle, wording: Wording) -> dict[str, str]:
    result = take(bundle, "answer_weights", AnswerWeights)
    scope = choose_scope(result)
    frame = select_scope(result, scope).reset_index(drop=True)
    far = int((frame["before"] - frame["share"]).abs().round(9).argmax())
    shares = {name: wording.percent(float(frame[name].iloc[far]), digits=1) for name in LOOKS}
    return shares | {
        "scope": scope,
        "level": name_levels(frame, bundle.methodology, wording)[far],
        "levels": wording.integer(len(frame)),
        "raked": wording.integer(int(result.scopes["raked"].sum())),
        "scopes": wording.integer(len(result.scopes)),
    }


RECIPE = Recipe(
    name="weight_margins",
    needs=(
        Need(
            name="answer_weights",
            kind=AnswerWeights,
            has_content=lambda r: choose_scope(r) != "",
        ),
    ),
    make=_make,
    describe=_describe,
)
