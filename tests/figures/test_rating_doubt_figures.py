"""What stands in the figures of the doubt of stars, ranks and scores, and of score parts."""

from __future__ import annotations

import dataclasses
import time
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import same_color, to_hex

from clientindex.errors import RenderError
from clientindex.figures import (
    FIGURES,
    colours,
    draw_error_check,
    draw_rank_intervals,
    draw_region_centres,
    draw_score_parts,
    draw_score_shrinkage,
    draw_star_probabilities,
    figure_to_png,
    is_drawable,
)
from clientindex.figures.region_centres import choose_region
from clientindex.figures.score_parts import choose_centre, sign_number
from clientindex.figures.star_bands import Band, list_bands, name_star
from clientindex.figures.star_probabilities import tell_probability
from clientindex.figures.style import house_style, new_figure
from clientindex.wording.names import name_group, name_indicator
from other_sizes import boxes_of, find_overlaps
from presentation_rating import P_STAR, make_star_doubt

LONG = "ОГКУ «Кадровый центр Ханты-Мансийского автономного округа — Югры», отдел"
MANY = 240


def make_axes(height_in=3.0):
    return new_figure(height_in).add_subplot()


def rows_of(ax):
    return [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()]


def columns_of(ax):
    return [label.get_text() for label in ax.get_xticklabels()]


def names_of(ax):
    return [text.get_text().replace("\n", " ") for text in ax.texts]


def legend_of(figure):
    return [text.get_text().replace("\n", " ") for text in figure.legends[0].get_texts()]


def boxes_drawn(collection):
    """Return (left, right, top, bottom) of every box of a collection."""
    corners = [path.vertices for path in collection.get_paths()]
    return [(c[:, 0].min(), c[:, 0].max(), c[:, 1].min(), c[:, 1].max()) for c in corners]


def marks_of(ax):
    """Return label -> (marker, points) of what has markers and no line."""
    return {
        line.get_label(): (line.get_marker(), line.get_xydata().tolist())
        for line in ax.lines
        if line.get_linestyle() == "None"
    }


def measure_sizes(figure):
    return [t.get_size() for ax in figure.axes for t in (*ax.texts, *ax.get_yticklabels())]


def repeat_doubt(n_centres):
    """Return a result of many centres with long names, whose star changes every fifth of them."""
    doubt = make_star_doubt()
    names = [f"k{number:04d}" for number in range(n_centres)]
    star = 5 - np.arange(n_centres) * 5 // n_centres
    centres = pd.concat([doubt.centres.iloc[[0]]] * n_centres, ignore_index=True).assign(
        centre=names,
        name=[f"{LONG} № {number}" for number in range(n_centres)],
        estimate=np.linspace(95, 40, n_centres),
        star=pd.array(star, dtype="Int64"),
    )
    rows = [
        (centre, level, 0.6 if level == own else 0.1)
        for centre, own in zip(names, star, strict=True)
        for level in range(1, 6)
    ]
    table = pd.DataFrame(rows, columns=["centre", "star", "normal"])
    told = table.assign(draws=table["normal"], shrunk=table["normal"])
    return dataclasses.replace(doubt, centres=centres, probabilities=told)


# Probabilities of stars


def test_shade_is_the_probability_best_index_first(bundle, cut_bundle, en):
    ax = FIGURES["star_probabilities"](bundle, en).axes[0]
    order = ["c1", "c2", "c4", "c3"]  # 85.25, 71, 71, 62.5
    drawn = np.asarray(ax.images[0].get_array())
    np.testing.assert_allclose(drawn, [P_STAR["normal"][centre] for centre in order])
    assert columns_of(ax) == ["1\u00a0★", "2\u00a0★", "3\u00a0★", "4\u00a0★", "5\u00a0★"]
    by_draws = dataclasses.replace(bundle.results["star_doubt"], leading="draws")
    ax = FIGURES["star_probabilities"](cut_bundle(star_doubt=by_draws), en).axes[0]
    drawn = np.asarray(ax.images[0].get_array())
    np.testing.assert_allclose(drawn, [P_STAR["draws"][centre] for centre in order])
    assert "redrawn indices of all centres (1,000)" in ax.get_xlabel().replace("\n", " ")


