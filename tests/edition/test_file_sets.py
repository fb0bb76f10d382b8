"""Survey entries that stand for many files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from clientindex.edition import load_edition
from clientindex.errors import EditionError
from national_survey import NationalSurvey, draw_people, list_differences, name_codes

if TYPE_CHECKING:
    from pathlib import Path

EDITION = """
schema: 1
id: t
year: 2026
title: {{ru: т, en: t}}
publisher: {{ru: т, en: t}}
cut_off: 2026-06-30
published: 2026-09-01
methodology: m.yml
seed: 0
data:
  survey:
{entries}
reports: reports
output: out
"""


def load(folder: Path, *entries: str) -> list[str]:
    """Return the survey files of an edition, from its folder on."""
    text = EDITION.format(entries="\n".join(f"    - {entry}" for entry in entries))
    (folder / "e.yml").write_text(text, encoding="utf-8")
    survey = load_edition(folder / "e.yml").data.survey
    return [source.file.relative_to(folder).as_posix() for source in survey]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (
        "s/b/2.csv",
        "s/a/1.csv",
        "s/a/notes.docx",
        "s/_SUCCESS",
        "s/.hidden.csv",
        "s/_temporary/3.csv",
        "s/c/4.parquet",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    return tmp_path


def test_a_folder_stands_for_its_data_files_in_the_order_of_paths(folder: Path) -> None:
    assert load(folder, "{file: s}") == ["s/a/1.csv", "s/b/2.csv", "s/c/4.parquet"]


def test_a_pattern_stands_for_what_answers_to_it(folder: Path) -> None:
    assert load(folder, '{file: "s/*/*.csv"}') == ["s/a/1.csv", "s/b/2.csv"]
    assert load(folder, '{file: "s/**/*.parquet"}', "{file: s/a/1.csv}") == [
        "s/c/4.parquet",
        "s/a/1.csv",
    ]
    assert load(folder, '{file: "none/*.csv"}') == ["none/*.csv"]


def test_one_file_by_two_entries_is_refused(folder: Path) -> None:
    with pytest.raises(EditionError, match=r"1\.csv, read in the same way as in entry 0"):
        load(folder, "{file: s}", '{file: "s/a/*.csv"}')


def test_a_constant_column_makes_no_other_file(folder: Path) -> None:
    entries = ["{file: s/a/1.csv}", "{file: s/a/1.csv, constant: {period: Q2}}"]
    with pytest.raises(EditionError, match=r"1\.csv, read in the same way as in entry 0"):
        load(folder, *entries)
    (folder / "s" / "period=Q1").mkdir()
    (folder / "s" / "period=Q1" / "5.csv").write_text("", encoding="utf-8")
    with pytest.raises(EditionError, match=r"5\.csv, read in the same way as in entry 3"):
        load(folder, "{file: s}", "{file: s/period=Q1/5.csv}")


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(folder: Path) -> None:
    (folder / "[1].csv").write_text("", encoding="utf-8")
    assert load(folder, '{file: "[1].csv"}') == ["[1].csv"]


def test_folders_of_partitions_become_columns(tmp_path: Path) -> None:
    survey = NationalSurvey(folder=tmp_path)
    people = draw_people(0, 40)
    for (segment, period), part in people.groupby(["segment", "period"]):
        bare = part.drop(columns=["segment", "period"])
        survey.write_parquet(f"s/segment={segment}/period={period}/part.parquet", bare)
    survey.use({"file": "s"})
    cut = survey.count()
    assert name_codes(cut) == []
    assert cut.counts is not None
    whole = NationalSurvey(folder=tmp_path / "whole")
    whole.write_csv("all.csv", people)
    whole.use({"file": "all.csv"})
    assert list_differences(cut.counts, whole.count_kept()) == []
    assert list_differences(survey.count_kept(), whole.count_kept()) == []


def test_a_constant_column_has_its_text_in_all_rows(tmp_path: Path) -> None:
    survey = NationalSurvey(folder=tmp_path)
    survey.write_csv("a.csv", draw_people(0, 12).drop(columns="period"))
    survey.use({"file": "a.csv", "constant": {"period": "Q7"}})
    counts = survey.count_kept()
    assert set(counts.units["period"]) == {"Q7"}
    survey.use({"file": "a.csv", "constant": {"period": "Q7", "centre": "001"}})
    assert "E-COLUMN-TWICE" in name_codes(survey.keep())
