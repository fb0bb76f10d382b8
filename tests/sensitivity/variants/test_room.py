"""The grid of variants on hand-computed centres and on the made-up edition."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError
from scipy.stats import gmean

from clientindex.errors import StatisticsError
from clientindex.methodology import Methodology
from clientindex.methodology.variants_settings import VariantsSettings, WeightsVariant
from clientindex.rating import assign_stars, compute_scores
from clientindex.results import Unavailable
from clientindex.results.multiverse import Multiverse
from clientindex.sensitivity.variants import VariantSource, assess_variants
from clientindex.sensitivity.variants.choices import DIMENSIONS, equalise, list_choices

EXACT = 1e-9
NOTHING = {
    "group_means": (),
    "index_means": (),
    "equal_weights": (),
    "missing": (),
    "star_rules": (),
    "checklists": (),
}


def only(**given):
    return VariantsSettings(**{**NOTHING, **given})


def put(moments, methodology, **source):
    register = pd.DataFrame({"centre": moments.centres, "name": "n", "region": "R"})
    scores = compute_scores(moments, methodology)
    stars = assign_stars(scores, methodology, register=register)
    return VariantSource(moments=moments, register=register, **source), stars


def change(methodology, **sections):
    raw = methodology.model_dump(by_alias=True)
    for name, value in sections.items():
        raw[name] = raw[name] | value
    return Methodology.model_validate(raw)


def fill(methodology, groups):
    """Return means of centres, all indicators of a group alike, both segments too."""
    sizes = [len(group.indicators) for group in methodology.groups]
    return np.repeat(np.repeat(np.array(groups, float)[:, None], 2, axis=1), sizes, axis=2)


def test_a_geometric_index_by_hand(methodology, make_moments):
    """Groups weigh 1/5 each. The first centre has 100 and four times 60: 68 becomes 66.5.

    The second has five times 70: 70 whatever the mean. The third has 1 and four times 100: 80.2
    becomes 39.8. Bands begin at 50, 60, 70, 80: stars 3, 4, 5 become 3, 4, 1 and ranks 3, 2, 1
    become 2, 1, 3.
    """
    weights = [group.weight for group in methodology.groups]
    assert np.allclose(weights, 0.2)
    moments = make_moments(
        fill(methodology, [[100, 60, 60, 60, 60], [70] * 5, [1, 100, 100, 100, 100]]), methodology
    )
    source, stars = put(moments, methodology)
    found = assess_variants(
        source, stars, methodology, settings=only(index_means=("geometric", "arithmetic"))
    )
    assert isinstance(found, Multiverse)
    assert gmean([100, 60, 60, 60, 60]) == pytest.approx(66.45, abs=0.01)
    assert found.variants["index_mean"].tolist() == ["arithmetic", "geometric"]
    second = found.variants.iloc[1]
    assert second["share_changed"] == pytest.approx(1 / 3, abs=EXACT)
    assert second["share_down"] == pytest.approx(1 / 3, abs=EXACT)
    assert second["mean_rank_shift"] == pytest.approx((1 + 1 + 2) / 3, abs=EXACT)
    # Ranks 3, 2, 1 and 2, 1, 3: one pair agrees, two do not.
    assert second["kendall_tau"] == pytest.approx(-1 / 3, abs=EXACT)
    centres = found.centres.set_index("centre")
    assert centres["share_same_star"].tolist() == [0.5, 1, 1]
    assert centres.loc["C002", ["star_low", "star_high"]].tolist() == [1, 5]
    assert centres.loc["C002", ["rank_low", "rank_high"]].tolist() == [1, 3]
    assert found.effects["dimension"].tolist() == ["index_mean"]
    assert found.effects["share_of_variance"].tolist() == pytest.approx([1])
    assert found.effects["spread"].tolist() == pytest.approx([1 / 3])


def test_other_weights_by_hand(methodology, make_moments):
    """All weight on the first group gives the first group's score, 90 or 40: stars 5 and 1."""
    moments = make_moments(
        fill(methodology, [[90, 50, 50, 50, 50], [40, 80, 80, 80, 80]]), methodology
    )
    source, stars = put(moments, methodology)
    keys = methodology.group_keys
    first = WeightsVariant(groups={k: float(place == 0) for place, k in enumerate(keys)})
    found = assess_variants(source, stars, methodology, settings=only(weights={"first": first}))
    told = found.stars.pivot_table(index="variant", columns="centre", values="star")
    assert told.loc[0].tolist() == [2, 4]
    assert told.loc[1].tolist() == [5, 1]
    assert found.variants["kendall_tau"].tolist() == pytest.approx([1, -1])
    assert found.variants.loc[1, ["share_up", "share_down"]].tolist() == [0.5, 0.5]


