"""A survey that Spark reads is counted by every run, and is not locked, verified or packed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from clientindex.errors import ReproductionError
from clientindex.pipeline.counting import EngineChoice
from clientindex.pipeline.currency import is_run_current
from clientindex.pipeline.data_check import check_data
from clientindex.pipeline.fingerprint import collect_run_inputs
from clientindex.pipeline.only_files import require_files
from national_survey import NationalSurvey, make_small_methodology

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.edition import Edition
    from clientindex.pipeline.counting import EngineName


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    survey = NationalSurvey(folder=tmp_path)
    survey.use({"spark": {"table": "warehouse.survey"}})
    (tmp_path / "methodology.yml").write_text("{}", encoding="utf-8")
    return survey.edition("count")


def test_its_results_are_never_called_current(edition: Edition) -> None:
    assert not is_run_current(edition)


def test_its_hash_comes_with_counting(edition: Edition) -> None:
    inputs = collect_run_inputs(edition)
    assert inputs.inputs == (("warehouse.survey", ""),)
    filled = inputs.fill({"warehouse.survey": "ab", "other": "cd"})
    assert filled.inputs == (("warehouse.survey", "ab"),)
    assert filled.fingerprint() != inputs.fingerprint()


def test_what_needs_files_says_what_to_do(edition: Edition) -> None:
    with pytest.raises(
        ReproductionError, match=r"test: cannot be packed: Spark reads warehouse\.su"
    ):
        require_files(edition, doing="packed", error=ReproductionError)


@pytest.mark.parametrize("engine", ["stream", "memory"])
def test_other_engines_say_which_one_is_needed(edition: Edition, engine: EngineName) -> None:
    choice = EngineChoice(name=engine)
    checked = check_data(choice.apply(edition), make_small_methodology(), engine=choice)
    (fault,) = (fault for fault in checked.report.faults if fault.code == "E-SETTING")
    assert fault.file == "warehouse.survey"
    assert "'--engine spark'" in fault.allowed
