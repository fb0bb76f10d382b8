"""Settings of doubt: what is standard, and what is refused."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from clientindex.methodology.doubt_settings import DoubtSettings


def test_the_standard_settings() -> None:
    settings = DoubtSettings()
    assert (settings.draws, settings.level, settings.top_share) == (1000, None, 0.1)
    assert settings.shrinkage.covariates == ("region",)


@pytest.mark.parametrize(
    "wrong",
    [
        {"draws": 10},
        {"level": 0.4},
        {"top_share": 0},
        {"error_replicates": 10},
        {"small_sample": 0},
        {"shrinkage": {"covariates": ["region", "region"]}},
        {"shrinkage": {"covariates": ["age"]}},
        {"shrinkage": {"estimator": "guess"}},
        {"unknown": 1},
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        DoubtSettings.model_validate(wrong)
