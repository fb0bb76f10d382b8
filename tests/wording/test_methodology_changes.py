"""Differences of two methodologies in words of both languages: a name for each, no raw values."""

from __future__ import annotations

import copy
import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from clientindex.methodology import Methodology
from clientindex.results.methodology_comparison import EFFECTS, MethodologyComparison
from clientindex.sensitivity.compare import list_changes
from clientindex.wording import load_wording
from clientindex.wording.methodology_changes import ToldChange, name_setting, tell_changes
from clientindex.wording.sentences.methodology_comparison import say_comparison

RAW = YAML(typ="safe").load(
    (Path(__file__).parents[2] / "methodology" / "2026.yml").read_text(encoding="utf-8")
)
EMPTY = pd.DataFrame()


def compare(edit):
    raw = copy.deepcopy(RAW)
    edit(raw)
    before, after = Methodology.model_validate(RAW), Methodology.model_validate(raw)
    keys = {*before.indicator_keys, *after.indicator_keys}
    weights = [
        dict(zip(m.indicator_keys, m.effective_weights, strict=True)) for m in (before, after)
    ]
    return MethodologyComparison(
        changes=list_changes(before, after),
        weights=pd.DataFrame(
            {
                "indicator": sorted(keys),
                "weight_before": [weights[0].get(key, np.nan) for key in sorted(keys)],
                "weight_after": [weights[1].get(key, np.nan) for key in sorted(keys)],
            }
        ),
        groups=pd.DataFrame(
            [(g.key, g.name.ru, g.name.en) for g in after.groups],
            columns=["group", "name_ru", "name_en"],
        ),
        **dict.fromkeys(("centres", "transitions", "parts", "summary", "left_out"), EMPTY),
        edition="demo",
        synthetic=True,
        before_id="2026",
        after_id="2027",
        **dict.fromkeys(
            ("before_title_ru", "before_title_en", "after_title_ru", "after_title_en"), "x"
        ),
        errors="exact",
        fdr=0.05,
        level=0.95,
    )


def tell(edit, language="en", **options):
    result = compare(edit)
    changes = tell_changes(result, load_wording(language), effects=EFFECTS, **options)
    return [(c.what, c.before, c.after) for c in changes]


def revise(raw):
    raw["groups"][0]["weight"], raw["groups"][1]["weight"] = 0.25, 0.15
    targeting = raw["groups"][3]
    targeting["indicators"] = [k for k in targeting["indicators"] if k != "follow_up"]
    raw["indicators"] = [i for i in raw["indicators"] if i["key"] != "follow_up"]
    raw["stars"]["bands"][3]["to"] = raw["stars"]["bands"][4]["from"] = 82.5
    raw["stars"]["caps"] = [{"reason": "weak", "at_most": 3, "group": "comfort", "score_below": 50}]
    raw["scoring"]["missing_group"] = "reweight"


def test_a_revision_in_english():
    assert tell(revise) == [
        ("Cut points of stars", "50; 60; 70; 80", "50; 60; 70; 82.5"),
        ("Cap on stars", "none", "at most 3\u00a0stars if “Comfort and convenience” is below 50"),
        ("Weight of group: Friendliness and partnership", "20%", "25%"),
        ("Weight of group: Usefulness", "20%", "15%"),
        ("Indicator: Follow-up", "weight in the index 5%", "none"),
        ("Group without a score", "no score", "weight shared among the others"),
        (
            "Weight inside its group: Personal circumstances considered, Individual plan "
            "(and 1 more)",
            "25%",
            "33.3%",
        ),
    ]


def test_a_revision_in_russian_with_the_weights_of_groups_together():
    told = tell(revise, "ru", together=True)
    assert told[0] == ("Границы звёзд", "50; 60; 70; 80", "50; 60; 70; 82,5")
    assert told[1][2] == "не больше 3\u00a0звёзд, если «Внешний комфорт и удобство» ниже 50"
    assert told[2] == (
        "Веса групп (Дружелюбие и партнерство; Полезность)",
        "20\u00a0%; 20\u00a0%",
        "25\u00a0%; 15\u00a0%",
    )
    assert told[3] == ("Показатель: Сопровождение", "вес в индексе 5\u00a0%", "нет")


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (
            lambda raw: raw["checklist"].update(use="blend", weight=0.2),
            [
                ("Роль чек-листов", "только сверка", "доля в баллах"),
                ("Доля чек-листов в баллах", "нет", "20\u00a0%"),
            ],
        ),
        (
            lambda raw: raw["answer_weights"].update(design=True),
            [("Веса из файлов опроса", "нет", "да")],
        ),
        (
            lambda raw: raw["factors"].update(n_factors=4),
            [("Факторный анализ: n_factors", "5", "4")],
        ),
        (
            lambda raw: raw["title"].update(ru="Новая методика"),
            [("Название методики", "задано иначе", "Новая методика")],
        ),
        (
            lambda raw: raw.update(
                scale={**raw["scale"], "points": {1: 0, 2: 1, 3: 2, 4: 3, 5: 4}}
            ),
            [("Баллы за ответы", "нет", "0; 1; 2; 3; 4")],
        ),
        (
            lambda raw: raw.update(stars={"minimum_sample": 30, "rule": "k_means", "stars": 5}),
            [
                ("Правило границ звёзд", "заданы в методике", "по k-средним"),
                ("Границы звёзд", "50; 60; 70; 80", "нет"),
                ("Наибольшее число звёзд", "нет", "5"),
            ],
        ),
        (
            lambda raw: raw["stars"].update(peer_groups={"by": "region", "minimum_centres": 21}),
            [("Группы сравнения", "нет", "по регионам; 21")],
        ),
        (
            lambda raw: raw["answer_weights"].update(empty_level="collapse"),
            [
                (
                    "Пустая категория при взвешивании",
                    "веса остаются прежними",
                    "объединяется с соседней",
                )
            ],
        ),
        (
            lambda raw: raw["answer_weights"].update(margins="region", traits=["sex"]),
            [
                ("Взвешивание по известному составу", "нет", "по регионам"),
                ("Признаки взвешивания", "нет", "sex"),
            ],
        ),
    ],
)
def test_settings_and_their_values_in_russian(edit, expected):
    assert tell(edit, "ru") == expected


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_area_of_the_file_has_a_name(language):
    wording = load_wording(language)
    for area in Methodology.model_fields:
        assert name_setting(f"{area}.unheard_of", f"{area}.unheard_of", wording)


