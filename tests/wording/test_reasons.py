"""Every reason that the statistics give for a missing result has a sentence in both languages."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import clientindex
from clientindex.methodology.thresholds import Thresholds
from clientindex.results import Unavailable
from clientindex.wording import load_wording
from clientindex.wording.absence import explain_unavailable
from presentation_bundle import load_small_methodology

PACKAGE = Path(clientindex.__file__).parent
STATISTICS = ("agreement", "factors", "pipeline", "rating", "reliability", "sensitivity")


def find_reasons(source):
    """Return the texts given as `reason`, those assigned to that name, and the keys of `faults`."""
    tree = ast.parse(source)
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    given = [
        word.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for word in node.keywords
        if word.arg == "reason"
    ]
    given += [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and [t.id for t in node.targets if isinstance(t, ast.Name)] == ["reason"]
    ]
    found = {value.value for value in given if isinstance(value, ast.Constant)}
    found |= {constants.get(value.id) for value in given if isinstance(value, ast.Name)}
    found |= {
        key.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
        if [t.id for t in node.targets if isinstance(t, ast.Name)] == ["faults"]
        for key in node.value.keys
    }
    return {reason for reason in found if reason}


REASONS = sorted(
    {
        (room, reason)
        for room in STATISTICS
        for path in (PACKAGE / room).rglob("*.py")
        for reason in find_reasons(path.read_text(encoding="utf-8"))
    }
)


def test_reasons_are_found_as_text_constant_and_variable():
    source = (
        'A = "one"\ndef f():\n    reason = "two"\n    g(reason=A)\n    return g(reason="three")'
    )
    assert find_reasons(source) == {"one", "two", "three"}
    assert find_reasons('faults = {"four": x > 1}') == {"four"}
    assert ("factors", "not_converged") in REASONS
    assert ("factors", "identical_indicators") in REASONS


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize(("stage", "reason"), REASONS)
def test_every_reason_has_a_sentence(stage, reason, language):
    stage = "factors" if stage == "pipeline" else stage
    result = Unavailable(stage=stage, reason=reason, detail="waiting")
    said = explain_unavailable(result, load_small_methodology(), wording=load_wording(language))
    assert said.endswith(".")


def test_a_stage_may_have_its_own_words_for_a_reason_that_others_share():
    methodology, wording = load_small_methodology(), load_wording("en")
    said = [
        explain_unavailable(
            Unavailable(stage=stage, reason="too_few_centres", detail="2"),
            methodology,
            wording=wording,
        )
        for stage in ("agreement", "factors")
    ]
    assert said[0].endswith("There are too few centres with both sources: 2.")
    assert said[1].endswith("There are too few centres: 2.")


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_level_of_every_threshold_has_a_word(language):
    texts = load_wording(language).texts
    thresholds = load_small_methodology().thresholds
    keys = [
        f"level.{name}.{level.key}"
        for name in Thresholds.model_fields
        for level in getattr(thresholds, name).levels
    ]
    assert [key for key in keys if key not in texts] == []
