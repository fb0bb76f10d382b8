"""Fitting of cells to margins and cutting of weights."""

from __future__ import annotations

import numpy as np
import pytest

from clientindex.rating.answer_weights import Margins, count_effective, rake, rake_respondents

TWO_BY_TWO = np.array([[0, 0, 1, 1], [0, 1, 0, 1]], dtype=np.int32)


def make_margins(first: float, second: float) -> Margins:
    return Margins(level_of=TWO_BY_TWO, shares=np.array([[first, 1 - first], [second, 1 - second]]))


def test_margins_are_met_and_the_odds_ratio_stays() -> None:
    start = np.array([30.0, 10.0, 20.0, 40.0])
    weight, fit = rake(start, make_margins(0.55, 0.3))
    total = weight.sum()
    assert (weight[0] + weight[1]) / total == pytest.approx(0.55, abs=1e-9)
    assert (weight[0] + weight[2]) / total == pytest.approx(0.30, abs=1e-9)
    odds = weight[0] * weight[3] / (weight[1] * weight[2])
    assert odds == pytest.approx(30 * 40 / (10 * 20), rel=1e-9)  # what raking leaves alone
    assert fit.converged
    assert fit.gap <= 1e-9


def test_one_margin_is_poststratification_by_hand() -> None:
    margins = Margins(level_of=np.array([[0, 1]], dtype=np.int32), shares=np.array([[0.5, 0.5]]))
    weight, fit = rake(np.array([10.0, 30.0]), margins)
    np.testing.assert_allclose(weight, [20, 20])
    assert fit.iterations == 1


def test_cells_outside_a_margin_keep_their_weight() -> None:
    margins = Margins(
        level_of=np.array([[0, 1, -1]], dtype=np.int32), shares=np.array([[0.5, 0.5]])
    )
    weight, _ = rake(np.array([10.0, 30.0, 7.0]), margins)
    np.testing.assert_allclose(weight, [20, 20, 7])


def test_what_cannot_converge_says_so() -> None:
    """Everybody of level 0 in one margin is of level 0 in the other: shares cannot differ."""
    margins = Margins(
        level_of=np.array([[0, 1], [0, 1]], dtype=np.int32),
        shares=np.array([[0.5, 0.5], [0.9, 0.1]]),
    )
    _, fit = rake(np.array([5.0, 5.0]), margins, max_iterations=50)
    assert not fit.converged
    assert fit.iterations == 50
    assert fit.gap == pytest.approx(0.4)


def test_cut_weights_stay_under_the_limit_and_meet_margins_where_they_can() -> None:
    """Limit by hand: three of ten are to be half of all, so each has 5/3 of the mean weight."""
    cell_of = np.array([0] * 3 + [1] * 7, dtype=np.int32)
    margins = Margins(level_of=np.array([[0, 1]], dtype=np.int32), shares=np.array([[0.5, 0.5]]))
    base = np.ones(10)
    free, fit = rake_respondents(base, cell_of, margins)
    np.testing.assert_allclose(free[:3], 5 / 3)
    assert fit.converged
    same, fit = rake_respondents(base, cell_of, margins, limit=1.7)
    np.testing.assert_allclose(same, free)
    assert fit.converged
    cut, fit = rake_respondents(base, cell_of, margins, limit=1.5)
    np.testing.assert_allclose(cut.max() / cut.mean(), 1.5)
    assert not fit.converged
    assert fit.gap == pytest.approx(0.5 - 3 * 1.5 / 10)


def test_cutting_single_heavy_weights_still_meets_margins() -> None:
    rng = np.random.default_rng(1)
    base = np.exp(rng.normal(0, 1, 200))
    cell_of = rng.integers(0, 4, 200).astype(np.int32)
    cut, fit = rake_respondents(base, cell_of, make_margins(0.5, 0.4), limit=3)
    assert cut.max() <= 3 * cut.mean() * (1 + 1e-6)
    assert fit.gap < 1e-6
    assert cut.sum() == pytest.approx(base.sum())


def test_effective_sample_size_by_hand() -> None:
    weight = np.array([1.0, 1.0, 2.0])
    n_eff = count_effective(np.array([weight.sum()]), np.array([(weight**2).sum()]))
    assert n_eff[0] == pytest.approx(16 / 6)
