"""The benefit of the doubt against all corners of small programmes."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from clientindex.errors import StatisticsError
from clientindex.sensitivity.weight_sources.benefit import compute_benefit, find_undominated

SOLVED = 1e-7
"""HiGHS keeps constraints to 1e-7."""


def score_by_corners(y: np.ndarray, own: int, low: np.ndarray, high: np.ndarray) -> float:
    """Return the best score over all corners of the polytope of weights."""
    n = y.shape[1]
    centre = y[own]
    eye = np.eye(n)
    rows = np.vstack(
        [
            y,
            -eye,
            low[:, None] * centre - eye * centre,
            eye * centre - high[:, None] * centre,
        ]
    )
    ends = np.concatenate([np.ones(len(y)), np.zeros(3 * n)])
    best = -np.inf
    for active in combinations(range(len(rows)), n):
        at = list(active)
        if abs(np.linalg.det(rows[at])) < 1e-12:
            continue
        corner = np.linalg.solve(rows[at], ends[at])
        if (rows @ corner <= ends + 1e-9).all():
            best = max(best, float(corner @ centre))
    return best


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("n", [2, 3])
def test_scores_equal_those_of_all_corners(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    y = rng.uniform(20, 95, (6, n))
    low, high = np.full(n, 0.4 / n), np.full(n, 1.7 / n)
    found = compute_benefit(y, lowest=low, highest=high, reference=np.full(n, 1 / n))
    expected = [score_by_corners(y, own, low, high) for own in range(len(y))]
    np.testing.assert_allclose(found.score, expected, rtol=0, atol=SOLVED)
    assert (found.shares >= low - SOLVED).all()
    assert (found.shares <= high + SOLVED).all()
    np.testing.assert_allclose(found.shares.sum(axis=1), 1)
    np.testing.assert_allclose(found.weights.sum(axis=1), 1)


def test_shares_give_the_score() -> None:
    rng = np.random.default_rng(7)
    y = rng.uniform(30, 90, (40, 4))
    found = compute_benefit(y, lowest=0.1, highest=0.5, reference=[0.4, 0.3, 0.2, 0.1])
    scale = found.score / (found.weights * y).sum(axis=1)
    weights = found.weights * scale[:, None]
    np.testing.assert_allclose(
        (weights[:, None, :] * y[None]).sum(axis=2).max(axis=1), 1, atol=1e-6
    )
    np.testing.assert_allclose(weights * y / found.score[:, None], found.shares, atol=1e-9)


def test_free_weights_take_the_best_group() -> None:
    """Without bounds the third centre is best off with 1/110 for both groups (60 / 110)."""
    y = np.array([[100.0, 10.0], [10.0, 100.0], [50.0, 10.0]])
    found = compute_benefit(y, lowest=0, highest=1, reference=0.5)
    np.testing.assert_allclose(found.score[:2], 1, atol=SOLVED)
    assert found.score[2] == pytest.approx(60 / 110, abs=SOLVED)


def test_fixed_shares_leave_no_choice() -> None:
    y = np.array([[80.0, 40.0], [60.0, 60.0], [40.0, 20.0]])
    found = compute_benefit(y, lowest=0.5, highest=0.5, reference=0.5)
    np.testing.assert_allclose(found.shares, 0.5, atol=SOLVED)
    # w_g = s / (2 y_g); the binding rival has the largest mean ratio to the centre.
    ratios = (y[None] / y[:, None]).mean(axis=2).max(axis=1)
    np.testing.assert_allclose(found.score, 1 / ratios, atol=SOLVED)


def test_of_weights_that_are_as_good_the_nearest_are_taken() -> None:
    y = np.array([[90.0, 90.0, 90.0], [50.0, 60.0, 40.0]])
    reference = np.array([0.5, 0.3, 0.2])
    found = compute_benefit(y, lowest=0.1, highest=0.6, reference=reference)
    np.testing.assert_allclose(found.shares[0], reference, atol=1e-6)


def test_dominated_centres_bind_nothing() -> None:
    y = np.array([[3, 3], [1, 4], [2, 2], [3, 3], [4, 1], [3, 1.0]])
    assert find_undominated(y).tolist() == [0, 1, 4]
    rng = np.random.default_rng(1)
    y = rng.uniform(10, 90, (60, 3))
    settings = {"lowest": 0.2, "highest": 0.5, "reference": 1 / 3}
    whole = compute_benefit(y, **settings)
    few = compute_benefit(y[find_undominated(y)], **settings)
    np.testing.assert_allclose(whole.score[find_undominated(y)], few.score, atol=SOLVED)


@pytest.mark.parametrize(
    ("values", "bounds", "words"),
    [
        ([[1, 0], [1, 2]], (0, 1), "1 of 2 centres"),
        ([[1, np.nan]], (0, 1), "1 of 1 centres"),
        ([[1, 2]], (0.6, 1), "no shares lie within"),
        ([[1, 2]], (0, 0.4), "no shares lie within"),
        ([[1, 2]], (0.5, 0.4), "not above the upper"),
        ([1, 2], (0, 1), "table"),
    ],
)
def test_bad_input_is_refused(values: object, bounds: tuple[float, float], words: str) -> None:
    with pytest.raises(StatisticsError, match=words):
        compute_benefit(values, lowest=bounds[0], highest=bounds[1], reference=0.5)  # type: ignore[arg-type]


def test_a_reference_sums_to_one() -> None:
    with pytest.raises(StatisticsError, match="sum to 1"):
        compute_benefit([[1, 2]], lowest=0, highest=1, reference=0.6)
