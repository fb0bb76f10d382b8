"""A figure of synthetic data says so itself, in the language of its document."""

import dataclasses

import pytest

from clientindex.figures import FIGURES
from presentation_bundle import make_edition

WORDS = {"ru": "Синтетические данные", "en": "Synthetic data"}


def list_texts(figure):
    return [text.get_text() for text in figure.texts]


@pytest.mark.parametrize("name", list(FIGURES))
def test_synthetic_data_are_named_in_every_figure(name, bundle, wording):
    synthetic = dataclasses.replace(bundle, edition=make_edition(synthetic=True))
    assert WORDS[wording.language] in list_texts(FIGURES[name](synthetic, wording))
    assert WORDS[wording.language] not in list_texts(FIGURES[name](bundle, wording))


def test_the_words_stand_below_the_axes(bundle, ru):
    synthetic = dataclasses.replace(bundle, edition=make_edition(synthetic=True))
    figure = FIGURES["region_caterpillar"](synthetic, ru)
    figure.draw_without_rendering()
    words = next(text for text in figure.texts if text.get_text() == WORDS["ru"])
    axes = figure.axes[0]
    assert words.get_window_extent().y1 <= axes.xaxis.label.get_window_extent().y0
