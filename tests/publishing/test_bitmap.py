"""PNG made from an SVG: its size, its colours and the resolution that it tells."""

from __future__ import annotations

import io

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from clientindex.errors import RenderError
from clientindex.figures import figure_to_png, figure_to_svg
from clientindex.publishing.bitmap import svg_to_png

SMOOTHING = 30
"""Greatest difference of two squares in shades of grey, of 255."""
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="72pt" height="36pt" viewBox="0 0 72 36">'
    b'<rect x="0" y="0" width="36" height="36" fill="#ff0000"/></svg>'
)


def test_one_inch_has_the_pixels_asked_for_and_empty_parts_are_white() -> None:
    image = Image.open(io.BytesIO(svg_to_png(SVG, dpi=100)))
    assert image.size == (100, 50)
    assert image.info["dpi"] == pytest.approx((100, 100), abs=0.01)
    pixels = np.asarray(image.convert("RGB"))
    assert pixels[25, 20].tolist() == [255, 0, 0]
    assert pixels[25, 80].tolist() == [255, 255, 255]


def test_a_figure_looks_as_when_it_is_drawn_as_png() -> None:
    figure = Figure(figsize=(3, 2))
    figure.subplots().bar([0, 1], [1, 2], label="Доля")
    drawn, made = (
        np.asarray(Image.open(io.BytesIO(png)).convert("L"), dtype=float)
        for png in (figure_to_png(figure, dpi=100), svg_to_png(figure_to_svg(figure), dpi=100))
    )
    assert drawn.shape == made.shape == (200, 300)
    # Edges are smoothed differently; squares of ten pixels are equally dark.
    squares = [image.reshape(20, 10, 30, 10).mean(axis=(1, 3)) for image in (drawn, made)]
    assert np.abs(squares[0] - squares[1]).max() < SMOOTHING
    assert np.ptp(squares[0]) > 5 * SMOOTHING


def test_equal_input_gives_equal_bytes() -> None:
    assert svg_to_png(SVG, dpi=72) == svg_to_png(SVG, dpi=72)


def test_what_is_no_svg_is_refused() -> None:
    with pytest.raises(RenderError, match="typst"):
        svg_to_png(b"nothing", dpi=72)
