"""What stands in the axes of the figures of the methods report."""

from __future__ import annotations

import dataclasses

import numpy as np

from clientindex.figures import FIGURES, draw_bland_altman
from clientindex.figures.style import new_figure
from clientindex.methodology import Methodology


def make_axes():
    return new_figure(3.0).add_subplot()


def legend_of(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_bland_altman_has_a_panel_a_group_with_its_n(bundle, methodology, wording):
    figure = FIGURES["agreement_bland_altman"](bundle, wording)
    titles = [ax.get_title().replace("\n", " ") for ax in figure.axes]
    names = [g.name.in_language(wording.language) for g in methodology.groups]
    assert titles == [f"{name} n = 4" for name in names]


def test_bland_altman_draws_mean_against_checklist_minus_survey(bundle, ru):
    ax = FIGURES["agreement_bland_altman"](bundle, ru).axes[0]
    (points,) = (line for line in ax.lines if line.get_marker() == "o")
    assert points.get_xydata().tolist() == [[52, 4], [63, 6], [74, 8], [85, 10]]


def test_bland_altman_takes_bias_and_limits_from_the_result(bundle, ru):
    figure = FIGURES["agreement_bland_altman"](bundle, ru)
    ax = figure.axes[0]
    lines = {ln.get_ydata()[0]: ln.get_linestyle() for ln in ax.lines if ln.get_marker() == "None"}
    assert lines == {0: "-", 7.0: "-", 2.0: "--", 12.0: "--"}
    shades = sorted((p.get_y(), p.get_y() + p.get_height()) for p in ax.patches)
    assert shades == [(1.0, 3.0), (6.0, 8.0), (11.0, 13.0)]
    assert len(legend_of(figure)) == 3


def test_bland_altman_leaves_out_a_line_that_is_not_defined(bundle, ru):
    result = bundle.results["agreement"]
    frame = result.frame.assign(
        estimate=result.frame["estimate"].mask(result.frame["statistic"] != "bias")
    )
    ax = draw_bland_altman(
        dataclasses.replace(result, frame=frame),
        ax=make_axes(),
        wording=ru,
        group="comfort",
        name="Комфорт",
    )
    assert [ln.get_ydata()[0] for ln in ax.lines if ln.get_marker() == "None"] == [0, 7.0]


def test_four_groups_and_35_indicators(cut_bundle, bundle, methodology, wording):
    indicators = tuple(
        methodology.indicators[0].model_copy(update={"key": f"q{i}"}) for i in range(35)
    )
    groups = tuple(
        group.model_copy(update={"indicators": {f"q{i}": 1 / 9 for i in range(35) if i % 4 == j}})
        for j, group in enumerate(methodology.groups[:4])
    )
    fields = dict(methodology) | {"indicators": indicators, "groups": groups}
    wide = Methodology.model_construct(**fields)  # a copy would keep the cached keys
    model = bundle.results["exploratory"]
    loadings = model.loadings.iloc[: 35 * 2].assign(
        indicator=[f"q{i}" for i in range(35)] * 2, factor=["F1"] * 35 + ["F2"] * 35
    )
    agreement = bundle.results["agreement"]
    school = dataclasses.replace(
        cut_bundle(exploratory=dataclasses.replace(model, loadings=loadings)), methodology=wide
    )
    ax = FIGURES["loadings_heatmap"](school, wording).axes[0]
    assert np.asarray(ax.images[0].get_array()).shape == (35, 2)
    panels = FIGURES["agreement_bland_altman"](school, wording).axes
    assert len(panels) == 4
    assert set(agreement.points["group"]) > set(wide.group_keys)
