"""The star rule of a methodology on scores: found cut points, peers, requirements, caps, halves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from clientindex.errors import StatisticsError
from clientindex.methodology import Methodology
from clientindex.rating import assign_stars, summarise_regions
from clientindex.rating.star_rules import KMeans, find_levels
from clientindex.results import Scores
from clientindex.results.rating import CUT_COLUMNS

RNG = np.random.default_rng(5)
INDEX = np.round(np.sort(RNG.normal(66, 9, 60)), 3)
CENTRES = [f"C{i:02d}" for i in range(60)]


@pytest.fixture
def make_rule(make_methodology: Any) -> Any:
    """Return a function that makes a methodology with this star rule."""

    def make(**stars: Any) -> Methodology:
        raw = make_methodology().model_dump(by_alias=True)
        raw["stars"] = {"minimum_sample": 5, **stars}
        return Methodology.model_validate(raw)

    return make


def make_scores(
    index: Any = INDEX, *, se: Any = 2.0, groups: Any = None, indicators: Any = None
) -> Scores:
    """Make scores of all segments: an index each, and group and indicator scores by key."""
    parts = [("index", "index", index)]
    parts += [("group", key, values) for key, values in (groups or {}).items()]
    parts += [("indicator", key, values) for key, values in (indicators or {}).items()]
    frame = pd.concat(
        pd.DataFrame({"centre": CENTRES[: len(v)], "kind": kind, "key": key, "estimate": v})
        for kind, key, v in parts
    ).assign(segment="all", std_error=se, n=50)
    margin = norm.ppf(0.975) * frame["std_error"]
    frame["ci_low"] = (frame["estimate"] - margin).clip(0, 100)
    frame["ci_high"] = (frame["estimate"] + margin).clip(0, 100)
    return Scores(
        frame=frame.reset_index(drop=True),
        level=0.95,
        std_error_method="exact",
        fpc_used=False,
        n_reweighted=0,
    )


def make_register(n: int = len(CENTRES)) -> pd.DataFrame:
    regions = ["east", "west"] * n
    return pd.DataFrame({"centre": CENTRES[:n], "name": CENTRES[:n], "region": regions[:n]})


def assign(scores: Scores, methodology: Methodology, **given: Any) -> Any:
    register = make_register(scores.frame["centre"].nunique())
    return assign_stars(scores, methodology, register=register, **given)


def stars_of(result: Any) -> pd.Series[Any]:
    return result.frame.set_index("centre")["star"].sort_index()


def test_quantiles_divide_centres_as_numpy_does(make_rule: Any) -> None:
    result = assign(make_scores(), make_rule(rule="quantiles", stars=4))
    cuts = np.quantile(INDEX, [0.25, 0.5, 0.75])
    np.testing.assert_allclose(result.cuts["cut"], cuts, atol=1e-9)
    assert stars_of(result).value_counts().sort_index().tolist() == [15] * 4
    assert tuple(result.cuts) == CUT_COLUMNS
    assert result.cuts["star"].tolist() == [2, 3, 4]


def test_k_means_of_the_methodology_is_that_of_the_room(make_rule: Any) -> None:
    rule = {"start": "quantiles", "quantile_type": 2, "outlier_limit": 4}
    result = assign(make_scores(), make_rule(rule="k_means", stars=5, k_means=rule))
    cuts = KMeans(n_stars=5, start="quantiles", quantile_type=2, limit=4).find_cuts(INDEX)
    assert result.cuts["cut"].tolist() == cuts.tolist()
    assert stars_of(result).tolist() == find_levels(INDEX, cuts).tolist()


@pytest.mark.parametrize("rule", ["optimal_k_means", "hierarchical"])
def test_other_rules_divide_the_scores_too(make_rule: Any, rule: str) -> None:
    result = assign(make_scores(), make_rule(rule=rule, stars=3))
    assert stars_of(result).nunique() == 3
    assert stars_of(result).is_monotonic_increasing


def test_p_star_by_found_cuts_and_without_errors(make_rule: Any) -> None:
    methodology = make_rule(rule="quantiles", stars=2)
    result = assign(make_scores(), methodology)
    cut = result.cuts["cut"].iloc[0]
    frame = result.frame.set_index("centre").loc[CENTRES]
    above = norm.cdf((INDEX - cut) / 2)
    wanted = np.where(frame["star"] == 2, above, 1 - above)
    np.testing.assert_allclose(frame["p_star"], wanted, atol=1e-12)
    raw = methodology.model_dump(by_alias=True)
    raw["stars"]["minimum_sample"] = 0
    bare = assign(make_scores(se=np.nan), Methodology.model_validate(raw)).frame
    assert bare["star"].notna().all()
    assert bare[["p_star", "star_low", "star_high"]].isna().all().all()


def test_peer_groups_have_cut_points_of_their_own(make_rule: Any) -> None:
    methodology = make_rule(rule="quantiles", stars=2, peer_groups={"by": "region"})
    result = assign(make_scores(), methodology)
    cuts = result.cuts.set_index("peer_group")["cut"]
    assert cuts["east"] == pytest.approx(np.median(INDEX[::2]))
    assert cuts["west"] == pytest.approx(np.median(INDEX[1::2]))
    frame = result.frame
    assert (frame.groupby("peer_group")["star"].value_counts() == 15).all()


def test_a_peer_group_without_cut_points_is_told_and_others_are_rated(make_rule: Any) -> None:
    methodology = make_rule(
        rule="hierarchical",
        stars=3,
        peer_groups={"by": "attribute", "attribute": "size", "minimum_centres": 5},
    )
    size = ["big"] * 40 + ["small"] * 4 + ["tied"] * 10 + [""] * 6
    index = np.where(np.array(size) == "tied", 50.0, INDEX)
    attributes = pd.DataFrame({"centre": CENTRES, "size": size})
    result = assign(make_scores(index), methodology, attributes=attributes)
    withheld = result.frame.set_index("peer_group")["withheld"]
    assert set(withheld["big"]) == {""}
    assert set(withheld["small"]) == {"few_centres"}
    assert set(withheld["tied"]) == {"few_distinct_scores"}
    assert set(withheld[""]) == {"no_peer_group"}
    assert result.left_out.to_numpy().tolist() == [
        ["small", "few_centres", "4"],
        ["tied", "few_distinct_scores", "1"],
    ]
    assert result.frame["rank"].notna().sum() == 40
    with pytest.raises(StatisticsError, match="'size', which the register does not give"):
        assign(make_scores(), methodology)


def test_all_tied_or_too_few_scores_withhold_every_star_with_the_reason(make_rule: Any) -> None:
    for index, rule in ((np.full(60, 70.0), "k_means"), (INDEX[:3], "quantiles")):
        result = assign(make_scores(index), make_rule(rule=rule, stars=5))
        assert set(result.frame["withheld"]) == {"few_distinct_scores"}
        assert result.frame["star"].isna().all()
        assert not len(result.cuts)
    tied = np.array([10.0] * 57 + [20, 30, 40])
    result = assign(make_scores(tied), make_rule(rule="k_means", stars=3))
    assert set(result.frame["withheld"]) == {"no_cut_points"}
    assert "ties" in result.left_out["detail"].iloc[0]


def test_requirements_withhold_and_keep_cut_points_free_of_the_withheld(make_rule: Any) -> None:
    nothing = np.nan
    a, b = np.full(60, 60.0), np.full(60, 60.0)
    c = np.full(60, 60.0)
    a[:10], b[:10], c[10:15] = nothing, nothing, nothing
    methodology = make_rule(
        rule="quantiles",
        stars=2,
        requirements={
            "minimum_groups": 1,
            "minimum_indicators_per_group": 1,
            "any_of": ["front"],
        },
    )
    indicators = {"a": a, "b": b, "c": c}
    result = assign(make_scores(indicators=indicators), methodology)
    frame = result.frame.set_index("centre").loc[CENTRES]
    assert frame["withheld"].tolist() == ["no_required_group"] * 10 + [""] * 50
    assert result.cuts["cut"].iloc[0] == pytest.approx(np.median(INDEX[10:]))
    raw = methodology.model_dump(by_alias=True)
    raw["stars"]["requirements"] |= {"minimum_groups": 2}
    raw["stars"]["peer_groups"] = {"by": "groups"}
    both = assign(make_scores(indicators=indicators), Methodology.model_validate(raw)).frame
    both = both.set_index("centre").loc[CENTRES]
    assert both["withheld"].tolist() == ["few_groups"] * 15 + [""] * 45
    assert set(both["peer_group"][15:]) == {"2"}


def test_a_segment_of_few_respondents_withholds(make_rule: Any) -> None:
    scores = make_scores(np.array([85.0, 75, 65, 55]))
    whole = scores.frame.assign(n=[60, 60, 54, 50])
    # Who answered in the two segments; the last centre has nobody of the second.
    answered = {"citizens": [50, 52, 50, 50], "employers": [10, 8, 4]}
    parts = [whole.iloc[: len(n)].assign(segment=segment, n=n) for segment, n in answered.items()]
    frame = pd.concat([whole, *parts], ignore_index=True)
    bands = [{"stars": 1, "from": 0, "to": 60}, {"stars": 2, "from": 60, "to": 100}]
    register = make_register(4)

    def withhold(fewest: int) -> list[str]:
        rule = make_rule(bands=bands, requirements={"minimum_per_segment": fewest})
        found = assign_stars(replace(scores, frame=frame), rule, register=register).frame
        return found.set_index("centre").loc[CENTRES[:4], "withheld"].tolist()

    assert withhold(0) == [""] * 4
    assert withhold(8) == ["", "", "small_segment", "small_segment"]
    assert withhold(9) == ["", "small_segment", "small_segment", "small_segment"]


def test_caps_hold_for_star_ends_and_probability_and_tell_why(make_rule: Any) -> None:
    bands = [
        {"stars": star, "from": low, "to": high}
        for star, (low, high) in enumerate(((0, 50), (50, 60), (60, 70), (70, 80), (80, 100)), 1)
    ]
    caps = [
        {"reason": "poor_front", "at_most": 3, "group": "front", "score_below": 40},
        {"reason": "weak_back", "at_most": 4, "group": "back", "stars_below": 3},
        {"reason": "warned", "at_most": 2, "flag": "warning"},
    ]
    methodology = make_rule(bands=bands, caps=caps)
    index = np.array([85.0, 85, 85, 85, 55])
    groups = {"front": [39.9, 40, 90, 90, 39], "back": [90, 59.9, 60, 90, 30]}
    attributes = pd.DataFrame({"centre": CENTRES[:5], "warning": ["", "no", "", " Да", "1"]})
    result = assign(make_scores(index, se=4.0, groups=groups), methodology, attributes=attributes)
    frame = result.frame.set_index("centre").sort_index()
    assert frame["uncapped"].tolist() == [5, 5, 5, 5, 2]
    assert frame["star"].tolist() == [3, 4, 5, 2, 2]
    assert frame["capped_by"].tolist() == ["poor_front", "weak_back", "", "warned", ""]
    assert frame["star_high"].tolist() == [3, 4, 5, 2, 2]
    p = frame["p_star"].to_numpy()
    assert p[0] == pytest.approx(1 - norm.cdf((60 - 85) / 4))
    assert p[2] == pytest.approx(1 - norm.cdf((80 - 85) / 4))
    assert p[4] == pytest.approx(1 - norm.cdf((50 - 55) / 4))


def test_ceilings_decided_elsewhere(make_rule: Any) -> None:
    methodology = make_rule(rule="quantiles", stars=3)
    ceilings = pd.DataFrame({"centre": CENTRES[-2:], "reason": "checklist_gap", "at_most": [1, 3]})
    frame = assign(make_scores(), methodology, ceilings=ceilings).frame.set_index("centre")
    assert frame.loc[CENTRES[-2:], "star"].tolist() == [1, 3]
    assert frame.loc[CENTRES[-2:], "capped_by"].tolist() == ["checklist_gap", ""]


def test_half_stars_lie_half_a_star_apart(make_rule: Any) -> None:
    methodology = make_rule(rule="quantiles", stars=3, half_stars=True)
    result = assign(make_scores(), methodology)
    star = stars_of(result)
    assert star.dtype == "Float64"
    assert sorted(set(star)) == [1.0, 1.5, 2.0, 2.5, 3.0]
    assert result.cuts["star"].tolist() == [1.5, 2.0, 2.5, 3.0]
    regions = summarise_regions(result, methodology).frame
    columns = [name for name in regions if str(name).startswith("stars_")]
    assert columns == ["stars_1", "stars_1.5", "stars_2", "stars_2.5", "stars_3"]
    assert regions[columns].iloc[-1].tolist() == [12] * 5


def test_guardrails_hold_the_cut_points(make_rule: Any) -> None:
    guard = {"previous": [40, 70], "absolute": 5}
    free = assign(make_scores(), make_rule(rule="quantiles", stars=3)).cuts["cut"].to_numpy()
    methodology = make_rule(rule="quantiles", stars=3, guardrail=guard)
    cuts = assign(make_scores(), methodology).cuts
    assert cuts["wanted"].tolist() == free.tolist()
    assert cuts["cut"].tolist() == pytest.approx([45, free[1]])
    assert cuts["held_by"].tolist() == ["absolute", ""]
    assert cuts["previous"].tolist() == [40, 70]
    apart = {"previous": {"east": [40, 70]}, "absolute": 5}
    methodology = make_rule(
        rule="quantiles", stars=3, guardrail=apart, peer_groups={"by": "region"}
    )
    left_out = assign(make_scores(), methodology).left_out
    assert left_out.to_numpy().tolist() == [["west", "no_previous_cuts", ""]]


def test_relabelling_centres_changes_no_star(make_rule: Any) -> None:
    methodology = make_rule(rule="k_means", stars=4, peer_groups={"by": "region"})
    scores = make_scores()
    shuffled = scores.frame.sample(frac=1, random_state=3)
    other = Scores(
        frame=shuffled,
        level=0.95,
        std_error_method="exact",
        fpc_used=False,
        n_reweighted=0,
    )
    register = make_register().sample(frac=1, random_state=4)
    found = assign_stars(other, methodology, register=register)
    assert stars_of(found).equals(stars_of(assign(scores, methodology)))
