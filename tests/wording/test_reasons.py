"""Every reason that the statistics give for a missing result has a sentence in both languages."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import clientindex
from clientindex.methodology.thresholds import Thresholds
from clientindex.results import Unavailable
from clientindex.wording import load_wording
from clientindex.wording.absence import explain_unavailable, name_reason
from presentation_bundle import load_small_methodology

PACKAGE = Path(clientindex.__file__).parent
KEY = re.compile("[a-z0-9_]+")
"""A reason is a key; texts with blanks are meant for nobody but developers."""

STATISTICS = ("agreement", "factors", "pipeline", "rating", "reliability", "sensitivity")


def find_constants(tree):
    """Return the texts that a module gives names to, also several in one statement."""
    found = {}
    for node in tree.body:
        if not isinstance(node, ast.Assign) or len(node.targets) != 1:
            continue
        target, value = node.targets[0], node.value
        pairs = [(target, value)]
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            pairs = list(zip(target.elts, value.elts, strict=False))
        for name, text in pairs:
            if isinstance(name, ast.Name) and isinstance(text, ast.Constant):
                found[name.id] = text.value
    return found


def find_reasons(source, constants=None):
    """Return the texts given as `reason`, left out, assigned to that name, and keys of `faults`.

    `constants` are names of texts that other modules of the room define.
    """
    tree = ast.parse(source)
    named = {**(constants or {}), **find_constants(tree)}
    given = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            given += [word.value for word in node.keywords if word.arg == "reason"]
            given += find_left_out(node)
        elif isinstance(node, ast.Assign) and len(node.targets) == 1:
            given += find_assigned(node.targets[0], node.value)
    given += [
        part
        for value in given
        if isinstance(value, ast.IfExp)
        for part in (value.body, value.orelse)
    ]
    found = {value.value for value in given if isinstance(value, ast.Constant)}
    found |= {named.get(value.id) for value in given if isinstance(value, ast.Name)}
    return {reason for reason in found if reason and KEY.fullmatch(reason)}


def find_left_out(call):
    """Return what a call of ``leave_out(subject, statistic, reason)`` or of a method gives."""
    if isinstance(call.func, ast.Name) and call.func.id == "leave_out":
        return call.args[2:3]
    if isinstance(call.func, ast.Attribute) and call.func.attr == "leave_out":
        return call.args[1:2]
    return []


def find_assigned(target, value):
    if isinstance(target, ast.Name) and target.id == "reason":
        return [value]
    if isinstance(target, ast.Name) and target.id == "faults" and isinstance(value, ast.Dict):
        return value.keys
    if isinstance(target, ast.Subscript) and getattr(target.value, "id", "") == "faults":
        return [value]
    return []


def list_reasons(room):
    """Return the reasons of all modules of a room."""
    sources = [path.read_text(encoding="utf-8") for path in (PACKAGE / room).rglob("*.py")]
    constants = {}
    for source in sources:
        constants |= find_constants(ast.parse(source))
    return {reason for source in sources for reason in find_reasons(source, constants)}


RETURNED = {
    ("agreement", reason)
    for reason in (
        *("constant_source", "inadmissible", "incomplete_checklist", "negative_residual_variance"),
        *(
            "link_undefined",
            "one_group",
            "no_checklist",
            "no_indicators",
            "no_interval",
            "no_second_checklist",
            "no_spread",
        ),
        *("no_survey_error", "no_survey_star", "no_variance_left", "not_converged"),
        *("single_indicator", "too_few_for_share", "no_shifted_part", "unidentified"),
    )
} | {
    ("rating", reason)
    for reason in (
        *("collapsed", "level_without_margin", "no_known_trait", "rare_level", "collinear"),
        *("single_level", "one_region", "no_region_of_two", "equal_scores", "no_components"),
        *("too_few_regions", "too_few_draws", "dependent_covariates", "no_variance_left"),
        *("small_sample", "no_score", "no_checklist", "other_stars", "stars_never_differ"),
        *("no_stars_in_both", "setting_not_separated", "no_index_before", "no_index_after"),
        *("no_common_segment", "not_rescored", "new", "gone", "not_additive"),
        *("checklists_in_index", "one_centre", "too_few_centres"),
    )
}
"""Reasons that functions return, so that their calls do not show them."""


REASONS = sorted(
    {(room, reason) for room in STATISTICS for reason in list_reasons(room)} | RETURNED
)


def test_reasons_are_found_as_text_constant_and_variable():
    source = (
        'A = "one"\ndef f():\n    reason = "two"\n    g(reason=A)\n    return g(reason="three")'
    )
    assert find_reasons(source) == {"one", "two", "three"}
    assert find_reasons('faults = {"four": x > 1}') == {"four"}
    assert find_reasons("A, B = 'five', 'six'\nleave_out(key, 'bias', B)") == {"six"}
    assert find_reasons("subject.leave_out(line, NAME)", {"NAME": "seven"}) == {"seven"}
    assert find_reasons("reason = 'eight' if x else NINE", {"NINE": "nine"}) == {"eight", "nine"}
    assert find_reasons("faults[key] = TEN", {"TEN": "ten"}) == {"ten"}
    assert ("factors", "not_converged") in REASONS
    assert ("factors", "identical_indicators") in REASONS
    assert ("agreement", "scales_linked") in REASONS


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize(
    ("room", "reason"), [pair for pair in REASONS if pair[0] in {"agreement", "rating"}]
)
def test_what_is_left_out_of_a_chapter_has_words_without_a_detail(room, reason, language):
    wording = load_wording(language)
    said = name_reason(f"{room}.{reason}", "", load_small_methodology(), wording=wording)
    assert said.endswith(".")


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize(("stage", "reason"), REASONS)
def test_every_reason_has_a_sentence(stage, reason, language):
    wording = load_wording(language)
    if stage == "pipeline":
        stage = "rating" if f"unavailable.rating.{reason}" in wording.texts else "factors"
    result = Unavailable(stage=stage, reason=reason, detail="waiting")
    said = explain_unavailable(result, load_small_methodology(), wording=wording)
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
    assert said[0].endswith("There are too few centres with both sources (there are/needed): 2.")
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
