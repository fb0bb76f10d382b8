"""Rank sets against a literal implementation of the paper, and against known true ranks."""

from __future__ import annotations

import numpy as np
import pytest

from clientindex.errors import StatisticsError
from clientindex.rating.bands import rank_scores
from clientindex.rating.ranks import (
    compute_marginal_sets,
    compute_simultaneous_sets,
    draw_dependent,
    draw_independent,
    find_certain_best,
    find_possible_best,
    find_possible_worst,
    take_replicates,
)
from clientindex.threads import use_threads

LEVEL = 0.9
# Level of a simulation of this many repetitions, three standard errors below.
REPETITIONS = 300
TOLERATED = 3 * np.sqrt(LEVEL * (1 - LEVEL) / REPETITIONS)


def reject_literally(scores, std_errors, draws, hypotheses, level, stepdown):
    """Walk the paper's algorithm over a list of ordered pairs (j, k): 'j is not above k'."""
    left, rejected = set(hypotheses), set()
    place = int(np.ceil(level * (draws.shape[1] + 1) - 1e-9)) - 1
    while left:
        spread = {(j, k): np.hypot(std_errors[j], std_errors[k]) for j, k in left}
        maxima = np.max([(draws[j] - draws[k]) / spread[j, k] for j, k in left], axis=0)
        limit = np.sort(maxima)[place]
        new = {(j, k) for j, k in left if (scores[j] - scores[k]) / spread[j, k] > limit}
        rejected |= new
        left -= new
        if not new or not stepdown:
            break
    return rejected


def make_sets_literally(scores, std_errors, draws, *, own, level, stepdown):
    n = len(scores)
    pairs = [(j, k) for j in range(n) for k in range(n) if j != k]
    low, high = np.ones(n, dtype=int), np.full(n, n)
    whole = None if own else reject_literally(scores, std_errors, draws, pairs, level, stepdown)
    for j in range(n):
        found = whole
        if own:
            mine = [pair for pair in pairs if j in pair]
            found = reject_literally(scores, std_errors, draws, mine, level, stepdown)
        low[j] += sum(second == j for _, second in found)
        high[j] -= sum(first == j for first, _ in found)
    return low, high


@pytest.mark.parametrize("stepdown", [True, False])
@pytest.mark.parametrize(
    ("compute", "own"), [(compute_simultaneous_sets, False), (compute_marginal_sets, True)]
)
def test_sets_equal_the_literal_algorithm(compute, own, stepdown):
    rng = np.random.default_rng(3)
    shrunk = 0
    for case in range(12):
        scores, std_errors = rng.normal(70, 4, 9), rng.uniform(0.5, 2.5, 9)
        errors = draw_independent(std_errors, draws=199, seed=np.random.SeedSequence(case))
        found = compute(scores, errors, level=LEVEL, stepdown=stepdown)
        low, high = make_sets_literally(
            scores, std_errors, errors.draws, own=own, level=LEVEL, stepdown=stepdown
        )
        assert found.low.tolist() == low.tolist()
        assert found.high.tolist() == high.tolist()
        shrunk += int((found.critical_value < found.first_critical_value).any())
    assert (shrunk > 0) == stepdown


def simulate_cover(truth, std_errors, compute):
    """Return the share of repetitions in which all true ranks are held, and of each centre."""
    rng = np.random.default_rng(11)
    errors = draw_independent(std_errors, draws=299, seed=np.random.SeedSequence(12))
    true_rank = rank_scores(truth)
    held = []
    for _ in range(REPETITIONS):
        scores = truth + std_errors * rng.normal(size=len(truth))
        sets = compute(scores, errors, level=LEVEL)
        held.append((sets.low <= true_rank) & (true_rank <= sets.high))
    return np.all(held, axis=1).mean(), np.mean(held, axis=0)


TRUTHS = {
    "ties": np.full(8, 70.0),
    "near_ties": 70 + 0.01 * np.arange(8),
    "groups": np.array([60.0, 60, 60, 70, 70, 80, 80, 80]),
    "apart": 60 + 6.0 * np.arange(8),
}
STD_ERRORS = np.array([1.0, 2, 1, 3, 1, 2, 1, 1.5])


@pytest.mark.parametrize("truth", TRUTHS.values(), ids=TRUTHS.keys())
def test_simultaneous_sets_hold_all_true_ranks_at_their_level(truth):
    together, _ = simulate_cover(truth, STD_ERRORS, compute_simultaneous_sets)
    assert together >= LEVEL - TOLERATED