def test_neighbours_of_one_given_star_share_a_frame(bundle, en):
    ax = FIGURES["star_probabilities"](bundle, en).axes[0]
    (frames,) = (c for c in ax.collections if isinstance(c, PolyCollection))
    assert boxes_drawn(frames) == [
        (3.5, 4.5, -0.5, 0.5),  # c1: 5 stars
        (2.5, 3.5, 0.5, 2.5),  # c2 and c4: 4 stars
        (1.5, 2.5, 2.5, 3.5),  # c3: 3 stars
    ]


def test_few_centres_are_named_with_numbers_in_the_cells(bundle, ru):
    ax = FIGURES["star_probabilities"](bundle, ru).axes[0]
    assert rows_of(ax)[:3] == ["ЦЗН № 1", "ЦЗН № 2", "ЦЗН № 4"]
    told = {text.get_position(): text.get_text() for text in ax.texts}
    assert told[(4, 0)] == "100\u00a0%"
    assert (told[(2, 1)], told[(3, 1)]) == ("26\u00a0%", "75\u00a0%")
    assert (0, 0) not in told  # probability 0
    assert [text for text in names_of(ax) if text.startswith("n =")] == [
        *("n = 400", "n = 300", "n = 200", "n = 250")
    ]


def test_what_is_nearly_certain_is_not_told_as_certain(en):
    assert tell_probability(0.9951, en) == "> 99%"
    assert tell_probability(0.995, en) == "100%"
    assert tell_probability(1.0, en) == "100%"
    assert tell_probability(0.25, en) == "25%"


def test_many_centres_have_ranks_and_no_names(cut_bundle, en):
    started = time.process_time()
    figure = FIGURES["star_probabilities"](cut_bundle(star_doubt=repeat_doubt(MANY)), en)
    assert time.process_time() - started < 2.0
    ax = figure.axes[0]
    assert rows_of(ax) == ["1", "50", "100", "150", "200"]
    assert ax.get_yticks().tolist() == [0, 49, 99, 149, 199]
    assert ax.get_ylim() == (MANY - 0.5, -0.5)
    assert not ax.texts
    (frames,) = (c for c in ax.collections if isinstance(c, PolyCollection))
    assert len(frames.get_paths()) == 5


def test_centres_of_a_list_have_names_of_two_lines_that_do_not_overlap(ru):
    chosen = [f"k{number:04d}" for number in range(100, 112)]
    with house_style():
        figure = new_figure(4.2)
        ax = figure.add_subplot()
        draw_star_probabilities(repeat_doubt(MANY), ax=ax, wording=ru, centres=chosen)
        FigureCanvasAgg(figure).draw()
    assert rows_of(ax)[0] == f"{LONG} № 100"
    assert find_overlaps(boxes_of(figure, [*ax.get_yticklabels(), *ax.texts])) == []
    box = figure.get_tightbbox()
    assert 0 <= box.x0 <= box.x1 <= 6.5


def test_half_stars_are_named_with_a_decimal(cut_bundle, bundle, ru):
    doubt = bundle.results["star_doubt"]
    table = doubt.probabilities.assign(star=(doubt.probabilities["star"] + 1) / 2)
    centres = doubt.centres.assign(star=(doubt.centres["star"].astype("Float64") + 1) / 2)
    halves = dataclasses.replace(doubt, probabilities=table, centres=centres)
    ax = FIGURES["star_probabilities"](cut_bundle(star_doubt=halves), ru).axes[0]
    assert columns_of(ax) == ["1\u00a0★", "1,5\u00a0★", "2\u00a0★", "2,5\u00a0★", "3\u00a0★"]


