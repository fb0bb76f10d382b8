from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import clientindex.wording
from clientindex.errors import WordingError
from clientindex.wording import load_wording
from clientindex.wording.words import find_placeholders

RU, EN = load_wording("ru"), load_wording("en")
FOLDER = Path(clientindex.wording.__file__).parent


def test_both_languages_have_the_same_keys_and_placeholders():
    assert set(RU.texts) == set(EN.texts)
    differing = [
        key
        for key, text in RU.texts.items()
        if find_placeholders(text) != find_placeholders(EN.texts[key])
    ]
    assert differing == []


def test_every_file_exists_in_both_languages_and_is_valid():
    names = {path.name.replace(".ru.", ".").removeprefix("ru.") for path in FOLDER.glob("*ru.toml")}
    assert names == {
        p.name.replace(".en.", ".").removeprefix("en.") for p in FOLDER.glob("*en.toml")
    }
    for path in FOLDER.glob("*.toml"):
        tomllib.loads(path.read_text(encoding="utf-8"))


INTERNATIONAL = {
    *("Python", "Quarto"),
    *("n", "p", "r", "P", "ICC", "A", "C", "SHA", "MSA", "clientindex", "x", "F", "R"),
    *("H", "q", "REML", "t", "z", "U", "AC", "CCC", "CT", "M", "Q", "k", "CRITIC"),
    *("ML", "MLR", "ULS", "WLSMV", "CFI", "TLI", "RMSEA", "SRMR", "RMSR", "BIC"),
    *("MAP", "VSS", "Hull", "AVE", "CR", "MSV", "HTMT", "ECV", "PUC", "W", "CSV"),
}
"""Abbreviations and names that Russian texts of the field write in Latin letters."""


def test_no_english_word_stands_in_a_russian_sentence():
    for key, text in RU.texts.items():
        without = text
        for name in find_placeholders(text):
            without = without.replace(f"{{{name}}}", "")
        words = {w for w in _latin_words(without) if not w.startswith(("tbl", "fig"))}
        assert words <= INTERNATIONAL, (key, words - INTERNATIONAL)


def _latin_words(text: str) -> set[str]:
    import re

    return set(re.findall(r"(?<![\w@-])[A-Za-z]+", re.sub(r"@[\w-]+", "", text)))


def test_unknown_keys_name_the_nearest():
    with pytest.raises(WordingError, match=r"no text 'stage\.ratin'; did you mean 'stage\.rating'"):
        RU.text("stage.ratin")


def test_placeholders_must_be_given_exactly():
    with pytest.raises(WordingError, match=r"values missing for \['n'\]"):
        RU.text("figures.n")
    with pytest.raises(WordingError, match=r"not wanted: \['m'\]"):
        RU.text("figures.n", n="1", m="2")


def test_numbers_must_be_written_first():
    with pytest.raises(WordingError, match="must be written by the wording, got 5"):
        RU.text("figures.n", n=5)
    with pytest.raises(WordingError, match="empty text"):
        RU.text("figures.n", n="")


def test_unknown_language_is_refused():
    with pytest.raises(WordingError, match="no wording in 'de'; there are ru, en"):
        load_wording("de")


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (0, "центров"),
        (1, "центр"),
        (2, "центра"),
        (4, "центра"),
        (5, "центров"),
        (11, "центров"),
        (12, "центров"),
        (14, "центров"),
        (21, "центр"),
        (22, "центра"),
        (25, "центров"),
        (111, "центров"),
        (112, "центров"),
        (121, "центр"),
        (1001, "центр"),
    ],
)
def test_russian_plurals(n, expected):
    assert RU.plural(n, "centre") == expected
    assert RU.counted(n, "centre") == f"{RU.integer(n)}\u00a0{expected}"


def test_english_plurals():
    assert [EN.counted(n, "centre") for n in (0, 1, 2, 21)] == [
        "0\u00a0centres",
        "1\u00a0centre",
        "2\u00a0centres",
        "21\u00a0centres",
    ]


def test_lists_are_joined_with_and():
    assert RU.join(["а", "б", "в"]) == "а, б и в"
    assert EN.join(["a", "b"]) == "a and b"
    assert EN.join(["a"]) == "a"
    assert EN.join([]) == ""


def test_the_sign_for_no_value_is_explicit_and_explained():
    assert RU.missing == "—"
    assert "не определено" in RU.text("missing.note")
