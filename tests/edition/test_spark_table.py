"""A survey that Spark reads, in an edition file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from clientindex.edition import SurveySource, load_edition
from clientindex.edition.settings_hash import hash_settings
from clientindex.edition.spark_table import name_table
from clientindex.errors import EditionError
from national_survey import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DEMO = ROOT / "editions" / "demo.yml"


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ({"table": "warehouse.survey"}, "warehouse.survey"),
        ({"load": "s3a://bucket/survey/"}, "s3a:bucket:survey"),
        ({"load": r"C:\data\survey"}, "C:data:survey"),
        ({"load": "///"}, "spark"),
    ],
)
def test_it_has_a_name_like_a_file(raw: dict[str, str], name: str) -> None:
    assert name_table(raw) == name
    assert SurveySource.model_validate({"spark": raw}).file.name == name


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ({"spark": {"table": "t", "load": "x"}}, "either 'table' or 'load'"),
        ({"spark": {}}, "either 'table' or 'load'"),
        ({"spark": {"table": "t", "format": "orc"}}, "a table has its own"),
        ({"spark": {"table": "t"}, "file": "a.csv"}, "leave out 'file'"),
        ({"spark": {"table": "t"}, "delimiter": ";", "sheet": "a"}, "'delimiter', 'sheet'"),
        ({"spark": {"table": "t"}, "kind": "unit_means"}, "give unit_means as a file"),
        ({"spark": {"tabel": "t"}}, "tabel"),
    ],
)
def test_what_contradicts_itself_is_refused(raw: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        SurveySource.model_validate(raw)


def _write_edition(folder: Path, spark: str, *, respondents: str) -> Path:
    text = DEMO.read_text(encoding="utf-8")
    simulated = text.index("simulation:")
    data = text.index("\ndata:", simulated)
    text = text[:simulated] + f"respondents: {respondents}\n" + text[data:]
    start, stop = text.index("    - file:"), text.index("\n  register:")
    path = folder / "changed.yml"
    source = f"    - spark: {spark}\n      segment: citizens\n"
    path.write_text(text[:start] + source + text[stop:], encoding="utf-8")
    return path


def test_it_is_no_input_file_and_its_settings_count(tmp_path: Path) -> None:
    edition = load_edition(
        _write_edition(tmp_path, "{load: 's3a://b/s', format: orc}", respondents="count")
    )
    (source,) = edition.spark_sources
    assert source.spark is not None
    assert (source.spark.load, source.spark.format) == ("s3a://b/s", "orc")
    assert source.file not in edition.input_files
    other = load_edition(_write_edition(tmp_path, "{load: 's3a://b/s'}", respondents="count"))
    assert hash_settings(edition) != hash_settings(other)


def test_its_answers_are_never_kept(tmp_path: Path) -> None:
    with pytest.raises(EditionError, match="'respondents: count', since answers that Spark reads"):
        load_edition(_write_edition(tmp_path, "{table: a.b}", respondents="keep"))
