"""A figure of synthetic data says so itself, in the language of its document."""

import dataclasses

import pytest

from clientindex.errors import WordingError
from clientindex.figures import FIGURES
from presentation_bundle import make_edition

WORDS = {"ru": "Синтетические данные", "en": "Synthetic data"}


def list_texts(figure):
    return [text.get_text() for text in figure.texts]


@pytest.mark.parametrize("name", list(FIGURES))
def test_synthetic_data_are_named_in_every_figure(name, bundle, wording):
    synthetic = dataclasses.replace(bundle, edition=make_edition(synthetic=True))
    assert WORDS[wording.language] in list_texts(FIGURES[name].lay_out(synthetic, wording))
    assert WORDS[wording.language] not in list_texts(FIGURES[name].lay_out(bundle, wording))


def test_the_words_stand_below_the_axes(bundle, ru):
    synthetic = dataclasses.replace(bundle, edition=make_edition(synthetic=True))
    figure = FIGURES["region_caterpillar"](synthetic, ru)
    figure.draw_without_rendering()
    words = next(text for text in figure.texts if text.get_text() == WORDS["ru"])
    axes = figure.axes[0]
    assert words.get_window_extent().y1 <= axes.xaxis.label.get_window_extent().y0


def test_caption_and_alternative_text_take_values_from_the_recipe(bundle, en):
    texts = {
        "illustration.levels.title": "Levels",
        "illustration.levels.caption": "Levels of {name}",
        "illustration.levels.alt": "{n} points",
    }
    words = dataclasses.replace(en, texts=texts)
    values = {"name": "Pskov", "n": "3", "unused": "x"}
    recipe = dataclasses.replace(FIGURES["levels"], describe=lambda bundle, wording: values)
    assert recipe.caption(bundle, words) == "Levels of Pskov"
    assert recipe.alternative(bundle, words) == "3\u00a0points"


def test_without_a_caption_of_its_own_the_title_is_the_caption(bundle, wording):
    title = wording.text("illustration.levels.title")
    assert FIGURES["levels"].caption(bundle, wording) == title


def test_a_value_that_a_recipe_does_not_give_is_refused(bundle, en):
    words = dataclasses.replace(en, texts={"illustration.levels.alt": "{n} points"})
    with pytest.raises(WordingError, match=r"values missing for \['n'\]"):
        FIGURES["levels"].alternative(bundle, words)
