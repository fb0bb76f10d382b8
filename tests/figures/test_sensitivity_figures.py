"""What stands in the figures of the sensitivity of stars to weights and methods."""

from __future__ import annotations

import dataclasses
import time

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import FillBetweenPolyCollection, LineCollection, PolyCollection
from matplotlib.colors import same_color

from clientindex.figures import FIGURES, colours, is_drawable
from clientindex.figures.sobol_indices import arrange_indices, choose_outputs
from clientindex.figures.source_slopes import list_sources
from clientindex.figures.weight_simplex import HEIGHT, make_triangles, place_weights
from clientindex.results import Unavailable
from clientindex.wording.sensitivity_names import name_input, name_option, tell_weightings
from other_sizes import boxes_of, find_overlaps, resize

MANY = 240
OF_CENTRES = ("star_stability", "rank_acceptability", "star_margins", "joint_doubt")


def draw(name, bundle, wording):
    figure = FIGURES[name](bundle, wording)
    FigureCanvasAgg(figure).draw()
    return figure


def rows_of(ax):
    return [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()]


def texts_of(ax):
    return [text.get_text() for text in ax.texts]


def legend_of(legend):
    return [text.get_text().replace("\n", " ") for text in legend.get_texts()]


def marks_of(ax):
    """Return label -> points of what has markers and no line."""
    return {
        line.get_label(): line.get_xydata().tolist()
        for line in ax.lines
        if line.get_linestyle() == "None" or line.get_marker() not in ("None", "", None)
    }


def bars_of(ax):
    """Return (place, length) of horizontal bars."""
    return [
        (round(bar.get_y() + bar.get_height() / 2, 9), round(bar.get_width(), 9))
        for bar in ax.patches
    ]


def ends_of(collection):
    return [tuple(np.round(segment[:, 0], 9).tolist()) for segment in collection.get_segments()]


# Stability of stars


def test_rows_of_the_map_are_cut_by_shares_of_draws(bundle, en):
    ax = draw("star_stability", bundle, en).axes[0]
    areas = [c for c in ax.collections if isinstance(c, FillBetweenPolyCollection)]
    assert [area.get_label() for area in areas] == [
        "2\u00a0★",
        "3\u00a0★",
        "4\u00a0★",
        "5\u00a0★",
        "no cut points found",
    ]
    shades = colours.star_colours(4)
    for area, shade in zip(areas, [*shades, colours.PAPER], strict=True):
        assert same_color(area.get_facecolor()[0], shade)
    corners = areas[2].get_paths()[0].vertices  # 4 stars
    ends = {
        row: sorted({round(x, 9) for x, y in corners if abs(y - row) < 0.6}) for row in range(6)
    }
    assert {5.0, 95.0} <= set(ends[2])  # c3: 5 % of draws with 3 stars, 90 % with 4
    assert {10.0, 100.0} <= set(ends[3])  # c4
    assert rows_of(ax) == [f"Центр {i}" for i in range(1, 7)]
    assert texts_of(ax) == ["90.0% ± 1.0"] * 6


def test_published_stars_are_framed_together(bundle, en):
    ax = draw("star_stability", bundle, en).axes[0]
    (frames,) = (
        c
        for c in ax.collections
        if isinstance(c, PolyCollection) and c.get_label() == "published stars"
    )
    tops = [(p.vertices[:, 1].min(), p.vertices[:, 1].max()) for p in frames.get_paths()]
    assert tops == [(-0.5, 1.5), (1.5, 3.5), (3.5, 4.5), (4.5, 5.5)]  # 5, 5, 4, 4, 3, 2 stars
    first = frames.get_paths()[0].vertices
    assert {0.0, 90.0, 10.0, 100.0} == set(first[:, 0].round(9).tolist())