@pytest.mark.parametrize("truth", TRUTHS.values(), ids=TRUTHS.keys())
def test_marginal_sets_hold_each_true_rank_at_their_level(truth):
    _, each = simulate_cover(truth, STD_ERRORS, compute_marginal_sets)
    assert each.min() >= LEVEL - TOLERATED


def test_the_level_is_not_held_by_being_needlessly_wide():
    # All tied and errors equal: the first step is exact, so that coverage is the level itself.
    together, _ = simulate_cover(np.full(8, 70.0), np.ones(8), compute_simultaneous_sets)
    assert together == pytest.approx(LEVEL, abs=TOLERATED)


def test_sets_shrink_with_stepdown_and_marginal_ones_are_inside():
    rng = np.random.default_rng(8)
    scores, std_errors = rng.normal(70, 10, 40), rng.uniform(0.5, 3, 40)
    errors = draw_independent(std_errors, draws=999, seed=np.random.SeedSequence(1))
    single = compute_simultaneous_sets(scores, errors, level=LEVEL, stepdown=False)
    sets = compute_simultaneous_sets(scores, errors, level=LEVEL)
    own = compute_marginal_sets(scores, errors, level=LEVEL)
    assert (sets.low >= single.low).all()
    assert (sets.high <= single.high).all()
    assert (sets.high - sets.low).sum() < (single.high - single.low).sum()
    assert (own.low >= sets.low).all()
    assert (own.high <= sets.high).all()
    assert (sets.low <= sets.rank).all()
    assert (sets.rank <= sets.high).all()


@pytest.mark.parametrize("compute", [compute_simultaneous_sets, compute_marginal_sets])
def test_sets_do_not_depend_on_threads_and_follow_the_seed(compute):
    rng = np.random.default_rng(4)
    scores, std_errors = rng.normal(70, 8, 60), rng.uniform(0.5, 4, 60)

    def find(threads, seed):
        errors = draw_independent(std_errors, draws=199, seed=np.random.SeedSequence(seed))
        with use_threads(threads):
            return compute(scores, errors, level=LEVEL)

    one, three, other = find(1, 0), find(3, 0), find(1, 1)
    assert one.critical_value.tobytes() == three.critical_value.tobytes()
    assert one.low.tobytes() + one.high.tobytes() == three.low.tobytes() + three.high.tobytes()
    assert not np.array_equal(one.critical_value, other.critical_value)


def test_independent_centres_are_the_diagonal_covariance():
    std_errors = np.array([1.0, 2.0, 0.5, 1.5])
    seed = np.random.SeedSequence(9)
    plain = draw_independent(std_errors, draws=99, seed=seed)
    whole = draw_dependent(np.diag(std_errors**2), draws=99, seed=seed)
    np.testing.assert_allclose(plain.draws, whole.draws, rtol=1e-12)
    for centre in range(4):
        np.testing.assert_allclose(
            plain.compute_pair_errors(centre), whole.compute_pair_errors(centre), rtol=1e-12
        )


def test_a_common_error_of_all_centres_moves_no_rank():
    covariance = np.full((3, 3), 4.0) + np.diag([0.01, 0.01, 0.01])
    errors = draw_dependent(covariance, draws=999, seed=np.random.SeedSequence(2))
    sets = compute_simultaneous_sets(np.array([70.0, 71.0, 72.0]), errors, level=0.95)
    assert sets.low.tolist() == sets.high.tolist() == [3, 2, 1]


def test_replicates_of_the_right_kind_are_read_like_draws():
    scores, std_errors = np.array([70.0, 75.0, 82.0]), np.array([1.0, 2.0, 1.0])
    drawn = draw_independent(std_errors, draws=999, seed=np.random.SeedSequence(3))
    replicates = scores + drawn.draws.T
    taken = take_replicates(scores, replicates, std_errors=std_errors)
    one = compute_simultaneous_sets(scores, drawn, level=0.95)
    other = compute_simultaneous_sets(scores, taken, level=0.95)
    assert one.low.tolist() == other.low.tolist()
    assert other.critical_value == pytest.approx(one.critical_value, rel=1e-12)
    assert take_replicates(scores, replicates).variance == pytest.approx([1, 4, 1], rel=0.1)


