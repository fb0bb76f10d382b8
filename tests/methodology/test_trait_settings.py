"""Settings of traits, weights of answers and case mix: off by default, faults in words."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from clientindex.methodology.answer_weights_settings import AnswerWeightsSettings
from clientindex.methodology.case_mix_settings import CaseMixSettings
from clientindex.methodology.trait_settings import TraitSettings


def test_nothing_is_weighted_or_adjusted_by_default() -> None:
    assert TraitSettings().age_bands == ()
    assert not AnswerWeightsSettings().active
    assert not CaseMixSettings().active
    assert AnswerWeightsSettings(design=True).active
    assert CaseMixSettings(sets={"basic": ["sex"]}).active


@pytest.mark.parametrize("bands", [[40, 30], [0, 30], [30, 30]])
def test_age_bands_rise(bands: list[int]) -> None:
    with pytest.raises(ValidationError, match="must rise and start above 0"):
        TraitSettings(age_bands=bands)


@pytest.mark.parametrize(
    "given",
    [
        {"margins": "centre"},
        {"traits": ["sex", "sex"]},
        {"trim": 1.0},
        {"margins": "town", "traits": ["sex"]},
        {"tolerance": 0},
    ],
)
def test_faults_of_weights(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        AnswerWeightsSettings(**given)