def test_the_map_says_which_weights_were_drawn(bundle, cut_bundle, ru, en):
    note = draw("star_stability", bundle, en).axes[0].get_xlabel().replace("\n", " ")
    assert "weights of indicators and groups moved at random within ±25%" in note
    assert "weightings: 500" in note
    drawn = dataclasses.replace(
        bundle.results["weight_stability"], kind="dirichlet", vary="groups", concentration=50.0
    )
    told = FIGURES["star_stability"].alternative(cut_bundle(weight_stability=drawn), ru)
    assert "веса групп взяты из распределения Дирихле" in told
    assert "концентрация 50" in told
    assert "90,0\u00a0% наборов" in told
    free = dataclasses.replace(drawn, kind="simplex", vary="indicators")
    assert tell_weightings(free, en) == (
        "weights of indicators inside groups taken for equally likely, whatever they are"
    )


def test_older_results_without_shares_are_not_drawn(bundle, cut_bundle):
    old = bundle.results["weight_stability"]
    nothing = pd.DataFrame()
    bare = dataclasses.replace(old, star_shares=nothing, acceptability=nothing, simplex=nothing)
    cut = cut_bundle(weight_stability=bare)
    assert is_drawable("rank_bands", cut)
    for name in ("star_stability", "rank_acceptability", "weight_simplex"):
        assert not is_drawable(name, cut)


# Ranks


def test_shade_is_the_share_of_draws_in_a_class_of_ranks(bundle, en):
    figure = draw("rank_acceptability", bundle, en)
    ax = figure.axes[0]
    np.testing.assert_allclose(
        np.asarray(ax.images[0].get_array()),
        [[1, 0, 0], [0.75, 0.25, 0], [0.25, 0.75, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]],
    )
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1–2", "3–4", "5–6"]
    assert texts_of(ax)[:3] == ["100%", "75%", "25%"]  # shares of 0 are not printed
    told = FIGURES["rank_acceptability"].alternative(bundle, en)
    assert "Ranks 1–2 are held at least once by 3\u00a0centres, always by 1" in told


def test_rank_bands_tell_shift_and_tau(bundle, ru, en):
    told = FIGURES["rank_bands"].caption(bundle, en)
    assert told.endswith("shifts by 0.4, Kendall's τ with the ranks of the methodology is 0.95")
    assert "места центра «Центр 2»: от 1 до 3" in FIGURES["rank_bands"].alternative(bundle, ru)


# The simplex


def test_triangles_tile_the_simplex(bundle):
    result = bundle.results["weight_stability"]
    found = make_triangles(result)
    top = np.array([[0.25, HEIGHT / 2], [0.75, HEIGHT / 2], [0.5, HEIGHT]])
    middle = np.array([[0.75, HEIGHT / 2], [0.25, HEIGHT / 2], [0.5, 0.0]])
    for triangle, wanted in zip(found[:2], (top, middle), strict=True):
        order, other = (np.lexsort(points.T) for points in (triangle, wanted))
        np.testing.assert_allclose(triangle[order], wanted[other], atol=1e-12)
    weights = result.simplex[["weight_1", "weight_2", "weight_3"]].to_numpy()
    np.testing.assert_allclose(found.mean(axis=1), place_weights(weights / 0.6), atol=1e-12)


def test_shade_of_a_triangle_is_what_stars_do_there(bundle, methodology, en):
    left, right, bar, key = draw("weight_simplex", bundle, en).axes
    shades = left.collections[0].get_facecolor()
    for shade, share in zip(shades, [0.75, 1.0, 0.5, 0.25], strict=True):
        assert same_color(shade, colours.SHARES((share - 0.2) / 0.8))  # 20 % is paper
    assert [label.get_text() for label in bar.get_xticklabels()] == [
        *("20%", "40%", "60%", "80%", "100%")
    ]
    stars = colours.star_colours(methodology.stars.n_levels)
    wanted = [stars[3], stars[3], stars[2], colours.PAPER]
    for shade, star in zip(right.collections[0].get_facecolor(), wanted, strict=True):
        assert same_color(shade, star)
    assert legend_of(key.get_legend()) == ["3\u00a0★", "4\u00a0★", "none found"]
    assert right.get_title().replace("\n", " ") == "Stars of the centre “Центр 4” (now 4\u00a0★)"
    for ax in (left, right):
        np.testing.assert_allclose(ax.lines[1].get_xydata(), [[0.5, HEIGHT / 3]])  # equal now
        assert texts_of(ax)[1] == "Usefulness: 60%"
    assert bar.get_xlabel() == "keep their stars"