def test_equal_weights_of_groups_and_of_indicators(methodology):
    raw = methodology.model_dump(by_alias=True)
    first, second = raw["groups"][:2]
    moved = next(iter(first["indicators"]))
    keys = [k for k in first["indicators"] if k != moved]
    first["indicators"] = dict.fromkeys(keys, 1 / len(keys))
    own = [*second["indicators"], moved]
    second["indicators"] = dict.fromkeys(own, 1 / len(own))
    uneven = Methodology.model_validate(raw)
    sizes = np.array([len(g.indicators) for g in uneven.groups])
    by_group = equalise(uneven, by_group=True)
    by_item = equalise(uneven, by_group=False)
    assert list(by_group.groups.values()) == pytest.approx([0.2] * 5)
    assert list(by_item.groups.values()) == pytest.approx(sizes / 20)
    effective = [
        by_item.groups[g] * w for g, inner in by_item.indicators.items() for w in inner.values()
    ]
    assert effective == pytest.approx([1 / 20] * 20)
    grid = list_choices(uneven, only(equal_weights=("equal_groups", "equal_indicators")))
    assert [c.name for c in grid["weights"]] == ["current", "equal_indicators"]


def test_every_variant_is_what_its_own_methodology_file_gives(methodology, moments):
    checklists = pd.DataFrame(
        {
            "centre": np.repeat(moments.centres, 2),
            "key": ["index", "effort"] * len(moments.centres),
            "estimate": np.linspace(60, 95, 2 * len(moments.centres)),
            "variance": 0.0,
        }
    )
    source, stars = put(moments, methodology, checklists=checklists)
    settings = VariantsSettings(
        group_means=("geometric",),
        index_means=("harmonic",),
        missing=("refuse", "impute_group_mean"),
        star_rules=("quantiles", "k_means"),
    )
    seen = []
    found = assess_variants(
        source, stars, methodology, settings=settings, progress=lambda *at: seen.append(at)
    )
    grid = list_choices(methodology, settings)
    assert found.n_grid == 2 * 2 * 3 * 3 * 2 * len(grid["weights"])
    assert seen[-1] == (found.n_grid, found.n_grid)
    assert len(seen) == found.n_grid
    assert len(found.variants) + len(found.left_out) == found.n_grid
    first = found.variants.iloc[0]
    assert (
        first["share_changed"],
        first["mean_rank_shift"],
        first["kendall_tau"],
    ) == pytest.approx((0, 0, 1))
    rows = found.variants[
        (found.variants["weights"] == "current") & (found.variants["checklist"] == "without")
    ]
    for _, row in rows.iterrows():
        indicator, group = row["missing"].split("+")
        scoring = {
            "levels": {"group": row["group_mean"], "index": row["index_mean"]},
            "missing_indicator": indicator,
            "missing_group": group,
        }
        rule = (
            {}
            if row["star_rule"] == "fixed"
            else {"rule": row["star_rule"], "bands": (), "stars": 5}
        )
        own = change(methodology, scoring=scoring, stars=rule)
        expected = put(moments, own)[1].frame.set_index("centre")
        told = found.stars[found.stars["variant"] == row["variant"]].set_index("centre")
        expected = expected.reindex(told.index)
        for name in ("star", "rank"):
            pd.testing.assert_series_equal(
                told[name].astype("Float64"), expected[name].astype("Float64")
            )
    changed = found.variants["share_changed"]
    parts = found.variants[["share_up", "share_down", "share_withheld"]].sum(axis=1)
    np.testing.assert_allclose(changed, parts, atol=EXACT)
    assert found.effects["share_of_variance"].between(0, 1).all()
    assert found.choices.groupby("dimension")["is_current"].sum().eq(1).all()
    assert len(found.tidy())


def test_blended_checklists_by_hand(methodology, make_moments):
    """Half of 65 and half of 85 is 75: three stars become four."""
    moments = make_moments(fill(methodology, [[65] * 5, [55] * 5]), methodology)
    checklists = pd.DataFrame(
        {"centre": ["C000"], "key": ["index"], "estimate": [85.0], "variance": [0.0]}
    )
    source, stars = put(moments, methodology, checklists=checklists)
    found = assess_variants(
        source, stars, methodology, settings=only(checklists=("with", "without"))
    )
    told = found.stars.pivot_table(index="variant", columns="centre", values="star")
    assert told.to_numpy().tolist() == [[3, 2], [4, 2]]
    without, own = put(moments, methodology)
    found = assess_variants(without, own, methodology, settings=only(checklists=("with",)))
    assert found.left_out["reason"].tolist() == ["no_checklists"]
    assert found.effects.empty


def test_combinations_that_no_file_could_say_are_left_out(methodology, moments):
    settings = only(
        normalisers={"z": {"groups": "z"}, "top": {"answers": "top_box"}},
        star_rules=("quantiles",),
        index_means=("geometric",),
    )
    source, stars = put(moments, methodology)
    found = assess_variants(source, stars, methodology, settings=settings)
    reasons = found.left_out.groupby(["normaliser", "index_mean", "star_rule"])["reason"].first()
    assert reasons["z", "arithmetic", "fixed"] == "cut_points_of_other_scale"
    assert reasons["z", "geometric", "quantiles"] == "not_defined"
    assert reasons["top", "arithmetic", "fixed"] == "invalid_methodology"
    assert found.left_out["detail"].str.contains("top_box_from").any()
    kept = found.variants[["normaliser", "index_mean", "star_rule"]].to_numpy().tolist()
    assert ["z", "arithmetic", "quantiles"] in kept
    assert len(kept) == 5


