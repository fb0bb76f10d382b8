"""Stars by two methodologies beside the places of centres: the figure of the summary page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from matplotlib.layout_engine import ConstrainedLayoutEngine

from clientindex.figures.rank_slopes import draw_rank_slopes
from clientindex.figures.recipe import mark_synthetic
from clientindex.figures.star_transitions import arrange_transitions, draw_star_transitions
from clientindex.figures.style import house_style, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from clientindex.results.methodology_comparison import MethodologyComparison
    from clientindex.wording import Wording

ROW_IN, ROOM_IN, LEAST_IN = 0.28, 1.0, 2.7
"""Height of a row of tiles, of what stands around the tiles, and of the figure, inches."""
MATRIX_IN: Final = 3.1
"""Width of the tiles, inches."""
BETWEEN: Final = 0.06
"""Free space between both parts, share of their mean width."""
NOTE_WIDTH: Final = 58
KEY: Final = "figures.methodology_stars"


def draw_methodology_comparison(result: MethodologyComparison, *, wording: Wording) -> Figure:
    """Draw the crossed stars and the slopes of places side by side."""
    with house_style():
        height = max(LEAST_IN, ROOM_IN + ROW_IN * len(arrange_transitions(result)))
        figure = new_figure(height)
        engine = figure.get_layout_engine()
        if isinstance(engine, ConstrainedLayoutEngine):
            engine.set(wspace=BETWEEN)
        left, right = figure.subplots(ncols=2, width_ratios=(1.25, 1))
        draw_star_transitions(
            result, ax=left, wording=wording, key=KEY, width_in=MATRIX_IN, note_width=NOTE_WIDTH
        )
        draw_rank_slopes(result, ax=right, wording=wording)
        if result.synthetic:
            mark_synthetic(figure, wording)
        figure.draw_without_rendering()
    return figure
