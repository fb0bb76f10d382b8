"""Names of stars, and the bands of the index that earn them, stated or found in the scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from clientindex.figures import colours
from clientindex.figures.labels import measure

NAME_PT: Final = 8.0
LINE_IN: Final = 0.13
"""Height of a name, inches."""
LEFT_FREE: Final = 0.8
"""Share of the axes that names beside them leave, roughly."""

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from clientindex.methodology import Methodology
    from clientindex.results import Stars
    from clientindex.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Indices that earn one star: closed below, open above; the ends of the scale are infinite."""

    star: float
    lower: float
    upper: float


def name_star(star: float, wording: Wording) -> str:
    """Write a number of stars with their sign; half stars have a decimal."""
    whole = float(star).is_integer()
    number = wording.integer(int(star)) if whole else wording.number(float(star), digits=1)
    return wording.text("figures.star", stars=number)


def list_bands(stars: Stars, methodology: Methodology) -> tuple[Band, ...]:
    """Return the bands of all centres, lowest first; none where peer groups have cuts of their own.

    Parameters
    ----------
    stars : Stars
        Cut points that were given, where there are some.
    methodology : Methodology
        Stated bands otherwise.
    """
    levels = methodology.stars.star_values
    if len(stars.cuts):
        if stars.cuts["peer_group"].nunique() > 1:
            return ()
        cuts = stars.cuts.sort_values("cut")["cut"].to_numpy(float)
    else:
        cuts = np.array([band.lower for band in methodology.stars.bands[1:]], dtype=float)
    if len(cuts) != len(levels) - 1:
        return ()
    ends = [-np.inf, *cuts.tolist(), np.inf]
    return tuple(
        Band(star=float(star), lower=lower, upper=upper)
        for star, lower, upper in zip(levels, ends[:-1], ends[1:], strict=True)
    )


def draw_bands(bands: Sequence[Band], *, ax: Axes, wording: Wording, upright: bool) -> None:
    """Shade every second band in view, mark the boundaries and name the bands.

    The view stays as it is. A band too narrow for its name has none.

    Parameters
    ----------
    bands : sequence of Band
    ax : Axes
    wording : Wording
    upright : bool
        The index is on the vertical axis; the names then stand at the right, otherwise on top.
    """
    low, high = ax.get_ylim() if upright else ax.get_xlim()
    span, line = (ax.axhspan, ax.axhline) if upright else (ax.axvspan, ax.axvline)
    for number, band in enumerate(bands):
        start, end = max(band.lower, low), min(band.upper, high)
        if end <= start:
            continue
        if number % 2:
            span(start, end, facecolor=colours.BAND_SHADE, edgecolor="none", zorder=0)
        if band.lower > low:
            line(band.lower, color=colours.REFERENCE, linewidth=0.8, linestyle=":", zorder=1)
        if fits_name(band, (end - start) / (high - low), ax=ax, wording=wording, upright=upright):
            _name_band(band, (start + end) / 2, ax=ax, wording=wording, upright=upright)
    (ax.set_ylim if upright else ax.set_xlim)(low, high)


def fits_name(band: Band, share: float, *, ax: Axes, wording: Wording, upright: bool) -> bool:
    """Return whether a band that takes a share of the axes is as long as its name."""
    box = ax.get_window_extent()
    side = (box.height if upright else box.width) / ax.get_figure(root=True).dpi  # type: ignore[union-attr]
    needed = LINE_IN if upright else measure(name_star(band.star, wording), size=NAME_PT)
    return share * side * LEFT_FREE >= needed


def _name_band(band: Band, middle: float, *, ax: Axes, wording: Wording, upright: bool) -> None:
    ax.annotate(
        name_star(band.star, wording),
        (1.01, middle) if upright else (middle, 1.01),
        xycoords=("axes fraction", "data") if upright else ("data", "axes fraction"),
        ha="left" if upright else "center",
        va="center" if upright else "bottom",
        size=NAME_PT,
    )
