"""A year earlier than a simulated one: what is carried back, and what cannot be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from clientindex.edition import EarlierThan, Simulation
from clientindex.errors import EditionError
from clientindex.methodology import Methodology
from clientindex.simulate import PilotPlan, SimulatedPilot, simulate_plan
from clientindex.simulate.carried import carry_model
from clientindex.simulate.latent import draw_model

EXACT = 1e-9
LATER = Simulation(centres=60, citizens=900, employers=300)


def make_plan(
    methodology: Methodology,
    *,
    later: Methodology | None = None,
    renamed: dict[str, str] | None = None,
    sizes: dict[str, object] | None = None,
    **earlier: object,
) -> PilotPlan:
    settings = Simulation.model_validate(
        {"citizens": 600, "employers": 200, "earlier_than": {"edition": "later.yml", **earlier}}
        | (sizes or {})
    )
    after = PilotPlan(
        methodology=later or methodology, settings=LATER, seed=7, renamed=renamed or {}
    )
    return PilotPlan(methodology=methodology, settings=settings, seed=3, later=after)


def tell_change(pilot: SimulatedPilot) -> pd.DataFrame:
    assert pilot.truth.change is not None
    return pilot.truth.change.set_index("centre")


def test_where_nothing_changes_every_centre_is_what_it_will_be(methodology: Methodology) -> None:
    plan = make_plan(methodology, correlation=1.0)
    pilot = simulate_plan(plan)
    assert plan.later is not None
    later = simulate_plan(plan.later)
    change = tell_change(pilot)
    assert change["change"].abs().max() < EXACT
    assert [change[name].dtype.kind for name in ("merged", "improved", "after")] == ["i", "b", "f"]
    names = ["centre", "name", "region"]
    pd.testing.assert_frame_equal(pilot.register[names], later.register[names])
    ratio = pilot.register["visitors"] / later.register["visitors"]
    assert np.log(ratio).std() == pytest.approx(0.1, abs=0.04)
    pd.testing.assert_frame_equal(
        pilot.truth.loadings.iloc[:, :6], later.truth.loadings.iloc[:, :6]
    )
    assert len(pilot.surveys["citizens"]) == 600
    # Other people are asked.
    asked = later.surveys["citizens"].head(600)
    assert not pilot.surveys["citizens"]["competence"].equals(asked["competence"])


@pytest.mark.parametrize("mean", [-3.0, 0.0, 2.5])
def test_the_mean_true_change_is_the_one_asked_for(methodology: Methodology, mean: float) -> None:
    plan = make_plan(methodology, change=mean, improved=5, improvement=12, new=3, closed=2)
    change = tell_change(simulate_plan(plan))
    assert change["change"].mean() == pytest.approx(mean, abs=EXACT)
    assert change["change"].count() == 57
    assert change.loc[change["improved"], "change"].tolist() == pytest.approx([12] * 5, abs=EXACT)


def test_true_scores_of_both_years_correlate_as_asked_for(methodology: Methodology) -> None:
    found = []
    for seed in range(5):
        plan = replace(make_plan(methodology, correlation=0.6), seed=100 + seed)
        table = tell_change(simulate_plan(plan))
        found.append(table["one_method_before"].corr(table["one_method_after"]))
    assert np.mean(found) == pytest.approx(0.6, abs=0.08)


def test_the_later_pilot_does_not_depend_on_the_earlier_one(methodology: Methodology) -> None:
    plan = make_plan(methodology, change=2.0, new=3)
    assert plan.later is not None
    before = simulate_plan(plan.later).truth.centres
    simulate_plan(plan)
    pd.testing.assert_frame_equal(simulate_plan(plan.later).truth.centres, before)
    again, first = simulate_plan(plan), simulate_plan(plan)
    pd.testing.assert_frame_equal(again.surveys["citizens"], first.surveys["citizens"])


def test_two_years_back_follow_from_one_year_back(methodology: Methodology) -> None:
    nearer = make_plan(methodology, change=1.0, closed=2)
    settings = make_plan(methodology, change=2.0, new=1).settings
    further = PilotPlan(methodology=methodology, settings=settings, seed=5, later=nearer)
    change = tell_change(simulate_plan(further))
    assert change["change"].mean() == pytest.approx(2.0, abs=EXACT)
    assert (change["status"] == "new").sum() == 1
    middle = simulate_plan(nearer).truth.centres
    assert change["after"].dropna().tolist() == pytest.approx(middle["index"].tolist(), abs=EXACT)


def test_clients_with_traits_are_taken_into_account(methodology: Methodology) -> None:
    plan = make_plan(methodology, change=1.5, sizes={"traits": True})
    pilot = simulate_plan(plan)
    assert tell_change(pilot)["change"].mean() == pytest.approx(1.5, abs=EXACT)
    assert "education" in pilot.surveys["citizens"]


def test_questions_of_both_years_keep_their_parameters(
    methodology: Methodology, other_methodology: Methodology
) -> None:
    later = draw_model(methodology, rng=np.random.default_rng(1))
    same = carry_model(methodology, methodology, model=later, rng=np.random.default_rng(2))
    assert same.loadings.tolist() == later.loadings.tolist()
    assert same.ties.tolist() == later.ties.tolist()
    fresh = draw_model(other_methodology, rng=np.random.default_rng(2))
    none = carry_model(other_methodology, methodology, model=later, rng=np.random.default_rng(2))
    assert none.loadings.tolist() == fresh.loadings.tolist()


def test_identifiers_of_before_stand_for_one_or_several_centres(methodology: Methodology) -> None:
    renamed = {"R33-901": "R33-002", "R24-902": "R24-001", "R24-001": "R24-001"}
    pilot = simulate_plan(make_plan(methodology, renamed=renamed))
    register = pilot.register.set_index("centre")
    assert {*renamed} <= {*register.index}
    assert "R33-002" not in register.index
    assert register.index.is_unique
    assert register["name"].is_unique
    change = tell_change(pilot)
    assert change["merged"].value_counts().to_dict() == {1: 59, 2: 1}
    assert change.loc["R24-001", "merged"] == 2
    # Weighted by visitors.
    truth = pilot.truth.centres.set_index("centre").loc[["R24-902", "R24-001"], "index"]
    weights = register.loc[truth.index, "visitors"]
    mean = (truth * weights).sum() / weights.sum()
    assert change.loc["R24-001", "before"] == pytest.approx(mean, abs=EXACT)


def test_a_closed_centre_has_an_identifier_and_a_name_of_its_own(methodology: Methodology) -> None:
    pilot = simulate_plan(make_plan(methodology, closed=6))
    change = tell_change(pilot)
    gone = change[change["status"] == "gone"]
    assert len(gone) == 6
    assert gone[["after", "change"]].isna().all(axis=None)
    assert change.tail(6).index.tolist() == gone.index.tolist()
    assert pilot.register["centre"].is_unique
    assert pilot.register["name"].is_unique
    assert gone["before"].between(40, 95).all()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"renamed": {"old": "R99-001"}}, "'renamed' of the later edition.*R99-001"),
        ({"renamed": {"R24-002": "R24-001"}}, "R24-002 would stand twice"),
        ({"moved": {"R99-001": "Псковская область"}}, "moved.*R99-001"),
        ({"moved": {"R24-001": "Тверская область"}}, "moved.*Тверская область"),
        ({"moved": {"R24-001": "Красноярский край"}}, "moved.*same region.*R24-001"),
        ({"new": 61}, "61 of the later edition's 60 centres; at most 60"),
        ({"improved": 61}, "61 centres by 10 points; only 60"),
        ({"improved": 1, "improvement": 80}, "only 0 were one centre"),
        ({"change": 95}, "mean change of 95 points is out of reach"),
    ],
)
def test_what_cannot_be_is_refused(
    methodology: Methodology, settings: dict[str, object], message: str
) -> None:
    with pytest.raises(EditionError, match=message):
        simulate_plan(make_plan(methodology, **settings))  # type: ignore[arg-type]


def test_years_that_have_nothing_in_common_are_refused(
    methodology: Methodology, other_methodology: Methodology
) -> None:
    with pytest.raises(EditionError, match="no segment in common"):
        simulate_plan(make_plan(other_methodology, later=methodology))
    raw = methodology.model_dump(by_alias=True)
    raw["scale"] = {"minimum": 1, "maximum": 7}
    seven = Methodology.model_validate(raw)
    with pytest.raises(EditionError, match="no indicator that gives points in the same way"):
        simulate_plan(make_plan(seven, later=methodology))


def test_an_earlier_year_needs_the_plan_of_the_later_one(methodology: Methodology) -> None:
    plan = make_plan(methodology)
    with pytest.raises(EditionError, match="go together"):
        simulate_plan(replace(plan, settings=LATER))


def test_the_number_of_centres_follows_from_the_later_edition() -> None:
    with pytest.raises(ValidationError, match="give 'centres' or 'earlier_than'"):
        Simulation(centres=30, earlier_than=EarlierThan.model_validate({"edition": "later.yml"}))
