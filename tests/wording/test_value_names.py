"""Values that data deliver, named in the language of the document by the methodology."""

import dataclasses

import pytest

from clientindex.methodology import load_methodology
from clientindex.methodology.texts import Bilingual
from clientindex.simulate.survey import CHANNELS
from clientindex.simulate.traits import TRAITS
from clientindex.tables import TABLES
from clientindex.tables.sensitivity.sources import name_expert
from clientindex.wording import load_wording
from clientindex.wording.names import name_joined, name_level, name_part, name_trait
from clientindex.wording.sentences import PARAGRAPHS
from clientindex.wording.transliteration import has_cyrillic
from clientindex.wording.unnamed_values import list_unnamed_values, tell_unnamed_values
from presentation_bundle import METHODOLOGY, make_bundle

EN, RU = load_wording("en"), load_wording("ru")
NAMES = {
    "channel": {"online": ("по интернету", "on the web"), "in_person": ("лично", "in person")},
    "sex": {"male": ("мужчины", "men"), "female": ("женщины", "women")},
    "education": {"higher": ("высшее", "a degree")},
    "trait": {"status": ("занятость", "employment")},
    "set": {"basic": ("основной набор", "the basic set")},
    "period": {"1 кв.": ("I квартал", "quarter 1")},
    "expert": {"Иванов": ("И. Иванов", "I. Ivanov")},
}


def with_names(names=NAMES, **changes):
    told = {
        kind: {value: Bilingual(ru=ru, en=en) for value, (ru, en) in own.items()}
        for kind, own in names.items()
    }
    bundle = make_bundle()
    methodology = bundle.methodology.model_copy(update={"value_names": told, **changes})
    return dataclasses.replace(bundle, methodology=methodology)


BUNDLE = with_names()
METHOD = BUNDLE.methodology


def test_values_are_named_by_kind_and_stand_as_delivered_otherwise():
    assert name_level("sex", "male", METHOD, EN) == "men"
    assert name_level("sex", "male", METHOD, RU) == "мужчины"
    assert name_level("sex", "другой", METHOD, EN) == "другой"
    assert name_level("sex", "", METHOD, EN) == "unknown"
    assert name_level("age", "18-35", METHOD, RU) == "18–35"
    assert name_joined("sex", "male + female", METHOD, EN) == "men + women"
    assert name_trait("status", METHOD, RU) == "занятость"
    assert name_trait("sex", METHOD, RU) == "пол"
    assert name_trait("income", METHOD, RU) == "income"
    assert name_part("period", "1 кв.", METHOD, EN) == "quarter 1"
    assert name_part("channel", "online", METHOD, RU) == "по интернету"
    assert name_part("segment", "citizens", METHOD, EN) == "Citizens"


@pytest.mark.parametrize(
    ("expert", "english", "russian"),
    [
        ("Иванов", "I. Ivanov", "И. Иванов"),
        ("Эксперт 2", "Expert 2", "Эксперт 2"),
        ("Петров", "Petrov", "Петров"),
    ],
)
def test_experts_are_named_as_the_sheet_or_the_methodology_does(expert, english, russian):
    assert name_expert(expert, METHOD, EN) == english
    assert name_expert(expert, METHOD, RU) == russian


def find_cells(name, wording, head):
    spec = TABLES[name](BUNDLE, wording)
    at = [column.key for column in spec.columns].index(head)
    return list(dict.fromkeys(row[at] for row in spec.rows))


def test_tables_name_levels_and_sets():
    assert find_cells("case_mix_coefficients", EN, "trait_set") == ["the basic set", "full"]
    assert find_cells("case_mix_coefficients", RU, "trait_set") == ["основной набор", "full"]
    levels = find_cells("case_mix_coefficients", RU, "trait_level")
    assert levels == ["36+", "неизвестно", "мужчины", "по интернету"]
    references = find_cells("case_mix_coefficients", EN, "reference_level")
    assert references == ["18–35", "women", "in person"]
    assert "men" in find_cells("weights_margins", EN, "trait_level")
    details = find_cells("rating_gaps", EN, "gap_detail")
    assert "a degree" in details


def test_sentences_name_levels_and_sets():
    said = PARAGRAPHS["case_mix"](BUNDLE, RU)
    assert "по интернету" in said
    assert "основной набор" in said
    assert "online" not in said


def test_readers_are_told_which_values_have_no_name():
    parts = BUNDLE.results["invariance"].parts
    results = dict(BUNDLE.results)
    frame = parts.assign(across="channel", part="Лично")
    results["invariance"] = dataclasses.replace(results["invariance"], parts=frame)
    bundle = dataclasses.replace(BUNDLE, results=results)
    assert list_unnamed_values(bundle, EN) == ["Лично"]
    assert tell_unnamed_values(bundle, EN).endswith('stand as delivered: "Лично".')
    assert list_unnamed_values(BUNDLE, EN) == []
    assert tell_unnamed_values(BUNDLE, EN) is None


def test_keys_without_a_russian_name_are_told_in_russian_documents():
    assert list_unnamed_values(BUNDLE, RU) == ["full"]
    assert tell_unnamed_values(BUNDLE, RU).endswith("данных и настройках: «full».")


def test_numbers_may_be_values():
    raw = {"sex": {1: {"ru": "мужчины", "en": "men"}}}
    changed = type(METHOD).model_validate({**METHOD.model_dump(by_alias=True), "value_names": raw})
    assert name_level("sex", "1", changed, EN) == "men"


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_demo_names_what_its_simulation_writes(year):
    methodology = load_methodology(METHODOLOGY.with_name(f"{year}.yml"))
    written = {"channel": CHANNELS, **TRAITS}
    for kind, values in written.items():
        for value in values:
            assert not has_cyrillic(name_level(kind, value, methodology, EN))
