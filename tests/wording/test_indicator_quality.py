"""Quality boxes of indicators: numbers of the hand-made bundle, verdicts from thresholds."""

from __future__ import annotations

import dataclasses

import pytest

from clientindex.results import Unavailable
from clientindex.tables import TABLES
from clientindex.wording.sentences.indicator_quality import fill_box, say_quality, title_box
from clientindex.wording.sentences.quality_values import IndicatorQuality, list_quality
from presentation_bundle import make_bundle, make_results
from table_shown import EN, RU, show


@pytest.fixture(scope="module")
def bundle():
    return make_bundle()


def find(bundle, key):
    return next(quality for quality in list_quality(bundle) if quality.key == key)


def tell(bundle, key, wording):
    lines = fill_box(find(bundle, key), bundle=bundle, wording=wording)
    return [line.replace("\u00a0", " ") for line in lines]


def test_a_box_holds_the_numbers_of_its_indicator(bundle):
    assert tell(bundle, "competence", RU) == [
        "Утверждение анкеты: «Сотрудники центра знают своё дело и дают точные ответы» (чем больше, "
        "тем лучше). Вес в группе 25 %, в индексе 5 %.",
        "Ответов 1 170; средний ответ по шкале от 1 до 5 — 3,88 [3,86; 3,90]; без ответа 5,0 % "
        "[3,0; 7,0]; лучший ответ дали 28,0 % [26,0; 30,0].",
        "Корреляция с остальными показателями группы 0,60 [0,56; 0,64]; нагрузка на фактор своей "
        "группы 0,65 [0,60; 0,70].",
        "Чек-лист: согласие слабое, коэффициент Лина 0,31 [0,11; 0,51]; чек-лист минус опрос 6,3 "
        "[4,3; 8,3] балла; центров 22.",
        "Вывод: замечаний нет.",
    ]
    title = title_box(find(bundle, "competence"), bundle=bundle, wording=EN)
    assert title == "Professional competence of staff (Friendliness and partnership)"


def test_what_crosses_a_threshold_is_a_remark(bundle):
    assert find(bundle, "waiting").remarks == ("ceiling", "item_rest")
    assert tell(bundle, "waiting", EN)[-1] == (
        "Verdict: needs attention (answers pile up at the best end of the scale; weakly related "
        "to the other indicators of the group)."
    )
    assert "(less is better)" in tell(bundle, "waiting", EN)[0]


def test_a_methodology_may_call_its_levels_otherwise(bundle):
    thresholds, renamed = bundle.methodology.thresholds, {}
    for name in ("item_rest", "ceiling_share", "no_answer_share"):
        own = getattr(thresholds, name)
        levels = tuple(level.model_copy(update={"key": f"my_{level.key}"}) for level in own.levels)
        renamed[name] = own.model_copy(update={"levels": levels})
    changed = {"thresholds": thresholds.model_copy(update=renamed)}
    methodology = bundle.methodology.model_copy(update=changed)
    other = dataclasses.replace(bundle, methodology=methodology)
    assert find(other, "waiting").remarks == ("ceiling", "item_rest")
    assert find(other, "competence").remarks == ()


def test_a_foreign_factor_is_a_remark():
    quality = IndicatorQuality(
        key="goal", group="usefulness", weight=1, weight_in_index=1, loading_verdict="other"
    )
    assert quality.remarks == ("loading",)


def test_results_that_are_absent_leave_their_lines_out_and_are_told():
    results = make_results()
    del results["item_analysis"]
    results["agreement"] = Unavailable(stage="agreement", reason="no_checklist")
    bundle = make_bundle(results=results)
    assert tell(bundle, "competence", EN)[1:] == [
        "Loading on the factor of its own group 0.65 [0.60, 0.70].",
        "Verdict: no remarks.",
    ]
    said = say_quality(bundle, EN)
    assert "Reliability: not part of this edition." in said
    assert "No checklist was delivered." in said


def test_without_any_check_there_is_no_verdict():
    results = {k: v for k, v in make_results().items() if k in ("coverage", "scores", "stars")}
    bundle = make_bundle(results=results)
    assert tell(bundle, "goal", EN)[1:] == [
        "There is no verdict: the checks that it rests on were not made for this indicator."
    ]
    assert say_quality(bundle, EN).count("not part of this edition") == 3


def test_an_indicator_without_interval_and_checklist_says_so(bundle):
    results = make_results()
    items = results["item_analysis"]
    frame = items.items.copy()
    frame.loc[frame["statistic"] == "mean", ["ci_low", "ci_high"]] = float("nan")
    results["item_analysis"] = dataclasses.replace(items, items=frame)
    agreement = results["agreement"]
    kept = agreement.frame[agreement.frame["kind"] != "indicator"]
    results["agreement"] = dataclasses.replace(agreement, frame=kept)
    lines = tell(make_bundle(results=results), "competence", EN)
    assert "3.88 (interval not defined)" in lines[1]
    assert lines[3].startswith("The indicator is not compared with a checklist")


def test_the_table_holds_the_same_numbers(bundle):
    rows = show(TABLES["indicator_quality"](bundle, EN))
    assert len(rows) == 20
    assert rows[0] == [
        *("Friendliness and partnership", "Professional competence of staff"),
        *("25.0", "5.0", "1,170", "5.0", "3.88", "[3.86, 3.90]", "28.0"),
        *("0.60", "[0.56, 0.64]", "0.65", "[0.60, 0.70]", "0.31", "[0.11, 0.51]"),
        *("6.3", "[4.3, 8.3]", "Verdict: no remarks."),
    ]
