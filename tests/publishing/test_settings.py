from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from clientindex.errors import RenderError
from clientindex.publishing.locale import load_locale, parse_date
from clientindex.publishing.settings import load_settings

REPORTS = Path(__file__).resolve().parents[2] / "reports"


def test_later_settings_win(reports: Path) -> None:
    front = {"title": "А", "toc-title": "Своё", "metadata-files": ["_ru.yml"], "toc-depth": 1}
    settings = load_settings(reports / "a.qmd", front, metadata={"title": "Б"})
    assert (settings.title, settings.toc_depth) == ("Б", 1)
    assert settings.toc_title == "Содержание"
    assert settings.number_sections
    assert settings.bibliography == ("references.bib",)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_quarto_and_the_embedded_renderer_use_the_same_words(language: str) -> None:
    file = YAML(typ="safe").load((REPORTS / f"_{language}.yml").read_text(encoding="utf-8"))
    locale = load_locale(language)
    assert file["crossref"] == dict(locale.crossref)
    assert file["toc-title"] == locale.toc
    titles = {f"callout-{kind}-title": title for kind, title in locale.callouts.items()}
    assert file["language"] == titles


def test_dates_are_in_words_of_the_language() -> None:
    date = dt.date(2026, 3, 1)
    assert load_locale("ru").format_date(date) == "1 марта 2026 г."
    assert load_locale("en").format_date(date) == "1 March 2026"


def test_the_date_sets_the_file_dates(reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    front = {"title": "А", "lang": "ru"}
    dated = load_settings(reports / "a.qmd", {**front, "date": "1970-01-02"}, metadata={})
    assert dated.timestamp == 86_400
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "123")
    assert load_settings(reports / "a.qmd", front, metadata={}).timestamp == 123


REFUSED = [
    ({"params": {"a": 1}}, r"a\.qmd: 'params' is ignored by Quarto's Jupyter engine"),
    ({"tittle": "А"}, r"a\.qmd: setting 'tittle' is not supported; did you mean 'title'\?"),
    ({"lang": "de"}, r"lang: 'de' is not supported"),
    ({"title": ""}, r"a\.qmd: 'title' is missing"),
    ({"toc": "yes"}, r"'toc' must be true or false, not 'yes'"),
    ({"crossref": {"chapters": True}}, r"crossref: 'chapters' is not supported"),
    ({"author": [1]}, r"'author' must be a name"),
    ({"metadata-files": ["_xx.yml"]}, r"cannot read _xx\.yml"),
    ({"date": "today"}, r"date: 'today' is not a date"),
]


@pytest.mark.parametrize(("front", "message"), REFUSED)
def test_wrong_settings_are_refused(reports: Path, front: dict[str, object], message: str) -> None:
    with pytest.raises(RenderError, match=message):
        load_settings(reports / "a.qmd", {"title": "А", "lang": "ru", **front}, metadata={})


def test_the_caller_may_set_four_things_only(reports: Path) -> None:
    with pytest.raises(RenderError, match="metadata 'lang' cannot be set by the caller"):
        load_settings(reports / "a.qmd", {"title": "А"}, metadata={"lang": "en"})


def test_no_date_is_no_date() -> None:
    assert parse_date(None) is None
    assert parse_date(dt.datetime(2026, 1, 2, 3, tzinfo=dt.UTC)) == dt.date(2026, 1, 2)
