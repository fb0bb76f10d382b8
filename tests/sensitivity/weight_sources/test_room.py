"""All sources put to one made-up edition, and what each would do to its stars."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML
from scipy.stats import kendalltau

from clientindex.counts import compute_centre_moments, count_pairs
from clientindex.intake import Responses
from clientindex.intake.expert_answers import ExpertAnswers, ExpertTable
from clientindex.intake.log import Place
from clientindex.methodology import Methodology
from clientindex.methodology.weight_source_settings import ALL_SOURCES, WeightSourceSettings
from clientindex.rating import assign_stars, compute_scores, score_measures
from clientindex.results import Unavailable, storage
from clientindex.results.weight_sources import WeightSources
from clientindex.sensitivity.weight_sources.material import SourceMaterial
from clientindex.sensitivity.weight_sources.relative_importance import compute_relative_importance
from clientindex.sensitivity.weight_sources.room import compare_weight_sources

ROOT = Path(__file__).parents[3]
OUTCOME = "accessibility"
"""Weighs 0 here, and is what the others are regressed on."""

N_CENTRES, N_EACH = 24, 60
SEED = np.random.SeedSequence(5)


def load(**sections: Any) -> Methodology:
    path = ROOT / "methodology" / "2026.yml"
    raw = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    weights = (0.3, 0.25, 0.2, 0.15, 0.1)
    for group, weight in zip(raw["groups"], weights, strict=True):
        group["weight"] = weight
    raw["groups"][4]["indicators"] = dict.fromkeys(
        ["location", "premises", "navigation"], "1/3"
    ) | {OUTCOME: 0}
    raw["intervals"]["bootstrap_replicates"] = 100
    raw["stars"]["minimum_sample"] = 10
    for name, value in sections.items():
        kept = {**raw.get(name, {}), **value}
        raw[name] = {key: own for key, own in kept.items() if own is not None}
    return Methodology.model_validate(raw)


def answer(methodology: Methodology) -> np.ndarray:
    """Answers 1-5 of all respondents, shape (N, K): groups go together, the outcome with two."""
    rng = np.random.default_rng(12)
    n, k = N_CENTRES * N_EACH, 20
    centre = np.repeat(rng.normal(0, 0.6, (N_CENTRES, 5)), N_EACH, axis=0)
    latent = centre + rng.normal(0, 0.8, (n, 1)) + rng.normal(0, 0.7, (n, 5))
    x = latent[:, np.repeat(np.arange(5), 4)] + rng.normal(0, 0.8, (n, k))
    x[:, 19] = 0.9 * latent[:, 0] + 0.5 * latent[:, 2] + rng.normal(0, 0.6, n)
    codes = np.clip(np.round(3.6 + x), 1, 5).astype(np.uint8)
    for place, key in enumerate(methodology.indicator_keys):
        if methodology.indicator(key).direction == "negative":
            codes[:, place] = 6 - codes[:, place]
    return codes


def make_material(methodology: Methodology, **changes: Any) -> SourceMaterial:
    centres = [f"C{i:02d}" for i in range(N_CENTRES)]
    units = pd.DataFrame({"centre": centres, "segment": "citizens", "period": ""}, dtype="str")
    unit_of = np.repeat(np.arange(N_CENTRES), N_EACH).astype(np.int32)
    responses = Responses(units=units, unit_of=unit_of, codes=answer(methodology))
    counts = count_pairs(responses, methodology)
    moments = compute_centre_moments(counts, methodology)
    scores = compute_scores(moments, methodology)
    regions = {centre: f"R{i % 3}" for i, centre in enumerate(centres)}
    register = pd.DataFrame({"centre": centres, "name": "n", "region": "R"})
    material = SourceMaterial(
        methodology=methodology,
        moments=moments,
        scores=scores,
        stars=assign_stars(scores, methodology, register=register),
        seed=SEED,
        settings=WeightSourceSettings(outcome=OUTCOME),
        regions=regions,
        counts=counts,
        experts=ask_experts(methodology),
        exploratory=load_factors(methodology),  # type: ignore[arg-type]
        consistency=rely(methodology),  # type: ignore[arg-type]
    )
    return replace(material, **changes)


def ask_experts(methodology: Methodology) -> ExpertAnswers:
    keys = methodology.group_keys
    places = (Place(file="x", row=2), Place(file="x", row=3))
    points = ExpertTable(
        parent="index",
        keys=keys,
        experts=("a", "b"),
        values=np.array([[40, 30, 10, 10, 10], [20, 20, 20, 20, 20.0]]),
        places=places,
    )
    good = np.array([5, 4, 3, 2, 1.0])
    bad = good[:, None] / good
    bad[0, 4], bad[4, 0] = 1 / 7, 7
    judged = replace(points, values=np.array([good[:, None] / good, bad]))
    inner = tuple(list(methodology.group("comfort").indicators)[:3])
    comfort = replace(
        points, parent="comfort", keys=inner, values=np.array([[2, 1, 1], [2, 1, 1.0]])
    )
    return ExpertAnswers(points={"index": points, "comfort": comfort}, judgements={"index": judged})


def load_factors(methodology: Methodology) -> SimpleNamespace:
    rows = [
        {"indicator": key, "factor": f"F{g}", "estimate": 0.5 + 0.05 * place if g == own else 0.1}
        for own, group in enumerate(methodology.groups)
        for place, key in enumerate(group.indicators)
        for g in range(5)
    ]
    return SimpleNamespace(loadings=pd.DataFrame(rows))


def rely(methodology: Methodology) -> SimpleNamespace:
    frame = pd.DataFrame(
        {
            "kind": "all",
            "group": methodology.group_keys,
            "statistic": "alpha",
            "estimate": [0.9, 0.8, 0.7, 0.6, 0.5],
        }
    )
    return SimpleNamespace(frame=frame)


@pytest.fixture(scope="module")
def material() -> SourceMaterial:
    return make_material(load())


@pytest.fixture(scope="module")
def result(material: SourceMaterial) -> WeightSources:
    found = compare_weight_sources(material)
    assert isinstance(found, WeightSources)
    return found


def take(result: WeightSources, source: str, kind: str) -> pd.Series:
    own = result.weights[(result.weights["source"] == source) & (result.weights["kind"] == kind)]
    return own.set_index("key")["weight"]


def test_every_source_gives_weights_that_sum_to_one(result: WeightSources) -> None:
    assert result.comparison["source"].tolist() == list(ALL_SOURCES)
    sums = result.weights.groupby(["source", "kind", "parent"])["weight"].sum()
    np.testing.assert_allclose(sums, 1, rtol=1e-12)
    whole = result.weights.groupby(["source", "kind"])["effective"].sum()
    np.testing.assert_allclose(whole, 1, rtol=1e-12)
    outcome = result.weights.query("key == @OUTCOME")
    assert (outcome["weight"] == 0).all()


def test_current_weights_give_the_published_index_and_stars(
    material: SourceMaterial, result: WeightSources
) -> None:
    own = result.centres.query("source == 'current'").set_index("centre")
    published = material.stars.frame.set_index("centre").loc[own.index]
    np.testing.assert_allclose(own["index"], published["estimate"], rtol=0, atol=1e-10)
    assert own["rank"].tolist() == published["rank"].tolist()
    assert own["star"].tolist() == published["star"].tolist()
    row = result.comparison.iloc[0]
    assert (row["distance"], row["kendall_tau"], row["n_changed"]) == (0, 1, 0)


def test_other_weights_are_compared_by_the_definitions(
    material: SourceMaterial, result: WeightSources
) -> None:
    """Scores of groups and their weights alone give back index, ranks, stars and tau."""
    groups = material.take_scores("group")
    cuts = [band.lower for band in material.methodology.stars.bands[1:]]
    now = groups @ take(result, "current", "group").to_numpy()
    for source in ("reliability", "benefit"):  # inner weights stay
        weights = take(result, source, "group").to_numpy()
        index = groups @ weights
        own = result.centres[result.centres["source"] == source]
        np.testing.assert_allclose(own["index"], index, rtol=0, atol=1e-9)
        stars = np.searchsorted(cuts, index, side="right") + 1
        assert own["star"].tolist() == stars.tolist()
        row = result.comparison.set_index("source").loc[source]
        assert row["kendall_tau"] == pytest.approx(kendalltau(now, index).statistic, abs=1e-12)
        change = stars - (np.searchsorted(cuts, now, side="right") + 1)
        assert row["n_up"] == (change > 0).sum()
        assert row["n_down"] == (change < 0).sum()
        expected = np.abs(weights - take(result, "current", "group")).sum() / 2
        assert row["group_distance"] == pytest.approx(expected)


def test_equal_weights_of_what_weighs_something(result: WeightSources) -> None:
    np.testing.assert_allclose(take(result, "equal_groups", "group"), 0.2)
    np.testing.assert_allclose(
        take(result, "equal_indicators", "group"), np.array([4, 4, 4, 4, 3]) / 19
    )


def test_experts(result: WeightSources) -> None:
    np.testing.assert_allclose(take(result, "budget", "group"), [0.3, 0.25, 0.15, 0.15, 0.15])
    inner = take(result, "budget", "indicator")[["location", "premises", "navigation"]]
    np.testing.assert_allclose(inner, [0.5, 0.25, 0.25])
    assert take(result, "budget", "indicator")["goal"] == 0.25
    unasked = result.left_out.set_index("source").loc["budget"]
    assert unasked["reason"] == "parents"
    assert unasked["detail"] == "friendliness, usefulness, effort, targeting"
    consistency = result.consistency.set_index("expert")
    assert consistency["inconsistent"].to_dict() == {"a": False, "b": True, "all": False}
    assert consistency.loc["a", "ratio"] == pytest.approx(0, abs=1e-12)
    worst = result.judgements.iloc[0]
    assert (worst["expert"], worst["first"], worst["second"]) == ("b", "friendliness", "comfort")
    assert worst["implied"] == pytest.approx(5)
    assert result.concordance.query("source == 'ahp'")["n"].tolist() == [2]


def test_the_regression_finds_the_groups_that_matter(
    material: SourceMaterial, result: WeightSources
) -> None:
    """Brute force from respondents: the same importance, and the two true groups lead."""
    methodology = material.methodology
    codes = answer(methodology).astype(float)
    for place, key in enumerate(methodology.indicator_keys):
        if methodology.indicator(key).direction == "negative":
            codes[:, place] = 6 - codes[:, place]
    group_of = np.repeat(np.arange(5), (4, 4, 4, 4, 3))
    expected = compute_relative_importance(np.cov(codes, rowvar=False), group_of=group_of)
    own = result.importance[result.importance["kind"] == "indicator"]
    np.testing.assert_allclose(own["estimate"], expected, rtol=0, atol=1e-9)
    groups = result.importance[result.importance["kind"] == "group"].set_index("key")
    assert groups["estimate"].nlargest(2).index.tolist() == ["friendliness", "effort"]
    assert (
        (groups["ci_low"] < groups["estimate"]) & (groups["estimate"] < groups["ci_high"])
    ).all()
    whole = result.importance.iloc[0]
    assert whole["estimate"] == pytest.approx(expected.sum())
    weights = take(result, "regression", "group")
    np.testing.assert_allclose(weights, groups["share"], rtol=1e-12)
    rows = result.weights.query("source == 'regression' and kind == 'group'")
    assert (rows["ci_low"] < rows["weight"]).all()
    assert result.weights.query("source != 'regression'")["ci_low"].isna().all()


def test_reliability_and_loadings(result: WeightSources) -> None:
    np.testing.assert_allclose(take(result, "reliability", "group"), np.array([9, 8, 7, 6, 5]) / 35)
    squares = np.array([0.5, 0.55, 0.6, 0.65]) ** 2
    inner = take(result, "loadings", "indicator")
    np.testing.assert_allclose(inner.iloc[:4], squares / squares.sum())
    np.testing.assert_allclose(inner.iloc[16:19], squares[:3] / squares[:3].sum())


def test_the_benefit_keeps_its_bounds(result: WeightSources) -> None:
    now = take(result, "current", "group")
    ratio = result.benefit["share"] / result.benefit["group"].map(now)
    assert ratio.between(0.5 - 1e-6, 2 + 1e-6).all()
    assert result.benefit["score"].max() == pytest.approx(1)
    assert result.benefit["centre"].nunique() == N_CENTRES


def test_what_is_not_there_is_left_out_with_its_reason() -> None:
    material = make_material(
        load(),
        settings=WeightSourceSettings(),
        counts=None,
        experts=None,
        exploratory=None,
        consistency=None,
    )
    found = compare_weight_sources(material)
    assert isinstance(found, WeightSources)
    assert found.left_out.set_index("source")["reason"].to_dict() == {
        "budget": "no_experts",
        "ahp": "no_experts",
        "loadings": "no_loadings",
        "regression": "no_outcome",
        "reliability": "no_reliability",
    }
    assert len(found.comparison) == len(ALL_SOURCES) - 5
    assert len(found.importance) == 0
    assert found.experts.columns.tolist()[:3] == ["source", "parent", "key"]


def test_a_refusal_tells_why(material: SourceMaterial) -> None:
    settings = WeightSourceSettings(
        sources=("current", "components", "reliability", "regression"),
        outcome="nobody",
        smallest_eigenvalue=30,
        reliability_statistic="omega_total",
    )
    found = compare_weight_sources(replace(material, settings=settings))
    assert isinstance(found, WeightSources)
    told = found.left_out.set_index("source")
    assert told["reason"].to_dict() == {
        "components": "not_defined",
        "reliability": "no_reliability",
        "regression": "no_outcome",
    }
    assert "no component has an eigenvalue above 30" in told.loc["components", "detail"]


def test_an_outcome_that_weighs_something_gets_no_weight(material: SourceMaterial) -> None:
    settings = WeightSourceSettings(sources=("current", "regression"), outcome="competence")
    found = compare_weight_sources(replace(material, settings=settings))
    assert isinstance(found, WeightSources)
    assert take(found, "regression", "indicator")["competence"] == 0
    assert take(found, "regression", "group").sum() == pytest.approx(1)


def test_other_methodologies(material: SourceMaterial) -> None:
    """A geometric index and cut points that are found: current weights give what is published."""
    changed = load(
        scoring={"levels": {"index": "geometric"}},
        stars={"rule": "k_means", "stars": 3, "bands": None, "minimum_sample": 10},
    )
    own = make_material(changed)
    found = compare_weight_sources(own)
    assert isinstance(found, WeightSources)
    current = found.centres.query("source == 'current'").set_index("centre")
    published = own.stars.frame.set_index("centre").loc[current.index]
    np.testing.assert_allclose(current["index"], published["estimate"], rtol=0, atol=1e-9)
    assert current["star"].tolist() == published["star"].tolist()


def test_checklists_in_the_index_are_another_matter(material: SourceMaterial) -> None:
    rule = material.methodology.checklist
    assert rule is not None
    blended = material.methodology.model_copy(
        update={"checklist": rule.model_copy(update={"use": "blend", "weight": 0.3})}
    )
    found = compare_weight_sources(replace(material, methodology=blended))
    assert isinstance(found, Unavailable)
    assert found.reason == "checklists_in_scores"


def test_one_centre_cannot_be_ranked() -> None:
    material = make_material(load(stars={"minimum_sample": 10_000}))
    found = compare_weight_sources(material)
    assert isinstance(found, Unavailable)
    assert found.reason == "too_few_stars"


def test_missing_answers_follow_the_methodology() -> None:
    """Only complete rows, or all pairs: the same where nothing is missing."""
    settings = WeightSourceSettings(sources=("current", "regression"), outcome=OUTCOME)
    found = [
        compare_weight_sources(
            make_material(load(missing_answers={"correlations": rule}), settings=settings)
        )
        for rule in ("pairwise", "complete")
    ]
    first, second = (own.importance for own in found if isinstance(own, WeightSources))
    pd.testing.assert_frame_equal(first, second, rtol=1e-9)


def test_the_same_bytes_again(material: SourceMaterial, result: WeightSources) -> None:
    again = compare_weight_sources(material)
    assert isinstance(again, WeightSources)
    for name in ("weights", "comparison", "centres", "importance", "benefit"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(result, name), check_exact=True)


def test_tidy(result: WeightSources) -> None:
    table = result.tidy()
    one = table.query("subject == 'equal_groups/group/comfort' and statistic == 'weight'")
    assert one["estimate"].tolist() == [0.2]
    assert set(table["statistic"]) >= {"distance", "kendall_tau", "importance"}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"sources": ("ahp",)}, "'current' is among them"),
        ({"sources": ("current", "ahp", "ahp")}, "stands once"),
        ({"sources": ("current",), "outcome": "x"}, "'regression' is not among"),
        ({"lowest_share": 1.5}, "less than or equal to 1"),
        ({"consistency_limit": 0}, "greater than 0"),
    ],
)
def test_bad_settings_are_refused(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        WeightSourceSettings(**settings)


def test_the_result_is_loaded_as_it_was_saved(
    result: WeightSources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(storage.RESULT_TYPES, "WeightSources", WeightSources)
    storage.save_result(result, tmp_path, name="weight_sources")
    again = storage.load_result(tmp_path, name="weight_sources")
    for field in fields(WeightSources):
        before, after = getattr(result, field.name), getattr(again, field.name)
        if isinstance(before, pd.DataFrame):
            pd.testing.assert_frame_equal(after, before, check_exact=True)
        else:
            assert after == before


def test_a_measure_that_is_left_out_of_the_scores_gets_no_weight(material: SourceMaterial) -> None:
    """Alike in all centres it cannot be normalised, and its weight is shared in the index."""
    raw = material.methodology.model_dump(by_alias=True)
    name = {"ru": "Ожидание", "en": "Wait"}
    raw["indicators"] = [*raw["indicators"], {"key": "wait", "name": name, "kind": "measure"}]
    own = raw["groups"][0]["indicators"]
    raw["groups"][0]["indicators"] = {**{key: w / 2 for key, w in own.items()}, "wait": 0.5}
    methodology = Methodology.model_validate(raw)
    centres = list(material.moments.centres)
    table = pd.DataFrame({"centre": centres, "indicator": "wait", "value": 30.0})
    measures = score_measures(table.assign(std_error=1.0, n=30.0), methodology)
    scores = compute_scores(material.moments, methodology, measures=measures)
    register = pd.DataFrame({"centre": centres, "name": "n", "region": "R"})
    found = compare_weight_sources(
        replace(
            material,
            methodology=methodology,
            scores=scores,
            stars=assign_stars(scores, methodology, register=register),
            measures=measures,
            settings=WeightSourceSettings(sources=("current", "equal_indicators", "entropy")),
        )
    )
    assert isinstance(found, WeightSources)
    assert found.left_out.empty
    assert set(found.comparison["source"]) == {"current", "equal_indicators", "entropy"}
    assert (found.weights.query("key == 'wait'")["weight"] == 0).all()
