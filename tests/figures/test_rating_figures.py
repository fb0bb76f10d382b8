"""What stands in the axes of the figures of the rating."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.colors import same_color

from clientindex.figures import (
    FIGURES,
    colours,
    draw_centre_intervals,
    draw_group_means,
    draw_rank_bands,
    draw_region_caterpillar,
    draw_stars_by_region,
    is_drawable,
)
from clientindex.figures.star_bands import list_bands
from clientindex.figures.style import new_figure

LONG_REGION = "Ханты-Мансийский автономный округ — Югра"


def make_axes():
    return new_figure(3.0).add_subplot()


def rows_of(ax):
    return [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()]


def legend_of(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_stars_by_region_stacks_counts_of_stars_then_withheld(bundle, ru):
    ax = FIGURES["stars_by_region"](bundle, ru).axes[0]
    assert rows_of(ax) == ["01", LONG_REGION, "Псков"]  # by mean index 82.5, 68, 55
    bars = {(round(b.get_y() + 0.39), b.get_x(), b.get_width()) for b in ax.patches}
    assert bars == {
        (0, 0, 1),  # region 01: one centre with 4 stars, two with 5, one withheld
        (0, 1, 2),
        (0, 3, 1),
        (1, 0, 1),
        (1, 1, 1),
        (2, 0, 1),
        (2, 1, 1),
    }
    assert [t.get_text() for t in ax.texts].count("2") == 1


def test_every_centre_of_the_register_is_in_exactly_one_bar(bundle, en):
    ax = FIGURES["stars_by_region"](bundle, en).axes[0]
    assert sum(bar.get_width() for bar in ax.patches) == len(bundle.results["stars"].frame)


def test_withheld_is_told_by_hatch_and_stars_by_their_own_colour(bundle, ru):
    figure = FIGURES["stars_by_region"](bundle, ru)
    hatched = [b for b in figure.axes[0].patches if b.get_hatch()]
    assert len(hatched) == 2
    assert legend_of(figure) == [
        "2\u00a0★",
        "3\u00a0★",
        "4\u00a0★",
        "5\u00a0★",
        "звёзды не присвоены",
    ]
    two_stars = [
        b
        for b in figure.axes[0].patches
        if same_color(b.get_facecolor(), colours.star_colours(5)[1])
    ]
    assert [b.get_width() for b in two_stars] == [1]


def test_half_stars_have_bars_and_names_of_their_own(bundle, cut_bundle, ru):
    regions = bundle.results["regions"]
    halves = {f"stars_{star}": f"stars_{(star + 1) / 2:g}" for star in range(1, 6)}
    changed = dataclasses.replace(regions, frame=regions.frame.rename(columns=halves))
    figure = FIGURES["stars_by_region"](cut_bundle(regions=changed), ru)
    assert legend_of(figure) == [
        "1,5\u00a0★",
        "2\u00a0★",
        "2,5\u00a0★",
        "3\u00a0★",
        "звёзды не присвоены",
    ]


def test_region_known_only_from_withheld_centres_comes_last(bundle, ru):
    ax = make_axes()
    regions = bundle.results["regions"]
    draw_stars_by_region(regions, ax=ax, wording=ru, withheld={"99": 4}, row_in=0.25)
    assert rows_of(ax)[-1] == "99"
    assert [b.get_width() for b in ax.patches if b.get_hatch()] == [4]


def test_caterpillar_draws_means_and_intervals_best_first(bundle, wording):
    ax = FIGURES["region_caterpillar"](bundle, wording).axes[0]
    centres = {"ru": "центров", "en": "centres"}[wording.language]
    assert rows_of(ax) == [
        f"01, {centres}: 3",
        f"{LONG_REGION}, {centres}: 2",
        f"Псков, {centres}: 1",
    ]
    (lines,) = (c for c in ax.collections if isinstance(c, LineCollection))
    ends = [tuple(segment[:, 0]) for segment in lines.get_segments()]
    assert ends == [(74.0, 91.0), (56.0, 80.0)]
    sure, single, country = ax.lines
    assert sure.get_xydata().tolist() == [[82.5, 0.0], [68.0, 1.0]]
    assert single.get_xydata().tolist() == [[55.0, 2.0]]
    assert single.get_markerfacecolor() == colours.PAPER
    assert set(country.get_xdata()) == {73.0}


def test_caterpillar_shades_the_interval_of_the_country_and_names_its_value(bundle, ru):
    figure = FIGURES["region_caterpillar"](bundle, ru)
    (band,) = figure.axes[0].patches
    assert (band.get_x(), band.get_x() + band.get_width()) == (63.0, 83.0)
    assert "все регионы: 73,0, центров: 6" in legend_of(figure)


def test_caterpillar_of_one_region_with_one_centre(bundle, ru):
    regions = bundle.results["regions"]
    one = dataclasses.replace(regions, frame=regions.frame.iloc[[0]])
    ax = draw_region_caterpillar(one, ax=make_axes(), wording=ru, row_in=0.25)
    (single,) = (line for line in ax.lines if len(line.get_xdata()))
    assert single.get_xdata().tolist() == [55.0]


def test_group_means_of_the_country_in_the_order_of_the_methodology(bundle, methodology, wording):
    ax = FIGURES["group_means"](bundle, wording).axes[0]
    names = [group.name.in_language(wording.language) for group in methodology.groups]
    assert rows_of(ax) == names[:4]  # the fifth has no score
    (lines,) = (c for c in ax.collections if isinstance(c, LineCollection))
    assert [tuple(s[:, 0]) for s in lines.get_segments()] == [(57, 62), (62, 67), (67, 72)]
    assert [s[0, 1] for s in lines.get_segments()] == [0, 1, 2]
    sure, single = ax.lines
    assert sure.get_xydata().tolist() == [[60, 0], [65, 1], [70, 2]]
    assert single.get_xydata().tolist() == [[75, 3]]
    assert single.get_markerfacecolor() == colours.PAPER
    assert [t.get_text() for t in ax.texts] == ["n = 6", "n = 6", "n = 6", "n = 1"]
    assert ax.get_ylim() == (3.5, -0.5)  # the first group on top


def test_group_means_name_what_markers_and_lines_mean(bundle, ru):
    assert legend_of(FIGURES["group_means"](bundle, ru)) == [
        "среднее по центрам",
        "один центр: интервал не определён",
        "доверительный интервал, 95\u00a0%",
    ]


def test_forty_groups_fit_the_page_without_overlap(bundle, methodology, ru):
    means = bundle.results["group_means"]
    rows = means.frame.iloc[np.repeat([5, 6, 7, 8], 10)]
    ax = make_axes()
    many = dataclasses.replace(means, frame=rows)
    draw_group_means(many, ax=ax, wording=ru, methodology=methodology, row_in=0.19)
    assert all("\n" not in label.get_text() for label in ax.get_yticklabels())
    assert len(ax.texts) == 40


def test_groups_without_any_score_are_not_drawn(bundle, cut_bundle):
    means = bundle.results["group_means"]
    frame = means.frame.assign(estimate=np.nan)
    assert not is_drawable(
        "group_means", cut_bundle(group_means=dataclasses.replace(means, frame=frame))
    )


def test_centre_intervals_mark_centres_whose_interval_leaves_the_band(bundle, ru):
    figure = FIGURES["centre_intervals"](bundle, ru)
    certain, doubtful = figure.axes[0].lines[:2]
    assert certain.get_xydata().tolist() == [[1, 90], [3, 75], [4, 74], [6, 55]]
    assert doubtful.get_xydata().tolist() == [[2, 82], [5, 62]]
    assert certain.get_marker() != doubtful.get_marker()
    assert [text.rsplit(": ", 1)[1] for text in legend_of(figure)] == ["4", "2"]


def test_centre_intervals_show_every_interval_and_no_withheld_centre(bundle, en):
    ax = FIGURES["centre_intervals"](bundle, en).axes[0]
    drawn = {
        tuple(segment[:, 1])
        for c in ax.collections
        if isinstance(c, LineCollection)
        for segment in c.get_segments()
    }
    stars = bundle.results["stars"].frame.dropna(subset="star")
    assert drawn == set(zip(stars["ci_low"], stars["ci_high"], strict=True))


def test_centre_intervals_mark_the_boundaries_and_name_the_bands_in_view(bundle, wording):
    ax = FIGURES["centre_intervals"](bundle, wording).axes[0]
    boundaries = [line.get_ydata()[0] for line in ax.lines if line.get_linestyle() == ":"]
    assert boundaries == [50.0, 60.0, 70.0, 80.0]
    named = [t.get_text() for t in ax.texts]
    assert [text for text in named if not text.startswith("1")] == [
        "2\u00a0★",
        "3\u00a0★",
        "4\u00a0★",
        "5\u00a0★",
    ]


def test_two_thousand_centres_get_thinner_lines(bundle, methodology, ru):
    stars = bundle.results["stars"]
    frame = stars.frame.iloc[np.repeat(np.arange(6), 334)].reset_index(drop=True)
    many = dataclasses.replace(stars, frame=frame)
    ax = draw_centre_intervals(
        many, ax=make_axes(), wording=ru, bands=list_bands(stars, methodology)
    )
    few = draw_centre_intervals(
        stars, ax=make_axes(), wording=ru, bands=list_bands(stars, methodology)
    )
    assert len(ax.lines[0].get_xdata()) + len(ax.lines[1].get_xdata()) == 2004
    assert ax.collections[0].get_linewidth()[0] < few.collections[0].get_linewidth()[0]


def test_rank_bands_draw_quantiles_over_weightings(bundle, wording):
    figure = FIGURES["rank_bands"](bundle, wording)
    ax = figure.axes[0]
    ends = [tuple(segment[:, 1]) for segment in ax.collections[0].get_segments()]
    assert ends == [(1, 2), (1, 3), (3, 4), (3, 4), (5, 5), (6, 6)]
    median, diagonal = ax.lines
    assert median.get_xydata().tolist() == [[i, i] for i in range(1, 7)]
    assert diagonal.get_xydata().tolist() == [[1, 1], [6, 6]]
    bottom, top = ax.get_ylim()
    assert bottom > top  # rank 1 on top
    assert ax.get_xticks()[0] == ax.get_yticks()[0] == 1


@pytest.mark.parametrize(("language", "shown"), [("ru", "±25\u00a0%"), ("en", "±25%")])
def test_rank_bands_name_the_width_of_the_weightings(bundle, request, language, shown):
    ax = make_axes()
    draw_rank_bands(
        bundle.results["weight_stability"], ax=ax, wording=request.getfixturevalue(language)
    )
    assert shown in ax.get_ylabel()
