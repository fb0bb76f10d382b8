"""A methodology file: what it gives, and how its faults are told."""

import re
from pathlib import Path

import numpy as np
import pytest

from clientindex.errors import MethodologyError
from clientindex.methodology import load_methodology

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "methodology" / "2026.yml"
TEXT = SHIPPED.read_text(encoding="utf-8")


def write_changed(folder, *changes):
    """Write the shipped methodology with each (old, new) replaced once."""
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "changed.yml"
    path.write_text(text, encoding="utf-8")
    return path


def line_of(path, fragment):
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(i for i, line in enumerate(lines, 1) if fragment in line)


def test_shipped_methodology_has_twenty_indicators_in_five_groups_of_four():
    methodology = load_methodology(SHIPPED)
    assert methodology.group_keys == (
        "friendliness",
        "usefulness",
        "effort",
        "targeting",
        "comfort",
    )
    assert [len(g.indicators) for g in methodology.groups] == [4] * 5
    assert len(methodology.indicator_keys) == 20
    assert all(len(i.checklist) >= 1 for i in methodology.indicators)
    assert methodology.segment_keys == ("citizens", "employers")
    np.testing.assert_allclose(methodology.effective_weights, 0.05, rtol=0, atol=1e-15)


def test_points_are_linear_and_respect_direction():
    methodology = load_methodology(SHIPPED)
    assert methodology.points_of("respect").tolist() == [0, 25, 50, 75, 100]
    assert methodology.points_of("waiting").tolist() == [100, 75, 50, 25, 0]


def test_own_scale_with_points(tmp_path):
    own = "direction: positive\n    scale: {minimum: 0, maximum: 2, points: {0: 0, 1: 90, 2: 100}}"
    methodology = load_methodology(write_changed(tmp_path, ("direction: positive\n", own + "\n")))
    assert methodology.points_of("competence").tolist() == [0, 90, 100]
    assert methodology.n_categories == 5


def test_list_of_indicators_means_equal_weights(tmp_path):
    change = (
        "{competence: 0.25, communication: 0.25, respect: 0.25, partnership: 0.25}",
        "[competence, communication, respect, partnership]",
    )
    methodology = load_methodology(write_changed(tmp_path, change))
    assert methodology.group("friendliness").indicators["respect"] == 0.25


def test_weights_may_be_fractions(tmp_path):
    change = (
        "{competence: 0.25, communication: 0.25, respect: 0.25, partnership: 0.25}",
        "{competence: 1/3, communication: 1/3, respect: 1/6, partnership: 1/6}",
    )
    methodology = load_methodology(write_changed(tmp_path, change))
    assert methodology.group("friendliness").indicators["competence"] == 1 / 3


FAULTS = [
    pytest.param(
        ("weight: 0.2\n", "wieght: 0.2\n"),
        "wieght",
        r"groups\[0\]\.wieght: read the unknown key 'wieght'.*did you mean 'weight'\?",
        id="unknown key",
    ),
    pytest.param(
        ("competence: 0.25", "competance: 0.25"),
        "competance",
        r"groups\[0\]\.indicators\.competance: .*did you mean 'competence'\?",
        id="unknown indicator in a group",
    ),
    pytest.param(
        ("competence: 0.25", "competence: 0.26"),
        "competence: 0.26",
        r"groups\[0\]\.indicators: read weights that sum to 1\.01; weights must sum to 1",
        id="weights of indicators",
    ),
    pytest.param(
        ("weight: 0.5\n  - key: employers", "weight: 0.6\n  - key: employers"),
        "segments:",
        r"segments: read weights that sum to 1\.1; weights must sum to 1",
        id="weights of segments",
    ),
    pytest.param(
        ("- key: employers", "- key: citizens"),
        None,
        r"segments\[1\]\.key: read the key 'citizens' a second time",
        id="duplicated segment",
    ),
    pytest.param(
        ("key: plain_language", "key: staff_trained"),
        None,
        r"checklist\[0\]\.key: read the key 'staff_trained' a second time",
        id="duplicated checklist item",
    ),
    pytest.param(
        ("competence: 0.25, communication: 0.25,", "communication: 0.5,"),
        "- key: competence",
        r"indicators\[0\]\.key: read 'competence', which is in no group",
        id="indicator in no group",
    ),
    pytest.param(
        ("{goal: 0.25,", "{competence: 0.25,"),
        "{competence: 0.25, vacancies",
        r"groups\[1\]\.indicators\.competence: read 'competence' in 2 groups",
        id="indicator in two groups",
    ),
    pytest.param(
        ("stars: 3, from: 60", "stars: 3, from: 61"),
        "from: 61",
        r"stars\.bands\[2\]\.from: read 61, which leaves a gap after 60",
        id="gap between bands",
    ),
    pytest.param(
        ("stars: 3, from: 60", "stars: 3, from: 59"),
        "from: 59",
        r"stars\.bands\[2\]\.from: read 59, which leaves an overlap after 60",
        id="overlap of bands",
    ),
    pytest.param(
        ("from: 80, to: 100", "from: 80, to: 99"),
        "to: 99",
        r"stars\.bands\[4\]\.to: read 99; the bands must reach 100",
        id="bands that end early",
    ),
    pytest.param(
        ("{stars: 2, from: 50", "{stars: 3, from: 50"),
        None,
        r"stars\.bands\[1\]\.stars: read 3; stars rise by one; 2 is next",
        id="stars that skip",
    ),
    pytest.param(
        ("    99: {key", "    5: {key"),
        "    5: {key",
        r"scale\.missing\[5\]: read the code 5, which is also an answer",
        id="missing code inside the scale",
    ),
    pytest.param(
        ("aggregation: arithmetic", "aggregation: aritmetic"),
        "aritmetic",
        r"scoring\.aggregation: read 'aritmetic'.*did you mean 'arithmetic'\?",
        id="misspelt choice",
    ),
    pytest.param(
        (
            "from: 0.8}\n      - {key: high, from: 0.9}",
            "from: 0.95}\n      - {key: high, from: 0.9}",
        ),
        None,
        r"thresholds\.alpha\.levels: read from null, 0\.7, 0\.95, 0\.9",
        id="levels out of order",
    ),
    pytest.param(
        ("n_factors: 5", "n_factors: 20"),
        "n_factors: 20",
        r"factors\.n_factors: read 20; fewer factors than the 20 indicators",
        id="too many factors",
    ),
    pytest.param(
        ("sensitivity:\n  draws: 1000", "sensitivity:\n  draws:  1"),
        "draws:  1",
        r"sensitivity\.draws: read 1; .*greater than or equal to 2",
        id="one weighting",
    ),
    pytest.param(
        ("minimum_sample: 30", "minimum_sample: 0"),
        "minimum_sample: 0",
        r"stars\.minimum_sample: read 0",
        id="minimum sample of nobody",
    ),
]