def test_a_route_that_is_left_out_leaves_nothing_to_draw(bundle, cut_bundle, ru):
    doubt = bundle.results["star_doubt"]
    nothing = dataclasses.replace(doubt, probabilities=doubt.probabilities.assign(normal=np.nan))
    assert not is_drawable("star_probabilities", cut_bundle(star_doubt=nothing))
    with pytest.raises(RenderError, match="'star_doubt' is empty"):
        FIGURES["star_probabilities"](cut_bundle(star_doubt=nothing), ru)


def test_the_alternative_text_tells_what_the_result_holds(bundle, en, ru):
    told = FIGURES["star_probabilities"].alternative(bundle, en)
    assert "centres with stars (4)" in told
    assert "a mean probability of 84.4%" in told
    assert "at least 95%: 1." in told
    assert "84,4\u00a0%" in FIGURES["star_probabilities"].alternative(bundle, ru)


# Ranks


def test_sets_lie_over_each_other_and_dots_are_published_ranks(bundle, en):
    figure = FIGURES["rank_intervals"](bundle, en)
    ax = figure.axes[0]
    wide, narrow = ax.collections
    assert same_color(wide.get_facecolor()[0], colours.RANK_SET_SHADE)
    assert same_color(narrow.get_facecolor()[0], colours.RANK_SET)
    ends = [[box[:2] for box in boxes_drawn(drawn)] for drawn in (wide, narrow)]
    assert ends[0] == [(0.5, 1.5), (1.5, 4.5), (1.5, 4.5), (2.5, 4.5)]
    assert ends[1] == [(0.5, 1.5), (1.5, 3.5), (1.5, 3.5), (3.5, 4.5)]
    assert marks_of(ax)["published rank"][1] == [[1, 0], [2, 1], [2, 2], [4, 3]]
    assert legend_of(figure) == [
        "true ranks of all centres together (simultaneous set, 95%)",
        "true rank of one centre (marginal set, 95%)",
        "published rank",
    ]


def test_ranks_of_one_region_have_the_names_of_its_centres(bundle, ru):
    names = {"c1": "Первый", "c2": "Второй"}
    ax = draw_rank_intervals(
        bundle.results["ranks"], ax=make_axes(), wording=ru, scope="Псковская область", names=names
    )
    assert rows_of(ax) == ["Первый", "Второй"]
    assert ax.get_xlabel() == "Место в регионе (центров со звёздами: 2)"


def test_without_sets_the_posterior_interval_stands_and_is_named(bundle, en):
    ax = draw_rank_intervals(bundle.results["ranks"], ax=make_axes(), wording=en, scope="Край")
    (drawn,) = ax.collections
    assert [box[:2] for box in boxes_drawn(drawn)] == [(0.5, 2.5), (0.5, 2.5)]
    assert drawn.get_label().endswith("(95%); there are no confidence sets")


def test_the_best_centre_is_the_example_of_the_alternative_text(bundle, en):
    told = FIGURES["rank_intervals"].alternative(bundle, en)
    assert told.endswith("For example, the true rank of the first centre by itself: 1.")


def test_ranks_of_many_centres_are_one_collection_a_set(bundle, cut_bundle, en):
    ranks = bundle.results["ranks"]
    place = np.arange(1, 2001)
    frame = pd.concat([ranks.frame.iloc[[0]]] * 2000, ignore_index=True).assign(
        centre=[f"k{number}" for number in place], rank=place
    )
    for kind, half in (("marginal", 300), ("simultaneous", 700)):
        frame[f"{kind}_low"] = np.maximum(1, place - half)
        frame[f"{kind}_high"] = np.minimum(2000, place + half)
    started = time.process_time()
    many = dataclasses.replace(ranks, frame=frame)
    figure = FIGURES["rank_intervals"](cut_bundle(ranks=many), en)
    figure_to_png(figure)
    assert time.process_time() - started < 4.0
    ax = figure.axes[0]
    assert [len(drawn.get_paths()) for drawn in ax.collections] == [2000, 2000]
    assert len(ax.lines) == 1
    assert rows_of(ax) == []
    heights = {round(box[3] - box[2], 9) for box in boxes_drawn(ax.collections[0])}
    assert heights == {1.0}  # low rows touch


