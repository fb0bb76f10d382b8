from __future__ import annotations

import numpy as np
import pytest

from clientindex.counts import draw_centre_weights
from clientindex.errors import StatisticsError

STRATA = ["east", "east", "east", "west", "west", "north", "south"]
MEAN_SPREAD = 0.05
"""Standard error of a mean weight over 4,000 replicates is below 0.016; three times over."""


def draw(strata: list[str], n_replicates: int = 200, seed: int = 0) -> np.ndarray:
    return draw_centre_weights(strata, n_replicates, np.random.default_rng(seed))


def test_every_replicate_weighs_as_much_as_the_centres_do() -> None:
    weights = draw(STRATA)
    assert weights.shape == (200, 7)
    assert (weights.sum(axis=1) == 7).all()
    assert (weights >= 0).all()


def test_one_centre_less_than_there_are_is_drawn_and_counts_for_the_rest() -> None:
    weights = draw(STRATA)
    assert set(weights[:, :3].ravel()) == {0, 1.5, 3}
    assert set(weights[:, 3:5].ravel()) == {0, 2}


def test_means_of_replicates_spread_as_a_mean_of_strata_does() -> None:
    """The textbook error of a stratified mean, without the factor (m - 1) / m."""
    values = np.array([1.0, 4.0, 2.5, 7.0, 3.0, 8.0, 5.0])
    members = [values[:3], values[3:5], values[5:]]
    wanted = sum(len(part) * part.var(ddof=1) for part in members) / 7**2
    means = draw(STRATA, 40_000) @ values / 7
    assert means.var() == pytest.approx(wanted, rel=0.03)
    assert means.mean() == pytest.approx(values.mean(), abs=0.02)


def test_every_region_keeps_its_number_of_centres() -> None:
    weights = draw(STRATA)
    assert (weights[:, :3].sum(axis=1) == 3).all()
    assert (weights[:, 3:5].sum(axis=1) == 2).all()


def test_regions_of_one_centre_are_drawn_together() -> None:
    weights = draw(STRATA)
    assert (weights[:, 5:].sum(axis=1) == 2).all()
    assert set(weights[:, 5]) == {0, 2}


def test_a_lone_region_of_one_centre_varies_with_the_smallest_other_region() -> None:
    weights = draw(["east", "east", "east", "west", "west", "north"])
    assert (weights[:, :3].sum(axis=1) == 3).all()
    assert (weights[:, 3:].sum(axis=1) == 3).all()
    assert set(weights[:, 5]) == {0, 1.5, 3}


def test_centres_are_drawn_equally_often() -> None:
    mean = draw(STRATA, 4000).mean(axis=0)
    assert mean == pytest.approx(np.ones(7), abs=MEAN_SPREAD)


def test_the_same_seed_gives_the_same_draws() -> None:
    np.testing.assert_array_equal(draw(STRATA, seed=0), draw(STRATA, seed=0))
    assert (draw(STRATA, seed=0) != draw(STRATA, seed=1)).any()


def test_one_centre_is_refused() -> None:
    with pytest.raises(StatisticsError, match="at least two centres"):
        draw(["east"])
