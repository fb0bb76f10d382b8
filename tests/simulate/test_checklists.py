import numpy as np
import pytest
from scipy.stats import norm

from clientindex.methodology import Methodology
from clientindex.simulate.checklists import (
    INFLATION,
    ITEM_NOISE_SD,
    NOT_APPLICABLE_SHARE,
    draw_inflation,
    simulate_checklist,
    simulate_second_checklist,
)

STANDARD_ERRORS = 4.5
N = 4_000


def _simulate(methodology: Methodology, *, level: float, inflation: float):
    return simulate_checklist(
        methodology,
        centres=np.array([f"c{number}" for number in range(N)]),
        points=np.full((N, 20), level),
        inflation=np.full(N, inflation),
        rng=np.random.default_rng(8),
    ).first


def _error(share: float, n: int, *, per_cluster: int = 1) -> float:
    return np.sqrt(share * (1 - share) * per_cluster / n)


@pytest.mark.parametrize(("level", "inflation"), [(75.0, 0.0), (75.0, 0.5), (40.0, 0.0)])
def test_share_of_yes_is_the_closed_form(
    methodology: Methodology, level: float, inflation: float
) -> None:
    """E Phi(a + s Z) = Phi(a / sqrt(1 + s^2)); the rest is turned with the given probability."""
    answers = _simulate(methodology, level=level, inflation=inflation)
    honest = norm.cdf(norm.ppf(level / 100) / np.sqrt(1 + ITEM_NOISE_SD**2))
    expected = honest + (1 - honest) * inflation
    applicable = answers[answers["answer"] != "not_applicable"]
    found = (applicable["answer"] == "yes").mean()
    error = _error(expected, len(applicable), per_cluster=2)
    assert abs(found - expected) / error < STANDARD_ERRORS


def test_share_of_not_applicable_is_as_set(methodology: Methodology) -> None:
    answers = _simulate(methodology, level=75, inflation=0)
    found = (answers["answer"] == "not_applicable").mean()
    assert abs(found - NOT_APPLICABLE_SHARE) / _error(found, len(answers)) < STANDARD_ERRORS


def test_turned_items_are_answered_yes(methodology: Methodology) -> None:
    answers = _simulate(methodology, level=60, inflation=0.6)
    assert answers.loc[answers["turned"], "answer"].eq("yes").all()
    assert not _simulate(methodology, level=60, inflation=0)["turned"].any()


def test_levels_at_the_ends_of_the_scale_are_certain(methodology: Methodology) -> None:
    assert not _simulate(methodology, level=100, inflation=0)["answer"].eq("no").any()
    assert not _simulate(methodology, level=0, inflation=0)["answer"].eq("yes").any()


@pytest.mark.parametrize(("share", "expected"), [(0.0, 0), (0.25, 60), (1.0, 240)])
def test_exactly_the_share_asked_for_inflates(share: float, expected: int) -> None:
    inflation = draw_inflation(240, share=share, rng=np.random.default_rng(9))
    chosen = inflation[inflation > 0]
    assert len(chosen) == expected
    assert ((chosen >= INFLATION[0]) & (chosen <= INFLATION[1])).all()


def test_second_checklists_agree_as_independent_answers_of_the_same_chances(
    methodology: Methodology,
) -> None:
    """Equal answers to an item have the probability E[p² + (1 - p)²] of the chances themselves."""
    centres = np.array([f"c{number:04d}" for number in range(N)])
    honest = np.zeros(N)
    checklists = simulate_checklist(
        methodology,
        centres=centres,
        points=np.full((N, 20), 70.0),
        inflation=honest,
        rng=np.random.default_rng(8),
    )
    second = simulate_second_checklist(
        methodology,
        checklists,
        centres=centres,
        inflation=honest,
        share=0.25,
        rng=np.random.default_rng(9),
    )
    assert second["centre"].nunique() == N // 4
    both = second.merge(checklists.first, on=["centre", "item"], suffixes=("_2", "_1"))
    applies = both["answer_1"] != "not_applicable"
    assert (both["answer_2"] == "not_applicable").equals(~applies)
    p = checklists.chances
    expected = (p**2 + (1 - p) ** 2).mean()
    found = (both.loc[applies, "answer_1"] == both.loc[applies, "answer_2"]).mean()
    assert abs(found - expected) / _error(expected, applies.sum()) < STANDARD_ERRORS


def test_no_second_checklists_where_none_are_asked_for(methodology: Methodology) -> None:
    checklists = simulate_checklist(
        methodology,
        centres=np.array(["a", "b"]),
        points=np.full((2, 20), 70.0),
        inflation=np.zeros(2),
        rng=np.random.default_rng(8),
    )
    second = simulate_second_checklist(
        methodology,
        checklists,
        centres=np.array(["a", "b"]),
        inflation=np.zeros(2),
        share=0.0,
        rng=np.random.default_rng(9),
    )
    assert second.empty
