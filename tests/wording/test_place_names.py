"""English names of regions and Russian names in Latin letters."""

import pytest

from clientindex.figures.tile_layout import load_tiles, place_regions
from clientindex.wording.region_names import find_english_name, load_english_names
from clientindex.wording.transliteration import has_cyrillic, transliterate


@pytest.mark.parametrize(
    ("russian", "latin"),
    [
        ("ЦЗН г. Ельца, отделение № 2", "TsZN g. Yeltsa, otdeleniye No. 2"),
        ("Нижний Тагил", "Nizhny Tagil"),
        ("Белый Яр", "Bely Yar"),
        ("Щёкино", "Shchyokino"),
        ("Объездная", "Obyezdnaya"),
        ("Юрьев-Польского", "Yuryev-Polskogo"),
        ("Хотьково", "Khotkovo"),
        ("ий", "iy"),
        ("R32-001 Centre", "R32-001 Centre"),
        ("", ""),
    ],
)
def test_russian_words_are_written_in_latin_letters(russian, latin):
    assert transliterate(russian) == latin
    assert not has_cyrillic(latin)


def test_no_russian_letter_is_left():
    letters = "".join(chr(code) for code in range(ord("а"), ord("я") + 1)) + "ё"
    assert not has_cyrillic(transliterate(f"{letters} {letters.upper()}"))


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("Нижегородская область", "Nizhny Novgorod Oblast"),
        ("нижегородская обл.", "Nizhny Novgorod Oblast"),
        ("г. Москва", "Moscow"),
        ("Московская область", "Moscow Oblast"),
        ("Якутия", "Republic of Sakha (Yakutia)"),
        ("ХМАО — Югра", "Khanty-Mansi Autonomous Okrug — Yugra"),
        ("Республика Алтай", "Altai Republic"),
        ("Алтайский край", "Altai Krai"),
        ("Край", None),
        ("country", None),
        ("", None),
    ],
)
def test_regions_have_their_usual_english_names(name, english):
    assert find_english_name(name) == english


def test_every_tile_is_found_by_both_names():
    english = load_english_names()
    assert len(set(english.values())) == 89
    assert {tile.name for tile in load_tiles()} == set(english)
    assert [find_english_name(name) for name in english] == list(english.values())
    placed, unplaced = place_regions(english.values())
    assert unplaced == []
    assert {placed[said].name: said for said in placed} == english
