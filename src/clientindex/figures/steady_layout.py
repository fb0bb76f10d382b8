"""Constrained layout whose last digits do not depend on where objects lie in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.transforms import Bbox

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DECIMALS: Final = 9
"""Of positions as shares of the figure: far below what any format can show."""


class SteadyLayout(ConstrainedLayoutEngine):
    """Constrained layout with rounded positions.

    The solver adds its terms in the order of their addresses, so the last digit of a position may
    differ from process to process. An SVG names its clipping rectangles by all digits: equal
    figures would not be equal bytes.
    """

    def execute(self, fig: Figure) -> Any:
        """Lay out the axes of a figure and round their positions."""
        done = super().execute(fig)
        for axes in fig.axes:
            bounds = np.round(axes.get_position(original=True).bounds, DECIMALS)
            # The public way would take the axes out of the layout.
            axes._set_position(Bbox.from_bounds(*bounds))  # type: ignore[attr-defined]
        return done
