"""The page of a passport in words, both languages, from the hand-made bundle."""

from __future__ import annotations

import dataclasses
import math

import pandas as pd
import pytest

from clientindex.methodology.model import ChecklistRule
from clientindex.publishing.passports.page import MOVES_SHOWN, clean_texts, shorten
from clientindex.publishing.passports.pages import write_pages
from clientindex.publishing.passports.stars import write_chance
from clientindex.results import Unavailable
from clientindex.wording import load_wording
from presentation_bundle import make_bundle
from presentation_passports import make_passport_bundle, make_passport_results

NBSP = "\u00a0"


def write(language="ru", bundle=None):
    bundle = bundle or make_passport_bundle()
    centres = set(bundle.results["stars"].frame["centre"])
    return dict(write_pages(bundle, language, centres=centres))


@pytest.fixture(scope="module")
def russian():
    return write()


@pytest.fixture(scope="module")
def english():
    return write("en")


def plain(text):
    return text.replace(NBSP, " ").replace("\u200b", "")


def find_row(page, name):
    return next(row for row in page["scores"]["rows"] if row["cells"][0] == name)


def test_a_centre_is_named_with_code_region_and_edition(russian, english):
    page = russian["c1"]
    assert (page["name"], page["place"]) == ("ЦЗН № 1", "Код c1 · Псковская область")
    assert page["edition"] == "Рейтинг центров"
    assert english["c1"]["name"] == "TsZN No. 1"
    assert english["c1"]["place"] == "Code c1 · Pskov Oblast"


def test_english_names_of_the_register_come_first():
    given = [("centre", "c1", "Pskov Job Centre"), ("region", "Псковская область", "Pskov Land")]
    frame = pd.DataFrame(given, columns=["kind", "place", "name"])
    results = make_passport_results()
    results["coverage"] = dataclasses.replace(results["coverage"], english_names=frame)
    pages = write("en", make_bundle(results=results))
    assert (pages["c1"]["name"], pages["c1"]["place"]) == (
        "Pskov Job Centre",
        "Code c1 · Pskov Land",
    )
    assert pages["c2"]["name"] == "TsZN No. 2"


def test_synthetic_data_are_marked_and_others_are_not(russian):
    assert russian["c1"]["synthetic"].startswith("Синтетические данные")
    assert write(bundle=make_passport_bundle(synthetic=False))["c1"]["synthetic"] == ""


def test_stars_with_their_probability_and_a_bar_each(russian, english):
    stars = russian["c3"]["stars"]
    assert (stars["given"], stars["of"], stars["text"]) == (3.0, 5.0, "3 из 5\u00a0звёзд")
    assert plain(stars["notes"][0]).endswith("лежит в границах этих звёзд: 89 %.")
    assert [plain(bar["text"]) for bar in stars["bars"]] == ["0 %", "12 %", "89 %", "0 %", "0 %"]
    assert [bar["given"] for bar in stars["bars"]] == [False, False, True, False, False]
    assert english["c3"]["stars"]["text"] == "3 of 5\u00a0stars"


def test_a_withheld_star_has_its_reason_in_words(russian, english):
    small = russian["c5"]
    assert small["stars"]["text"] == "Звёзды не присвоены"
    notes = [plain(note) for note in small["stars"]["notes"]]
    assert notes[:2] == [
        "Малая выборка.",
        "Для присвоения звёзд нужно не меньше 30 респондентов.",
    ]
    assert "не значит, что центр хуже" in notes[2]
    assert small["rank"]["rows"] == []
    assert small["rank"]["note"] == "Мест у центров без звёзд нет."
    assert small["moves"]["note"] == "Пока звёзды не присвоены, менять нечего."
    silent = english["c6"]
    assert silent["stars"]["notes"][0] == "No answers."
    assert silent["n"] == "Nobody answered the questions about this centre."
    assert silent["index"]["note"].startswith("The index is not defined")


def test_the_index_stands_with_interval_and_n_by_segment(russian):
    assert russian["c1"]["index"]["rows"] == [
        ["Все респонденты", "85,3", f"[83,3;{NBSP}87,2]", "400"],
        ["Граждане", "84,5", f"[82,3;{NBSP}86,7]", "300"],
        ["Работодатели", "86,0", f"[82,2;{NBSP}89,8]", "100"],
    ]


def test_ranks_stand_with_their_sets_or_say_why_not(russian):
    rank = russian["c3"]["rank"]
    assert rank["rows"] == [
        ["Все регионы", "4", f"[4;{NBSP}4]", "4"],
        ["Край", "2", "—", "2"],
    ]
    assert rank["note"].startswith("Край: ")
    assert russian["c1"]["rank"]["note"] == ""


def test_survey_checklist_and_country_side_by_side(russian, english):
    row = find_row(russian["c1"], "Внешний комфорт и удобство")
    ends, country = f"[85,6;{NBSP}90,4]", f"76,5 [65,4;{NBSP}87,7]"
    assert row["cells"][1:] == ["88,0", ends, "398", "75,0", country]
    assert (row["value"], row["low"], row["high"]) == (88.0, 85.6, 90.4)
    assert (row["checklist"], row["country"]) == (75.0, 76.5125)
    rows = english["c1"]["scores"]["rows"]
    assert len(rows) == 25
    assert [row["group"] for row in rows] == [True, *[False] * 4] * 5
    assert "does not enter the index" in english["c1"]["scores"]["note"]


