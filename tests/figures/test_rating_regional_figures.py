"""What stands in the figures of regions, change, weights and case mix."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex

from clientindex.errors import RenderError
from clientindex.figures import FIGURES, colours, is_drawable
from clientindex.figures.change_parts import SHOWN, arrange_regions
from clientindex.figures.star_transitions import arrange_transitions
from clientindex.figures.tile_layout import load_tiles, place_regions
from clientindex.figures.weight_margins import choose_scope
from clientindex.simulate.places import load_regions
from other_sizes import boxes_of, find_overlaps

PILOT = (
    "Брянская область",
    "Владимирская область",
    "Липецкая область",
    "Нижегородская область",
    "Оренбургская область",
    "Псковская область",
    "Тамбовская область",
    "Тюменская область",
    "Ярославская область",
    "Челябинская область",
    "Приморский край",
    "Красноярский край",
    "Ямало-Ненецкий АО",
)
NAMES = (
    "region_tiles",
    "regional_means",
    "centre_funnel",
    "change_parts",
    "star_transitions",
    "centre_changes",
    "weight_margins",
    "case_mix_effect",
)


def plain(text):
    return text.replace("\n", " ").replace("\u00a0", " ")


def rows_of(ax):
    return [plain(label.get_text()) for label in ax.get_yticklabels()]


def legend_of(figure):
    return [plain(text.get_text()) for text in figure.legends[0].get_texts()]


def marks_of(ax):
    """Return label -> (colour, filling, marker, points) of what has markers and no line."""
    return {
        plain(str(line.get_label())): (
            to_hex(line.get_color()),
            to_hex(line.get_markerfacecolor()),
            line.get_marker(),
            line.get_xydata().tolist(),
        )
        for line in ax.lines
        if line.get_linestyle() == "None"
    }


def texts_at(ax):
    """Return position -> text of what is written in the axes."""
    return {
        tuple(round(float(x), 6) for x in text.get_position()): plain(text.get_text())
        for text in ax.texts
    }


def change(result, **fields):
    return dataclasses.replace(result, **fields)


def tell(name, bundle, wording):
    recipe = FIGURES[name]
    return plain(recipe.caption(bundle, wording)), plain(recipe.alternative(bundle, wording))


@pytest.mark.parametrize("name", NAMES)
def test_captions_and_alternative_texts_have_no_placeholder_left(name, bundle, wording):
    caption, alt = tell(name, bundle, wording)
    assert "{" not in caption + alt
    assert ".." not in caption + alt


# Tiles


def test_there_is_a_tile_of_its_own_for_each_of_89_regions():
    tiles = load_tiles()
    assert len(tiles) == len({tile.name for tile in tiles}) == 89
    assert len({(tile.row, tile.column) for tile in tiles}) == 89
    for language in ("ru", "en"):
        assert len({tile.labels[language] for tile in tiles}) == 89
        assert max(len(line) for t in tiles for line in t.labels[language].split("\n")) <= 9


def test_the_grid_looks_like_russia():
    place = {tile.name: (tile.row, tile.column) for tile in load_tiles()}
    west = ["Калининградская область", "Херсонская область", "Севастополь"]
    assert all(place[name][1] <= 1 for name in west)
    assert place["Чукотский автономный округ"] == (1, max(column for _, column in place.values()))
    assert place["Мурманская область"][0] == 0
    assert place["Республика Крым"][0] > place["Белгородская область"][0]
    assert place["Республика Дагестан"][1] > place["Краснодарский край"][1]
    for one, other in (
        ("Псковская область", "Новгородская область"),
        ("Москва", "Московская область"),
        ("Тюменская область", "Свердловская область"),
        ("Республика Крым", "Севастополь"),
        ("Хабаровский край", "Еврейская автономная область"),
    ):
        steps = np.abs(np.subtract(place[one], place[other]))
        assert steps.sum() == 1, (one, other)


def test_every_region_of_the_pilot_and_of_the_simulation_is_found():
    for names in (PILOT, [region.name for region in load_regions()]):
        placed, unplaced = place_regions(names)
        assert unplaced == []
        assert len(placed) == len(names) == 13


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("г. Москва", "Москва"),
        ("МОСКВА", "Москва"),
        ("Московская обл.", "Московская область"),
        ("Республика Татарстан (Татарстан)", "Республика Татарстан (Татарстан)"),
        ("Татарстан", "Республика Татарстан (Татарстан)"),
        ("Якутия", "Республика Саха (Якутия)"),
        ("республика алтай", "Республика Алтай"),
        ("Алтайский край", "Алтайский край"),
        ("Ямало-Ненецкий автономный округ", "Ямало-Ненецкий автономный округ"),
        ("ЯНАО", "Ямало-Ненецкий автономный округ"),
        ("Ненецкий АО", "Ненецкий автономный округ"),
        ("Орёловская область", ""),
        ("Орловская область", "Орловская область"),
        ("Ханты-Мансийский АО - Югра", "Ханты-Мансийский автономный округ — Югра"),
        ("Ханты-Мансийский автономный округ", "Ханты-Мансийский автономный округ — Югра"),
        ("Кемеровская область", "Кемеровская область — Кузбасс"),
        ("Чувашская Республика", "Чувашская Республика — Чувашия"),
        ("Республика Северная Осетия-Алания", "Республика Северная Осетия — Алания"),
        ("Санкт–Петербург", "Санкт-Петербург"),
        ("Еврейская АО", "Еврейская автономная область"),
        ("Край", ""),
        ("", ""),
    ],
)
def test_names_are_found_however_they_are_written(written, name):
    placed, unplaced = place_regions([written])
    assert [tile.name for tile in placed.values()] == ([name] if name else [])
    assert unplaced == ([] if name else [written])


def test_yo_and_ye_are_one_letter():
    placed, _ = place_regions(["Орёл", "Ставрополье"])
    assert [tile.name for tile in placed.values()] == ["Ставропольский край"]
    assert place_regions(["Орловскaя область"])[1]  # a Latin letter is not the Cyrillic one


def test_the_second_name_of_a_tile_is_not_drawn_over_the_first():
    placed, unplaced = place_regions(["Москва", "г. Москва"])
    assert list(placed) == ["Москва"]
    assert unplaced == ["г. Москва"]


def test_a_tile_has_the_mean_by_centres_and_others_their_name(bundle, ru):
    ax = FIGURES["region_tiles"](bundle, ru).axes[0]
    tile = next(tile for tile in load_tiles() if tile.name == "Псковская область")
    texts = texts_at(ax)
    near = {y: text for (x, y), text in texts.items() if x == tile.column and abs(y - tile.row) < 1}
    assert "78,1" in near.values()
    assert "Псков- ская" in near.values()
    assert len(ax.texts) == 90
    pale, coloured = ax.collections
    assert len(pale.get_paths()) == 88
    assert len(coloured.get_paths()) == 1


def test_regions_without_a_tile_are_named_in_caption_and_text(bundle, en):
    for text in tell("region_tiles", bundle, en):
        assert "regions without a tile: Край" in text
    alt = tell("region_tiles", bundle, en)[1]
    assert "Highest is Псковская область (78.1 points), lowest Край (74.5 points)" in alt


def test_no_label_leaves_its_tile_and_colours_rise_with_values(bundle, cut_bundle, wording):
    result = bundle.results["regional"]
    row = result.means[(result.means["key"] == "index") & (result.means["by"] == "centres")].iloc[0]
    names = [tile.name for tile in load_tiles()]
    means = pd.DataFrame([dict(row)] * 89).assign(
        region=names, estimate=np.linspace(41.0, 97.0, 89), n_centres=3
    )
    changed = cut_bundle(regional=change(result, means=means))
    figure = FIGURES["region_tiles"](changed, wording)
    FigureCanvasAgg(figure).draw()
    assert find_overlaps(boxes_of(figure, figure.axes[0].texts)) == []
    side = figure.axes[0].transData.transform([(0, 0), (1, 0)])
    widest = max(box.width for box in boxes_of(figure, figure.axes[0].texts))
    assert widest < side[1, 0] - side[0, 0]
    (faces,) = [c.get_facecolor() for c in figure.axes[0].collections]
    light = [colours.luminance(face[:3]) for face in faces]
    assert (np.diff(light) <= 1e-9).all()
    said = {"ru": "на карте все регионы", "en": "all regions of the edition are on the map"}
    assert said[wording.language] in tell("region_tiles", changed, wording)[0]


# Means of regions


def test_both_means_of_a_region_stand_side_by_side(bundle, en):
    figure = FIGURES["regional_means"](bundle, en)
    ax = figure.axes[0]
    assert rows_of(ax) == ["Псковская область, centres: 2", "Край, centres: 3"]
    marks = marks_of(ax)
    points = np.array(marks["every centre once"][3])
    np.testing.assert_allclose(points, [[78.125, -0.18], [74.5, 0.82]])
    ((value, row),) = marks["centres weighted by visitors"][3]
    assert row == pytest.approx(1.18)
    means = bundle.results["regional"].means.set_index(["region", "key", "by"])["estimate"]
    assert value == means["Край", "index", "visitors"]
    assert "country, by centres: 76.0 [62.1, 89.8]" in legend_of(figure)
    assert not any("country, by visitors" in text for text in legend_of(figure))


def test_the_text_says_what_is_not_defined(bundle, ru):
    alt = tell("regional_means", bundle, ru)[1]
    assert "по центрам 76,0 [62,1; 89,8], по посетителям не определено" in alt
    assert "выше всех Псковская область (78,1 балла), ниже всех Край (74,5 балла)" in alt


def test_a_region_of_one_centre_is_hollow(bundle, cut_bundle, en):
    result = bundle.results["regional"]
    means = result.means.copy()
    means.loc[means["region"] == "Край", ["ci_low", "ci_high"]] = np.nan
    figure = FIGURES["regional_means"](cut_bundle(regional=change(result, means=means)), en)
    hollow = marks_of(figure.axes[0])["every centre once, no interval"]
    assert hollow[1] == colours.PAPER
    np.testing.assert_allclose(hollow[3], [[74.5, 0.82]])


def repeat_regions(frame, template, n):
    """Return rows of a region under `n` long names."""
    part = frame[frame["region"] == template]
    names = [f"Ямало-Ненецкий автономный округ {place:02d}" for place in range(n)]
    return pd.concat([part.assign(region=name) for name in names], ignore_index=True)


@pytest.mark.parametrize("n", [1, 13, 89])
def test_rows_of_many_regions_do_not_overlap(n, bundle, cut_bundle, wording):
    regional, found = bundle.results["regional"], bundle.results["change"]
    many = cut_bundle(
        regional=change(regional, means=repeat_regions(regional.means, "Край", n)),
        change=change(found, parts=repeat_regions(found.parts, "Край", n)),
    )
    for name in ("regional_means", "change_parts"):
        figure = FIGURES[name](many, wording)
        assert figure.get_figheight() <= 8.8
        labels = figure.axes[0].get_yticklabels()
        FigureCanvasAgg(figure).draw()
        assert len(labels) == n
        assert find_overlaps(boxes_of(figure, labels)) == []


# Funnel


def test_the_funnel_shows_index_against_error_with_flagged_centres_apart(bundle, en):
    figure = FIGURES["centre_funnel"](bundle, en)
    ax = figure.axes[0]
    marks = marks_of(ax)
    ordinary = marks["centre with stars"][3]
    assert sorted(ordinary) == [[1.5, 71.0], [1.5, 71.0], [2.0, 62.5]]
    high = marks["unusually high index (false discovery rate at most 5%)"]
    assert high[2:] == ("^", [[1.0, 85.25]])
    assert [text.get_text() for text in ax.texts] == ["c1"]
    assert "target: 72.0" in legend_of(figure)


def test_limits_come_from_the_result_by_model_and_level(bundle, ru):
    figure = FIGURES["centre_funnel"](bundle, ru)
    funnel = bundle.results["regional"].funnel.query("unit == 'centre'")
    for model, colour, words in (
        ("plain", colours.REFERENCE, "граница без учёта сверхдисперсии"),
        ("additive", colours.BIAS, "граница с учётом сверхдисперсии"),
    ):
        for level, style, told in ((0.95, "--", "95 %"), (0.998, "-", "99,8 %")):
            part = funnel[(funnel["model"] == model) & (funnel["level"] == level)]
            drawn = [
                line.get_ydata().tolist()
                for line in figure.axes[0].lines
                if line.get_color() == colour
                and line.get_linestyle() == style
                and line.get_marker() == "None"
            ]
            rows = part.sort_values("error")
            assert drawn == [rows["low"].tolist(), rows["high"].tolist()]
            assert f"{words}, {told}" in legend_of(figure)


def test_phi_and_the_false_discovery_rate_are_in_the_caption(bundle, ru):
    caption, alt = tell("centre_funnel", bundle, ru)
    assert "φ = 30,00, добавочное стандартное отклонение 8,0 балла" in caption
    assert "не выше 5 % отмечено с высоким индексом: 1, с низким: 0" in caption
    assert "центры со звёздами (4 центра)" in alt
    assert "ориентир, 72,0 балла" in alt


def test_numbers_of_respondents_stand_above_only_where_known(bundle, cut_bundle, en):
    def above(figure):
        FigureCanvasAgg(figure).draw()
        return [
            text.get_text()
            for child in figure.axes[0].child_axes
            for text in child.get_xticklabels()
        ]

    result = bundle.results["regional"]
    assert "300" in above(FIGURES["centre_funnel"](bundle, en))
    unknown = change(result, funnel=result.funnel.assign(n=np.nan))
    assert above(FIGURES["centre_funnel"](cut_bundle(regional=unknown), en)) == []


def test_names_of_hundreds_of_centres_do_not_overlap(bundle, cut_bundle, ru):
    result = bundle.results["regional"]
    rng = np.random.default_rng(2)
    crowd = pd.concat([result.centres.iloc[[0]]] * 240, ignore_index=True).assign(
        centre=[f"R89-{place:03d}" for place in range(240)],
        error=rng.uniform(1.0, 2.0, 240),
        estimate=rng.normal(72, 12, 240).clip(20, 100),
    )
    crowd["flagged_additive"] = np.select(
        [crowd["estimate"] > 90, crowd["estimate"] < 54], ["high", "low"], ""
    )
    changed = cut_bundle(regional=change(result, centres=crowd))
    figure = FIGURES["centre_funnel"](changed, ru)
    FigureCanvasAgg(figure).draw()
    ax = figure.axes[0]
    assert 8 <= len(ax.texts) <= 20
    assert find_overlaps(boxes_of(figure, ax.texts)) == []
    assert any("низкий" in text for text in legend_of(figure))


def test_no_funnel_of_centres_leaves_nothing_to_draw(bundle, cut_bundle, ru):
    result = bundle.results["regional"]
    none = change(result, dispersion=result.dispersion.query("unit != 'centre'"))
    assert not is_drawable("centre_funnel", cut_bundle(regional=none))
    with pytest.raises(RenderError, match="'regional' is empty"):
        FIGURES["centre_funnel"](cut_bundle(regional=none), ru)


# Change


def test_parts_stand_in_panels_with_the_country_on_top(bundle, en):
    figure = FIGURES["change_parts"](bundle, en)
    assert [ax.get_title() for ax in figure.axes] == [
        *("Total", "Method", "Composition", "Scores in the\nsame centres")
    ]
    assert rows_of(figure.axes[0]) == [
        "All regions, centres: 7",
        "Край, centres: 3",
        "Псковская область, centres: 2",
    ]
    estimates = [ax.lines[0].get_xdata()[0] for ax in figure.axes]
    assert estimates == [3.53, 0.35, 2.43, 0.75]
    (intervals,) = figure.axes[0].collections[:1]
    assert intervals.get_segments()[0].tolist() == [[-7.58, 0.0], [14.64, 0.0]]


def test_a_part_without_an_interval_is_hollow_and_an_unknown_one_absent(bundle, cut_bundle, en):
    figure = FIGURES["change_parts"](bundle, en)
    assert "a hollow mark has no interval" in " ".join(figure.get_supxlabel().split())
    parts = bundle.results["change"].parts
    sure = dataclasses.replace(bundle.results["change"], parts=parts.dropna(subset="ci_low"))
    told = FIGURES["change_parts"](cut_bundle(change=sure), en).get_supxlabel()
    assert "hollow" not in told
    ax = figure.axes[SHOWN.index("service")]
    hollow = [ln for ln in ax.lines if to_hex(ln.get_markerfacecolor()) == colours.PAPER]
    assert [ln.get_xydata().tolist() for ln in hollow] == [[[0.75, 2.0]]]
    assert "Округ" not in arrange_regions(bundle.results["change"])


def test_parts_of_the_country_are_told_with_intervals(bundle, ru):
    alt = tell("change_parts", bundle, ru)[1]
    assert "всего 3,5 [−7,6; 14,6], из них методика 0,4 [−0,2; 0,9]" in alt
    assert "состав 2,4 [−1,7; 6,6], изменение оценок в тех же центрах 0,8 [−6,2; 7,7]" in alt


def test_transitions_count_previous_stars_by_present_ones(bundle, en):
    ax = FIGURES["star_transitions"](bundle, en).axes[0]
    assert rows_of(ax) == [
        "5 ★",
        "4 ★",
        "3 ★",
        "2 ★",
        "1 ★",
        "withheld",
        "no such centre",
    ]
    texts = texts_at(ax)
    assert texts[4.0, -0.15] == "1"  # 5 stars before and now
    assert texts[4.0, 0.25] == "100%"
    assert texts[3.0, 1.85] == "1"  # 3 stars before, 4 now
    assert texts[2.0, 5.35] == "1"  # withheld before, 3 now: no share
    assert texts[5.35, 0.0] == "1"  # 5 stars before, withheld now
    assert texts[6.35, 2.0] == "1"  # gone
    assert texts[5.35, 6.35] == "1"  # new, and withheld
    framed = ax.collections[1].get_paths()
    assert len(framed) == 5
    assert framed[0].get_extents().x0 == pytest.approx(3.54)
    assert "n on the right: number of centres in the row" in " ".join(ax.get_xlabel().split())


def test_what_changed_is_in_the_caption(bundle, en):
    caption, alt = tell("star_transitions", bundle, en)
    assert caption.endswith("unchanged 2, more 1, fewer 0")
    assert "in both editions (3 centres) 2 keep them, 1 have more, 0 have fewer" in alt


def test_half_stars_have_rows_of_their_own_and_names_do_not_overlap(bundle, cut_bundle, wording):
    result = bundle.results["change"]
    labels = [*(f"{half / 2:g}" for half in range(2, 11)), "withheld", "absent"]
    table = pd.DataFrame(
        [(before, after, len(before + after)) for before in labels for after in labels],
        columns=["star_before", "star_after", "n"],
    )
    changed = change(result, transitions=table)
    assert list(arrange_transitions(changed).columns) == labels
    figure = FIGURES["star_transitions"](cut_bundle(change=changed), wording)
    FigureCanvasAgg(figure).draw()
    ax = figure.axes[0]
    half = wording.number(3.5)
    assert f"{half} ★" in rows_of(ax)
    assert find_overlaps(boxes_of(figure, ax.get_xticklabels())) == []
    assert find_overlaps(boxes_of(figure, ax.texts)) == []


def test_stars_of_editions_may_differ(bundle, cut_bundle, en):
    result = bundle.results["change"]
    table = result.transitions[result.transitions["star_before"] != "5"]
    ax = FIGURES["star_transitions"](cut_bundle(change=change(result, transitions=table)), en).axes[
        0
    ]
    assert rows_of(ax)[0] == "4 ★"
    assert len(ax.collections[1].get_paths()) == 4


def test_centres_stand_by_their_difference_with_flagged_ones_coloured(bundle, en):
    figure = FIGURES["centre_changes"](bundle, en)
    ax = figure.axes[0]
    marks = marks_of(ax)
    assert marks["change not flagged: 2"][3] == [[1, 5.0], [4, -2.5]]
    assert marks["rise (false discovery rate at most 5%): 1"][3] == [[2, 4.75]]
    fall = marks["fall (false discovery rate at most 5%): 1"]
    assert (fall[0], fall[2], fall[3]) == (colours.FLAGGED, "v", [[5, -7.5]])
    untested = marks["not tested: 1"]
    assert (untested[1], untested[3]) == (colours.PAPER, [[3, 4.0]])
    assert [label.get_text() for label in ax.get_xticklabels()] == ["c4", "c1", "c5", "c2", "c3"]
    ends = [segment[:, 1].tolist() for lines in ax.collections for segment in lines.get_segments()]
    assert [-12.4, -2.6] in ends


def test_many_centres_have_places_for_names_and_few_artists(bundle, cut_bundle, ru):
    result = bundle.results["change"]
    crowd = pd.concat([result.centres.iloc[:5]] * 48, ignore_index=True)
    crowd["centre"] = [f"c{place}" for place in range(240)]
    ax = FIGURES["centre_changes"](cut_bundle(change=change(result, centres=crowd)), ru).axes[0]
    assert ax.get_xlabel() == "Место по изменению, от наибольшего роста (центров: 240)"
    assert len(ax.lines) + len(ax.collections) < 12
    assert ax.get_xticklabels()[0].get_text() == "1"


def test_the_false_discovery_rate_of_changes_is_told(bundle, ru):
    caption, alt = tell("centre_changes", bundle, ru)
    assert "при доле ложных открытий не выше 5 % отмечен рост: 1, падение: 1" in caption
    assert "(5 центров)" in alt
    assert "от −7,5 до 5,0 балла" in alt


# Weights and case mix


def test_shares_before_and_after_stand_beside_the_margin(bundle, en):
    figure = FIGURES["weight_margins"](bundle, en)
    ax = figure.axes[0]
    assert rows_of(ax) == [
        "sex: female",
        "sex: male",
        "age, Citizens: 16–17 (together: 16–17 + 18–35)",
        "age, Citizens: 18–35 (together: 16–17 + 18–35)",
        "age, Citizens: 36+",
    ]
    marks = marks_of(ax)
    known, before, after = (
        [x for x, _ in marks[en.text(f"figures.weight_margins.{name}")][3]]
        for name in ("share", "before", "after")
    )
    assert known == pytest.approx([45.0, 55.0, 1.25, 48.75, 50.0])
    assert before == pytest.approx([63.83, 36.17, 0.0, 44.44, 55.56])
    assert after == pytest.approx([45.0, 55.0, 0.0, 50.0, 50.0])
    assert plain(ax.get_xlabel()) == "Share, % (Край, n = 470)"


def test_the_scope_that_changed_most_is_shown_and_named(bundle, cut_bundle, en):
    result = bundle.results["answer_weights"]
    assert choose_scope(result) == "Край"
    caption, alt = tell("weight_margins", bundle, en)
    assert "Край (the place where shares changed most is shown; weighted 1 of 2)" in caption
    assert "“sex: female”: 45.0% of the visitors, 63.8% before weighting, 45.0% after it" in alt
    nobody = change(result, scopes=result.scopes.assign(raked=False))
    assert choose_scope(nobody) == "Край"
    none = change(result, margins=result.margins.iloc[:0])
    assert not is_drawable("weight_margins", cut_bundle(answer_weights=none))


def test_adjustments_stand_against_the_index_and_changed_stars_apart(bundle, en):
    figure = FIGURES["case_mix_effect"](bundle, en)
    titles = [plain(ax.get_title()) for ax in figure.axes]
    assert titles == ["sex, age 5 centres", "sex, age, survey channel 5 centres"]
    marks = marks_of(figure.axes[0])
    fewer = marks["fewer stars when adjusted"]
    assert fewer[2:] == ("v", [[71.0, -1.5]])
    same = marks["stars unchanged or withheld"][3]
    assert sorted(same) == [[62.5, 0.5], [71.0, 0.5], [85.25, -0.5], [90.0, -1.0]]
    for ax in figure.axes:
        low, high = ax.get_ylim()
        points = np.vstack([line.get_xydata() for line in ax.lines if line.get_marker() in "ov"])
        assert low < points[:, 1].min() < points[:, 1].max() < high


def test_cut_points_of_both_indices_are_dotted(bundle, cut_bundle, methodology, en):
    figure = FIGURES["case_mix_effect"](bundle, en)
    dotted = [line for line in figure.axes[0].lines if line.get_linestyle() == ":"]
    cuts = [band.lower for band in methodology.stars.bands[1:] if 62.5 <= band.lower <= 90]
    assert [line.get_xdata()[0] for line in dotted] == [x for cut in cuts for x in (cut, cut + 100)]
    for line in dotted[1::2]:
        x, y = line.get_data()
        assert (np.add(x, y) == x[0] + y[0]).all()  # the adjusted index equals the cut point
    without = FIGURES["case_mix_effect"](cut_bundle(stars=None), en)
    assert not [line for line in without.axes[0].lines if line.get_linestyle() == ":"]


def test_what_an_adjustment_does_is_told_by_set(bundle, ru):
    caption = tell("case_mix_effect", bundle, ru)[0]
    assert "пол, возраст: звёзды меняются у 1 из 4, наибольшая поправка 1,5 балла" in caption
    assert "канал опроса: звёзды меняются у 1 из 4, наибольшая поправка 2,0 балла" in caption