# Margins


def test_margins_are_the_smallest_bands(bundle, cut_bundle, en):
    ax = draw("star_margins", bundle, en).axes[0]
    marks = marks_of(ax)
    assert marks["a star may be lost"] == [[52.5, 0], [14.0, 1], [9.5, 2], [16.5, 3]]
    assert marks["a star may be won"] == [[72.0, 2], [66.0, 3]]
    (lines,) = (c for c in ax.collections if isinstance(c, LineCollection))
    assert ends_of(lines) == [(0, 52.5), (0, 14.0), (0, 9.5), (0, 16.5)]
    assert rows_of(ax) == ["Центр 1", "Центр 2", "Центр 4", "Центр 3"]
    (band,) = (line for line in ax.lines if line.get_label() == "±25%")
    assert set(band.get_xdata()) == {25.0}
    told = FIGURES["star_margins"].alternative(bundle, en)
    assert "Least is needed by the centre “Центр 4”: 9.5%" in told
    bounds = bundle.results["weight_bounds"]
    never = bounds.frame.assign(smallest_band_pct=[np.nan, 14.0, 9.5, 16.5], reached=False)
    never["loses_band_pct"] = never["smallest_band_pct"]
    changed = cut_bundle(weight_bounds=dataclasses.replace(bounds, frame=never))
    ax = draw("star_margins", changed, en).axes[0]
    assert marks_of(ax)["stars do not change even at ±100%"] == [[106.0, 0]]
    assert "only a bound is known" in ax.get_xlabel().replace("\n", " ")


# Importance


def test_importance_has_marks_with_intervals_beside_the_weight(bundle, methodology, en):
    groups, indicators = draw("weight_importance", bundle, en).axes
    marks = marks_of(groups)
    linear = np.array(marks["share of importance by straight lines"])
    np.testing.assert_allclose(linear[:, 0], [30, 25, 20, 15, 10])
    smooth = np.array(marks["share of importance by smooth curves"])
    np.testing.assert_allclose(smooth, [[31, 0], [26, 1], [16, 3], [11, 4]])  # none of effort
    weight, first, *_ = groups.collections
    assert {segment[0, 0] for segment in weight.get_segments()} == {20.0}
    np.testing.assert_allclose(ends_of(first)[0], (20, 40))
    assert len(rows_of(indicators)) == len(methodology.indicator_keys)
    assert texts_of(indicators)[:2] == ["Stated\nweight", "25.0%"]
    told = FIGURES["weight_importance"].caption(bundle, en)
    assert "“Friendliness and partnership” (weight 20.0%, share of importance 30.0%" in told
    assert "interval [20.0,\u00a040.0]%" in told


def test_importance_without_gaps_says_nothing_of_them(bundle, cut_bundle, en):
    note = draw("weight_importance", bundle, en).get_supxlabel()
    assert "the table gives the reason" in note.replace("\n", " ")
    result = bundle.results["weight_importance"]
    linear = result.importance[result.importance["statistic"] == "linear_share"]
    more = [linear.assign(statistic=f"{name}_share") for name in ("smooth", "net")]
    whole = dataclasses.replace(result, importance=pd.concat([linear, *more], ignore_index=True))
    note = draw("weight_importance", cut_bundle(weight_importance=whole), en).get_supxlabel()
    assert "the table" not in note.replace("\n", " ")


# Sources of weights


