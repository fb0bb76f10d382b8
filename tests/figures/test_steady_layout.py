"""Positions of axes are the same in every process."""

from __future__ import annotations

import matplotlib._constrained_layout as constrained
import numpy as np
import pytest
from matplotlib.transforms import Bbox

from clientindex.figures.steady_layout import DECIMALS
from clientindex.figures.style import figure_to_svg, house_style, new_figure

LAST_DIGIT = 2.0**-52


def draw():
    """Draw two panels with a colour bar, labels and a legend outside."""
    with house_style():
        figure = new_figure(3.0)
        left, right = figure.subplots(1, 2, width_ratios=(2, 1))
        left.plot([0.1, 0.7], [3, 1], label="a")
        left.set_ylabel("Баллы")
        mesh = right.pcolormesh(np.arange(6).reshape(2, 3))
        figure.colorbar(mesh, ax=right)
        figure.legend(loc="outside lower center")
    return figure


def test_positions_are_rounded_after_the_layout():
    figure = draw()
    before = [axes.get_position().bounds for axes in figure.axes]
    figure_to_svg(figure)
    after = [axes.get_position(original=True).bounds for axes in figure.axes]
    assert len(after) == 3
    assert not np.allclose(before[0], after[0])
    for bounds in after:
        assert bounds == pytest.approx(np.round(bounds, DECIMALS), abs=1e-15, rel=0)


def test_last_digits_of_the_solver_do_not_reach_the_file(monkeypatch):
    """A solver that is off by a last digit gives the same bytes, clipping rectangles too."""
    first = figure_to_svg(draw())
    solve = constrained.do_constrained_layout

    def solve_otherwise(fig, **options):
        grids = solve(fig, **options)
        for axes in fig.axes:
            bounds = np.array(axes.get_position(original=True).bounds)
            axes._set_position(Bbox.from_bounds(*bounds * (1 + LAST_DIGIT)))
        return grids

    monkeypatch.setattr("matplotlib.layout_engine.do_constrained_layout", solve_otherwise)
    assert figure_to_svg(draw()) == first
    assert b"clip-path" in first
