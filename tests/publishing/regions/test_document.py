"""What the report of a region says: of several centres, none with stars, strange names."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import numpy as np
import pytest

from clientindex.errors import RenderError
from clientindex.figures import FIGURES
from clientindex.publishing.place_names import PlaceNames, name_places
from clientindex.publishing.regions.choose import choose_regions, list_regions
from clientindex.publishing.regions.document import make_region_report, open_region
from clientindex.publishing.source import parse_source
from clientindex.results import Unavailable
from clientindex.tables import TABLES
from clientindex.wording.sentences import PARAGRAPHS
from presentation_bundle import make_bundle, make_results, save_bundle

REPORTS = Path(__file__).parents[3] / "reports"
PART = re.compile(r'"((?:paragraph|table|figure)\.\w+)"')
PSKOV, KRAI, OKRUG = "Псковская область", "Край", "Округ"
STRANGE = '"Край" *А* & <б> [в](г) `д` {#е} | ж'
ABSENT = {
    "change": Unavailable(stage="rating", reason="no_previous_edition"),
    "inflation": Unavailable(stage="agreement", reason="no_checklist"),
    "audit": Unavailable(stage="agreement", reason="no_checklist"),
}


@pytest.fixture(scope="module")
def bundle():
    return make_bundle()


def tell(bundle, name, region, language="ru"):
    report = make_region_report(bundle, region, language)
    return report.paragraph(name).replace("\u00a0", " ").replace("\\", "")


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "region", "expected"),
    [
        (
            "region_coverage",
            KRAI,
            "В реестре региона 3 центра занятости, индекс определён у каждого. "
            "Учтены ответы 470 респондентов.",
        ),
        (
            "region_coverage",
            OKRUG,
            "В реестре региона 1 центр занятости, индекс не определён ни у одного.",
        ),
        ("region_mean", KRAI, "Средний индекс центров региона — 74,5 балла из 100 (доверительный"),
        ("region_mean", KRAI, "[39,6; 75,0] при уровне 95 %; 3 центра). Средний индекс всех"),
        ("region_mean", KRAI, "центров страны — 76,0 балла"),
        ("region_mean", OKRUG, "Средний индекс региона не определён: ни у одного центра"),
        ("region_verdict", KRAI, "Интервал региона (95 %) лежит целиком ниже среднего по стране."),
        ("region_verdict", KRAI, "средние 2 регионов"),
        ("region_verdict", PSKOV, "Среднее по стране лежит внутри интервала региона (95 %)"),
        ("region_verdict", OKRUG, "у него нет среднего индекса"),
        (
            "region_given",
            KRAI,
            "Звёзды присвоены 2 центрам занятости региона из 3; 1 центру звёзды не присвоены. "
            "У 2 центров из 2 данные не исключают другого числа звёзд",
        ),
        ("region_given", PSKOV, "Звёзды присвоены всем 2 центрам занятости региона. У 1 центра"),
        ("region_given", OKRUG, "Звёзды не присвоены ни одному центру занятости региона"),
        ("region_distribution", PSKOV, "- 5 звёзд — 1 центр\n- 4 звезды — 1 центр\n- 3 звезды"),
        ("region_distribution", OKRUG, "Центров со звёздами в регионе нет"),
        ("region_withheld", PSKOV, "Этому условию отвечают все центры региона."),
        ("region_withheld", KRAI, "В регионе без звёзд остались: из-за малой выборки — 1 центр."),
        ("region_withheld", OKRUG, "из-за отсутствия ответов — 1 центр. Такие центры не хуже"),
        ("region_small", KRAI, "меньше 250 респондентов, звёзды в регионе присвоены центрам: "),
        ("region_small", KRAI, "ЦЗН № 4 (n = 200)."),
        ("region_small", OKRUG, "Центров со звёздами, где ответили меньше 250"),
        ("region_change", KRAI, "изменился на 3,5 балла (доверительный интервал [−7,6; 14,6]"),
        ("region_change", KRAI, "Интервал содержит ноль"),
        ("region_change", PSKOV, "равно 0,8 балла (интервал не определён; 1 центр)."),
        ("region_change", OKRUG, "не определено. В одном из изданий нет оценок."),
        ("region_change_parts", KRAI, "из трёх частей: методика дала 0,4 балла"),
        ("region_change_parts", OKRUG, "Нет ни одного центра с оценкой в обоих изданиях."),
        (
            "region_change_centres",
            KRAI,
            "вырос у 0 и снизился у 1 из 2 центров, где изменение можно проверить "
            "(доля ложных открытий 5 %, проверялись все сопоставимые центры страны: 4).",
        ),
        ("region_change_centres", KRAI, "Новых центров в регионе — 0, перешедших"),
        ("region_change_centres", OKRUG, "нельзя сравнить ни один центр из тех, что есть"),
        ("region_unusual", PSKOV, "Из 2 центров региона необычно высокий индекс — у 1, необычно"),
        ("region_unusual", KRAI, "Среди 2 центров региона необычно высоких и необычно низких нет"),
        ("region_unusual", OKRUG, "Сам регион не проверялся: в нём нет центров со звёздами."),
        ("region_bias", KRAI, "по региону — 5,0 балла (9 центров). Разность, которую следует"),
        ("region_bias", KRAI, "— 4,5 балла (доверительный интервал [1,5; 7,5] при уровне 95 %)"),
        ("region_bias", KRAI, "по всем центрам страны — 6,3 балла"),
        ("region_audit", KRAI, "В списке на проверку 1 центр региона: из-за разности — 1, по"),
    ],
)
def test_sentences_of_regions(bundle, name, region, expected):
    assert expected in tell(bundle, name, region)


def test_a_mean_of_one_centre_has_no_interval_and_is_not_compared(bundle):
    frame = bundle.results["regions"].frame.set_index("region")
    frame.loc[KRAI, ["n_centres", "ci_low", "ci_high"]] = [1, np.nan, np.nan]
    alone = dataclasses.replace(bundle.results["regions"], frame=frame.reset_index())
    other = dataclasses.replace(bundle, results={**bundle.results, "regions": alone})
    assert "74,5 балла из 100 (интервал не определён; 1 центр)" in tell(other, "region_mean", KRAI)
    said = tell(other, "region_verdict", KRAI)
    assert said.endswith("интервал среднего по одному центру не определён.")
    assert "средние 1 региона" in tell(other, "region_verdict", PSKOV)


def test_english_sentences_are_equal_in_content(bundle):
    said = tell(bundle, "region_mean", KRAI, "en") + tell(bundle, "region_verdict", KRAI, "en")
    assert "is 74.5 points out of 100 (95% confidence interval [39.6, 75.0]; 3 centres)" in said
    assert "The whole interval of the region (95%) lies below the mean of the country." in said
    said = tell(bundle, "region_change_centres", KRAI, "en")
    assert "rose in 0 and fell in 1 of 2 centres where a change can be tested" in said


def test_an_edition_with_nothing_before_and_no_checklists_says_so(here, capsys):
    results = make_results() | ABSENT
    report = make_region_report(make_bundle(results=results), KRAI, "ru")
    report.show("paragraph.region_change", "figure.region_changes", "table.region_changes")
    report.show("paragraph.region_bias")
    report.show("paragraph.region_audit", "table.region_audit_list")
    told = [line for line in capsys.readouterr().out.splitlines() if line]
    checklists = "Сопоставление опроса и чек-листов: результата нет. Чек-лист не передан."
    before = "Предыдущее издание не указано, поэтому изменения не рассчитываются."
    assert told == [before, checklists, checklists]
    assert not list(here.iterdir())


def test_a_region_without_stars_has_its_centre_with_the_reason(bundle, here, capsys):
    report = make_region_report(bundle, OKRUG, "ru")
    report.show("figure.region_among_regions")
    report.show("figure.region_stars", "table.region_stars")
    report.show("table.region_withheld")
    told = capsys.readouterr().out
    assert "Рисунок «Средний индекс региона среди других» не строится: данных для него" in told
    assert "Рисунок «Индексы центров региона с интервалами» не строится" in told
    assert re.search(r"\| ЦЗН № 6 +\| +0 \| +— \| +— \| Нет ответов", told.replace("\\", ""))
    assert not list(here.iterdir())


def test_tables_have_the_rows_of_the_region_only(bundle, capsys):
    report = make_region_report(bundle, PSKOV, "ru")
    report.show("table.region_stars")
    told = capsys.readouterr().out
    assert [f"№ {n}" in told for n in range(1, 7)] == [True, True, False, False, False, False]
    report.show("table.region_unusual_centres")
    told = capsys.readouterr().out
    assert "Проверено центров: 4" in told
    assert "| ЦЗН № 1" in told
    assert "| Регион" not in told
    report = make_region_report(bundle, KRAI, "ru")
    report.show("table.region_group_scores")
    told = capsys.readouterr().out.replace("\u00a0", " ").replace("\\", "")
    assert re.search(r"\| Дружелюбие[^|]+\| +3 \| +71,3 \| +\[54,0; 88,5\] \| +72,4 \|", told)


def test_centres_that_are_not_tested_are_not_said_to_be_unchanged(bundle, capsys):
    make_region_report(bundle, KRAI, "ru").show("table.region_changes")
    told = capsys.readouterr().out
    verdicts = re.findall(r"\| (рост|снижение|не установлено|не проверялось) +\|", told)
    assert sorted(verdicts) == ["не проверялось", "не установлено", "снижение"]


def test_every_figure_lifts_out_the_region_by_its_name(bundle, here, capsys):
    named = name_places(bundle, PlaceNames(regions={KRAI: STRANGE}))
    report = make_region_report(named, STRANGE, "en")
    for part in report.own:
        if part.startswith("figure."):
            report.show(part)
            told = capsys.readouterr().out.replace("\\", "")
            assert told.count(STRANGE) >= 2, part
            assert "illustration" not in told
    assert len(list((here / "rendered-figures").glob("*.png"))) == 4


def test_strange_names_of_regions_are_no_markup(bundle, capsys):
    named = name_places(bundle, PlaceNames(regions={KRAI: STRANGE}))
    make_region_report(named, STRANGE, "ru").show("table.region_stars")
    told = capsys.readouterr().out
    assert STRANGE not in told
    assert STRANGE in told.replace("\\", "")


def test_a_region_is_opened_by_its_name_in_the_register(bundle, tmp_path):
    folder = str(save_bundle(bundle, tmp_path / "results"))
    report = open_region(folder, PSKOV, "en")
    figure = report.own["figure.region_stars"]
    assert "Pskov Oblast" in figure.caption(report.bundle, report.wording)
    with pytest.raises(RenderError, match=r"'Псковская обл' is no region.*did you mean 'Псковс"):
        open_region(folder, "Псковская обл", "ru")


def test_regions_of_the_register_are_listed_also_without_stars(bundle):
    assert list_regions(bundle) == (KRAI, OKRUG, PSKOV)
    assert choose_regions(bundle, [PSKOV, KRAI, PSKOV]) == (PSKOV, KRAI)
    gone = make_results() | {"stars": Unavailable(stage="rating", reason="no_answers")}
    with pytest.raises(RenderError, match="no reports of regions can be made"):
        list_regions(make_bundle(results=gone))


def test_the_source_names_every_own_part_once_and_no_part_that_does_not_exist(bundle):
    parts = [
        part
        for cell in parse_source(REPORTS / "region.ru.qmd").cells
        for part in PART.findall(cell.code)
    ]
    own = set(make_region_report(bundle, KRAI, "ru").own)
    known = {f"paragraph.{name}" for name in PARAGRAPHS} | {f"table.{name}" for name in TABLES}
    known |= {f"figure.{name}" for name in FIGURES}
    assert not own & known
    assert len(parts) == len(set(parts))
    assert set(parts) - known == own
