"""What lifts or lowers the index of one centre: its groups and indicators against the mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from matplotlib.transforms import ScaledTranslation

from clientindex.figures import colours
from clientindex.figures.labels import SMALLEST_PT, add_note, use_wording, wrap
from clientindex.figures.recipe import Need, Recipe, take
from clientindex.figures.style import new_row_figure
from clientindex.results import ScoreParts, Stars
from clientindex.wording.names import name_group, name_indicator

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.transforms import Transform

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

ROW_IN, ROOM_IN = 0.235, 1.15
NAME_WIDTH: Final = 38
GROUP_WIDTH: Final = 34
NAME_PT, NUMBER_PT = 7.5, 7.5
LINE_SPACING: Final = 1.2
GROUP, INDICATOR = "group", "indicator"
THICKNESS: Final = {GROUP: 0.72, INDICATOR: 0.5}
COLUMNS: Final = ("estimate", "contribution", "mean_contribution")
"""Numbers printed at the right of every row."""
COLUMN_PT: Final = 46
"""Width of a column of numbers, points."""
HEAD_WIDTH: Final = 9
HEAD_PT: Final = 7.0
GAP_PT: Final = 3.0
"""Between the end of a bar and its number."""
FREE: Final = 0.3
"""Room for the differences beyond the longest bars, share of their range."""
KEY: Final = "figures.score_parts"


def draw_score_parts(
    result: ScoreParts,
    *,
    ax: Axes,
    wording: Wording,
    methodology: Methodology,
    centre: str,
    row_in: float = ROW_IN,
) -> Axes:
    """Draw a bar a group, and one an indicator below it: contribution less the mean contribution.

    Bars to the right lift the index above the mean of the centres, bars to the left lower it. The
    score, the contribution and its mean over centres are printed at the right.

    Parameters
    ----------
    result : ScoreParts
    ax : Axes
    wording : Wording
    methodology : Methodology
        Order and names of groups and indicators.
    centre : str
    row_in : float
        Height of a row, inches; sets the size of the type.

    Returns
    -------
    Axes
    """
    rows = arrange_parts(result, methodology, centre)
    for kind, part in rows.groupby("kind"):
        _draw_bars(part, str(kind), ax=ax)
    ax.axvline(0, color=colours.REFERENCE, linewidth=0.8, zorder=2)
    _set_view(rows["difference"].to_numpy(float), ax=ax)
    size = fit_type(row_in)
    _tell_differences(rows, ax=ax, wording=wording, size=size)
    _tell_numbers(rows, ax=ax, wording=wording, size=size)
    _name_rows(rows, ax=ax, wording=wording, methodology=methodology, row_in=row_in)
    use_wording(ax.xaxis, wording)
    ax.grid(visible=True, axis="x")
    ax.spines["left"].set_visible(False)
    add_note(ax, _write_note(result, rows, wording))
    return ax


def arrange_parts(result: ScoreParts, methodology: Methodology, centre: str) -> pd.DataFrame:
    """Return the parts of a centre, top row first: every group, then its indicators."""
    frame = result.frame[result.frame["centre"] == centre]
    found = frame.set_index(["kind", "key"])
    wanted: list[tuple[str, str]] = []
    for group in methodology.groups:
        wanted += [(GROUP, group.key), *((INDICATOR, key) for key in group.indicators)]
    present = [key for key in wanted if key in found.index]
    return found.loc[present].reset_index()


def choose_centre(stars: Stars, parts: ScoreParts) -> str:
    """Return the centre of median rank among those with parts, the better of two in the middle.

    Centres with parts of one kind only count where none has both.
    """
    kinds = parts.frame.groupby("centre")["kind"].nunique()
    most = kinds.index[kinds == kinds.max()]
    frame = stars.frame[stars.frame["centre"].isin(most)]
    starred = frame[frame["rank"].notna()].sort_values(["rank", "centre"], kind="stable")
    chosen = starred if len(starred) else frame
    return str(chosen["centre"].iloc[(len(chosen) - 1) // 2])


def _write_note(result: ScoreParts, rows: pd.DataFrame, wording: Wording) -> str:
    """Say what the bars are, which kind is missing, and what stands for a missing score."""
    kinds = [kind for kind in (GROUP, INDICATOR) if (rows["kind"] == kind).any()]
    centres = result.frame.loc[result.frame["kind"] == kinds[0], "centre"].nunique()
    told = [wording.text(f"{KEY}.x", n=wording.integer(centres))]
    told.append(wording.text(f"{KEY}.{'both' if len(kinds) > 1 else f'only_{kinds[0]}'}"))
    if rows["estimate"].isna().any():
        told.append(wording.text(f"{KEY}.shared_out"))
    return "; ".join(told)


def _draw_bars(part: pd.DataFrame, kind: str, *, ax: Axes) -> None:
    above, below = (
        (colours.ABOVE, colours.BELOW)
        if kind == GROUP
        else (colours.ABOVE_SHADE, colours.BELOW_SHADE)
    )
    difference = part["difference"].to_numpy(float)
    shades = [above if value >= 0 else below for value in difference]
    ax.barh(part.index.to_numpy(), difference, height=THICKNESS[kind], color=shades, zorder=1.5)


def _set_view(difference: np.ndarray, *, ax: Axes) -> None:
    low, high = min(0.0, float(difference.min())), max(0.0, float(difference.max()))
    room = FREE * (high - low or 1.0)
    ax.set_xlim(low - room, high + room)


def fit_type(row_in: float) -> float:
    """Return the size of numbers in a row."""
    return min(NUMBER_PT, row_in * 72 / LINE_SPACING)


def _weight(kind: str) -> str:
    return "bold" if kind == GROUP else "normal"


def _tell_differences(rows: pd.DataFrame, *, ax: Axes, wording: Wording, size: float) -> None:
    """Write the signed difference at the end of every bar."""
    right, left = (_shift(ax, points, ax.transData) for points in (GAP_PT, -GAP_PT))
    for number, row in enumerate(rows.to_dict("records")):
        value = float(row["difference"])
        ax.text(
            value,
            number,
            sign_number(value, wording),
            transform=right if value >= 0 else left,
            ha="left" if value >= 0 else "right",
            va="center",
            size=size,
            weight=_weight(row["kind"]),
            in_layout=False,
        )


def _shift(ax: Axes, points: float, base: Transform) -> Transform:
    """Return a transformation that ends some points to the right."""
    scale = ax.get_figure(root=True).dpi_scale_trans  # type: ignore[union-attr]
    return base + ScaledTranslation(points / 72, 0, scale)


def sign_number(value: float, wording: Wording) -> str:
    """Write a difference to two decimals with its sign; what rounds to zero has none."""
    told = wording.number(value, digits=2)
    zero = told == wording.number(0.0, digits=2)
    return told if value < 0 or zero else wording.text(f"{KEY}.plus", x=told)


def _tell_numbers(rows: pd.DataFrame, *, ax: Axes, wording: Wording, size: float) -> None:
    """Write score, contribution and mean contribution in columns at the right, with headings."""
    told = rows.to_dict("records")
    for column, name in enumerate(COLUMNS):
        place = (column + 1) * COLUMN_PT
        ax.annotate(
            wrap(wording.text(f"{KEY}.{name}"), width=HEAD_WIDTH),
            (1, 1),
            xytext=(place, 3),
            xycoords="axes fraction",
            textcoords="offset points",
            ha="right",
            va="bottom",
            size=HEAD_PT,
            linespacing=1.05,
        )
        across = _shift(ax, place, ax.get_yaxis_transform())
        for number, row in enumerate(told):
            ax.text(
                1,
                number,
                _tell_number(row, name, wording),
                transform=across,
                ha="right",
                va="center",
                size=size,
                weight=_weight(row["kind"]),
                in_layout=False,  # the heading above keeps the room
            )


def _tell_number(row: Mapping[Hashable, Any], name: str, wording: Wording) -> str:
    value = float(row[name])
    if np.isnan(value):
        return wording.text(f"{KEY}.no_score")
    return wording.number(value, digits=1 if name == "estimate" else 2)


def _name_rows(
    rows: pd.DataFrame, *, ax: Axes, wording: Wording, methodology: Methodology, row_in: float
) -> None:
    """Name groups in bold type at the left edge, their indicators below them."""
    fits_two = row_in * 72 >= 2 * SMALLEST_PT * LINE_SPACING + 1
    names = [
        _name_row(kind, key, wording=wording, methodology=methodology, broken=fits_two)
        for kind, key in zip(rows["kind"], rows["key"], strict=True)
    ]
    ax.set_yticks(range(len(names)), labels=names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    for label, kind in zip(ax.get_yticklabels(), rows["kind"], strict=True):
        lines = label.get_text().count("\n") + 1
        label.set(size=min(NAME_PT, row_in * 72 / (lines * LINE_SPACING)), weight=_weight(kind))
        label.set_linespacing(1.0)


def _name_row(
    kind: str, key: str, *, wording: Wording, methodology: Methodology, broken: bool
) -> str:
    name = name_group if kind == GROUP else name_indicator
    width = GROUP_WIDTH if kind == GROUP else NAME_WIDTH
    told = name(key, methodology, wording)
    return wrap(told, width=width) if broken else told


def _make(bundle: Bundle, wording: Wording) -> Figure:
    parts, stars = take(bundle, "score_parts", ScoreParts), take(bundle, "stars", Stars)
    centre = choose_centre(stars, parts)
    n_rows = len(arrange_parts(parts, bundle.methodology, centre))
    figure, row_in = new_row_figure(n_rows, wanted_in=ROW_IN, room_in=ROOM_IN)
    draw_score_parts(
        parts,
        ax=figure.add_subplot(),
        wording=wording,
        methodology=bundle.methodology,
        centre=centre,
        row_in=row_in,
    )
    return figure


def _describe(bundle: Bundle, wording: Wording) -> Mapping[str, str]:
    parts, stars = take(bundle, "score_parts", ScoreParts), take(bundle, "stars", Stars)
    centre = choose_centre(stars, parts)
    (row,) = stars.frame[stars.frame["centre"] == centre].to_dict("records")
    rows = arrange_parts(parts, bundle.methodology, centre)
    kind = GROUP if (rows["kind"] == GROUP).any() else INDICATOR
    parts_of = rows[rows["kind"] == kind].sort_values("difference", kind="stable")
    lowest, highest = parts_of.iloc[0].to_dict(), parts_of.iloc[-1].to_dict()
    return {
        "centre": str(row["name"]),
        "region": str(row["region"]),
        "index": _tell_index(row, stars, wording),
        "lowest": _tell_part(lowest, bundle.methodology, wording),
        "highest": _tell_part(highest, bundle.methodology, wording),
    }


def _tell_index(row: Mapping[Hashable, Any], stars: Stars, wording: Wording) -> str:
    """Write index, interval, n and rank, as far as they are known."""
    parts = [wording.number(float(row["estimate"]))]
    if not np.isnan(row["ci_low"]):
        ends = wording.interval(float(row["ci_low"]), float(row["ci_high"]))
        level = wording.percent(stars.level, digits=0)
        parts.append(wording.text(f"{KEY}.interval", level=level, ends=ends))
    if not np.isnan(float(row["n"])):
        parts.append(wording.text("figures.n", n=wording.integer(int(row["n"]))))
    if not pd.isna(row["rank"]):
        rank = wording.integer(int(row["rank"]))
        of = wording.integer(int(stars.frame["rank"].notna().sum()))
        parts.append(wording.text(f"{KEY}.rank", rank=rank, of=of))
    return ", ".join(parts)


def _tell_part(row: Mapping[Hashable, Any], methodology: Methodology, wording: Wording) -> str:
    name = name_group if row["kind"] == GROUP else name_indicator
    return wording.text(
        f"{KEY}.part",
        name=name(str(row["key"]), methodology, wording),
        difference=sign_number(float(row["difference"]), wording),
    )


RECIPE = Recipe(
    name="score_parts",
    needs=(
        Need(name="score_parts", kind=ScoreParts, has_content=lambda r: len(r.frame) > 0),
        Need(name="stars", kind=Stars, has_content=lambda r: len(r.frame) > 0),
    ),
    make=_make,
    describe=_describe,
)
