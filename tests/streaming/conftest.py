from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from national_survey import NationalSurvey

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def survey(tmp_path: Path) -> NationalSurvey:
    return NationalSurvey(folder=tmp_path)