def test_answers_without_z_scores_of_groups_are_points_again(methodology, moments):
    """The variant of a methodology of z scores is what its file in points gives."""
    rule = {"minimum_sample": 5, "rule": "quantiles", "stars": 4, "bands": ()}
    points = change(methodology, stars=rule)
    standard = change(points, scoring={"scale": "standard", "normalise_groups": "z"})
    source, stars = put(moments, standard)
    settings = only(normalisers={"plain": {"groups": "none"}})
    found = assess_variants(source, stars, standard, settings=settings)
    assert found.left_out.empty
    own = found.stars[found.stars["variant"] == 1].set_index("centre")["star"]
    expected = put(moments, points)[1].frame.set_index("centre")["star"].reindex(own.index)
    assert own.tolist() == expected.tolist()


def test_answers_scored_anew(methodology, moments):
    scoring = change(methodology, scoring={"top_box_from": 4})
    source, stars = put(moments, scoring)
    settings = only(normalisers={"top": {"answers": "top_box"}})
    found = assess_variants(source, stars, scoring, settings=settings)
    assert found.left_out["reason"].tolist() == ["not_measured_again"]
    asked = []

    def remeasure(changed):
        asked.append(changed.scoring.answers)
        return moments, None

    source, stars = put(moments, scoring, remeasure=remeasure)
    found = assess_variants(source, stars, scoring, settings=settings)
    assert asked == ["top_box"]
    assert found.variants["share_changed"].tolist() == [0, 0]


def test_fixed_cut_points_are_those_of_the_published_stars(methodology, moments):
    raw = methodology.model_dump(by_alias=True)
    raw["stars"] = {"minimum_sample": 5, "rule": "quantiles", "stars": 4}
    own = Methodology.model_validate(raw)
    source, stars = put(moments, own)
    found = assess_variants(
        source, stars, own, settings=only(star_rules=("fixed",), index_means=("geometric",))
    )
    told = found.variants.set_index(["index_mean", "star_rule"])["share_changed"]
    assert told["arithmetic", "fixed"] == 0
    assert told["geometric", "fixed"] > told["geometric", "quantiles"] - 1


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ({"groups": {"frendliness": 1}}, "the group frendliness"),
        ({"indicators": {"effort": {"nothing": 1}}}, "the indicator nothing of effort"),
        ({"groups": {"effort": 0.5}}, "must name all of friendliness"),
    ],
)
def test_weights_that_do_not_fit_are_refused(methodology, moments, weights, words):
    source, stars = put(moments, methodology)
    with pytest.raises(StatisticsError, match=words):
        assess_variants(source, stars, methodology, settings=only(weights={"other": weights}))


def test_weights_that_do_not_sum_to_1_or_are_negative_are_refused(methodology, moments):
    source, stars = put(moments, methodology)
    weights = {"groups": dict.fromkeys(methodology.group_keys, 0.3)}
    with pytest.raises(StatisticsError, match=r"sum to 1, not 1\.5"):
        assess_variants(source, stars, methodology, settings=only(weights={"other": weights}))
    with pytest.raises(ValidationError, match="greater than or equal to 0"):
        only(weights={"other": {"groups": {"effort": -0.1}}})
    with pytest.raises(ValidationError, match="a meaning of their own"):
        only(weights={"equal_groups": {}})


def test_a_grid_that_is_too_long_is_refused_with_its_size(methodology, moments):
    source, stars = put(moments, methodology)
    settings = only(
        group_means=("geometric", "harmonic"), star_rules=("quantiles",), most_variants=5
    )
    with pytest.raises(StatisticsError, match=r"6 variants .*group_mean 3 x star_rule 2.*most_var"):
        assess_variants(source, stars, methodology, settings=settings)


def test_precision_and_no_stars_are_unavailable(methodology, moments):
    raw = methodology.model_dump(by_alias=True)
    raw["checklist"] = {**raw["checklist"], "use": "precision"}
    own = Methodology.model_validate(raw)
    source, stars = put(moments, own)
    found = assess_variants(source, stars, own, settings=only())
    assert isinstance(found, Unavailable)
    assert found.reason == "checklists_in_scores"
    none = change(methodology, stars={"minimum_sample": 10_000})
    source, stars = put(moments, none)
    assert assess_variants(source, stars, none, settings=only()).reason == "no_stars"


def test_dimensions_are_all_told(methodology):
    assert tuple(list_choices(methodology, only())) == DIMENSIONS
    assert len(list(product(*list_choices(methodology, only()).values()))) == 1
