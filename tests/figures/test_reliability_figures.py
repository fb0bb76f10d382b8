"""What stands in the axes of the figures of reliability."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from clientindex.figures import FIGURES, colours, is_drawable
from clientindex.figures.item_rest import lay_out


def legend_of(figure):
    return [text.get_text().replace("\n", " ") for text in figure.legends[0].get_texts()]


def rows_of(ax):
    return [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()]


def change(bundle, name, **fields):
    return {name: dataclasses.replace(bundle.results[name], **fields)}


def test_alpha_and_omegas_stand_by_group_with_a_marker_a_coefficient(bundle, methodology, en):
    figure = FIGURES["consistency_groups"](bundle, en)
    ax = figure.axes[0]
    markers = ax.lines[:3]
    values = [line.get_xdata() for line in markers]
    assert values[0] == pytest.approx([0.795, 0.655, 0.92])
    assert values[1] == pytest.approx([0.805, 0.665, 0.93])
    assert values[2] == pytest.approx([0.785, 0.645, 0.91])
    for line in markers:
        assert np.round(line.get_ydata()).tolist() == [0, 1, 2]
    assert len({line.get_marker() for line in markers}) == 3
    assert legend_of(figure) == [
        "Cronbach's alpha",
        "Omega total",
        "Green and Yang's categorical omega",
    ]
    assert rows_of(ax)[0] == methodology.group("friendliness").name.en


def test_consistency_shows_intervals_n_and_the_thresholds_of_the_methodology(bundle, ru):
    ax = FIGURES["consistency_groups"](bundle, ru).axes[0]
    low, high = ax.collections[0].get_segments()[0][:, 0]
    assert (low, high) == pytest.approx((0.77, 0.81))
    texts = [text.get_text().replace("\u00a0", " ") for text in ax.texts]
    assert [text for text in texts if text.startswith("n =")] == [
        "n = 1 230",
        "n = 1 221",
        "n = 1 234",
    ]
    assert [text for text in texts if "0," in text] == ["от 0,7", "от 0,8", "от 0,9"]
    thresholds = [line.get_xdata()[0] for line in ax.lines if line.get_linestyle() == ":"]
    assert thresholds == [0.7, 0.8, 0.9]


def test_a_coefficient_that_is_not_defined_is_left_out(bundle, cut_bundle, en):
    result = bundle.results["consistency"]
    kept = result.frame[result.frame["statistic"] != "green_yang"]
    figure = FIGURES["consistency_groups"](
        cut_bundle(**change(bundle, "consistency", frame=kept)), en
    )
    assert legend_of(figure) == ["Cronbach's alpha", "Omega total"]


def test_cells_of_the_map_are_item_rest_correlations_by_part(bundle, ru, methodology):
    ax = FIGURES["item_rest"](bundle, ru).axes[0]
    table = lay_out(bundle.results["item_analysis"], methodology)
    assert table.loc["waiting"].tolist() == [0.15] * 3
    assert table.loc["competence"].tolist() == [0.6] * 3
    drawn = np.asarray(ax.images[0].get_array())
    assert drawn.shape == (20, 3)
    assert drawn == pytest.approx(table.to_numpy())
    assert [text.get_text() for text in ax.texts].count("0,15") == 3
    columns = [label.get_text() for label in ax.get_xticklabels()]
    assert columns == ["Все респонденты", "Работодатели", "Край"]


def test_many_regions_are_left_to_the_table(bundle, methodology):
    result = bundle.results["item_analysis"]
    region = result.relations[result.relations["kind"] == "region"]
    many = [region.assign(part=f"Край {number}") for number in range(30)]
    wide = dataclasses.replace(result, relations=pd.concat([result.relations, *many]))
    assert lay_out(wide, methodology).columns.get_level_values("kind").tolist() == [
        "all",
        "segment",
    ]


def test_bars_are_shares_of_the_extreme_answers_in_percent(bundle, en, methodology):
    figure = FIGURES["ceiling"](bundle, en)
    ax = figure.axes[0]
    best, worst = ax.containers
    assert legend_of(figure) == ["best answer", "worst answer"]
    at = methodology.indicator_keys.index("waiting")
    assert [bar.get_width() for bar in best][at] == pytest.approx(60.0)
    assert [bar.get_width() for bar in worst] == pytest.approx([4.0] * 20)
    low, high = ax.collections[0].get_segments()[at][:, 0]
    assert (low, high) == pytest.approx((58.0, 62.0))


def test_centres_stand_by_answers_with_the_minimum_sample_and_the_levels(bundle, ru):
    figure = FIGURES["centre_reliability"](bundle, ru)
    ax = figure.axes[0]
    own, pooled = (line for line in ax.lines if line.get_marker() == "o")
    assert own.get_xdata().tolist() == [400, 300, 250, 20]
    assert own.get_ydata()[0] == pytest.approx(15 / (15 + 225 / 400))
    assert pooled.get_xdata().tolist() == [200]
    assert to_hex(pooled.get_markerfacecolor()) == to_hex(colours.PAPER)
    levels = [line.get_ydata()[0] for line in ax.lines if line.get_linestyle() == ":"]
    assert levels == [0.6, 0.7, 0.8]
    (minimum,) = (line for line in ax.lines if line.get_linestyle() == "--")
    assert minimum.get_xdata()[0] == 30
    assert any("30" in text for text in legend_of(figure))
    assert ax.get_ylim() == (0, 1)


def test_curves_of_the_decision_study_have_the_interval_of_the_index(bundle, en):
    figure = FIGURES["decision_study"](bundle, en)
    for ax in figure.axes:
        curve = ax.lines[0]
        assert curve.get_xdata().tolist() == [1, 5, 20]
        assert curve.get_ydata() == pytest.approx([1 / 16, 0.25, 20 / 35])
        (band,) = ax.collections
        assert band.get_paths()[0].get_extents().ymax == pytest.approx(20 / 35 + 0.05)
    assert legend_of(figure)[1] == "Comfort and convenience"
    respondents, indicators = (ax.get_xlabel().replace("\n", " ") for ax in figure.axes)
    assert "minimum sample, 30" in respondents
    assert "30\u00a0respondents a centre" in indicators


@pytest.mark.parametrize("figure", ["centre_reliability", "decision_study"])
def test_nothing_is_drawn_of_centres_that_have_no_reliability(bundle, cut_bundle, figure):
    result = bundle.results["centre_reliability"]
    bare = change(
        bundle,
        "centre_reliability",
        centres=result.centres.iloc[:0],
        curves=result.curves.iloc[:0],
    )
    assert not is_drawable(figure, cut_bundle(**bare))
