"""Which methods a methodology and its alternatives make, and how runs pick among them."""

from __future__ import annotations

import numpy as np
import pytest

from clientindex.errors import StatisticsError
from clientindex.methodology.sobol_settings import MethodAlternatives
from clientindex.sensitivity.runs.choices import list_choices


def test_the_methodologys_own_method_is_the_first_and_stands_once(methodology):
    alternatives = MethodAlternatives(
        aggregation=("arithmetic", "geometric", "geometric"),
        missing_indicator=("impute_region_mean",),
        star_rule=("fixed", "quantiles"),
    )
    choices = list_choices(methodology, alternatives, idle=("missing_indicator",))
    assert choices.options["aggregation"] == ("arithmetic", "geometric")
    assert choices.options["star_rule"] == ("fixed", "quantiles")
    assert choices.open == ("aggregation", "star_rule")
    assert [method.index for method in choices.methods] == ["arithmetic", "geometric"]
    assert choices.methods[0].missing_indicator == methodology.scoring.missing_indicator


def test_all_combinations_are_picked_evenly(methodology):
    alternatives = MethodAlternatives(
        aggregation=("geometric", "harmonic"),
        missing_indicator=("impute_group_mean",),
        star_rule=("quantiles",),
    )
    choices = list_choices(methodology, alternatives)
    assert choices.open == ("aggregation", "missing_indicator", "star_rule")
    middles = (np.arange(6) + 0.5) / 6
    u = np.stack(np.meshgrid(middles, middles, middles), axis=-1).reshape(-1, 3)
    method, rule = choices.pick(u)
    assert np.bincount(method).tolist() == [36] * 6
    assert np.bincount(rule).tolist() == [108, 108]
    expected = (u[:, 0] * 3).astype(int)
    kinds = np.array(["arithmetic", "geometric", "harmonic"])[expected].tolist()
    assert [choices.methods[at].group for at in method] == kinds


def test_the_own_share_is_the_probability_of_the_methodologys_own(methodology):
    alternatives = MethodAlternatives(
        aggregation=("geometric", "harmonic"), missing_indicator=(), own_share=0.5
    )
    choices = list_choices(methodology, alternatives)
    u = (np.arange(1000) + 0.5)[:, None] / 1000
    method, _ = choices.pick(u)
    assert np.bincount(method).tolist() == [500, 250, 250]
    assert choices.pick(np.ones((1, 1)))[0].tolist() == [2]


def test_z_scores_with_a_geometric_mean_are_refused(methodology):
    alternatives = MethodAlternatives(aggregation=("geometric",), normalise_groups=("z",))
    with pytest.raises(StatisticsError, match="leave out one of the two alternatives"):
        list_choices(methodology, alternatives)


def change(methodology, **scoring):
    return methodology.model_copy(
        update={"scoring": methodology.scoring.model_copy(update=scoring)}
    )


@pytest.mark.parametrize(
    ("scoring", "alternatives", "left"),
    [
        (
            {"normalise_groups": "z", "scale": "standard"},
            {"aggregation": ("geometric",), "normalise_groups": ("none",)},
            ("normalise_groups",),
        ),
        ({"scale": "standard"}, {"aggregation": ("geometric", "harmonic")}, ()),
        (
            {"aggregation": "geometric"},
            {"aggregation": ("harmonic",), "normalise_groups": ("z",)},
            ("aggregation",),
        ),
    ],
)
def test_what_cannot_stand_beside_the_own_method_is_no_alternative(
    methodology, scoring, alternatives, left
):
    given = MethodAlternatives(**{"missing_indicator": (), **alternatives})
    choices = list_choices(change(methodology, **scoring), given)
    assert choices.open == left
    own = choices.methods[0]
    assert own.normalises == (scoring.get("normalise_groups") == "z")
    assert own.index == scoring.get("aggregation", "arithmetic")
