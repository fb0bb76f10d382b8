"""Places of centres by two methodologies, joined by lines: who rises, who falls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from clientindex.figures import colours
from clientindex.figures.labels import use_ranks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from clientindex.results.methodology_comparison import MethodologyComparison
    from clientindex.wording import Wording

KEY: Final = "figures.rank_slopes"
KINDS: Final = ("same", "gained", "lost")
"""In the order of drawing: what changes stars lies above what does not."""
COLOURS: Final = {
    "same": colours.OTHER_REGIONS,
    "gained": colours.ABOVE,
    "lost": colours.BELOW,
}
DASHES: Final[dict[str, Literal["solid", "dashed"]]] = {
    "same": "solid",
    "gained": "solid",
    "lost": "dashed",
}
WIDTHS: Final = {"same": 0.35, "gained": 0.9, "lost": 1.0}
SIDE: Final = 0.06
"""Free space beside the two columns of places."""


def draw_rank_slopes(result: MethodologyComparison, *, ax: Axes, wording: Wording) -> Axes:
    """Draw a line a centre from its place by the old methodology to that by the new one.

    Only centres with a star in both are ranked, best on top. Lines of those whose stars change are
    coloured, dashed where there are fewer.

    Parameters
    ----------
    result : MethodologyComparison
    ax : Axes
    wording : Wording

    Returns
    -------
    Axes
    """
    ranked = arrange_slopes(result)
    sides = [wording.text(f"{KEY}.{side}") for side in ("before", "after")]
    draw_slopes(ranked, ax=ax, wording=wording, sides=sides)
    ax.set_ylabel(wording.text(f"{KEY}.y"))
    _explain(ranked, ax=ax, wording=wording)
    return ax


def draw_slopes(ranked: pd.DataFrame, *, ax: Axes, wording: Wording, sides: Sequence[str]) -> None:
    """Draw a line a centre between its places on two sides.

    Parameters
    ----------
    ranked : DataFrame
        ``rank_before``, ``rank_after``, ``kind`` of :data:`KINDS`.
    ax : Axes
    wording : Wording
    sides : sequence of str
        Names of the left and of the right side.
    """
    for kind in KINDS:
        own = ranked.loc[ranked["kind"] == kind, ["rank_before", "rank_after"]]
        ends = own.to_numpy(float)
        if not len(ends):
            continue
        places = np.broadcast_to([0.0, 1.0], ends.shape)
        lines = LineCollection(
            list(np.stack([places, ends], axis=-1)),
            colors=COLOURS[kind],
            linewidths=WIDTHS[kind],
            linestyles=DASHES[kind],
            zorder=2 + KINDS.index(kind),
        )
        ax.add_collection(lines)
    last = max(len(ranked), 1)
    ax.set_xlim(-SIDE, 1 + SIDE)
    ax.set_ylim(last + 0.02 * last + 0.5, 1 - 0.02 * last - 0.5)
    use_ranks(ax.yaxis, wording, last=last)
    ax.set_xticks([0, 1], labels=list(sides))
    ax.xaxis.set_ticks_position("top")
    ax.tick_params(axis="x", length=0, labelsize=8.5)


def arrange_slopes(result: MethodologyComparison) -> pd.DataFrame:
    """Return the ranked centres: ``rank_before``, ``rank_after``, ``kind`` of :data:`KINDS`."""
    frame = result.centres.dropna(subset=["rank_before", "rank_after"])
    kind = find_kinds(frame["stars_gained"])
    return frame[["centre", "rank_before", "rank_after"]].assign(kind=kind)


def find_kinds(gained: pd.Series) -> NDArray[np.str_]:
    """Return the kind of a line by the stars that the centre gains; unknown ones do not change."""
    stars = gained.astype(float)
    return np.select([stars > 0, stars < 0], ["gained", "lost"], default="same")


def make_handles(kinds: Iterable[str]) -> list[Line2D]:
    """Return lines for a key."""
    return [
        Line2D([], [], color=COLOURS[k], linestyle=DASHES[k], linewidth=max(WIDTHS[k], 0.8))
        for k in kinds
    ]


def _explain(ranked: pd.DataFrame, *, ax: Axes, wording: Wording) -> None:
    """Put the key below the axes, with the number of centres of every kind."""
    kinds = [kind for kind in ("gained", "lost", "same") if (ranked["kind"] == kind).any()]
    handles = make_handles(kinds)
    labels = [
        wording.text(
            "figures.with_count",
            name=wording.text(f"{KEY}.{kind}"),
            n=wording.integer(int((ranked["kind"] == kind).sum())),
        )
        for kind in kinds
    ]
    ax.legend(
        handles,
        labels,
        loc="upper center",
        bbox_to_anchor=(0.5, -0.01),
        fontsize=7.5,
        frameon=False,
        ncols=1,
    )
