"""The standard models of a methodology, and models of one's own."""

from __future__ import annotations

import pytest

from clientindex.errors import ModelSyntaxError, StatisticsError
from clientindex.factors.confirmatory.ordinal import make_ordinal
from clientindex.factors.confirmatory.own import build_own_models, load_model
from clientindex.factors.confirmatory.standard import (
    STANDARD_MODELS,
    build_standard_models,
    explain_absent_models,
    name_factors,
)
from clientindex.factors.confirmatory.syntax import format_model, read_model

GROUPS = {"one": ["a", "b", "c"], "two": ["d", "e", "f"], "three": ["g", "h"], "four": ["i"]}
NAME = {"ru": "модель", "en": "model"}


def list_free(spec):
    return {(p.lhs, p.op, p.rhs) for p in spec.parameters if p.free}


@pytest.fixture
def models(make_methodology):
    return build_standard_models(make_methodology(GROUPS))


def test_there_are_four_models_of_all_indicators(models):
    assert tuple(models) == STANDARD_MODELS
    assert all(spec.indicators == tuple("abcdefghi") for spec in models.values())
    assert models["one_factor"].factors == ("general",)
    assert models["correlated"].factors == ("one", "two", "three", "four")
    assert models["second_order"].factors == ("one", "two", "three", "general")
    assert models["bifactor"].factors == ("general", "one", "two", "three")


def test_factors_have_variance_one_and_bifactors_are_uncorrelated(models):
    correlated = list_free(models["correlated"])
    assert ("one", "~~", "four") in correlated
    assert ("one", "~~", "one") not in correlated
    bifactor = list_free(models["bifactor"])
    assert not [p for p in bifactor if p[1] == "~~" and p[0] in ("general", "one", "two")]


def test_a_group_of_one_is_its_indicator(models):
    own = {(p.lhs, p.op, p.rhs): p for p in models["correlated"].parameters}
    assert (own["i", "~~", "i"].free, own["i", "~~", "i"].value) == (False, 0.0)
    ordinal = {(p.lhs, p.op, p.rhs): p for p in make_ordinal(models["correlated"]).parameters}
    assert (ordinal["four", "=~", "i"].free, ordinal["four", "=~", "i"].value) == (False, 1.0)
    assert ("general", "=~", "i") in list_free(models["second_order"])
    assert ("general", "=~", "i") in list_free(models["bifactor"])


def test_a_group_of_two_has_equal_loadings_in_the_bifactor_model(models):
    own = {(p.lhs, p.op, p.rhs): (p.free, p.value) for p in models["bifactor"].parameters}
    assert own["three", "=~", "g"] == own["three", "=~", "h"] == (False, 1.0)
    assert own["three", "~~", "three"] == (True, None)
    assert own["one", "~~", "one"] == (False, 1.0)


def test_residual_variances_of_second_order_models_may_turn_negative(models):
    free = list_free(models["second_order"])
    assert {("one", "~~", "one"), ("general", "=~", "one")} <= free
    assert not {("one", "=~", "a"), ("general", "~~", "general"), ("one", "~~", "two")} & free


def test_what_the_groups_do_not_identify_is_absent_with_its_reason(make_methodology):
    two = make_methodology({"one": ["a", "b", "c"], "two": ["d", "e", "f"]})
    assert explain_absent_models(two) == {"second_order": "few_groups"}
    assert "second_order" not in build_standard_models(two)
    lonely = explain_absent_models(make_methodology({"one": ["a", "b", "c"]}))
    assert lonely == {
        "correlated": "one_group",
        "second_order": "few_groups",
        "bifactor": "one_group",
    }
    singles = explain_absent_models(make_methodology({k: [k] for k in "abcd"}))
    assert singles["second_order"] == singles["bifactor"] == "single_indicators"


def test_factors_get_names_that_no_indicator_has(make_methodology):
    methodology = make_methodology({"general": ["a", "b", "c"], "d": ["d", "e", "f"]})
    names = name_factors(methodology)
    assert names == {"": "general_factor", "general": "general", "d": "d_factor"}
    assert set(build_standard_models(methodology)) == {"one_factor", "correlated", "bifactor"}


def test_models_of_the_methodology_are_read_with_their_key(make_methodology):
    own = {"key": "short", "name": NAME, "syntax": "own =~ a + b + d"}
    methodology = make_methodology(GROUPS, factors={"models": [own]})
    assert build_own_models(methodology)["short"].indicators == ("a", "b", "d")
    wrong = make_methodology(GROUPS, factors={"models": [own | {"syntax": "own =~ a + zz"}]})
    with pytest.raises(ModelSyntaxError, match=r"factors\.models, short: model, line 1, column 12"):
        build_own_models(wrong)
    taken = make_methodology(GROUPS, factors={"models": [own | {"key": "bifactor"}]})
    with pytest.raises(ModelSyntaxError, match="bifactor: the key is taken"):
        build_own_models(taken)


def test_a_file_that_is_no_model_is_refused_in_words(tmp_path):
    path = tmp_path / "model.txt"
    with pytest.raises(ModelSyntaxError, match=r"model.txt: cannot be read \(No such file"):
        load_model(path, indicators=("a", "b", "c"))
    path.write_bytes("f =~ a # фактор".encode("cp1251"))
    with pytest.raises(ModelSyntaxError, match="byte 10 is not UTF-8; save the file as UTF-8"):
        load_model(path, indicators=("a", "b", "c"))
    path.write_text("\n  # nothing\n", encoding="utf-8")
    with pytest.raises(
        ModelSyntaxError, match=r"model\.txt: the model is empty; write at least one"
    ):
        load_model(path, indicators=("a", "b", "c"))
    path.write_text("\ufefff =~ a + b + c", encoding="utf-8")
    assert load_model(path, indicators=("a", "b", "c")).factors == ("f",)


def test_a_constrained_residual_variance_has_no_ordinal_version():
    spec = read_model("f =~ a + b + c\na ~~ 0.5*a", indicators=tuple("abc"))
    with pytest.raises(StatisticsError, match=r"0\.5\*a: the residual variance of an ordinal"):
        make_ordinal(spec)


def test_standard_models_can_be_written_and_read(models):
    for spec in models.values():
        again = read_model(format_model(spec), indicators=tuple("abcdefghi"))
        assert list_free(again) == list_free(spec)