def test_no_ranks_leave_nothing_to_draw(bundle, cut_bundle, ru):
    ranks = bundle.results["ranks"]
    none = dataclasses.replace(ranks, frame=ranks.frame.iloc[:0])
    with pytest.raises(RenderError, match="'ranks' is empty"):
        FIGURES["rank_intervals"](cut_bundle(ranks=none), ru)


# Centres of a region


def test_the_region_with_most_centres_is_shown_and_named_in_the_caption(bundle, cut_bundle, ru):
    figure = FIGURES["region_centres"](bundle, ru)
    assert rows_of(figure.axes[0]) == ["Центр 1", "Центр 2", "Центр 3", "Центр 8"]
    caption = FIGURES["region_centres"].caption(bundle, ru)
    assert caption.startswith("Индексы центров региона с интервалами: 01 (")
    told = FIGURES["region_centres"].alternative(bundle, ru)
    assert "центров: 4," in told
    assert "Индексы от 75,0 до 90,0." in told
    assert "Центров без звёзд: 1; они внизу" in told
    everybody = bundle.results["stars"].frame.query("withheld == ''")
    starred = dataclasses.replace(bundle.results["stars"], frame=everybody)
    told = FIGURES["region_centres"].alternative(cut_bundle(stars=starred), ru)
    assert told.endswith("Звёзды присвоены всем центрам.")


def test_marks_and_words_tell_star_and_n(bundle, en):
    ax = FIGURES["region_centres"](bundle, en).axes[0]
    told = names_of(ax)
    assert told[-4:] == [
        "5\u00a0★, n = 90",
        "5\u00a0★, n = 80",
        "4\u00a0★, n = 70",
        "n = 0: no answers",
    ]
    assert "n, the number of respondents" in " ".join(ax.get_xlabel().split())
    marks = {line.get_marker(): line.get_xydata().tolist() for line in ax.lines[:2]}
    assert marks == {"o": [[90.0, 0], [82.0, 1]], "^": [[75.0, 2]]}
    faces = [to_hex(line.get_markerfacecolor()) for line in ax.lines[:2]]
    assert faces == [colours.star_colours(5)[4], colours.star_colours(5)[3]]
    (lines,) = (c for c in ax.collections if isinstance(c, LineCollection))
    assert [segment[:, 0].tolist() for segment in lines.get_segments()] == [
        [86.0, 94.0],
        [78.0, 86.0],
        [71.0, 79.0],
    ]


def test_withheld_centres_stand_below_hollow_with_their_reason(bundle, methodology, wording):
    ax = make_axes()
    draw_region_centres(
        bundle.results["stars"], ax=ax, wording=wording, methodology=methodology, region="Псков"
    )
    assert rows_of(ax) == ["Центр 6", "Центр 7"]
    label = wording.text("figures.region_centres.withheld")
    assert marks_of(ax)[label] == ("X", [[70.0, 1]])
    reason = wording.text("figures.region_centres.reason.small_sample")
    assert names_of(ax)[-1] == f"n = 20: {reason}"


def test_every_reason_of_a_withheld_star_has_short_words(wording):
    long, short = (
        {key.removeprefix(start) for key in wording.texts if key.startswith(start)}
        for start in ("withheld.", "figures.region_centres.reason.")
    )
    assert short == long