def test_scores_without_error_have_ranks_without_doubt_and_ties_keep_the_smallest():
    errors = draw_independent(np.zeros(4), draws=99, seed=np.random.SeedSequence(1))
    tied = np.array([80.0, 70.0, 70.0 + 1e-12, 60.0])
    for compute in (compute_simultaneous_sets, compute_marginal_sets):
        sets = compute(tied, errors, level=0.95)
        assert sets.rank.tolist() == [1, 2, 2, 4]
        assert sets.low.tolist() == [1, 2, 2, 4]
        assert sets.high.tolist() == [1, 3, 3, 4]
        assert sets.critical_value.tolist() == [0, 0, 0, 0]


def test_one_centre_has_rank_one():
    errors = draw_independent(np.ones(1), draws=99, seed=np.random.SeedSequence(1))
    for compute in (compute_simultaneous_sets, compute_marginal_sets):
        sets = compute(np.array([70.0]), errors, level=0.95)
        assert (sets.low.tolist(), sets.high.tolist()) == ([1], [1])


def test_lists_of_the_best_hold_the_true_ones():
    truth = np.array([60.0, 62, 64, 66, 68, 70, 72, 74])
    rng = np.random.default_rng(21)
    errors = draw_independent(STD_ERRORS, draws=299, seed=np.random.SeedSequence(22))
    best = rank_scores(truth) <= 3
    possible, certain = [], []
    for _ in range(REPETITIONS):
        sets = compute_simultaneous_sets(
            truth + STD_ERRORS * rng.normal(size=8), errors, level=LEVEL
        )
        possible.append((find_possible_best(sets, 3) >= best).all())
        certain.append((find_certain_best(sets, 3) <= best).all())
    assert np.mean(possible) >= LEVEL - TOLERATED
    assert np.mean(certain) >= LEVEL - TOLERATED


def test_lists_of_the_best_and_the_worst_by_hand():
    errors = draw_independent(np.ones(4), draws=999, seed=np.random.SeedSequence(1))
    sets = compute_simultaneous_sets(np.array([50.0, 69.0, 70.0, 90.0]), errors, level=0.95)
    assert find_possible_best(sets, 2).tolist() == [False, True, True, True]
    assert find_certain_best(sets, 2).tolist() == [False, False, False, True]
    assert find_certain_best(sets, 3).tolist() == [False, True, True, True]
    assert find_possible_worst(sets, 1).tolist() == [True, False, False, False]
    assert find_possible_worst(sets, 2).tolist() == [True, True, True, False]
    own = compute_marginal_sets(np.array([50.0, 69.0, 70.0, 90.0]), errors, level=0.95)
    with pytest.raises(StatisticsError, match="simultaneous"):
        find_possible_best(own, 2)
    with pytest.raises(StatisticsError, match="best 5 of 4"):
        find_possible_best(sets, 5)


def test_bad_input_is_refused_by_name():
    seed = np.random.SeedSequence(1)
    errors = draw_independent(np.ones(3), draws=18, seed=seed)
    scores = np.array([1.0, 2.0, 3.0])
    with pytest.raises(StatisticsError, match=r"18 draws are too few for the level 0\.95"):
        compute_simultaneous_sets(scores, errors, level=0.95)
    with pytest.raises(StatisticsError, match="1 of 3 are missing"):
        compute_marginal_sets(np.array([1.0, np.nan, 3.0]), errors, level=0.9)
    with pytest.raises(StatisticsError, match="2 scores have errors of 3"):
        compute_simultaneous_sets(scores[:2], errors, level=0.9)
    with pytest.raises(StatisticsError, match=r"from 0.5"):
        compute_simultaneous_sets(scores, errors, level=0.3)
    with pytest.raises(StatisticsError, match="1 of 2 standard errors"):
        draw_independent(np.array([1.0, -1.0]), draws=99, seed=seed)
    with pytest.raises(StatisticsError, match="2 draws"):
        draw_independent(np.ones(2), draws=1, seed=seed)
    with pytest.raises(StatisticsError, match="not a covariance"):
        draw_dependent(np.array([[1.0, 2.0], [2.0, 1.0]]), draws=99, seed=seed)
    with pytest.raises(StatisticsError, match="not a covariance"):
        draw_dependent(np.array([[1.0, 0.2], [0.1, 1.0]]), draws=99, seed=seed)
    with pytest.raises(StatisticsError, match=r"shape \(B, 3\)"):
        take_replicates(scores, np.ones((5, 2)))
    with pytest.raises(StatisticsError, match="missing values"):
        take_replicates(scores, np.full((5, 3), np.nan))
