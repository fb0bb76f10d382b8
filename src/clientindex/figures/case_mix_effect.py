"""What the adjustment for the traits of clients does to the index of centres, by set of traits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.lines import Line2D

from clientindex.figures import colours
from clientindex.figures.labels import use_wording
from clientindex.figures.legends import add_common_legend
from clientindex.figures.panels import MOST_COLUMNS, TITLE_PT, fit_marker, make_panels
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.star_bands import list_bands
from clientindex.results import Stars
from clientindex.results.case_mix import CaseMix
from clientindex.wording.names import name_trait

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

N_ENTRIES: Final = 4
FAR: Final = 100.0
"""No adjustment goes so far, points."""
TALLER_IN: Final = 0.9
"""What panels of a single row gain in height, inches."""
LOOKS: Final = {
    "same": ("o", colours.INK, 0.45),
    "down": ("v", colours.FLAGGED, 1.0),
    "up": ("^", colours.ESTIMATE, 1.0),
}
KEY: Final = "figures.case_mix_effect"


def draw_case_mix_effect(
    result: CaseMix,
    *,
    ax: Axes,
    wording: Wording,
    methodology: Methodology,
    name: str,
    cuts: Sequence[float],
) -> Axes:
    """Draw one point a centre: the index without adjustment, and what the adjustment adds to it.

    Centres whose star changes have a colour and a marker of their own; dotted lines are the index
    with and without adjustment at which stars change: above the falling one the adjusted index
    reaches the cut point.

    Parameters
    ----------
    result : CaseMix
    ax : Axes
    wording : Wording
    name : str
        Set of traits.
    cuts : sequence of float
        Cut points of the stars; none where peer groups have their own.

    Returns
    -------
    Axes
    """
    points = select_centres(result, name)
    ax.axhline(0, color=colours.REFERENCE, linewidth=0.7, zorder=1)
    size = fit_marker(len(points))
    for kind, (marker, colour, alpha) in LOOKS.items():
        part = points[points["kind"] == kind]
        if len(part):
            ax.plot(
                part["unadjusted"].to_numpy(float),
                part["difference"].to_numpy(float),
                marker,
                color=colour,
                alpha=alpha,
                markeredgewidth=0,
                markersize=size if kind == "same" else max(size, 2.6) + 1.5,
                zorder=2 if kind == "same" else 3,
                label=wording.text(f"{KEY}.{kind}"),
            )
    _draw_cuts(cuts, points, ax=ax, label=wording.text(f"{KEY}.cut"))
    for axis in (ax.xaxis, ax.yaxis):
        use_wording(axis, wording)
    row = _take_row(result, name)
    count = wording.counted(int(row["n_centres"]), "centre")
    ax.set_title(
        f"{_name_traits(row, methodology, wording)}\n{count}", size=TITLE_PT, parse_math=False
    )
    return ax


def select_centres(result: CaseMix, name: str) -> pd.DataFrame:
    """Return the centres of a set that have both indices, with ``kind``: "up", "down" or "same".

    A centre without a star in one of both counts as "same".
    """
    frame = result.centres
    frame = frame[(frame["set"] == name) & frame["difference"].notna()]
    step = (frame["star_adjusted"] - frame["star_unadjusted"]).fillna(0).astype(float).to_numpy()
    return frame.assign(kind=np.select([step > 0, step < 0], ["up", "down"], "same"))


def list_sets(result: CaseMix) -> list[str]:
    """Return the sets in which some centre has both indices, in the order of the methodology."""
    return [str(name) for name in result.summary["set"] if len(select_centres(result, str(name)))]


def _draw_cuts(cuts: Sequence[float], points: pd.DataFrame, *, ax: Axes, label: str) -> None:
    """Draw where the unadjusted and where the adjusted index reaches a cut, if some centre is near.

    Lines that are added as artists do not widen the view that all panels share.
    """
    found = points[["unadjusted", "adjusted"]].to_numpy(float)
    inside = [cut for cut in cuts if found.min() <= cut <= found.max()]
    for number, cut in enumerate(inside):
        for lean in (0.0, FAR):
            line = Line2D([cut + lean, cut - lean], [-FAR, FAR], color=colours.REFERENCE)
            line.set(linestyle=":", linewidth=0.8, zorder=1.5)
            line.set_label("_cut" if number or lean else label)
            ax.add_artist(line)


def _take_row(result: CaseMix, name: str) -> pd.Series:
    """Return the row of a set in the summary."""
    return result.summary[result.summary["set"] == name].iloc[0]


def _name_traits(row: pd.Series, methodology: Methodology, wording: Wording) -> str:
    names = (name_trait(key, methodology, wording) for key in str(row["traits"]).split(", "))
    return ", ".join(names)


def _make(bundle: Bundle, wording: Wording) -> Figure:
    result = take(bundle, "case_mix", CaseMix)
    stars = bundle.results.get("stars")
    bands = list_bands(stars, bundle.methodology) if isinstance(stars, Stars) else ()
    cuts = [band.lower for band in bands[1:]]
    sets = list_sets(result)
    figure, axes = make_panels(len(sets), n_entries=N_ENTRIES)
    if len(sets) <= MOST_COLUMNS:
        figure.set_figheight(figure.get_figheight() + TALLER_IN)
    for ax, name in zip(axes, sets, strict=True):
        draw_case_mix_effect(
            result,
            ax=ax,
            wording=wording,
            methodology=bundle.methodology,
            name=name,
            cuts=cuts,
        )
    figure.supxlabel(wording.text(f"{KEY}.x"), size="medium")
    figure.supylabel(wording.text(f"{KEY}.y"), size="medium")
    add_common_legend(figure, axes)
    return figure


def _describe(bundle: Bundle, wording: Wording) -> dict[str, str]:
    result = take(bundle, "case_mix", CaseMix)
    rows = (_take_row(result, name) for name in list_sets(result))
    return {"sets": "; ".join(_tell_set(row, bundle.methodology, wording) for row in rows)}


def _tell_set(row: pd.Series, methodology: Methodology, wording: Wording) -> str:
    return wording.text(
        f"{KEY}.told",
        traits=_name_traits(row, methodology, wording),
        changed=wording.integer(int(row["n_star_changed"])),
        starred=wording.integer(int(row["n_starred"])),
        largest=wording.number(float(row["largest_difference"])),
    )


RECIPE = Recipe(
    name="case_mix_effect",
    needs=(Need(name="case_mix", kind=CaseMix, has_content=lambda r: len(list_sets(r)) > 0),),
    make=_make,
    describe=_describe,
)