@pytest.mark.parametrize(("change", "fragment", "message"), FAULTS)
def test_fault_names_file_line_path_and_what_is_allowed(tmp_path, change, fragment, message):
    path = write_changed(tmp_path, change)
    with pytest.raises(MethodologyError, match=message) as caught:
        load_methodology(path)
    assert str(path) in str(caught.value)
    if fragment is not None:
        assert f"line {line_of(path, fragment)}:" in str(caught.value)


def test_all_faults_at_once(tmp_path):
    path = write_changed(
        tmp_path,
        ("competence: 0.25", "competence: 0.3"),
        ("stars: 3, from: 60", "stars: 3, from: 61"),
    )
    with pytest.raises(MethodologyError, match="2 faults") as caught:
        load_methodology(path)
    assert "weights must sum to 1" in str(caught.value)
    assert "leaves a gap" in str(caught.value)


def test_duplicate_yaml_key_names_line(tmp_path):
    path = write_changed(tmp_path, ("  level: 0.95\n", "  level: 0.95\n  level: 0.9\n"))
    expected = f"line {line_of(path, 'level: 0.9') + 1}.*may stand only once"
    with pytest.raises(MethodologyError, match=expected):
        load_methodology(path)


def test_missing_file_names_nearest(tmp_path):
    (tmp_path / "2026.yml").write_text(TEXT, encoding="utf-8")
    with pytest.raises(MethodologyError, match=r"no such file; did you mean '2026\.yml'"):
        load_methodology(tmp_path / "2062.yml")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "read an empty file"),
        (b"- 1\n- 2\n", "expected keys and values"),
        ("схема: 1".encode("cp1251"), "is not UTF-8"),
        (b"groups: [1, 2\nscale: 3\n", "not valid YAML"),
    ],
)
def test_unreadable_content(tmp_path, content, message):
    path = tmp_path / "m.yml"
    path.write_bytes(content)
    with pytest.raises(MethodologyError, match=re.escape(message)):
        load_methodology(path)


@pytest.mark.parametrize(
    ("value", "level"),
    [(-0.2, "low"), (0.699, "low"), (0.7, "acceptable"), (0.8, "good"), (0.95, "high")],
)
def test_threshold_level_includes_its_start(value, level):
    assert load_methodology(SHIPPED).thresholds.alpha.classify(value) == level


def test_missing_number_has_no_level():
    with pytest.raises(ValueError, match="no level"):
        load_methodology(SHIPPED).thresholds.alpha.classify(float("nan"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("drop_from: 3.09", "drop_from: 1.5", "drop_from (1.5) must not be below cap_from (1.96)"),
        ("scales: common", "scales: equal", "common"),
        ("random_share: 0.05", "random_share: 5", "less than or equal to 1"),
        ("bunching_width: 2", "bunching_with: 2", "bunching_width"),
        ("interval: exact", "interval: bland", "exact"),
    ],
)
def test_faults_of_the_comparison_are_told(tmp_path, old, new, told):
    path = write_changed(tmp_path, (old, new))
    with pytest.raises(MethodologyError, match=re.escape(told)) as caught:
        load_methodology(path)
    assert f"line {line_of(path, new)}" in str(caught.value) or "decision" in str(caught.value)


def test_indicators_are_verifiable_unless_the_methodology_says_otherwise():
    methodology = load_methodology(SHIPPED)
    hidden = {
        key for key in methodology.indicator_keys if not methodology.indicator(key).verifiable
    }
    assert hidden == {
        "communication", "partnership", "goal", "advice", "circumstances", "individual_plan",
    }  # fmt: skip


def test_the_comparison_has_settings_of_its_own_where_a_methodology_has_none(tmp_path):
    start = TEXT.index("# How survey and checklist are compared")
    end = TEXT.index("# What happens to a centre's group when")
    path = tmp_path / "older.yml"
    path.write_text(TEXT[:start] + TEXT[end:], encoding="utf-8")
    assert load_methodology(path).agreement == load_methodology(SHIPPED).agreement