def test_rows_of_one_group_that_differ_are_not_joined():
    def edit(raw):
        keys = list(raw["groups"][0]["indicators"])
        raw["groups"][0]["indicators"] = dict(zip(keys, (0.4, 0.3, 0.2, 0.1), strict=True))

    assert [row[2] for row in tell(edit)] == ["40%", "30%", "20%", "10%"]
    assert isinstance(
        tell_changes(compare(edit), load_wording("en"), effects=EFFECTS)[0], ToldChange
    )


def test_wrong_stars_are_counted_of_those_that_each_methodology_gives():
    numbers = {"gained": 1, "lost": 2, "same": 7, "newly_withheld": 5, "newly_starred": 3}
    numbers |= {"wrong_stars_before": 4.2, "wrong_stars_after": 3.6, "kendall_tau": np.nan}
    numbers |= {"largest_difference": 0, "mean_rank_shift": np.nan}
    result = dataclasses.replace(
        compare(revise),
        summary=pd.DataFrame({"statistic": list(numbers), "estimate": list(numbers.values())}),
        parts=pd.DataFrame(columns=["by", "part", "gained", "lost", "same"]),
        left_out=pd.DataFrame(columns=["statistic", "reason"]),
    )
    said = say_comparison(result, load_wording("en"))[0].replace("\u00a0", " ")
    assert "change for 3 of 10 centres" in said
    assert "4 of 15 stars are expected to be wrong" in said
    assert "under the new one 4 of 13." in said


SENSITIVITY = (
    *("sensitivity", "weight_importance", "weight_sources", "weight_bounds"),
    *("variants", "sobol", "together"),
)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_setting_of_the_sensitivity_has_a_name_of_its_own(language):
    wording = load_wording(language)
    methodology = Methodology.model_validate(RAW)
    names = [
        name_setting(f"{area}.{field}", f"{area}.{field}", wording)
        for area in SENSITIVITY
        for field in type(getattr(methodology, area)).model_fields
    ]
    assert len(names) == 51
    assert len(set(names)) == len(names)
    assert not [name for name in names if "_" in name]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (
            lambda raw: raw["sensitivity"].update(kind="dirichlet", vary="groups"),
            [
                (
                    "Как выбираются случайные веса",
                    "в пределах полосы",
                    "вокруг заданных весов (Дирихле)",
                ),
                ("Какие веса меняются случайно", "групп и показателей", "групп"),
            ],
        ),
        (
            lambda raw: raw.update(weight_sources={"outcome": "competence"}),
            [("Показатель общей удовлетворённости", "нет", "competence")],
        ),
        (
            lambda raw: raw.update(
                weight_sources={"sources": ["current", "budget"], "reliability_form": "precision"}
            ),
            [
                ("Сравниваемые источники весов", "задано иначе", "нынешние; баллы экспертов"),
                ("Веса по надёжности", "пропорционально ей", "по точности"),
            ],
        ),
        (
            lambda raw: raw.update(together={"sources": ["sampling", "weights"], "draws": 200}),
            [
                ("Число пар точек общей имитации", "1\u00a0000", "200"),
                (
                    "Источники сомнения в общей имитации",
                    "ошибка выборки; веса; метод",
                    "ошибка выборки; веса",
                ),
            ],
        ),
        (
            lambda raw: raw.update(weight_bounds={"weights": "rescaled", "band_pct": 10}),
            [
                ("Полоса весов для точных пределов, ±%", "25", "10"),
                (
                    "Как веса держатся полосы",
                    "каждый вес остаётся в своей полосе",
                    "пересчитываются до суммы 1",
                ),
            ],
        ),
    ],
)
def test_settings_of_the_sensitivity_in_russian(edit, expected):
    assert tell(edit, "ru") == expected
