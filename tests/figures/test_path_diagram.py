"""What stands in the path diagrams: every parameter once, nothing on top of anything else."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import Ellipse, FancyArrowPatch, Rectangle

from clientindex.errors import RenderError
from clientindex.figures import FIGURES, draw_path_diagram, is_drawable
from clientindex.figures.style import new_figure
from other_sizes import LONG, boxes_of, find_overlaps, list_members, resize
from presentation_factors import make_confirmatory

MODELS = {
    "path_diagram": "correlated",
    "path_second_order": "second_order",
    "path_bifactor": "bifactor",
}
each_model = pytest.mark.parametrize(("name", "model"), MODELS.items())


def parameters_of(result, model):
    frame = result.parameters
    return frame[(frame["model"] == model) & (frame["estimator"] == result.main)]


def arrows_of(ax, operator):
    return {
        tuple(patch.get_gid().split(operator)): patch
        for patch in ax.patches
        if isinstance(patch, FancyArrowPatch) and operator in (patch.get_gid() or "")
    }


def vary(result):
    """Give every parameter a value of its own."""
    frame = result.parameters
    values = np.round(np.linspace(0.11, 0.97, len(frame)), 4)
    return dataclasses.replace(result, parameters=frame.assign(standardised=values))


@each_model
def test_every_loading_is_an_arrow_with_its_number(name, model, bundle, cut_bundle, wording):
    varied = vary(bundle.results["confirmatory"])
    ax = FIGURES[name](cut_bundle(confirmatory=varied), wording).axes[0]
    loadings = parameters_of(varied, model).query("op == '=~'")
    assert set(arrows_of(ax, "=~")) == set(zip(loadings["lhs"], loadings["rhs"], strict=True))
    texts = [text.get_text() for text in ax.texts]
    for row in loadings.to_dict("records"):
        number = wording.number(row["standardised"], digits=2)
        error = row["standardised_se"]
        told = f"{number} ({wording.number(error, digits=3)})" if error else number
        assert told in texts


def test_loadings_stand_next_to_the_boxes_they_belong_to(bundle, cut_bundle, methodology, ru):
    varied = vary(bundle.results["confirmatory"])
    ax = FIGURES["path_diagram"](cut_bundle(confirmatory=varied), ru).axes[0]
    loadings = parameters_of(varied, "correlated").query("op == '=~'")
    told = dict(zip(loadings["rhs"], loadings["standardised"], strict=True))
    height = {
        text.get_text().replace("\n", " "): text.get_position()[1]
        for text in ax.texts
        if "(" not in text.get_text()
    }
    numbers = [t for t in ax.texts if "(" in t.get_text() and "\n" not in t.get_text()]
    for key in methodology.indicator_keys:
        place = height[methodology.indicator(key).name.ru]
        nearest = min(numbers, key=lambda text: abs(text.get_position()[1] - place))
        if told[key] != 0.8:
            assert nearest.get_text().startswith(ru.number(told[key], digits=2))


def test_correlations_of_factors_are_arcs_with_their_numbers(bundle, cut_bundle, wording):
    varied = vary(bundle.results["confirmatory"])
    ax = FIGURES["path_diagram"](cut_bundle(confirmatory=varied), wording).axes[0]
    frame = parameters_of(varied, "correlated")
    joined = frame[(frame["op"] == "~~") & (frame["lhs"] != frame["rhs"])]
    assert len(arrows_of(ax, "~~")) == len(joined) == 10
    texts = [text.get_text() for text in ax.texts]
    for value in joined["standardised"]:
        assert f"{wording.number(value, digits=2)}\n({wording.number(0.02, digits=3)})" in texts


@each_model
def test_a_box_an_indicator_and_an_ellipse_a_factor(name, model, bundle, methodology, wording):
    ax = FIGURES[name](bundle, wording).axes[0]
    boxes = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    ellipses = [patch for patch in ax.patches if isinstance(patch, Ellipse)]
    assert len(boxes) == 20
    assert len(ellipses) == 5 + (model != "correlated")
    named = {text.get_text().replace("\n", " ") for text in ax.texts}
    for indicator in methodology.indicators:
        assert indicator.name.in_language(wording.language) in named
    for group in methodology.groups:
        assert group.name.in_language(wording.language) in named


@each_model
@pytest.mark.parametrize("sizes", [(4, 4, 4, 4, 4), (7, 6, 12), (1, 3, 4, 4, 4, 4)])
def test_no_text_lies_on_another_and_none_leaves_its_box(name, model, sizes, methodology, ru):
    wide = resize(methodology, *sizes)
    result = make_confirmatory(list_members(wide))
    figure = new_figure(8.8)
    FigureCanvasAgg(figure)
    row_in = 8.05 / (sum(sizes) + 0.45 * len(sizes))
    ax = draw_path_diagram(
        result,
        ax=figure.add_subplot(),
        wording=ru,
        methodology=wide,
        model=model,
        row_in=min(0.36, row_in),
    )
    figure.draw_without_rendering()
    assert find_overlaps(boxes_of(figure, ax.texts)) == []
    boxes = [p.get_window_extent() for p in ax.patches if isinstance(p, Rectangle)]
    names = [t for t in ax.texts if t.get_text().replace("\n", " ") == LONG]
    assert names
    for text in boxes_of(figure, names):
        assert any(box.x0 <= text.x0 and text.x1 <= box.x1 for box in boxes)


def test_the_general_factor_of_a_bifactor_model_stands_opposite_the_groups(bundle, ru):
    ax = FIGURES["path_bifactor"](bundle, ru).axes[0]
    boxes = [patch.get_x() for patch in ax.patches if isinstance(patch, Rectangle)]
    middles = [patch.center[0] for patch in ax.patches if isinstance(patch, Ellipse)]
    assert sum(x > max(boxes) for x in middles) == 1
    assert sum(x < min(boxes) for x in middles) == 5


def test_a_negative_loading_is_dashed_and_a_larger_one_thicker(bundle, cut_bundle, ru):
    result = bundle.results["confirmatory"]
    frame = result.parameters.copy()
    first, second = frame.index[frame["op"] == "=~"][:2]
    frame.loc[[first, second], "standardised"] = [-0.3, 0.95]
    changed = cut_bundle(confirmatory=dataclasses.replace(result, parameters=frame))
    arrows = arrows_of(FIGURES["path_diagram"](changed, ru).axes[0], "=~")
    negative = arrows[(frame.loc[first, "lhs"], frame.loc[first, "rhs"])]
    large = arrows[(frame.loc[second, "lhs"], frame.loc[second, "rhs"])]
    assert negative.get_linestyle() != "-"
    assert large.get_linestyle() == "-"
    assert large.get_linewidth() > negative.get_linewidth()


def test_residual_shares_stand_beside_the_boxes_where_there_is_room(bundle, en):
    with_room = FIGURES["path_diagram"](bundle, en).axes[0]
    assert [text.get_text() for text in with_room.texts].count("0.36") == 20
    assert "do not explain" in with_room.get_xlabel().replace("\n", " ")
    for name in ("path_bifactor", "path_second_order"):  # without room, without residuals
        assert "explain" not in FIGURES[name](bundle, en).axes[0].get_xlabel()


def test_one_factor_is_drawn_beside_all_indicators(bundle, methodology, ru):
    ax = draw_path_diagram(
        bundle.results["confirmatory"],
        ax=new_figure(8).add_subplot(),
        wording=ru,
        methodology=methodology,
        model="one_factor",
        row_in=0.36,
    )
    assert len(arrows_of(ax, "=~")) == 20
    assert len([p for p in ax.patches if isinstance(p, Ellipse)]) == 1


def test_another_estimator_stands_in_where_the_leading_one_has_no_solution(bundle, cut_bundle, ru):
    result = bundle.results["confirmatory"]
    frame = result.parameters
    only = frame[(frame["model"] != "correlated") | (frame["estimator"] == "mlr")]
    changed = cut_bundle(confirmatory=dataclasses.replace(result, parameters=only))
    assert "MLR" in FIGURES["path_diagram"](changed, ru).axes[0].get_xlabel()


@each_model
def test_a_model_without_a_solution_is_refused(name, model, bundle, cut_bundle, ru):
    result = bundle.results["confirmatory"]
    rest = result.parameters[result.parameters["model"] != model]
    without = cut_bundle(confirmatory=dataclasses.replace(result, parameters=rest))
    assert not is_drawable(name, without)
    with pytest.raises(RenderError, match="'confirmatory' is empty"):
        FIGURES[name](without, ru)
