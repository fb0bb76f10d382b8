"""Star rules, means and measures in a methodology file: what is accepted, and refused in words."""

from pathlib import Path

import numpy as np
import pytest
from ruamel.yaml import YAML

from clientindex.errors import MethodologyError
from clientindex.methodology import load_methodology

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "methodology" / "2026.yml"


@pytest.fixture
def load(tmp_path):
    """Return a function that loads the shipped methodology with sections changed."""
    yaml = YAML(typ="safe")

    def change(**sections):
        raw = yaml.load(SHIPPED.read_text(encoding="utf-8"))
        for name, value in sections.items():
            raw[name] = value(raw[name]) if callable(value) else value
        path = tmp_path / "changed.yml"
        with path.open("w", encoding="utf-8") as file:
            yaml.dump(raw, file)
        return load_methodology(path)

    return change


def stars(**rule):
    return {"minimum_sample": 30, **rule}


def measure(key="competence", **settings):
    """Return a change of the indicators that makes one a measure."""

    def change(indicators):
        name = next(i["name"] for i in indicators if i["key"] == key)
        own = {"key": key, "name": name, "kind": "measure", **settings}
        return [own if i["key"] == key else i for i in indicators]

    return change


FOUND = stars(rule="k_means", stars=5)
CAP = {"reason": "low", "at_most": 3, "group": "effort", "score_below": 40}
FAULTS = {
    "no bands": ({"stars": stars()}, "stars.bands: read 0 bands"),
    "bands and a rule": (
        {"stars": lambda s: {**s, "rule": "quantiles", "stars": 5}},
        "the rule quantiles finds its cut points: leave out the bands",
    ),
    "no number of stars": ({"stars": stars(rule="hierarchical")}, "needs the number of stars"),
    "misspelt rule": ({"stars": stars(rule="k_mean", stars=5)}, "did you mean 'k_means'"),
    "shares": (
        {"stars": stars(rule="quantiles", stars=3, quantiles={"shares": [0.5, 0.6]})},
        "3 shares, lowest star first, that sum to 1",
    ),
    "start out of order": (
        {"stars": {**stars(rule="k_means", stars=3), "k_means": {"start": [1, 3, 2]}}},
        "read 1, 3, 2; 3 start centres that rise",
    ),
    "previous cuts out of order": (
        {"stars": {**FOUND, "guardrail": {"previous": [50, 70, 60, 80], "absolute": 5}}},
        "read 50, 70, 60, 80; 4 cut points that rise",
    ),
    "guardrail without limit": (
        {"stars": {**FOUND, "guardrail": {"previous": [50, 60, 70, 80]}}},
        "needs an absolute limit",
    ),
    "guardrail on fixed cuts": (
        {"stars": lambda s: {**s, "guardrail": {"previous": [50], "absolute": 5}}},
        "guardrails hold cut points that a rule finds",
    ),
    "peers of fixed cuts": (
        {"stars": lambda s: {**s, "peer_groups": {"by": "region"}}},
        "fixed cut points are the same for all",
    ),
    "peers by no attribute": (
        {"stars": {**FOUND, "peer_groups": {"by": "attribute"}}},
        "an attribute is named for peer groups by attribute",
    ),
    "cap on an unknown group": (
        {"stars": {**FOUND, "caps": [{**CAP, "group": "efort"}]}},
        "did you mean 'effort'",
    ),
    "cap above all stars": (
        {"stars": {**FOUND, "caps": [{**CAP, "at_most": 6}]}},
        "one of the stars 1, 2, 3, 4, 5",
    ),
    "cap of two conditions": (
        {"stars": {**FOUND, "caps": [{**CAP, "flag": "warned"}]}},
        "a cap has one condition",
    ),
    "cap twice": ({"stars": {**FOUND, "caps": [CAP, CAP]}}, "a reason of its own"),
    "required group": (
        {"stars": {**FOUND, "requirements": {"any_of": ["comfrt"]}}},
        "did you mean 'comfort'",
    ),
    "too many groups": (
        {"stars": {**FOUND, "requirements": {"minimum_groups": 6}}},
        "up to 5, the number of groups",
    ),
    "too many indicators": (
        {"stars": {**FOUND, "requirements": {"minimum_indicators_per_group": 5}}},
        "up to 4, the number of indicators",
    ),
    "no sample for answers": ({"stars": {**FOUND, "minimum_sample": 0}}, "read 0; 1 or more"),
    "power without one": (
        {"scoring": {"aggregation": "power"}},
        "the mean 'power', and no other, has a power",
    ),
    "power of another": (
        {"scoring": {"levels": {"index": {"kind": "geometric", "power": 2}}}},
        "the mean 'power', and no other, has a power",
    ),
    "unknown level": (
        {"scoring": {"levels": {"groups": "geometric"}}},
        "scoring.levels.groups",
    ),
    "top box without one": ({"scoring": {"answers": "top_box"}}, "'top_box_from' above 1"),
    "top box of all": (
        {"scoring": {"answers": "top_box", "top_box_from": 1}},
        "'top_box_from' above 1 and up to 5",
    ),
    "weights of periods": (
        {"scoring": {"periods": {"weights": {"Q1": 0.5, "Q2": 0.6}}}},
        "weights that sum to 1.1",
    ),
    "standard answers": (
        {"scoring": {"scale": "standard"}},
        "answers alone give points",
    ),
    "z scores in points": (
        {"scoring": {"normalise_groups": "z"}},
        "z scores are not 0-100",
    ),
    "normaliser of answers": (
        {"indicators": lambda all_: [{**all_[0], "normaliser": "z"}, *all_[1:]]},
        "answers have their scale",
    ),
    "target without one": (
        {"indicators": measure(normaliser="target")},
        "the normaliser target takes target",
    ),
    "goalposts out of order": (
        {"indicators": measure(normaliser={"kind": "goalposts", "low": 5, "high": 2})},
        "goalposts must rise, but 2 follows 5",
    ),
    "parameters of another": (
        {"indicators": measure(normaliser={"kind": "min_max", "target": 2})},
        "takes none of mean",
    ),
    "points beyond 100": (
        {"indicators": measure(normaliser={"kind": "min_max", "to": [0, 120]})},
        "points lie from 0 to 100",
    ),
    "blend without weight": (
        {"checklist": lambda c: {**c, "use": "blend"}},
        "a checklist that is blended, and no other, has a weight",
    ),
    "weight without blend": (
        {"checklist": lambda c: {**c, "weight": 0.2}},
        "a checklist that is blended, and no other, has a weight",
    ),
}


