"""Where the boxes and ellipses of a path diagram lie; all lengths are inches, y grows downwards."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

BOX_IN: Final = 1.8
ELLIPSE_IN: Final = 1.2
ARROW_IN: Final = 1.1
GENERAL_IN: Final = 0.72
RESIDUAL_IN: Final = 0.48
FIRST_ARC_IN, ARC_STEP_IN, ARCS_IN = 0.34, 0.38, 1.5
ARC_MARGIN_IN: Final = 0.2
GAP_ROWS: Final = 0.45
"""Space between two groups of boxes, in rows."""
BOX_SHARE: Final = 0.8
ELLIPSE_HIGHEST_IN: Final = 0.62


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Centre and size of a box or an ellipse."""

    x: float
    y: float
    width: float
    height: float

    def find_edge(self, x: float, y: float) -> tuple[float, float]:
        """Return where the ray from the centre of an ellipse towards a point leaves it."""
        dx, dy = x - self.x, y - self.y
        scale = 1 / hypot(dx / (self.width / 2), dy / (self.height / 2))
        return self.x + dx * scale, self.y + dy * scale

    def find_left(self, offset: float) -> tuple[float, float]:
        """Return the point on the left side of an ellipse, `offset` (-1 to 1) half-heights down."""
        return self.x - self.width / 2 * (1 - offset**2) ** 0.5, self.y + offset * self.height / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PathLayout:
    """Places of all variables of a model.

    Attributes
    ----------
    boxes : mapping
        Indicator -> place, from top to bottom.
    factors : mapping
        Factor -> place; the factors that have indicators of their own.
    general : mapping
        Factors beside those: to the right of the boxes they measure, or to the left of the factors.
    width, height : float
        Of the whole drawing.
    arc_depths : tuple of float
        How far the arc of a correlation bends out, by the distance of its two factors less one.
    """

    boxes: Mapping[str, Place]
    factors: Mapping[str, Place]
    general: Mapping[str, Place]
    width: float
    height: float
    arc_depths: tuple[float, ...]


def find_homes(loadings: pd.DataFrame, indicators: Sequence[str]) -> dict[str, str]:
    """Return the factor that each indicator stands beside: the narrowest one that it measures.

    Parameters
    ----------
    loadings : DataFrame
        ``lhs`` (factor) and ``rhs`` (indicator or factor).
    indicators : sequence of str
        In the order of the methodology.
    """
    direct = loadings[loadings["rhs"].isin(indicators)]
    breadth = direct["lhs"].value_counts()
    homes: dict[str, str] = {}
    for key in indicators:
        factors = list(direct.loc[direct["rhs"] == key, "lhs"])
        if factors:
            homes[key] = min(factors, key=lambda factor: breadth[factor])
    return homes


def count_rows(homes: Mapping[str, str]) -> float:
    """Return the height of the diagram in rows: indicators, and the gaps between their groups."""
    return len(homes) + GAP_ROWS * (len(set(homes.values())) - 1)


def arrange(
    loadings: pd.DataFrame,
    homes: Mapping[str, str],
    *,
    row_in: float,
    correlated: bool,
    residuals: bool,
) -> PathLayout:
    """Place every variable of a model.

    Parameters
    ----------
    loadings : DataFrame
        ``lhs`` and ``rhs``.
    homes : mapping
        Indicator -> factor that it stands beside.
    row_in : float
        Height of a row.
    correlated : bool
        Whether room is needed for correlations of factors.
    residuals : bool
        Whether room is needed for residual variances to the right of the boxes.
    """
    factors = list(dict.fromkeys(homes.values()))
    general = [key for key in dict.fromkeys(loadings["lhs"]) if key not in factors]
    higher = [
        key for key in general if loadings.loc[loadings["lhs"] == key, "rhs"].isin(factors).any()
    ]
    beside = [key for key in general if key not in higher]
    depths = _find_depths(len(factors)) if correlated else ()
    left = max(depths, default=0.0) + ARC_MARGIN_IN if depths else 0.0
    left += (GENERAL_IN + ARROW_IN) * bool(higher)
    middle = left + ELLIPSE_IN + ARROW_IN
    rows = _place_rows(homes, row_in)
    boxes = {
        key: Place(x=middle + BOX_IN / 2, y=y, width=BOX_IN, height=BOX_SHARE * row_in)
        for key, y in rows.items()
    }
    height = row_in * count_rows(homes)
    right = middle + BOX_IN
    return PathLayout(
        boxes=boxes,
        factors={
            factor: _place_factor(
                [y for key, y in rows.items() if homes[key] == factor], left=left, row_in=row_in
            )
            for factor in factors
        },
        general={
            **_place_general(higher, left=GENERAL_IN / 2, height=height),
            **_place_general(beside, left=right + ARROW_IN + GENERAL_IN / 2, height=height),
        },
        width=right
        + ((ARROW_IN + GENERAL_IN * len(beside)) if beside else RESIDUAL_IN * residuals),
        height=height,
        arc_depths=depths,
    )


def _find_depths(n_factors: int) -> tuple[float, ...]:
    widest = (ARCS_IN - FIRST_ARC_IN) / max(n_factors - 2, 1)
    step = min(ARC_STEP_IN, widest)
    return tuple(FIRST_ARC_IN + step * distance for distance in range(n_factors - 1))


def _place_rows(homes: Mapping[str, str], row_in: float) -> dict[str, float]:
    """Return the y of every indicator: grouped by home, in the order given."""
    places: dict[str, float] = {}
    top = 0.0
    for factor in dict.fromkeys(homes.values()):
        for key in (key for key, home in homes.items() if home == factor):
            places[key] = (top + 0.5) * row_in
            top += 1
        top += GAP_ROWS
    return places


def _place_factor(rows: Sequence[float], *, left: float, row_in: float) -> Place:
    return Place(
        x=left + ELLIPSE_IN / 2,
        y=(rows[0] + rows[-1]) / 2,
        width=ELLIPSE_IN,
        height=min(ELLIPSE_HIGHEST_IN, 0.92 * row_in * len(rows)),
    )


def _place_general(keys: Sequence[str], *, left: float, height: float) -> dict[str, Place]:
    """Place tall ellipses side by side: their arrows then run level and do not cross."""
    return {
        key: Place(
            x=left + GENERAL_IN * number,
            y=height / 2,
            width=0.92 * GENERAL_IN,
            height=0.98 * height,
        )
        for number, key in enumerate(keys)
    }