@pytest.mark.parametrize(
    ("rule", "column", "note"),
    [
        ({"use": "verify"}, "Опрос", "В индекс чек-лист не входит."),
        ({"use": "blend", "weight": 0.3}, "Опрос с чек-листом", "входит в оценки и в индекс"),
        ({"use": "precision"}, "Опрос", "входит в индекс по правилу методики, в оценки групп"),
    ],
)
def test_what_checklists_have_a_say_in_is_told(rule, column, note):
    bundle = make_passport_bundle()
    methodology = bundle.methodology.model_copy(
        update={"checklist": ChecklistRule.model_construct(**rule)}
    )
    scores = write(bundle=dataclasses.replace(bundle, methodology=methodology))["c1"]["scores"]
    assert scores["columns"][2] == column
    assert note in scores["note"]


def test_a_centre_without_a_checklist_says_so(russian):
    assert russian["c4"]["scores"]["note"] == "Чек-листа этого центра нет."
    assert {row["cells"][4] for row in russian["c4"]["scores"]["rows"]} == {"—"}


def test_a_bundle_without_checklists_says_why():
    results = make_passport_results(
        agreement=Unavailable(stage="agreement", reason="no_shared_centres")
    )
    absent = write(bundle=make_bundle(results=results))["c1"]["scores"]["note"]
    assert "Чек-листа" not in absent
    assert len(absent) > 20
    assert write(bundle=make_bundle())["c1"]["scores"]["note"].startswith("Баллов чек-листов")
    del results["agreement"]
    assert (
        "в этом издании не проводится"
        in write(bundle=make_bundle(results=results))["c1"]["scores"]["note"]
    )


def test_changes_that_are_established_unknown_and_not_tested(russian, english):
    merged = plain(russian["c3"]["change"]["text"])
    assert "было 70,0, стало 62,5; изменение −7,5 [−12,4; −2,6]." in merged
    assert "Снижение установлено" in merged
    assert "Звёзды: раньше — без звёзд (прежних центров было несколько), теперь — 3." in merged
    better = plain(english["c1"]["change"]["text"])
    assert "80.5 before, 85.3 now; change +4.8 [1.8, 7.7]. A rise is established" in better
    assert "at most 5%" in better
    assert "No change is established" in english["c2"]["change"]["text"]
    assert "established" not in english["c5"]["change"]["text"]
    assert english["c6"]["change"]["text"].count(".") == 1


def test_no_previous_edition_is_said_in_words():
    results = make_passport_results(
        change=Unavailable(stage="rating", reason="no_previous_edition")
    )
    page = write(bundle=make_bundle(results=results))["c1"]
    assert "Предыдущее издание не указано" in page["change"]["text"]


def test_moves_are_the_first_rows_of_the_table(russian):
    moves = russian["c2"]["moves"]
    assert moves["columns"] == ["Что меняется", "Насколько", "Звёзды"]
    assert 0 < len(moves["rows"]) <= MOVES_SHOWN
    assert moves["rows"][0][0].startswith("Все веса сдвигаются")


def test_moves_that_are_not_known_say_why():
    results = make_passport_results()
    del results["weight_bounds"]
    page = write(bundle=make_bundle(results=results))["c1"]
    assert page["moves"]["rows"] == []
    assert "в этом издании не проводится" in page["moves"]["note"]


def test_the_footer_names_edition_methodology_and_bundle(english):
    said, status = english["c1"]["footer"]
    assert "intervals at the level of 95%" in said
    for part in ("small, 2026", "30 June 2026", "methodology: 2026", "0123456789ab"):
        assert part in plain(status)


def test_what_must_not_be_concluded_is_one_sentence(russian, english):
    for page in (russian["c1"], english["c1"]):
        assert page["limits"]["text"].count(".") == 1


def test_only_a_stars_frame_is_enough():
    results = {"stars": make_passport_results()["stars"]}
    page = write("en", bundle=make_bundle(results=results))["c1"]
    assert page["stars"]["bars"] == []
    assert page["stars"]["notes"][-1].startswith("The probabilities of other stars")
    assert "not" in page["rank"]["note"]


def test_unbounded_scores_are_not_drawn_on_points():
    bundle = make_passport_bundle()
    scoring = bundle.methodology.scoring.model_copy(update={"scale": "standard"})
    changed = bundle.methodology.model_copy(update={"scoring": scoring})
    page = write(bundle=dataclasses.replace(bundle, methodology=changed))["c1"]
    assert page["scores"]["drawn"] is False
    assert page["index"]["title"] == "Индекс, без границ шкалы"


@pytest.mark.parametrize(
    ("p", "said"),
    [(0.0, "0%"), (1e-9, "less than 1%"), (0.004, "less than 1%"), (0.995, "more than 99%")],
)
def test_what_is_hardly_possible_is_not_impossible(p, said):
    assert plain(write_chance(p, load_wording("en"))) == said


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a\nb\tc", "a b c"),
        ("a\u202eb\x00\ue000\ud800c", "abc"),
        ("#$@*_", "#$@*_"),
        ("ц" * 30, "ц" * 24 + "\u200b" + "ц" * 6),
        (math.nan, None),
        ([{"a": " x "}], [{"a": "x"}]),
    ],
)
def test_texts_are_made_printable(text, clean):
    assert clean_texts(text) == clean


def test_a_name_that_no_page_could_show_is_cut():
    assert shorten("ЦЗН  № 1") == "ЦЗН № 1"
    assert shorten("ц" * 300) == "ц" * 300
    assert shorten("ц" * 301) == "ц" * 300 + "…"
