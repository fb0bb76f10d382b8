"""Colours by meaning, named once; every figure takes them from here.

The pairs that stand together in a figure stay apart for readers with protanopia, deuteranopia or
tritanopia and in grey print (``tests/figures/test_colours.py`` measures it). A colour is still
never the only carrier: markers, hatches, positions or printed numbers say the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from matplotlib.colors import LinearSegmentedColormap, to_hex, to_rgb

if TYPE_CHECKING:
    from matplotlib.typing import ColorType

INK: Final = "#1a1a1a"
BLACK: Final = "#000000"
PAPER: Final = "#ffffff"
REFERENCE: Final = "#6b6b6b"
"""Lines that an estimate is read against: thresholds, boundaries, zero."""
BAND_SHADE: Final = "#f1f1f1"
"""Every second band of a scale, so that bands are told apart without lines."""

FACTOR_SHADE: Final = "#e8eff7"
"""Inside of the ellipse of a factor."""

ESTIMATE: Final = "#0b3c6f"
INTERVAL: Final = "#8fb4d9"
"""Interval of an estimate where it does not share the colour of the estimate."""
OVERALL: Final = "#b8501a"
"""The value of all regions together, or of all centres."""
CERTAIN: Final = "#0b3c6f"
DOUBTFUL: Final = "#e08a3c"
"""Centres whose interval leaves the band of their star."""
LIMITS: Final = "#b8501a"
LIMITS_SHADE: Final = "#f3d9c4"
BIAS: Final = "#0b3c6f"
BIAS_SHADE: Final = "#c6daee"

WITHHELD: Final = "#ffffff"
WITHHELD_HATCH: Final = "////"
STAR_MARKERS: Final = ("v", "D", "s", "^", "o")
_STAR_ENDS: Final = ("#d3e3f3", "#7fabd6", "#3a75b0", "#0a2f5c")

SEGMENTS: Final = ("#1a1a1a", "#2f78b7", "#e08a3c", "#7a4a8c", "#4c9a77")
SEGMENT_MARKERS: Final = ("o", "s", "^", "D", "v", "P")

REGIONS: Final = ("#2d1799", "#bf8f30", "#3d6b99", "#733f48", "#7eb2e6", "#a15ce6")
"""Points of regions; each has a lightness of its own, so that grey print keeps them apart."""
REGION_MARKERS: Final = ("o", "s", "^", "D", "v", "P")
OTHER_REGIONS: Final = "#b4b4b4"

GRID: Final = "#d9d9d9"
"""Edges of tiles."""
NET_SHADE: Final = "#a3a3a3"
"""Intervals of limits net of sampling error, beside the coloured ones."""
FLAGGED: Final = "#b8501a"
"""Centres that stand out at the false discovery rate."""
WEDGE_SHADE: Final = "#e6e6e6"
"""Between two bounds of a line."""
RANK_SET: Final = "#6f9fcd"
RANK_SET_SHADE: Final = "#d5dfe9"
"""Confidence sets: of the rank of one centre, and of all together, which are wider and below."""
RIBBON_SHADE: Final = "#a9c6e3"

ABOVE_SHADE: Final = "#8fb4d9"
BELOW_SHADE: Final = "#e9b48f"
"""Differences of indicators; those of their groups have the full colours of above and below."""
ABOVE: Final = "#0b3c6f"
BELOW: Final = "#b8501a"

COMPONENTS: Final[dict[str, tuple[str, str]]] = {
    "trait_common": ("#0b3c6f", ""),
    "trait_own": ("#8fb4d9", ""),
    "trait": ("#3a75b0", ""),
    "method": ("#b8501a", "////"),
    "specific": ("#f2c894", ""),
    "sampling_error": ("#ffffff", "...."),
}
"""Colour and hatch of the sources of variance, in the order of the legend."""

RANDOM: Final = ("#6b6b6b", "#d08a2e")
"""Eigenvalues of random data: normal, permuted."""

_LEVELS: Final = (("#eaf1f8", ""), ("#f2c894", "////"), ("#b8501a", "xxxx"))
"""Colour and hatch of levels from harmless to alarming."""

_LIKENESS: Final = (("o", ESTIMATE, ESTIMATE), ("s", ESTIMATE, PAPER), ("v", OVERALL, OVERALL))

LEVELS: Final[dict[str, dict[str, Any]]] = {
    "within": {"marker": "o", "color": ESTIMATE, "markerfacecolor": ESTIMATE},
    "between": {"marker": "s", "color": OVERALL, "markerfacecolor": PAPER},
}
"""Within centres filled, between them hollow."""

_LOADING_ENDS: Final = ("#b8501a", "#f7f7f7", "#2f6aa8")
LOADINGS: Final = LinearSegmentedColormap.from_list("clientindex.loadings", _LOADING_ENDS)
"""Minus one is orange, zero paper, plus one blue."""


_SHARE_ENDS: Final = ("#ffffff", "#7fabd6", "#0a2f5c")
SHARES: Final = LinearSegmentedColormap.from_list("clientindex.shares", _SHARE_ENDS)
"""From none (paper) to all (dark)."""


REGION_MEANS: Final = LinearSegmentedColormap.from_list("clientindex.region_means", _STAR_ENDS)
"""Mean scores of regions on a map, from lowest (light) to highest (dark)."""


def star_colours(n_stars: int) -> tuple[str, ...]:
    """Return one colour a star, from light (fewest stars) to dark (most).

    Parameters
    ----------
    n_stars : int
        Number of star levels, at least 1.

    Returns
    -------
    tuple of str
        Hexadecimal colours whose lightness falls steadily.
    """
    scale = LinearSegmentedColormap.from_list("clientindex.stars", _STAR_ENDS)
    steps = max(n_stars - 1, 1)
    return tuple(to_hex(scale(position / steps)) for position in range(n_stars))


def star_marker(position: int) -> str:
    """Return the marker of a star by its place among all, lowest first; neighbours differ."""
    return STAR_MARKERS[position % len(STAR_MARKERS)]


def segment_look(position: int) -> tuple[str, str]:
    """Return colour and marker of a segment by its position; both differ between neighbours."""
    colour = SEGMENTS[position % len(SEGMENTS)]
    return colour, SEGMENT_MARKERS[position % len(SEGMENT_MARKERS)]


def region_look(position: int) -> tuple[str, str]:
    """Return colour and marker of a region by its position, below :data:`REGIONS`' length."""
    return REGIONS[position], REGION_MARKERS[position]


def level_look(position: int) -> tuple[str, str]:
    """Return colour and hatch of a level by its position; the last one serves all later ones."""
    return _LEVELS[min(position, len(_LEVELS) - 1)]


def congruence_look(position: int) -> dict[str, Any]:
    """Return the marker of a level of likeness, from alike (0) to different; the last serves all.

    Colour, shape and filling differ.
    """
    marker, colour, face = _LIKENESS[min(position, len(_LIKENESS) - 1)]
    return {"marker": marker, "color": colour, "markerfacecolor": face}


def luminance(colour: ColorType) -> float:
    """Return the relative luminance of a colour, 0 (black) to 1 (white).

    Notes
    -----
    WCAG 2.1: 0.2126 R + 0.7152 G + 0.0722 B of the linearised sRGB channels.
    """
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ink_on(background: ColorType) -> str:
    """Return black or white, whichever has the higher contrast with the background.

    Notes
    -----
    The WCAG contrast ratios to black and to white are equal (4.58) at luminance 0.179, so the
    contrast is never below the 4.5 that WCAG asks of small type.
    """
    return BLACK if luminance(background) > 0.179 else PAPER