def test_tiles_hold_weights_and_bars_changed_stars(bundle, en):
    left, right = draw("weight_sources", bundle, en).axes
    assert rows_of(left)[3] == "Experts: pairwise judgements (AHP)"
    told = {text.get_position(): text.get_text() for text in left.texts}
    assert (told[(0, 3)], told[(4, 3)]) == ("35.0%", "10.0%")
    assert told[(0, 5)] == "40.0%\n[30,\u00a050]"  # by regression, with its interval
    assert bars_of(right) == [(0, 0), (1, 0), (2, 0), (3, 25), (4, 50), (5, 25)]
    assert texts_of(right)[3:] == [
        *("25.0% (1 of 4)", "50.0% (2 of 4)", "25.0% (1 of 4)", "gives no stars")
    ]
    assert "its 95% confidence interval" in left.get_xlabel().replace("\n", " ")
    caption = FIGURES["weight_sources"].caption(bundle, en)
    assert "most by “Entropy of scores” with 50.0% (2 of 4)" in caption
    assert "fewest by “Equal for groups”" not in caption  # these are the current weights


def test_sources_without_intervals_say_nothing_of_them(bundle, cut_bundle, en):
    result = bundle.results["weight_sources"]
    weights = result.weights.assign(ci_low=np.nan, ci_high=np.nan)
    cut = cut_bundle(weight_sources=dataclasses.replace(result, weights=weights))
    ax = draw("weight_sources", cut, en).axes[0]
    assert "interval" not in ax.get_xlabel()
    assert "40.0%" in texts_of(ax)


def test_slopes_lead_to_ranks_by_a_source(bundle, en):
    result = bundle.results["weight_sources"]
    assert list_sources(result) == ["budget", "ahp", "entropy", "regression"]
    axes = draw("source_slopes", bundle, en).axes
    assert len(axes) == 4
    heads = [ax.get_title().replace("\n", " ") for ax in axes]
    assert heads[2] == "Entropy of scores more stars: 1, fewer: 1 centres: 4, τ\u00a0=\u00a00.55"
    drawn = {}
    for lines in axes[2].collections:
        ends = [tuple(segment[:, 1].tolist()) for segment in lines.get_segments()]
        drawn[lines.get_linestyle()[0][1] is None, tuple(lines.get_color()[0])] = ends
    assert sorted(pair for ends in drawn.values() for pair in ends) == [
        (1, 2),
        (2, 1),
        (2, 3),
        (4, 4),
    ]
    (lost,) = (ends for (solid, _), ends in drawn.items() if not solid)
    assert lost == [(2, 3)]  # c2 has a star fewer
    told = FIGURES["source_slopes"].alternative(bundle, en)
    assert "Regression on overall satisfaction: more stars 0, fewer 1" in told


# Sobol indices


def test_outputs_are_one_of_each_kind(bundle):
    assert choose_outputs(bundle.results["sobol_indices"]) == [
        *(("mean_rank_shift", ""), ("share_changed_stars", "")),
        *(("region_mean", "Край"), ("centre_index", "c3")),
    ]


def test_inputs_are_sorted_by_their_total_index(bundle, en):
    rows = arrange_indices(bundle.results["sobol_indices"], ("share_changed_stars", ""))
    assert rows["input"].tolist() == [
        *("method", "sampling", "weights"),
        *("star_rule", "aggregation", "friendliness", "comfort", "location"),
    ]
    ax = draw("sobol_indices", bundle, en).axes[1]
    assert rows_of(ax)[:5] == [
        *("all choices of method together", "sampling error", "all weights together"),
        *("choice: star rule", "choice: kind of mean"),
    ]
    bars = bars_of(ax)
    assert bars[:4] == [(-0.2, 60), (0.8, 30), (1.8, 25), (2.8, 45)]  # total
    assert bars[8:12] == [(0.2, 50), (1.2, 20), (2.2, 15), (3.2, 40)]  # first order
    total, first = (c for c in ax.collections if isinstance(c, LineCollection))
    assert ends_of(total)[0] == (57, 63)
    assert ends_of(first)[3] == (38, 42)
    assert ax.get_title(loc="right") == (
        "Share of centres with other stars: mean 35.0%, standard deviation 15.0%"
    )
    told = FIGURES["sobol_indices"].alternative(bundle, en)
    assert (
        "Share of centres with other stars – choice: star rule, 45% (interval [42,\u00a048]%)"
        in told
    )


