"""What stands in the heat map of the loadings."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from clientindex.figures import FIGURES


def rows_of(ax):
    return [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()]


def columns_of(ax):
    return [label.get_text().replace("\n", " ") for label in ax.get_xticklabels()]


def texts_of(ax):
    """Return (row, column) -> texts from top to bottom."""
    found = {}
    for text in sorted(ax.texts, key=lambda text: text.get_position()[1]):
        column, row = text.get_position()
        found.setdefault((round(row), column), []).append(text.get_text())
    return found


def replace_model(bundle, cut_bundle, **changes):
    return cut_bundle(exploratory=dataclasses.replace(bundle.results["exploratory"], **changes))


def test_loadings_follow_the_methodology(bundle, methodology, wording):
    ax = FIGURES["loadings_heatmap"](bundle, wording).axes[0]
    (image,) = ax.images
    expected = np.where(np.repeat(np.eye(5, dtype=bool), 4, axis=0), 0.7, -0.1)
    assert np.asarray(image.get_array()) == pytest.approx(expected)
    assert image.get_clim() == (-1, 1)
    assert rows_of(ax) == [
        methodology.indicator(k).name.in_language(wording.language)
        for k in methodology.indicator_keys
    ]
    assert [line.get_ydata()[0] for line in ax.lines] == [3.5, 7.5, 11.5, 15.5]


def test_every_cell_holds_its_loading_and_interval_and_salient_ones_are_bold(bundle, wording):
    ax = FIGURES["loadings_heatmap"](bundle, wording).axes[0]
    found = texts_of(ax)
    own = [wording.number(0.7, digits=2), wording.interval(0.66, 0.73, digits=2)]
    other = [wording.number(-0.1, digits=2), wording.interval(-0.14, -0.07, digits=2)]
    for row in range(20):
        for column in range(5):
            assert found[row, column] == (own if row // 4 == column else other)
    bold = {t.get_position() for t in ax.texts if t.get_weight() == "bold"}
    salient = {place for place in bold if place[0] < 5}
    assert {(column, round(row)) for column, row in salient} == {(r // 4, r) for r in range(20)}


def test_factor_columns_carry_the_group_they_match_then_the_verdict(bundle, ru):
    ax = FIGURES["loadings_heatmap"](bundle, ru).axes[0]
    assert columns_of(ax)[0] == "F1 Дружелюбие и партнерство"
    assert columns_of(ax)[-1] == "Вывод"


def test_verdicts_are_signs_with_the_share_of_replicates_that_agree(bundle, ru):
    ax = FIGURES["loadings_heatmap"](bundle, ru).axes[0]
    found = texts_of(ax)
    signs = [found[row, 5] for row in range(4)]
    assert signs == [["+ F2", "50\u00a0%"], ["→ F2"], ["✗", "90\u00a0%"], ["✓", "90\u00a0%"]]
    note = ax.get_xlabel().replace("\n", " ")
    assert "✗ — ни на одном" in note
    assert "полихорические корреляции, n = 850" in note


def test_only_the_signs_in_sight_are_explained(bundle, cut_bundle, en):
    verdicts = bundle.results["exploratory"].verdicts.assign(verdict="own")
    figure = FIGURES["loadings_heatmap"](replace_model(bundle, cut_bundle, verdicts=verdicts), en)
    assert "✗" not in figure.axes[0].get_xlabel()


def test_without_verdicts_there_is_no_column_for_them(bundle, cut_bundle, en):
    changed = replace_model(bundle, cut_bundle, verdicts=pd.DataFrame({"verdict": []}))
    ax = FIGURES["loadings_heatmap"](changed, en).axes[0]
    assert len(columns_of(ax)) == 5
    assert ax.get_xlim() == (-0.5, 4.5)


def test_loadings_without_intervals_stand_alone(bundle, cut_bundle, en):
    model = bundle.results["exploratory"]
    bare = model.loadings.assign(ci_low=np.nan, ci_high=np.nan)
    bare.loc[0, "estimate"] = np.nan
    ax = FIGURES["loadings_heatmap"](replace_model(bundle, cut_bundle, loadings=bare), en).axes[0]
    loadings = {place: told for place, told in texts_of(ax).items() if place[1] < 5}
    assert len(loadings) == 99
    assert {len(told) for told in loadings.values()} == {1}
    assert "confidence" not in ax.get_xlabel()


def test_the_general_factor_has_a_name_of_its_own(bundle, cut_bundle, ru):
    model = bundle.results["exploratory"]
    changed = replace_model(
        bundle,
        cut_bundle,
        loadings=model.loadings.replace({"factor": {"F1": "general"}}),
        variance=model.variance.replace({"F1": "general", "friendliness": "index"}),
    )
    ax = FIGURES["loadings_heatmap"](changed, ru).axes[0]
    assert columns_of(ax)[0] == "Общий фактор"