def test_bands_are_those_of_the_stars(bundle, methodology):
    stars = bundle.results["stars"]
    ends = [-np.inf, 50.0, 60.0, 70.0, 80.0, np.inf]
    found = list_bands(stars, methodology)
    assert [(band.lower, band.upper) for band in found] == list(pairwise(ends))
    cuts = pd.DataFrame({"peer_group": "all", "star": [2, 3, 4, 5], "cut": [41.5, 52, 63, 74]})
    found = list_bands(dataclasses.replace(stars, cuts=cuts), methodology)
    assert found[0] == Band(star=1.0, lower=-np.inf, upper=41.5)
    assert found[4] == Band(star=5.0, lower=74.0, upper=np.inf)
    peers = pd.concat([cuts, cuts.assign(peer_group="small")])
    assert list_bands(dataclasses.replace(stars, cuts=peers), methodology) == ()


def test_stars_are_named_by_language(ru, en):
    assert [name_star(star, ru) for star in (4, 4.0, 3.5)] == ["4\u00a0★", "4\u00a0★", "3,5\u00a0★"]
    assert name_star(3.5, en) == "3.5\u00a0★"


def test_a_large_region_keeps_its_rows_apart_and_readable(bundle, cut_bundle, ru):
    stars = bundle.results["stars"]
    frame = pd.concat([stars.frame.iloc[[2]]] * 80, ignore_index=True).assign(
        centre=[f"k{number:03d}" for number in range(80)],
        name=[f"{LONG} № {number}" for number in range(80)],
        estimate=np.linspace(90, 45, 80),
    )
    frame.loc[70:, "star"] = pd.NA
    frame.loc[70:, "withheld"] = "few_distinct_scores"
    large = dataclasses.replace(stars, frame=frame)
    figure = FIGURES["region_centres"](cut_bundle(stars=large), ru)
    FigureCanvasAgg(figure).draw()
    ax = figure.axes[0]
    assert find_overlaps(boxes_of(figure, ax.get_yticklabels())) == []
    sides = [text for text in ax.texts if "n =" in text.get_text()]
    assert len(sides) == 80
    assert find_overlaps(boxes_of(figure, sides)) == []
    assert min(measure_sizes(figure)) >= 4.8
    assert figure.get_tightbbox().x1 <= 6.5


def test_a_region_too_large_for_a_page_gives_way_to_the_next(bundle):
    stars = bundle.results["stars"]
    crowd = pd.concat([stars.frame.iloc[[0]]] * 200).assign(region="Большой")
    both = dataclasses.replace(stars, frame=pd.concat([stars.frame, crowd]))
    assert choose_region(both) == "01"
    assert choose_region(dataclasses.replace(stars, frame=crowd)) == ""


# Parts of a score


def test_bars_are_differences_of_groups_and_of_their_indicators(bundle, methodology, en):
    ax = draw_score_parts(
        bundle.results["score_parts"],
        ax=make_axes(8.0),
        wording=en,
        methodology=methodology,
        centre="c1",
    )
    first = methodology.groups[0]
    assert rows_of(ax)[:2] == [
        name_group(first.key, methodology, en),
        name_indicator(next(iter(first.indicators)), methodology, en),
    ]
    assert len(rows_of(ax)) == 25
    bars = {round(bar.get_y() + bar.get_height() / 2): bar for bar in ax.patches}
    # Groups: 0.2 of c1's score less the mean of that and 0.25 of c3's; "effort" of c3 has none.
    expected = [0.775, 0.8, 8.5, 0.625, 0.675]
    assert [bars[row].get_width() for row in range(0, 25, 5)] == pytest.approx(expected)
    assert bars[1].get_width() == pytest.approx(0.775 / 4)
    assert same_color(bars[0].get_facecolor(), colours.ABOVE)
    assert same_color(bars[1].get_facecolor(), colours.ABOVE_SHADE)
    told = names_of(ax)
    assert {"+0.78", "84.0", "16.80", "16.03"} <= set(told)
    assert ax.get_xlabel().startswith("Contribution to the index less the mean over centres (2)")