# The multiverse


def test_bars_of_the_multiverse_stand_over_their_choices(bundle, en):
    curve, choices = draw("multiverse", bundle, en).axes
    heights = {}
    for container in curve.containers:
        heights[container.get_label()] = [round(bar.get_height()) for bar in container]
    assert heights == {
        "more stars": [0, 0, 0, 25, 25, 25, 0],
        "fewer stars": [0, 0, 25, 25, 25, 25, 25],
        "stars withheld": [0, 0, 0, 0, 0, 0, 25],
    }
    assert marks_of(curve) == {"published methodology": [[0, 0]]}
    assert rows_of(choices) == [
        "star rule: stated cut points (methodology)",
        "star rule: quantiles",
        "mean of groups: arithmetic (methodology)",
        "mean of groups: geometric",
        "weights: as in the methodology",
        "weights: indicators equal",
    ]
    drawn = [line.get_xdata().tolist() for line in choices.lines if line.get_marker() == "s"]
    assert drawn == [[0, 1, 2, 6], [3, 4, 5], [0, 1, 3, 4], [2, 5, 6], [0, 2, 3, 5], [1, 4, 6]]
    assert "cannot be computed: 1" in choices.get_xlabel().replace("\n", " ")
    told = FIGURES["multiverse"].alternative(bundle, en)
    assert "The decision that matters most is “star rule”: 70% of the variance" in told


# All doubts together


def test_doubt_is_split_into_its_sources(bundle, en):
    wrong, centres = draw("joint_doubt", bundle, en).axes
    assert bars_of(wrong) == [(0, 0.88), (1, 0.5), (2, 0.25), (3, 0.13)]
    assert rows_of(wrong) == ["Everything together", "Sampling error", "Weights", "Method"]
    assert texts_of(wrong)[0] == "0.88 ± 0.02"
    assert ends_of(wrong.collections[1]) == [(0.46, 0.54)]
    marks = marks_of(centres)
    whole = marks["probability of the stars: sampling error, weights and method together"]
    np.testing.assert_allclose(whole, [[100, 0], [70, 1], [55, 2], [87, 3]])
    alone = marks["probability of the stars: sampling error alone"]
    np.testing.assert_allclose(alone, [[100, 0], [75, 1], [74, 2], [88.5, 3]])
    assert "0.88 of 4 in all" in FIGURES["joint_doubt"].alternative(bundle, en)


def test_a_source_that_does_not_move_has_no_marks(bundle, cut_bundle, en):
    doubt = bundle.results["joint_doubt"]
    centres = doubt.centres.assign(p_star_sampling=np.nan)
    changed = cut_bundle(joint_doubt=dataclasses.replace(doubt, centres=centres))
    assert len(marks_of(draw("joint_doubt", changed, en).axes[1])) == 1


# Names, sizes


def test_names_of_options_and_inputs(ru, en, methodology):
    assert name_option("reweight+refuse", en) == "weight to the others / no score"
    assert name_option("power 0.5", en) == "power mean, 0.5"
    assert name_option("арифм/own", ru) == "арифм / own"  # as the settings have it
    assert name_input("group", "comfort", methodology, ru) == "вес: Внешний комфорт и удобство"
    assert name_input("sampling", "sampling", methodology, en) == "sampling error"


def repeat(result, frame_name, n):
    """Return a result with `n` centres, those it has one after the other."""
    frame = getattr(result, frame_name)
    rows = np.sort(np.arange(n) % len(frame))
    many = frame.iloc[rows].reset_index(drop=True)
    names = [f"k{i:04d}" for i in range(n)]
    return many.assign(centre=names, rank=pd.array(range(1, n + 1), dtype="Int64")), rows, names


