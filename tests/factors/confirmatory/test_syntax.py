"""The language of models: parameters as lavaan has them, faults with their place."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from clientindex.errors import ModelSyntaxError
from clientindex.factors.confirmatory.ordinal import make_ordinal
from clientindex.factors.confirmatory.syntax import format_model, read_model

REFERENCE = Path(__file__).parents[2] / "reference" / "models"
TEXTS = pd.read_csv(REFERENCE / "texts.csv").set_index("name")
NINE = tuple(f"x{number}" for number in range(1, 10))
SIX = ("competence", "respect", "advice", "goal", "waiting", "channels")


def read_case(name):
    case = TEXTS.loc[name]
    return read_model(
        case["text"],
        indicators=NINE,
        n_groups=int(case["n_groups"]),
        std_lv=bool(case["std_lv"]),
        orthogonal=bool(case["orthogonal"]),
    )


def tell(spec):
    """Return the parameters that are not fixed to 0: free or value, and which are equal."""
    classes = {}
    for p in spec.parameters:
        if p.free and p.label:
            classes.setdefault(p.label, set()).add(name_parameter(p.lhs, p.op, p.rhs, p.group))
    told = {}
    for p in spec.parameters:
        key = name_parameter(p.lhs, p.op, p.rhs, p.group)
        tied = classes.get(p.label, {key}) if p.free else {key}
        told[key] = (p.free, None if p.free and p.value is None else p.value, frozenset(tied))
    return {key: value for key, value in told.items() if value[:2] != (False, 0.0)}


def name_parameter(lhs, op, rhs, group):
    if op == "~~":
        lhs, rhs = sorted((lhs, rhs))
    return (lhs, op, rhs, group)


def tell_lavaan(name):
    table = pd.read_csv(REFERENCE / "syntax.csv", keep_default_na=False)
    table = table[table["name"] == name]
    keys = [
        name_parameter(row.lhs, row.op, row.rhs, row.group - 1)
        for row in table.itertuples(index=False)
    ]
    told = {}
    classes = pd.Series(keys, index=table["class"]).groupby(level=0).agg(frozenset)
    for key, row in zip(keys, table.itertuples(index=False), strict=True):
        value = float(row.value) if row.value != "" else None
        free = bool(row.free)
        tied = classes[row[7]] if free else frozenset([key])
        told[key] = (free, value, tied)
    return {key: value for key, value in told.items() if value[:2] != (False, 0.0)}


@pytest.mark.parametrize("name", TEXTS.index)
def test_a_text_has_the_parameters_that_lavaan_gives_it(name):
    assert tell(read_case(name)) == tell_lavaan(name)


@pytest.mark.parametrize("name", TEXTS.index)
def test_a_model_written_as_text_is_read_as_the_same_model(name):
    spec = read_case(name)
    text = format_model(spec)
    assert tell(read_model(text, indicators=NINE, n_groups=spec.n_groups)) == tell(spec)
    ordinal = spec if TEXTS.loc[name, "text"].count("0.3*x1") else make_ordinal(spec)
    again = read_model(format_model(ordinal), indicators=NINE, n_groups=spec.n_groups)
    if ordinal is not spec:
        assert tell(make_ordinal(again)) == tell(ordinal)


def test_the_text_of_a_model_is_short():
    assert format_model(read_case("three")) == TEXTS.loc["three", "text"]
    assert format_model(read_case("bifactor")).splitlines()[0] == (
        "general =~ NA*x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9"
    )


def test_indicators_follow_the_data_and_may_be_a_part_of_them():
    spec = read_model("f =~ goal + competence + advice", indicators=SIX)
    assert spec.indicators == ("competence", "advice", "goal")
    assert spec.factors == ("f",)


def test_latent_responses_have_no_residual_variances():
    spec = make_ordinal(read_case("single"))
    assert not [p for p in spec.parameters if p.op == "~~" and p.lhs.startswith("x")]
    own = {(p.lhs, p.op, p.rhs): (p.free, p.value) for p in spec.parameters}
    assert own["g", "=~", "x4"] == own["g", "~~", "g"] == (False, 1.0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the model is empty"),
        ("# only a comment\n\n", "the model is empty"),
        ("goal ~~ advice", "the model has no factor"),
        ("f =~ competense + goal", "line 1, column 6: read 'competense'.*mean 'competence'"),
        ("f =~ goal +\n  respekt", "line 2, column 3: read 'respekt'.*mean 'respect'"),
        ("f =~ goal\nh ~~ f", "line 2, column 1: read 'h'; a name is an indicator"),
        ("f =~ goal + advice + goal", "column 22: .*second time; an indicator stands once"),
        ("f =~", "read the end of the statement; after =~ comes the name"),
        ("f =~ ; g =~ goal", "line 1, column 6: read the end of the statement"),
        ("f =~ goal + 0.5 + advice", "column 13: read '0.5'; .*modifiers before it|after the"),
        ("f = goal", "line 1, column 3: read '='; a model has names"),
        ("f ~= goal", "read '='; a model has names"),
        ("f =~ goal advice", "column 11: read 'advice'; terms are joined by"),
        ("=~ goal", "column 1: read '=~'; a statement begins with the name"),
        ("f goal", "column 3: read 'goal'; after 'f' comes one of =~"),
        ("f =~ goal + c(1, 2)*advice", "2 values in c\\(\\) before 'advice'.*1 group"),
        ("f =~ goal + strat(1)*advice", "read strat\\(\\); .*did you mean 'start'"),
        ("f =~ goal + start(a)*advice", "start\\(\\) takes numbers"),
        ("f =~ start(0.7)*goal + advice", "fixed to 1; write NA\\*start\\(0.7\\)\\*goal"),
        ("f =~ goal + 1*NA*advice", "second modifier 'NA' of the same parameter"),
        ('f =~ goal + equal("f=~gaol")*advice', "names another parameter.*mean 'f=~goal'"),
        ("f =~ goal + a*advice; goal ~~ 2*a*goal; f ~~ 1*a*f", "label 'a' makes parameters equal"),
        ("f =~ goal + advice; f ~~ respect", "covariance of 'f' and 'respect'; ~~ joins two"),
        ("goal =~ advice", "the indicator 'goal' to the left of =~"),
        ("f =~ f + goal", "'f' measured by itself"),
        ("f =~ goal + g; g =~ advice + f", "a circle through the factor 'f'"),
        ("f =~ goal + advice; respect ~ f", "'respect' in a regression; .*f_respect =~ 1"),
        ("f =~ goal + advice; goal | t1 + t3", "thresholds of 'goal' without t2"),
        ("f =~ goal + advice; goal | x1", "thresholds are called t1"),
        ("f =~ goal + advice; f | t1", "thresholds and scales belong to indicators"),
        ("f =~ goal + advice; goal ~*~ advice", "write goal ~\\*~ goal"),
        ("f =~ goal + (advice", "read '\\('"),
        ("f =~ goal + c(1*advice", "closed by \\)"),
    ],
)
def test_a_fault_is_told_with_its_place(text, words):
    with pytest.raises(ModelSyntaxError, match=words):
        read_model(text, indicators=SIX)


def test_words_of_other_alphabets_are_names():
    spec = read_model("фактор =~ goal + advice", indicators=SIX)
    assert Counter(p.lhs for p in spec.parameters)["фактор"] == 3
