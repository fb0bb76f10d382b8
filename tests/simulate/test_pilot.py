import pandas as pd
import pytest

from clientindex.edition import Simulation
from clientindex.methodology import Methodology
from clientindex.simulate import SimulatedPilot, simulate_pilot


def test_sizes_are_those_asked_for(pilot: SimulatedPilot, methodology: Methodology) -> None:
    assert len(pilot.register) == 30
    assert {key: len(table) for key, table in pilot.surveys.items()} == {
        "citizens": 4000,
        "employers": 1000,
    }
    assert pilot.truth.centres["is_inflated"].sum() == 9
    assert len(pilot.checklist) == 30 * 40
    assert pilot.register["region"].nunique() == 13
    ids = pd.concat([table["respondent"] for table in pilot.surveys.values()])
    assert ids.is_unique


def test_the_demo_looks_like_a_pilot(methodology: Methodology) -> None:
    """The ceiling, the spread of stars and the few small centres that the demo is meant to show."""
    pilot = simulate_pilot(methodology, Simulation(), seed=2026)
    index = pilot.truth.centres["index"]
    assert 70 < index.mean() < 76
    stars = pd.cut(index, [0, 50, 60, 70, 80, 100], right=False, labels=[1, 2, 3, 4, 5])
    shares = stars.value_counts(normalize=True)
    assert shares[3] + shares[4] > 0.7
    assert min(shares[2], shares[5]) > 0.02
    answers = pd.concat(pilot.surveys.values()).groupby("centre").size()
    assert 1 <= (answers < 30).sum() <= 15
    assert len(answers) == 240


def test_the_same_seed_gives_the_same_pilot_and_another_seed_another(
    pilot: SimulatedPilot, small: Simulation, methodology: Methodology
) -> None:
    again = simulate_pilot(methodology, small, seed=0)
    other = simulate_pilot(methodology, small, seed=1)
    pd.testing.assert_frame_equal(again.surveys["citizens"], pilot.surveys["citizens"])
    pd.testing.assert_frame_equal(again.checklist, pilot.checklist)
    pd.testing.assert_frame_equal(again.truth.centres, pilot.truth.centres)
    assert not other.surveys["citizens"].equals(pilot.surveys["citizens"])


def test_the_number_of_employers_leaves_citizens_alone(
    pilot: SimulatedPilot, methodology: Methodology
) -> None:
    fewer = Simulation(centres=30, citizens=4000, employers=0, inflating_share=0.3)
    alone = simulate_pilot(methodology, fewer, seed=0)
    assert list(alone.surveys) == ["citizens"]
    pd.testing.assert_frame_equal(alone.surveys["citizens"], pilot.surveys["citizens"])


def test_another_methodology_is_simulated_too(other_methodology: Methodology) -> None:
    settings = Simulation(centres=26, citizens=3000, employers=500, missing_share=0)
    pilot = simulate_pilot(other_methodology, settings, seed=0)
    answers = pilot.surveys["visitors"]
    extra = ["channel", "day", "duration"]
    assert list(answers) == ["respondent", "centre", "period", "a", "b", "c", *extra]
    assert set(answers["a"]) == set(range(1, 8))
    assert set(answers["c"]) == {1, 2, 3}
    assert answers[["a", "b"]].astype(float).corr().loc["a", "b"] < -0.2
    assert pilot.checklist.empty


def test_checklist_answers_are_written_with_the_methodology_s_codes(
    pilot: SimulatedPilot,
) -> None:
    assert set(pilot.checklist["answer"]) == {0, 1, 9}


def test_inflated_centres_turned_items_and_honest_ones_did_not(pilot: SimulatedPilot) -> None:
    turned = pilot.truth.centres.groupby("is_inflated")["items_turned"]
    assert turned.max()[False] == 0
    assert turned.sum()[True] > 0


@pytest.mark.parametrize("table", ["centres", "segments", "indicators"])
def test_true_scores_lie_on_the_scale(pilot: SimulatedPilot, table: str) -> None:
    numbers = getattr(pilot.truth, table).select_dtypes("float")
    scores = numbers.drop(columns="inflation", errors="ignore")
    assert ((scores > 0) & (scores < 100)).all(axis=None)