def make_many(bundle, n):
    stability = bundle.results["weight_stability"]
    frame, rows, names = repeat(stability, "frame", n)
    frame = frame.assign(rank_low=frame["rank"] * 1.0, rank_high=frame["rank"] + 3.0)
    own = stability.frame["centre"].to_numpy()[rows]
    tables = {}
    for name in ("star_shares", "acceptability"):
        parts = dict(list(getattr(stability, name).groupby("centre")))
        tables[name] = pd.concat(
            [parts[centre].assign(centre=new) for centre, new in zip(own, names, strict=True)]
        )
    doubt, bounds = bundle.results["joint_doubt"], bundle.results["weight_bounds"]
    return {
        "weight_stability": dataclasses.replace(stability, frame=frame, **tables),
        "joint_doubt": dataclasses.replace(doubt, centres=repeat(doubt, "centres", n)[0]),
        "weight_bounds": dataclasses.replace(bounds, frame=repeat(bounds, "frame", n)[0]),
    }


@pytest.mark.parametrize("name", OF_CENTRES)
def test_hundreds_of_centres_have_places_and_fit_the_page(name, bundle, cut_bundle, en):
    many = cut_bundle(**make_many(bundle, MANY))
    started = time.process_time()
    figure = draw(name, many, en)
    assert time.process_time() - started < 4.0
    (ax,) = (ax for ax in figure.axes if ax.get_ylabel() == f"Rank (centres: {MANY})")
    assert rows_of(ax) == ["1", "50", "100", "150", "200"]
    assert ax.get_ylim() == (MANY - 0.5, -0.5)
    assert figure.get_figheight() <= 8.8


@pytest.mark.parametrize(
    "name",
    [*OF_CENTRES, *("weight_importance", "weight_sources", "source_slopes", "multiverse")],
)
def test_words_do_not_overlap(name, bundle, wording):
    figure = draw(name, bundle, wording)
    for ax in figure.axes:
        words = [*ax.get_yticklabels(), *ax.texts]
        assert find_overlaps(boxes_of(figure, words)) == []


def test_names_of_eight_groups_do_not_overlap(bundle, cut_bundle, methodology, ru):
    eight = resize(methodology, *[2] * 8)
    result = bundle.results["weight_sources"]
    weights = pd.DataFrame(
        [
            (source, "group", key, "index", 0.125, 0.125, np.nan, np.nan)
            for source in result.comparison["source"]
            for key in eight.group_keys
        ],
        columns=result.weights.columns,
    )
    cut = cut_bundle(weight_sources=dataclasses.replace(result, weights=weights))
    cut = dataclasses.replace(cut, methodology=eight)
    figure = draw("weight_sources", cut, ru)
    ax = figure.axes[0]
    assert len(ax.get_xticklabels()) == 8
    assert find_overlaps(boxes_of(figure, [*ax.get_xticklabels(), *ax.texts])) == []


def test_hundreds_of_variants_have_no_gaps_and_lines_for_choices(bundle, cut_bundle, en):
    result = bundle.results["multiverse"]
    rows = np.arange(210) % 7
    many = result.variants.iloc[rows].assign(variant=range(210)).reset_index(drop=True)
    changed = cut_bundle(multiverse=dataclasses.replace(result, variants=many, n_grid=240))
    curve, choices = draw("multiverse", changed, en).axes
    assert {bar.get_width() for container in curve.containers for bar in container} == {1.0}
    assert {line.get_marker() for line in choices.lines if len(line.get_xdata()) > 2} == {"|"}
    assert "cannot be computed: 30" in choices.get_xlabel().replace("\n", " ")


@pytest.mark.parametrize("reason", ["no_stars", "switched_off"])
def test_what_was_not_computed_is_not_drawn(reason, cut_bundle):
    gone = Unavailable(stage="sensitivity", reason=reason, detail="")
    cut = cut_bundle(multiverse=gone, sobol_indices=gone, joint_doubt=gone, weight_sources=gone)
    for name in ("multiverse", "sobol_indices", "joint_doubt", "weight_sources", "source_slopes"):
        assert not is_drawable(name, cut)
