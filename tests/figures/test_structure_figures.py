"""What stands in the figures of residuals, distinct groups, regions and levels."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from clientindex.errors import RenderError
from clientindex.figures import FIGURES, colours, is_drawable
from other_sizes import list_members, resize
from presentation_factors import make_confirmatory, make_levels, make_validity


def rows_of(ax):
    return [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()]


def texts_of(ax):
    return [text.get_text() for text in ax.texts]


def segments_of(collection, axis):
    return np.array([segment[:, axis] for segment in collection.get_segments()])


def spread(result):
    """Give every residual of the main model a value of its own."""
    frame = result.residuals
    return dataclasses.replace(
        result, residuals=frame.assign(residual=np.linspace(-0.12, 0.09, len(frame)))
    )


def test_residuals_fill_the_half_below_the_diagonal(bundle, cut_bundle, methodology, wording):
    result = spread(bundle.results["confirmatory"])
    ax = FIGURES["residuals_heatmap"](cut_bundle(confirmatory=result), wording).axes[0]
    drawn = np.asarray(np.ma.filled(ax.images[0].get_array(), np.nan))
    frame = result.residuals[result.residuals["model"] == "correlated"]
    keys = methodology.indicator_keys
    expected = np.full((20, 20), np.nan)
    for row in frame.to_dict("records"):
        expected[keys.index(row["other"]), keys.index(row["indicator"])] = row["residual"]
    np.testing.assert_allclose(drawn, expected)
    assert np.isnan(drawn[np.triu_indices(20)]).all()
    low, high = ax.images[0].get_clim()
    assert low == -high == pytest.approx(-0.12)


def test_the_largest_residuals_are_framed_and_listed(bundle, cut_bundle, ru):
    result = spread(bundle.results["confirmatory"])
    ax = FIGURES["residuals_heatmap"](cut_bundle(confirmatory=result), ru).axes[0]
    frames = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    assert len(frames) == 8
    listed = next(text for text in texts_of(ax) if "\n" in text).split("\n")
    assert len(listed) == 9
    assert listed[1] == "1 и 2: −0,120"
    assert (frames[0].get_x(), frames[0].get_y()) == (-0.5, 0.5)


def test_large_residuals_carry_their_sign(bundle, cut_bundle, en):
    result = spread(bundle.results["confirmatory"])
    ax = FIGURES["residuals_heatmap"](cut_bundle(confirmatory=result), en).axes[0]
    drawn = np.asarray(np.ma.filled(ax.images[0].get_array(), 0.0))
    signs = {text.get_position(): text.get_text() for text in ax.texts if len(text.get_text()) == 1}
    large = np.argwhere(np.abs(drawn) >= 0.4 * 0.12)
    assert signs == {(c, r): "+" if drawn[r, c] > 0 else "\u2212" for r, c in large}


def test_small_residuals_stay_pale(bundle, cut_bundle, en):
    result = bundle.results["confirmatory"]
    small = dataclasses.replace(result, residuals=result.residuals.assign(residual=0.004))
    ax = FIGURES["residuals_heatmap"](cut_bundle(confirmatory=small), en).axes[0]
    assert ax.images[0].get_clim() == (-0.1, 0.1)


@pytest.mark.parametrize("sizes", [(7, 6, 12), (4,) * 8])
def test_residuals_of_other_sizes(sizes, bundle, methodology, wording):
    wide = resize(methodology, *sizes)
    other = dataclasses.replace(
        bundle,
        methodology=wide,
        results={"confirmatory": make_confirmatory(list_members(wide))},
    )
    ax = FIGURES["residuals_heatmap"](other, wording).axes[0]
    assert ax.images[0].get_array().shape == (sum(sizes),) * 2
    assert min(label.get_fontsize() for label in ax.get_yticklabels()) >= 4.5


def test_htmt_stands_below_the_diagonal_and_htmt2_above(bundle, methodology, wording):
    ax = FIGURES["htmt_matrix"](bundle, wording).axes[0]
    pairs = bundle.results["validity"].pairs
    keys = methodology.group_keys
    texts = {}
    for text in ax.texts:
        column, row = text.get_position()
        texts.setdefault((round(row), round(column)), []).append(text.get_text())
    for row in pairs[pairs["statistic"] != "factor_correlation"].to_dict("records"):
        first, last = sorted((keys.index(row["group"]), keys.index(row["other"])))
        place = (last, first) if row["statistic"] == "htmt" else (first, last)
        assert texts[place] == [
            wording.number(row["estimate"], digits=2),
            wording.interval(row["ci_low"], row["ci_high"], digits=2),
        ]
    assert len(texts) == 20
    assert rows_of(ax) == [g.name.in_language(wording.language) for g in methodology.groups]


def test_htmt_cells_are_shaded_by_the_levels_of_the_methodology(bundle, ru):
    figure = FIGURES["htmt_matrix"](bundle, ru)
    hatched = [p for p in figure.axes[0].patches if p.get_hatch() == colours.level_look(2)[1]]
    assert {(round(p.get_x() + 0.5), round(p.get_y() + 0.5)) for p in hatched} == {(3, 4), (4, 3)}
    legend = [text.get_text() for text in figure.legends[0].get_texts()]
    assert legend == ["меньше 0,85", "от 0,85 до 0,90", "от 0,90"]


def test_htmt_that_is_not_defined_is_left_out(bundle, cut_bundle, ru):
    result = bundle.results["validity"]
    pairs = result.pairs.copy()
    pairs.loc[0, ["estimate", "ci_low", "ci_high"]] = np.nan
    pairs.loc[1, ["ci_low", "ci_high"]] = np.nan
    ax = FIGURES["htmt_matrix"](
        cut_bundle(validity=dataclasses.replace(result, pairs=pairs)), ru
    ).axes[0]
    numbers = [text for text in texts_of(ax) if "[" not in text]
    intervals = [text for text in texts_of(ax) if "[" in text]
    assert (len(numbers), len(intervals)) == (19, 18)


def test_eight_groups_keep_legible_intervals(bundle, methodology, ru):
    wide = resize(methodology, *(4,) * 8)
    other = dataclasses.replace(
        bundle, methodology=wide, results={"validity": make_validity(list_members(wide))}
    )
    ax = FIGURES["htmt_matrix"](other, ru).axes[0]
    assert min(text.get_fontsize() for text in ax.texts) >= 4.8
    assert len(ax.texts) == 2 * 56


def test_regions_have_a_panel_a_factor_and_the_least_alike_last(bundle, methodology, wording):
    figure = FIGURES["region_congruence"](bundle, wording)
    frame = bundle.results["region_congruence"].frame
    titles = [ax.get_title().replace("\n", " ") for ax in figure.axes]
    assert titles == [g.name.in_language(wording.language) for g in methodology.groups]
    least = frame.groupby("region")["estimate"].min().sort_values(ascending=False, kind="stable")
    assert rows_of(figure.axes[0]) == list(least.index)
    for ax, factor in zip(figure.axes, methodology.group_keys, strict=True):
        part = frame[frame["factor"] == factor].set_index("region").loc[least.index]
        marks = {
            (x, y) for line in ax.lines if line.get_marker() != "None" for x, y in line.get_xydata()
        }
        assert marks == {(x, float(row)) for row, x in enumerate(part["estimate"])}


def test_regions_show_intervals_and_the_limits_of_the_methodology(bundle, ru):
    ax = FIGURES["region_congruence"](bundle, ru).axes[0]
    frame = bundle.results["region_congruence"].frame
    part = frame[(frame["factor"] == frame["factor"].iloc[0]) & frame["ci_low"].notna()]
    drawn = {tuple(ends) for ends in segments_of(ax.collections[0], 0)}
    assert drawn == set(zip(part["ci_low"], part["ci_high"], strict=True))
    limits = [line.get_xdata()[0] for line in ax.lines if line.get_linestyle() == ":"]
    assert limits == [0.85, 0.95]


def make_many_regions(result, n_regions, factors):
    rows = [
        (f"Регион {i:02d} с длинным официальным названием", factor, 0.7 + 0.003 * i, 0.6, 1.0)
        for i in range(n_regions)
        for factor in factors
    ]
    frame = pd.DataFrame(rows, columns=["region", "factor", "estimate", "ci_low", "ci_high"])
    return dataclasses.replace(result, frame=frame.assign(n=500, n_centres=12))


def test_eighty_nine_regions_become_tiles_in_two_columns(bundle, cut_bundle, methodology, ru):
    many = make_many_regions(bundle.results["region_congruence"], 89, methodology.group_keys)
    figure = FIGURES["region_congruence"](cut_bundle(region_congruence=many), ru)
    left, right = figure.axes
    assert (len(rows_of(left)), len(rows_of(right))) == (45, 44)
    assert rows_of(left)[0].startswith("Регион 88")
    last = next(text for text in left.texts if text.get_position() == (0, 44))
    assert last.get_text() == ru.number(0.7 + 0.003 * 44, digits=2)
    assert len(left.texts) + len(right.texts) == 89 * 5
    assert min(label.get_fontsize() for label in left.get_yticklabels()) >= 4.7


def test_a_tile_whose_interval_reaches_below_its_level_has_an_asterisk(
    bundle, cut_bundle, methodology, en
):
    many = make_many_regions(bundle.results["region_congruence"], 43, methodology.group_keys)
    frame = many.frame.assign(estimate=0.9, ci_low=0.86)
    frame.loc[0, "ci_low"] = 0.84
    frame.loc[1, "ci_low"] = np.nan
    figure = FIGURES["region_congruence"](
        cut_bundle(region_congruence=dataclasses.replace(many, frame=frame)), en
    )
    found = [text for ax in figure.axes for text in texts_of(ax)]
    assert (found.count("0.90*"), found.count("0.90")) == (1, 43 * 5 - 1)


def test_regions_left_out_are_counted(bundle, ru):
    figure = FIGURES["region_congruence"](bundle, ru)
    n = len(bundle.results["region_congruence"].left_out)
    assert f"Не сравнивались регионы: {n}" in figure.get_supxlabel().replace("\n", " ")


def test_levels_pair_the_loadings_on_the_own_factor(bundle, methodology, wording):
    left, right = FIGURES["levels"](bundle, wording).axes
    result = bundle.results["levels"]
    for line, level in zip(left.lines[:2], ("within", "between"), strict=True):
        frame = result.loadings[result.loadings["level"] == level]
        own = frame[frame["factor"] == frame["indicator"].map(methodology.group_of)]
        assert line.get_xdata().tolist() == own["estimate"].tolist()
        assert np.round(line.get_ydata()).tolist() == list(range(20))
    assert left.lines[0].get_marker() != left.lines[1].get_marker()
    icc = next(line for line in right.lines if line.get_marker() == "D")
    assert icc.get_xdata() == pytest.approx(result.variances["estimate"].to_numpy())
    ends = segments_of(right.collections[0], 0)
    assert ends == pytest.approx(result.variances[["ci_low", "ci_high"]].to_numpy())


def test_levels_leave_out_what_is_not_defined(bundle, cut_bundle, methodology, ru):
    result = bundle.results["levels"]
    frame = result.loadings.copy()
    own = frame["factor"] == frame["indicator"].map(methodology.group_of)
    frame.loc[frame.index[own][0], "estimate"] = np.nan
    frame[["ci_low", "ci_high"]] = np.nan
    changed = cut_bundle(levels=dataclasses.replace(result, loadings=frame))
    left = FIGURES["levels"](changed, ru).axes[0]
    assert [len(line.get_xdata()) for line in left.lines[:2]] == [19, 20]
    assert [len(c.get_segments()) for c in left.collections] == [0, 0]


def test_levels_of_25_indicators(bundle, methodology, wording):
    wide = resize(methodology, 7, 6, 4, 4, 4)
    other = dataclasses.replace(
        bundle, methodology=wide, results={"levels": make_levels(list_members(wide))}
    )
    assert len(rows_of(FIGURES["levels"](other, wording).axes[0])) == 25


def test_correlations_of_both_levels_are_points(bundle, methodology, wording):
    ax = FIGURES["levels_correlations"](bundle, wording).axes[0]
    own, other, equal = ax.lines
    assert (len(own.get_xdata()), len(other.get_xdata())) == (30, 160)
    assert set(map(tuple, own.get_xydata())) == {(0.55, 0.9)}
    assert set(map(tuple, other.get_xydata())) == {(0.3, 0.8)}
    assert own.get_marker() != other.get_marker()
    assert np.array_equal(equal.get_xdata(), equal.get_ydata())


@pytest.mark.parametrize(
    ("name", "result", "part"),
    [
        ("residuals_heatmap", "confirmatory", "residuals"),
        ("htmt_matrix", "validity", "pairs"),
        ("region_congruence", "region_congruence", "frame"),
        ("levels", "levels", "loadings"),
        ("levels_correlations", "levels", "correlations"),
    ],
)
def test_empty_parts_are_refused(name, result, part, bundle, cut_bundle, ru):
    whole = bundle.results[result]
    empty = dataclasses.replace(whole, **{part: getattr(whole, part).iloc[:0]})
    assert not is_drawable(name, cut_bundle(**{result: empty}))
    with pytest.raises(RenderError, match=f"'{result}' is empty"):
        FIGURES[name](cut_bundle(**{result: empty}), ru)