def test_a_missing_score_has_a_word_and_its_weight_is_told_of(bundle, methodology, wording):
    ax = draw_score_parts(
        bundle.results["score_parts"],
        ax=make_axes(8.0),
        wording=wording,
        methodology=methodology,
        centre="c3",
    )
    bars = {round(bar.get_y() + bar.get_height() / 2): bar for bar in ax.patches}
    assert bars[10].get_width() == pytest.approx(-8.5)
    assert same_color(bars[10].get_facecolor(), colours.BELOW)
    assert same_color(bars[11].get_facecolor(), colours.BELOW_SHADE)
    assert names_of(ax).count(wording.text("figures.score_parts.no_score")) == 5
    words = wording.text("figures.score_parts.shared_out")
    assert ax.get_xlabel().replace("\n", " ").endswith(words)


def test_groups_alone_are_drawn_and_said_to_be_alone(bundle, cut_bundle, en):
    parts = bundle.results["score_parts"]
    groups = dataclasses.replace(parts, frame=parts.frame[parts.frame["kind"] == "group"])
    ax = FIGURES["score_parts"](cut_bundle(score_parts=groups), en).axes[0]
    assert len(rows_of(ax)) == 5
    words = en.text("figures.score_parts.only_group")
    assert ax.get_xlabel().replace("\n", " ").endswith(words)


def test_the_centre_of_median_rank_is_shown(bundle):
    stars, parts = bundle.results["stars"], bundle.results["score_parts"]
    assert choose_centre(stars, parts) == "c1"  # ranks 1 and 3
    one = parts.frame[parts.frame["centre"] == "c1"]
    more = pd.concat([parts.frame, one.assign(centre="c2")])
    assert choose_centre(stars, dataclasses.replace(parts, frame=more)) == "c2"
    with_whole = pd.concat([parts.frame, one[one["kind"] == "group"].assign(centre="c2")])
    assert choose_centre(stars, dataclasses.replace(parts, frame=with_whole)) == "c1"


def test_the_caption_names_the_centre_with_index_interval_n_and_rank(bundle, en):
    caption = FIGURES["score_parts"].caption(bundle, en)
    assert caption == (
        "What the index of a centre is made of: Центр 1, 01 (the centre in the middle of the "
        "ranking is shown; index 90.0, 95% [86.0,\u00a094.0], n = 90, rank 1 of 6)"
    )
    told = FIGURES["score_parts"].alternative(bundle, en)
    assert "Farthest above the mean stands Minimal effort (+8.50)" in told
    assert "farthest below it Personal relevance (+0.63)" in told


def test_differences_have_signs_unless_they_round_to_zero(ru):
    assert [sign_number(x, ru) for x in (0.125, -0.125, 0.004, -0.004)] == [
        *("+0,13", "−0,13", "0,00", "0,00")
    ]


def test_numbers_of_parts_do_not_overlap(bundle, wording):
    figure = FIGURES["score_parts"](bundle, wording)
    FigureCanvasAgg(figure).draw()
    ax = figure.axes[0]
    assert find_overlaps(boxes_of(figure, [*ax.texts, *ax.get_yticklabels()])) == []
    assert min(measure_sizes(figure)) >= 4.8


# Shrinkage


def test_lines_lead_from_estimates_to_shrunken_scores(bundle, en):
    figure = FIGURES["score_shrinkage"](bundle, en)
    ax = figure.axes[0]
    (lines,) = (c for c in ax.collections if isinstance(c, LineCollection))
    ends = [segment.tolist() for segment in lines.get_segments()]
    assert ends[:3] == [
        [[1.0, 85.25], [1.0, 85.0]],
        [[1.5, 71.0], [1.5, 71.1]],
        [[2.0, 62.5], [2.0, 63.2]],
    ]
    marks = marks_of(ax)
    assert marks["estimate from answers"][1][2] == [2.0, 62.5]
    assert marks["estimate shrunken to the mean"][1][2] == [2.0, 63.2]
    (band,) = ax.patches
    assert (band.get_y(), band.get_y() + band.get_height()) == (63.19, 81.81)
    assert legend_of(figure)[0] == "common mean 72.5 and its interval"


