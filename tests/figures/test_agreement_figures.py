"""What stands in the figures of survey against checklist."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation

from clientindex.errors import RenderError
from clientindex.figures import FIGURES, colours, draw_bland_altman, is_drawable
from clientindex.figures.region_looks import list_looks
from clientindex.figures.style import new_figure
from clientindex.wording.names import name_group
from other_sizes import boxes_of, find_overlaps, resize
from presentation_agreement import (
    COMPONENTS,
    EFFECTS,
    make_agreement,
    make_agreement_results,
    make_inflation,
    make_multitrait,
)

NORMAL_975 = 1.959963984540054


def make_axes():
    return new_figure(3.0).add_subplot()


def legend_of(figure):
    return [text.get_text().replace("\n", " ") for text in figure.legends[0].get_texts()]


def rows_of(ax):
    return [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()]


def texts_of(ax):
    """Return position -> text; notes at the edges are not among them."""
    plain = [text for text in ax.texts if not isinstance(text, Annotation)]
    return {text.get_position(): text.get_text() for text in plain}


def measure_boxes(figure, texts):
    FigureCanvasAgg(figure).draw()
    return boxes_of(figure, texts)


def names_of(ax):
    return [text.get_text() for text in ax.texts]


def marks_of(ax):
    """Return label -> (colour, marker, points) of what has markers and no line."""
    return {
        line.get_label(): (to_hex(line.get_color()), line.get_marker(), line.get_xydata())
        for line in ax.lines
        if line.get_linestyle() == "None"
    }


def lines_of(ax, **style):
    chosen = [line for line in ax.lines if line.get_linestyle() != "None"]
    return [
        line
        for line in chosen
        if all(getattr(line, f"get_{name}")() == value for name, value in style.items())
    ]


def rename_regions(points, n_regions):
    """Return points whose centres go round `n_regions` regions."""
    names = {
        centre: f"Ямало-Ненецкий автономный округ {place % n_regions}"
        for place, centre in enumerate(dict.fromkeys(points["centre"]))
    }
    return points.assign(region=points["centre"].map(names))


# Differences against means


def test_a_panel_for_the_index_and_each_group_with_its_n(bundle, methodology, wording):
    figure = FIGURES["agreement_bland_altman"](bundle, wording)
    titles = [ax.get_title().replace("\n", " ") for ax in figure.axes]
    names = [
        wording.text("compared.index"),
        *(name_group(key, methodology, wording) for key in methodology.group_keys),
    ]
    assert titles == [f"{name} n = 22" for name in names]


def test_points_are_means_against_checklist_less_survey_by_region(bundle, ru):
    ax = FIGURES["agreement_bland_altman"](bundle, ru).axes[0]
    points = bundle.results["agreement"].points.query("subject == 'index'")
    marks = marks_of(ax)
    assert set(marks) == set(points["region"])
    assert len({(colour, marker) for colour, marker, _ in marks.values()}) == 3
    for region, (_, _, drawn) in marks.items():
        part = points[points["region"] == region]
        mean = (part["survey"] + part["checklist"]) / 2
        expected = np.column_stack([mean, part["checklist"] - part["survey"]])
        np.testing.assert_allclose(drawn, expected)


def test_bias_and_limits_with_their_intervals_come_from_the_result(bundle, ru):
    ax = FIGURES["agreement_bland_altman"](bundle, ru).axes[2]
    rows = bundle.results["agreement"].of("usefulness")
    flat = {ln.get_ydata()[0]: ln.get_linestyle() for ln in lines_of(ax) if ln.get_xdata()[0] == 0}
    names = ("bias", "loa_low", "loa_high")
    expected = {rows.loc[name, "estimate"]: "-" if name == "bias" else "--" for name in names}
    assert flat == {0: "-", **expected}
    shades = sorted((p.get_y(), p.get_y() + p.get_height()) for p in ax.patches)
    assert shades == sorted((rows.loc[n, "ci_low"], rows.loc[n, "ci_high"]) for n in names)


def test_limits_net_of_sampling_error_are_a_bar_at_the_edge(bundle, ru):
    ax = FIGURES["agreement_bland_altman"](bundle, ru).axes[1]
    rows = bundle.results["agreement"].of("friendliness")
    (bar,) = lines_of(ax, marker="_")
    ends = ["loa_net_low", "loa_net_high"]
    assert list(bar.get_ydata()) == rows.loc[ends, "estimate"].tolist()
    pale = [list(line.get_ydata()) for line in lines_of(ax, color=colours.NET_SHADE)]
    assert pale == rows.loc[ends, ["ci_low", "ci_high"]].to_numpy().tolist()
    assert 0.9 < bar.get_xdata()[0] < 1


@pytest.mark.parametrize(("p_value", "drawn"), [(0.049, True), (0.051, False), (np.nan, False)])
def test_limits_that_change_with_the_mean_need_a_significant_slope(
    p_value, drawn, bundle, cut_bundle, en
):
    result = bundle.results["agreement"]
    row = {"subject": "index", "intercept": -20.0, "slope": 0.5, "p_value": p_value}
    row |= {"spread_intercept": 2.0, "spread_slope": 0.1, "mean_low": 50.0, "mean_high": 90.0}
    changed = dataclasses.replace(result, regression=pd.DataFrame([row]), coverage=0.95)
    figure = FIGURES["agreement_bland_altman"](cut_bundle(agreement=changed), en)
    dotted = lines_of(figure.axes[0], linestyle=":")
    assert any("change with the mean" in text for text in legend_of(figure)) == drawn
    assert len(dotted) == 3 * drawn
    if drawn:
        half = NORMAL_975 * np.sqrt(np.pi / 2) * np.array([7.0, 11.0])
        for line, sign in zip(dotted, (0, -1, 1), strict=True):
            assert line.get_xdata().tolist() == [50.0, 90.0]
            np.testing.assert_allclose(line.get_ydata(), np.array([5.0, 25.0]) + sign * half)


def test_what_is_not_defined_is_left_out(bundle, methodology, ru):
    result = bundle.results["agreement"]
    frame = result.frame.assign(
        estimate=result.frame["estimate"].mask(result.frame["statistic"] != "bias")
    )
    bare = frame.assign(ci_low=np.nan, ci_high=np.nan)
    for changed, shades in ((frame, 1), (bare, 0)):
        ax = draw_bland_altman(
            dataclasses.replace(result, frame=changed),
            ax=make_axes(),
            wording=ru,
            methodology=methodology,
            subject="effort",
            looks=list_looks(result.points["region"]),
        )
        bias = result.of("effort").loc["bias", "estimate"]
        assert [ln.get_ydata()[0] for ln in lines_of(ax)] == [0, bias]
        assert len(ax.patches) == shades


def test_one_region_has_one_colour_and_no_others(bundle, cut_bundle, wording):
    result = bundle.results["agreement"]
    points = result.points.assign(region="Край")
    changed = dataclasses.replace(result, points=points)
    figure = FIGURES["agreement_bland_altman"](cut_bundle(agreement=changed), wording)
    assert list(marks_of(figure.axes[0])) == ["Край"]


def test_of_many_regions_those_with_the_largest_effects_are_coloured(bundle, cut_bundle, ru):
    result, inflation = bundle.results["agreement"], bundle.results["inflation"]
    points = rename_regions(result.points, 11)
    names = sorted(set(points["region"]))
    effects = pd.DataFrame(
        {
            "region": names,
            "estimate": [(-1.0) ** place * max(place, 6) for place in range(11)],
            "median": np.arange(11.0),
        }
    )
    changed = cut_bundle(
        agreement=dataclasses.replace(result, points=points),
        inflation=dataclasses.replace(inflation, regions=effects),
    )
    figure = FIGURES["agreement_bland_altman"](changed, ru)
    marks = marks_of(figure.axes[0])
    assert set(marks) == {"прочие регионы", *names[5:]}
    assert marks["прочие регионы"][0] == colours.OTHER_REGIONS
    own = [(colour, marker) for name, (colour, marker, _) in marks.items() if name in names]
    assert own == [colours.region_look(place) for place in range(6)]
    assert sum(len(drawn) for *_, drawn in marks.values()) == 22


def test_without_effects_the_largest_regions_are_coloured():
    regions = pd.Series([name for place, name in enumerate("abcdefghij") for _ in range(place + 1)])
    looks = list_looks(regions)
    assert [look.region for look in looks] == ["", *"efghij"]


@pytest.mark.parametrize("n_groups", [1, 2, 3, 9])
def test_panels_of_other_numbers_of_groups(n_groups, bundle, methodology, wording):
    other = resize(methodology, *[2] * n_groups)
    agreement = make_agreement(other)
    results = {**make_agreement_results(other), "agreement": agreement}
    changed = dataclasses.replace(bundle, results=results, methodology=other)
    for name in ("agreement_bland_altman", "structural_lines"):
        figure = FIGURES[name](changed, wording)
        assert len(figure.axes) == n_groups + 1
        assert figure.get_figheight() <= 8.8
        titles = measure_boxes(figure, [ax.title for ax in figure.axes])
        assert find_overlaps(titles) == []
        assert min(ax.get_position().height for ax in figure.axes) * figure.get_figheight() > 0.7


# Lines between two sources


def test_lines_come_from_the_result(bundle, en):
    figure = FIGURES["structural_lines"](bundle, en)
    ax = figure.axes[1]
    result = bundle.results["structural"].lines
    points = bundle.results["agreement"].points.query("subject == 'friendliness'")
    span = np.array([points["survey"].min(), points["survey"].max()])
    drawn = {line.get_label(): line for line in lines_of(ax)}
    for name in ("errors_in_variables", "traits", "deming", "deming_equal", "passing_bablok"):
        rows = result[(result["subject"] == "friendliness") & (result["line"] == name)]
        rows = rows.drop_duplicates("statistic").set_index("statistic")["estimate"]
        line = drawn[en.text(f"figures.structural_lines.{name}")]
        np.testing.assert_allclose(line.get_xdata(), span)
        np.testing.assert_allclose(line.get_ydata(), rows["intercept"] + rows["slope"] * span)
    (marks,) = marks_of(ax).values()
    np.testing.assert_allclose(marks[2], points[["survey", "checklist"]])


def test_the_wedge_lies_between_the_least_squares_lines(bundle, en):
    ax = FIGURES["structural_lines"](bundle, en).axes[0]
    label = en.text("figures.structural_lines.bounds")
    (wedge,) = (c for c in ax.collections if c.get_label() == label)
    corners = {tuple(corner) for corner in wedge.get_paths()[0].vertices.round(9)}
    lines = bundle.results["structural"].lines.query("subject == 'index'")
    points = bundle.results["agreement"].points.query("subject == 'index'")
    for name in ("least_squares", "inverse_least_squares"):
        rows = lines[lines["line"] == name].set_index("statistic")["estimate"]
        for x in (points["survey"].min(), points["survey"].max()):
            assert (round(x, 9), round(rows["intercept"] + rows["slope"] * x, 9)) in corners


def test_the_ribbon_turns_about_the_crossing_of_the_lines(bundle, en):
    ax = FIGURES["structural_lines"](bundle, en).axes[0]
    label = en.text("figures.structural_lines.ribbon")
    (ribbon,) = (c for c in ax.collections if c.get_label() == label)
    lines = bundle.results["structural"].lines.query("subject == 'index'")
    main = lines[(lines["line"] == "errors_in_variables") & (lines["method"] != "bootstrap")]
    rows = main.set_index("statistic")
    corners = ribbon.get_paths()[0].vertices
    # All hand-made lines go through (70, 75).
    slopes = (corners[:, 1] - 75.0) / np.where(corners[:, 0] == 70.0, np.nan, corners[:, 0] - 70.0)
    found = np.unique(slopes[~np.isnan(slopes) & (np.abs(corners[:, 0] - 70) > 1e-6)].round(6))
    np.testing.assert_allclose(found, rows.loc["slope", ["ci_low", "ci_high"]].astype(float))


def test_a_line_that_is_missing_and_a_slope_without_interval_are_left_out(bundle, cut_bundle, en):
    result = bundle.results["structural"]
    lines = result.lines[result.lines["line"] == "errors_in_variables"]
    bare = dataclasses.replace(result, lines=lines.assign(ci_low=np.nan, ci_high=np.nan))
    figure = FIGURES["structural_lines"](cut_bundle(structural=bare), en)
    assert legend_of(figure) == [
        en.text("figures.structural_lines.errors_in_variables"),
        en.text("figures.structural_lines.centre"),
    ]
    assert not figure.axes[0].collections


def test_steep_lines_leave_the_view_to_the_centres(bundle, cut_bundle, en):
    result = bundle.results["structural"]
    steep = result.lines["estimate"].where(result.lines["statistic"] != "slope", 900.0)
    changed = dataclasses.replace(result, lines=result.lines.assign(estimate=steep))
    ax = FIGURES["structural_lines"](cut_bundle(structural=changed), en).axes[0]
    points = bundle.results["agreement"].points
    low, high = ax.get_ylim()
    assert points["checklist"].min() - 5 < low < points["checklist"].min()
    assert points["checklist"].max() < high < points["checklist"].max() + 5


# Correlations of groups by methods


def test_cells_hold_both_kinds_of_correlations(bundle, ru):
    ax = FIGURES["multitrait_matrix"](bundle, ru).axes[0]
    result = bundle.results["multitrait"]
    drawn = np.asarray(np.ma.filled(ax.images[0].get_array(), np.nan))
    for half, removed in ((np.tril, "survey_sampling"), (np.triu, "none")):
        expected = result.take_matrix(removed).to_numpy()
        kept = half(np.ones((10, 10), dtype=bool)) & ~np.eye(10, dtype=bool)
        np.testing.assert_allclose(drawn[kept], expected[kept])
    assert np.isnan(np.diag(drawn)).all()
    texts = texts_of(ax)
    assert texts[(0, 1)] == "0,70"  # column, row: below the diagonal, net of sampling error
    assert texts[(1, 0)] == "0,60"
    assert texts[(0, 5)] == "0,55"
    assert texts[(5, 0)] == "0,45"


def test_the_same_group_in_both_sources_is_framed(bundle, en):
    ax = FIGURES["multitrait_matrix"](bundle, en).axes[0]
    framed = {
        (patch.get_x() + 0.5, patch.get_y() + 0.5)
        for patch in ax.patches
        if isinstance(patch, Rectangle) and not patch.get_fill()
    }
    expected = {(float(i), float(i + 5)) for i in range(5)}
    assert framed == expected | {(y, x) for x, y in expected}


def test_correlations_whose_interval_holds_zero_are_not_bold(bundle, cut_bundle, en):
    result = bundle.results["multitrait"]
    frame = result.correlations.copy()
    frame.loc[0, "ci_low"] = -0.1
    frame.loc[1, ["ci_low", "ci_high"]] = np.nan
    changed = dataclasses.replace(result, correlations=frame)
    ax = FIGURES["multitrait_matrix"](cut_bundle(multitrait=changed), en).axes[0]
    weight = {text.get_position(): text.get_weight() for text in ax.texts[:90]}
    assert (weight[(1, 0)], weight[(2, 0)], weight[(3, 0)]) == ("normal", "normal", "bold")


def test_blocks_are_named_in_both_directions(bundle, wording):
    ax = FIGURES["multitrait_matrix"](bundle, wording).axes[0]
    texts = [text.get_text() for text in ax.texts]
    for method in ("survey", "checklist"):
        assert texts.count(wording.text(f"figures.multitrait_matrix.{method}")) == 2


def test_without_net_correlations_the_half_is_empty_and_told(bundle, cut_bundle, en):
    result = bundle.results["multitrait"]
    frame = result.correlations[result.correlations["removed"] == "none"]
    changed = dataclasses.replace(result, correlations=frame)
    ax = FIGURES["multitrait_matrix"](cut_bundle(multitrait=changed), en).axes[0]
    drawn = np.asarray(np.ma.filled(ax.images[0].get_array(), np.nan))
    assert np.isnan(drawn[np.tril_indices(10)]).all()
    assert "there are none" in ax.get_xlabel().replace("\n", " ")


@pytest.mark.parametrize(("n_groups", "numbers"), [(2, True), (9, True), (16, False)])
def test_numbers_stand_where_cells_have_room(n_groups, numbers, bundle, methodology, ru):
    other = resize(methodology, *[2] * n_groups)
    changed = dataclasses.replace(
        bundle, methodology=other, results={"multitrait": make_multitrait(other.group_keys)}
    )
    figure = FIGURES["multitrait_matrix"](changed, ru)
    ax = figure.axes[0]
    cells = [text for text in ax.texts if "," in text.get_text()]
    assert len(cells) == (2 * n_groups * (2 * n_groups - 1) if numbers else 0)
    assert find_overlaps(measure_boxes(figure, cells)) == []
    assert find_overlaps(measure_boxes(figure, ax.get_yticklabels())) == []
    box = figure.get_tightbbox()
    assert 0 <= box.x0 <= box.x1 <= 6.5


def test_no_correlation_leaves_nothing_to_draw(bundle, cut_bundle, ru):
    result = bundle.results["multitrait"]
    none = dataclasses.replace(result, correlations=result.correlations.assign(estimate=np.nan))
    assert not is_drawable("multitrait_matrix", cut_bundle(multitrait=none))
    with pytest.raises(RenderError, match="'multitrait' is empty"):
        FIGURES["multitrait_matrix"](cut_bundle(multitrait=none), ru)


# Sources of variance


def test_parts_of_the_bars_come_from_the_result(bundle, en):
    ax = FIGURES["method_variance"](bundle, en).axes[0]
    bars = {}
    for patch in ax.patches:
        bars.setdefault(round(patch.get_y() + patch.get_height() / 2, 6), []).append(
            (patch.get_x(), patch.get_width())
        )
    names = ("trait_common", "trait_own", "halo", "sampling_error")
    widths = [COMPONENTS[name] for name in names]
    assert bars[-0.2] == list(zip(np.cumsum([0, *widths[:-1]]), widths, strict=True))
    names = ("trait_common", "trait_own", "checklist_method", "checklist_specific")
    assert [width for _, width in bars[0.2]] == [COMPONENTS[name] for name in names]
    names = ("trait", "checklist_method", "checklist_specific")
    assert [width for _, width in bars[1.2]] == [COMPONENTS[name] for name in names]
    assert len(bars) == 12


def test_a_negative_part_is_told_in_words(bundle, wording):
    figure = FIGURES["method_variance"](bundle, wording)
    ax = figure.axes[0]
    told = [text for text in ax.texts if text.get_text()]
    short = wording.text("figures.method_variance.short.survey_specific")
    expected = wording.text("figures.method_variance.negative", parts=short)
    assert [text.get_text() for text in told] == [expected] * 6
    inside = ax.get_window_extent()
    assert all(box.x1 <= inside.x1 for box in measure_boxes(figure, told))


def test_the_mean_over_groups_is_on_top(bundle, methodology, wording):
    ax = FIGURES["method_variance"](bundle, wording).axes[0]
    names = rows_of(ax.child_axes[0])
    assert names[0] == wording.text("figures.method_variance.all")
    assert names[1:] == [name_group(key, methodology, wording) for key in methodology.group_keys]
    sides = [wording.text(f"figures.method_variance.{side}") for side in ("survey", "checklist")]
    assert rows_of(ax) == sides * 6


def test_variances_of_regions_only_are_refused(bundle, cut_bundle, ru):
    result = bundle.results["method_variance"]
    frame = result.frame[result.frame["level_of"] == "region"]
    none = dataclasses.replace(result, frame=frame)
    with pytest.raises(RenderError, match="'method_variance' is empty"):
        FIGURES["method_variance"](cut_bundle(method_variance=none), ru)


# Stars


def test_tiles_hold_counts_and_shares_of_the_row(bundle, cut_bundle, ru):
    counts = np.array([[2, 0, 0], [1, 3, 4], [0, 0, 0]])
    frame = pd.DataFrame(
        [
            {"kind": "stars", "subject": "stars", "survey": i + 1, "checklist": j + 1, "n": n}
            for (i, j), n in np.ndenumerate(counts)
        ]
    )
    other = frame.assign(kind="indicator", subject="respect", n=50)
    result = dataclasses.replace(
        bundle.results["category_agreement"], table=pd.concat([other, frame])
    )
    ax = FIGURES["star_cross"](cut_bundle(category_agreement=result), ru).axes[0]
    drawn = np.asarray(np.ma.filled(ax.images[0].get_array(), np.nan))
    expected = np.array([[np.nan] * 3, [0.125, 0.375, 0.5], [1.0, 0.0, 0.0]])
    np.testing.assert_allclose(drawn, expected)
    texts = texts_of(ax)
    assert texts[(2, 1 - 0.14)] == "4"
    assert texts[(2, 1.24)] == "50\u00a0%"
    assert [text for text in names_of(ax) if text.startswith("n =")] == [
        "n = 0",
        "n = 8",
        "n = 2",
    ]
    assert rows_of(ax) == ["3\u00a0★", "2\u00a0★", "1\u00a0★"]
    assert [label.get_text() for label in ax.get_xticklabels()] == [
        "1\u00a0★",
        "2\u00a0★",
        "3\u00a0★",
    ]
    framed = [(p.get_x() + 0.47, p.get_y() + 0.47) for p in ax.patches if not p.get_fill()]
    np.testing.assert_allclose(framed, [(2, 0), (1, 1), (0, 2)])


def test_stars_without_a_centre_are_refused(bundle, cut_bundle, ru):
    result = bundle.results["category_agreement"]
    none = dataclasses.replace(result, table=result.table.assign(n=0))
    with pytest.raises(RenderError, match="'category_agreement' is empty"):
        FIGURES["star_cross"](cut_bundle(category_agreement=none), ru)


# Gaps


def test_regions_stand_by_their_effects_with_medians_and_intervals(bundle, ru):
    ax = FIGURES["gap_regions"](bundle, ru).axes[0]
    order = sorted(EFFECTS, key=EFFECTS.get, reverse=True)
    assert [name.split(", n")[0] for name in rows_of(ax)] == order
    marks = marks_of(ax)
    effects = marks[ru.text("figures.gap_regions.effect")][2]
    assert effects.tolist() == [[EFFECTS[name], row] for row, name in enumerate(order)]
    medians = marks[ru.text("figures.gap_regions.median")][2]
    assert medians.tolist() == [[EFFECTS[name] + 0.5, row] for row, name in enumerate(order)]
    (lines,) = ax.collections
    ends = [segment[:, 0].tolist() for segment in lines.get_segments()]
    assert ends == [[EFFECTS[name] - 3, EFFECTS[name] + 3] for name in order]
    (mean,) = lines_of(ax, linestyle="--")
    assert mean.get_xdata()[0] == 5.0
    (shade,) = ax.patches
    assert (shade.get_x(), shade.get_width()) == (2.5, 5.0)


def test_medians_are_hollow(bundle, en):
    ax = FIGURES["gap_regions"](bundle, en).axes[0]
    label = en.text("figures.gap_regions.median")
    (line,) = (line for line in ax.lines if line.get_label() == label)
    assert line.get_markerfacecolor() == "none"


def test_one_region_without_an_interval(bundle, cut_bundle, wording):
    result = bundle.results["inflation"]
    regions = result.regions.iloc[:1].assign(ci_low=np.nan, ci_high=np.nan)
    summary = result.summary[result.summary["statistic"] != "mean"]
    changed = dataclasses.replace(result, regions=regions, summary=summary)
    figure = FIGURES["gap_regions"](cut_bundle(inflation=changed), wording)
    assert len(rows_of(figure.axes[0])) == 1
    assert legend_of(figure) == [
        wording.text("figures.gap_regions.no_interval"),
        wording.text("figures.gap_regions.median"),
    ]


def test_the_funnel_shows_gap_less_expected_against_its_error(bundle, ru):
    ax = FIGURES["gap_funnel"](bundle, ru).axes[0]
    centres = bundle.results["inflation"].centres
    marks = marks_of(ax)
    for flagged, key in ((False, "centre"), (True, "flagged")):
        label = ru.text(f"figures.gap_funnel.{key}", **({"fdr": "5\u00a0%"} if flagged else {}))
        colour, _, drawn = marks[label]
        part = centres[centres["flagged"] == flagged]
        expected = np.column_stack([part["error"], part["gap"] - part["expected"]])
        np.testing.assert_allclose(drawn, expected)
        assert (colour == colours.FLAGGED) == flagged


def test_the_lines_of_the_funnel_come_from_the_result(bundle, ru):
    figure = FIGURES["gap_funnel"](bundle, ru)
    funnel = bundle.results["inflation"].funnel
    for level, style in ((0.95, "--"), (0.998, "-")):
        rows = funnel[funnel["level"] == level]
        drawn = lines_of(figure.axes[0], linestyle=style, color=colours.BIAS)
        assert [line.get_ydata().tolist() for line in drawn] == [
            rows["low"].tolist(),
            rows["high"].tolist(),
        ]
    assert {"граница воронки, 95\u00a0%", "граница воронки, 99,8\u00a0%"} <= set(legend_of(figure))


def test_flagged_centres_and_those_beyond_the_funnel_are_named(bundle, cut_bundle, en):
    assert names_of(FIGURES["gap_funnel"](bundle, en).axes[0]) == ["c7"]
    result = bundle.results["inflation"]
    centres = result.centres.copy()
    beyond = centres["centre"] == "c2"
    centres.loc[beyond, ["gap", "expected"]] = [-60.0, 0.0]
    centres["flagged"] |= centres["centre"] == "c9"
    changed = dataclasses.replace(result, centres=centres)
    ax = FIGURES["gap_funnel"](cut_bundle(inflation=changed), en).axes[0]
    assert set(names_of(ax)) == {"c2", "c7", "c9"}


def test_names_of_many_centres_do_not_cover_each_other(bundle, cut_bundle, en):
    result = bundle.results["inflation"]
    rng = np.random.default_rng(3)
    template = result.centres.iloc[[0]]
    crowd = pd.concat([template] * 2000, ignore_index=True).assign(
        centre=[f"centre-{place:04d}" for place in range(2000)],
        gap=rng.normal(0, 12, 2000),
        expected=0.0,
        error=rng.uniform(1.5, 6.0, 2000),
    )
    crowd = crowd.assign(z=crowd["gap"] / 8.0, flagged=crowd["gap"] > 24)
    changed = dataclasses.replace(result, centres=crowd)
    figure = FIGURES["gap_funnel"](cut_bundle(inflation=changed), en)
    ax = figure.axes[0]
    assert 5 < len(ax.texts) <= 20
    assert find_overlaps(measure_boxes(figure, ax.texts)) == []
    assert crowd.loc[crowd["z"].abs().idxmax(), "centre"] in names_of(ax)


def test_nobody_flagged_has_no_legend_entry_for_it(bundle, cut_bundle, en, methodology):
    result = make_inflation(methodology)
    centres = result.centres.assign(flagged=False)
    changed = dataclasses.replace(result, centres=centres, has_checklist_error=False)
    figure = FIGURES["gap_funnel"](cut_bundle(inflation=changed), en)
    assert not any("flagged" in text for text in legend_of(figure))
    assert figure.axes[0].get_xlabel() == en.text("figures.gap_funnel.x")


@pytest.mark.parametrize(
    "name", [name for name in FIGURES if name.startswith(("gap_", "structural", "agreement_"))]
)
def test_no_centre_leaves_nothing_to_draw(name, bundle, cut_bundle, ru):
    inflation, agreement = bundle.results["inflation"], bundle.results["agreement"]
    nothing = cut_bundle(
        inflation=dataclasses.replace(
            inflation, regions=inflation.regions.iloc[:0], centres=inflation.centres.iloc[:0]
        ),
        agreement=dataclasses.replace(agreement, points=agreement.points.iloc[:0]),
    )
    with pytest.raises(RenderError, match="is empty"):
        FIGURES[name](nothing, ru)
