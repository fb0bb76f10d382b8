"""Images shared by the documents of one publication: drawn once, and only inside it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from clientindex.publishing import illustrations
from clientindex.publishing.shelf import VARIABLE, keep_image, open_shelf, take_image


@pytest.fixture
def drawn(monkeypatch):
    """Count the drawings; both formats are wanted, as by the embedded renderer."""
    monkeypatch.setattr(
        illustrations, "find_wanted_formats", lambda: (illustrations.SVG, illustrations.PNG)
    )
    made = []

    def draw():
        figure = Figure(figsize=(1, 1))
        figure.text(0.5, 0.5, str(len(made)))
        made.append(figure)
        return figure

    return draw, made


def write(draw, folder, *, name="funnel", language="ru"):
    folder.mkdir(exist_ok=True)
    return illustrations.write_illustration(
        draw, name=name, language=language, caption="c", alt="a", folder=folder
    )


def read(folder, ending):
    return (folder / illustrations.FIGURES / f"fig-funnel.{ending}").read_bytes()


def test_a_second_document_takes_the_images_of_the_first(tmp_path, drawn):
    draw, made = drawn
    first, second = tmp_path / "rating", tmp_path / "methods"
    with open_shelf():
        assert write(draw, first) == write(draw, second)
        assert len(made) == 1
        for ending in ("svg", "png"):
            assert read(first, ending) == read(second, ending)
        write(draw, second, language="en")
        write(draw, second, name="caterpillar")
        assert len(made) == 3
    assert read(first, "png")[:8] == b"\x89PNG\r\n\x1a\n"


def test_without_a_shelf_every_document_draws(tmp_path, drawn):
    draw, made = drawn
    write(draw, tmp_path / "rating")
    write(draw, tmp_path / "methods")
    assert len(made) == 2


def test_a_shelf_ends_with_its_publication():
    with open_shelf():
        folder = os.environ[VARIABLE]
        keep_image("a.ru.svg", b"<svg/>")
        assert take_image("a.ru.svg") == b"<svg/>"
        assert take_image("a.en.svg") is None
    assert VARIABLE not in os.environ
    assert not Path(folder).exists()
    assert take_image("a.ru.svg") is None
