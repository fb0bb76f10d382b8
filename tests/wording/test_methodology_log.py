"""The change log where there is no previous edition, no note, or nothing that acts on stars."""

from __future__ import annotations

import dataclasses

import numpy as np

from clientindex.results import Unavailable
from clientindex.wording.sentences.methodology_log import list_history, say_effects
from presentation_bundle import make_bundle, make_effects, make_results
from table_shown import EN, RU


def test_without_a_previous_edition_the_log_says_so():
    absent = Unavailable(stage="rating", reason="no_previous_edition")
    bundle = make_bundle(results={**make_results(), "methodology_effects": absent})
    said = list_history(bundle, RU)
    assert said[0].startswith("Это издание составлено по методике «2026».")
    assert "Предыдущее издание не указано" in said[0]
    assert len(said) == 1 + len(bundle.methodology.changes) == 4


def test_a_methodology_without_notes_says_so():
    bundle = make_bundle()
    plain = bundle.methodology.model_copy(update={"changes": ()})
    said = list_history(dataclasses.replace(bundle, methodology=plain), EN)
    assert said[1:] == ("The file of the methodology has no notes on changes.",)


def test_nothing_changed_nothing_alone_and_another_scale():
    methodology = make_bundle().methodology
    effects = make_effects()
    nothing = dataclasses.replace(effects, frame=effects.frame.iloc[:0])
    assert say_effects(nothing, methodology, EN).startswith("The settings that stars depend on")
    calm = effects.frame.iloc[2:].assign(mean_difference=np.nan)
    said = say_effects(dataclasses.replace(effects, frame=calm), methodology, EN)
    assert "it was measured on another scale before" in said
    assert "No change alone changed a single star." in said