def test_another_subject_against_n_with_robust_intervals(bundle, en):
    ax = draw_score_shrinkage(
        bundle.results["shrinkage"],
        ax=make_axes(),
        wording=en,
        subject="friendliness",
        against="n",
        robust=True,
    )
    robust, lines = (c for c in ax.collections if isinstance(c, LineCollection))
    assert [segment.tolist() for segment in robust.get_segments()] == [
        [[399, 79.9], [399, 85.7]],
        [[250, 58.0], [250, 69.0]],
    ]
    assert robust.get_label() == "robust interval, 95%"
    assert [segment[:, 1].tolist() for segment in lines.get_segments()] == [[84, 83], [61, 63]]
    assert ax.get_xlabel() == "Number of respondents (centres: 2)"


def test_the_largest_move_and_share_are_told(bundle, ru):
    told = FIGURES["score_shrinkage"].alternative(bundle, ru)
    assert "самая длинная — 0,7\u00a0балла" in told
    assert "наибольшая доля пути к среднему — 7\u00a0%" in told


def test_scores_that_are_not_shrunken_leave_nothing_to_draw(bundle, cut_bundle, ru):
    shrinkage = bundle.results["shrinkage"]
    none = dataclasses.replace(shrinkage, centres=shrinkage.centres.assign(shrunk=np.nan))
    with pytest.raises(RenderError, match="'shrinkage' is empty"):
        FIGURES["score_shrinkage"](cut_bundle(shrinkage=none), ru)


# Standard errors


def test_points_are_exact_against_resampled_errors(bundle, en):
    figure = FIGURES["error_check"](bundle, en)
    ax = figure.axes[0]
    assert marks_of(ax) == {
        "employment centre": ("o", [[1.0, 1.05], [1.5, 1.47], [2.0, 2.1]])  # c4 has no second one
    }
    (line,) = (line for line in ax.lines if line.get_linestyle() == "--")
    assert (line.get_xdata() == line.get_ydata()).all()
    assert ax.get_xlim() == ax.get_ylim()
    assert legend_of(figure)[1] == "chance of the resamples: ±10%"
    (wedge,) = ax.collections
    corners = wedge.get_paths()[0].vertices
    ratio = np.unique((corners[:, 1] / corners[:, 0]).round(9))
    np.testing.assert_allclose(ratio, [0.9, 1.1])


def test_centres_with_few_respondents_are_marked(bundle, en):
    check = bundle.results["error_check"]
    centres = check.centres.assign(small_n=check.centres["centre"] == "c3")
    ax = draw_error_check(dataclasses.replace(check, centres=centres), ax=make_axes(), wording=en)
    label = "centre with fewer respondents than 250"
    assert marks_of(ax)[label] == ("D", [[2.0, 2.1]])


def test_the_alternative_text_tells_the_ratio_or_that_there_is_none(bundle, cut_bundle, en):
    told = FIGURES["error_check"].alternative(bundle, en)
    assert told.endswith("is 1.05; for eight centres of ten it ranges from 0.99 to 1.05.")
    check = bundle.results["error_check"]
    nothing = dataclasses.replace(check, summary=check.summary.assign(median_ratio=np.nan))
    told = FIGURES["error_check"].alternative(cut_bundle(error_check=nothing), en)
    assert told.endswith("The ratio of the errors is not defined.")


def test_no_resampled_error_leaves_nothing_to_draw(bundle, cut_bundle, ru):
    check = bundle.results["error_check"]
    none = dataclasses.replace(check, centres=check.centres.assign(resampled=np.nan))
    with pytest.raises(RenderError, match="'error_check' is empty"):
        FIGURES["error_check"](cut_bundle(error_check=none), ru)