@pytest.mark.parametrize(("sections", "message"), FAULTS.values(), ids=FAULTS)
def test_refused_in_words(load, sections, message):
    with pytest.raises(MethodologyError) as caught:
        load(**sections)
    assert message in str(caught.value)


def test_without_a_scale_answers_are_refused(tmp_path):
    text = SHIPPED.read_text(encoding="utf-8")
    start, end = text.index("scale:\n"), text.index("# The index is computed in each segment")
    path = tmp_path / "changed.yml"
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    with pytest.raises(MethodologyError, match="scale: read nothing; this key is required"):
        load_methodology(path)


def test_whole_and_half_stars(load):
    assert load().stars.star_values.tolist() == [1, 2, 3, 4, 5]
    half = load(stars=stars(rule="quantiles", stars=3, half_stars=True)).stars
    assert half.star_values.tolist() == [1, 1.5, 2, 2.5, 3]
    assert half.n_levels == 5


def test_means_by_level(load):
    scoring = load(
        scoring={
            "aggregation": "geometric",
            "levels": {"segments": "arithmetic", "group": {"kind": "power", "power": -2}},
        }
    ).scoring
    kinds = {level: scoring.mean_of(level).kind for level in ("group", "index", "segments")}
    assert kinds == {"group": "power", "index": "geometric", "segments": "arithmetic"}
    assert not scoring.is_linear
    assert load().scoring.is_linear


def test_top_box_points_respect_direction(load):
    methodology = load(scoring={"answers": "top_box", "top_box_from": 4})
    assert methodology.points_of("respect").tolist() == [0, 0, 0, 100, 100]
    assert methodology.points_of("waiting").tolist() == [100, 100, 0, 0, 0]
    assert not methodology.has_linear_points("respect")


def test_the_survey_of_a_methodology_with_measures(load):
    assert (shipped := load()).of_answers is shipped
    mixed = load(indicators=measure())
    survey = mixed.of_answers
    assert mixed.measure_keys == ("competence",)
    assert survey.indicator_keys == mixed.answer_keys
    assert len(survey.indicator_keys) == 19
    assert survey.groups[0].indicators == {
        "communication": pytest.approx(1 / 3),
        "respect": pytest.approx(1 / 3),
        "partnership": pytest.approx(1 / 3),
    }
    np.testing.assert_allclose(survey.effective_weights.sum(), 1)


def test_found_cuts_can_be_stated(load):
    methodology = load(stars=FOUND).with_cuts([40, 55, 65, 85])
    assert methodology.stars.is_stated
    assert [(b.stars, b.lower, b.upper) for b in methodology.stars.bands] == [
        (1, 0, 40),
        (2, 40, 55),
        (3, 55, 65),
        (4, 65, 85),
        (5, 85, 100),
    ]
