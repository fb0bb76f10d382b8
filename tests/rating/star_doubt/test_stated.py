"""The rule of a methodology restated: it gives the stars that were given, caps and all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from clientindex.methodology import Methodology
from clientindex.rating import assign_stars
from clientindex.rating.star_doubt.stated import restate_rule
from clientindex.rating.star_rules import FixedCuts, GuardedRule, PeerGroups, apply_rule
from clientindex.results import Scores

CENTRES = [f"C{place:02d}" for place in range(40)]
INDEX = np.round(np.sort(np.random.default_rng(8).normal(66, 9, 40)), 3)


@pytest.fixture
def rate(make_methodology: Any) -> Any:
    """Return a function that gives stars by a rule, with the methodology."""

    def run(**rule: Any) -> tuple[Any, Methodology]:
        raw = make_methodology().model_dump(by_alias=True)
        raw["stars"] = {"minimum_sample": 5, **rule}
        methodology = Methodology.model_validate(raw)
        frame = pd.DataFrame(
            {"centre": CENTRES, "segment": "all", "kind": "index", "key": "index"}
        ).assign(estimate=INDEX, std_error=2.0, n=np.where(np.arange(40) == 7, 3, 50))
        margin = norm.ppf(0.975) * 2.0
        frame = frame.assign(ci_low=INDEX - margin, ci_high=INDEX + margin)
        scores = Scores(
            frame=frame, level=0.95, std_error_method="exact", fpc_used=False, n_reweighted=0
        )
        register = pd.DataFrame(
            {"centre": CENTRES, "name": CENTRES, "region": ["east", "west"] * 20}
        )
        attributes = pd.DataFrame({"centre": CENTRES, "fined": ["yes", "", "", "", ""] * 8})
        return assign_stars(scores, methodology, register=register, attributes=attributes), (
            methodology
        )

    return run


def give(stars: Any, methodology: Methodology) -> list[float]:
    """Return the stars that the restated rule gives to the starred centres."""
    stated = restate_rule(stars, methodology)
    starred = stars.frame[stars.frame["withheld"] == ""]
    levels = apply_rule(stated.rule, starred["estimate"].to_numpy(float)).stars
    return [stated.labels[level - 1] for level in np.minimum(levels, stated.limits)]


RULES = {
    "bands": {
        "bands": [
            {"stars": 1, "from": 0, "to": 60},
            {"stars": 2, "from": 60, "to": 72},
            {"stars": 3, "from": 72, "to": 100},
        ]
    },
    "k-means with half stars": {"rule": "k_means", "stars": 3, "half_stars": True},
    "quantiles inside regions": {
        "rule": "quantiles",
        "stars": 3,
        "peer_groups": {"by": "region", "minimum_centres": 5},
    },
    "guarded": {
        "rule": "optimal_k_means",
        "stars": 3,
        "guardrail": {"absolute": 1.0, "previous": {"all": [58.0, 70.0]}},
    },
    "capped": {
        "rule": "optimal_k_means",
        "stars": 4,
        "caps": [{"reason": "fined", "at_most": 2, "flag": "fined", "holds": ["yes"]}],
    },
}


@pytest.mark.parametrize("name", RULES)
def test_the_restated_rule_gives_the_stars_that_were_given(name: str, rate: Any) -> None:
    stars, methodology = rate(**RULES[name])
    starred = stars.frame[stars.frame["withheld"] == ""]
    assert len(starred) == 39
    assert give(stars, methodology) == starred["star"].astype(float).tolist()


def test_peer_groups_stand_in_the_order_of_the_starred_centres(rate: Any) -> None:
    stars, methodology = rate(**RULES["quantiles inside regions"])
    rule = restate_rule(stars, methodology).rule
    assert isinstance(rule, PeerGroups)
    starred = stars.frame[stars.frame["withheld"] == ""]
    assert [rule.names[place] for place in rule.groups] == starred["region"].tolist()


def test_a_cap_holds_below_its_limit_too(rate: Any) -> None:
    stars, methodology = rate(**RULES["capped"])
    frame = stars.frame.set_index("centre")
    capped = [centre for place, centre in enumerate(CENTRES) if place % 5 == 0]
    assert frame.index[frame["at_most"].notna()].sort_values().tolist() == capped
    assert set(frame["at_most"].dropna()) == {2}
    # C00 is the worst of all, so the cap does not bite; it would if the centre were better.
    assert frame.loc["C00", "capped_by"] == ""
    stated = restate_rule(stars, methodology)
    starred = stars.frame[stars.frame["withheld"] == ""]["centre"].tolist()
    assert stated.limits[starred.index("C00")] == 2
    assert stated.limits[starred.index("C01")] == 4


def test_bands_are_fixed_cuts_and_guardrails_stay(rate: Any) -> None:
    assert restate_rule(*rate(**RULES["bands"])).rule == FixedCuts(cuts=(60.0, 72.0))
    guarded = restate_rule(*rate(**RULES["guarded"])).rule
    assert isinstance(guarded, GuardedRule)
    assert guarded.previous.tolist() == [58.0, 70.0]
