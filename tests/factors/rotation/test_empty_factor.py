"""A factor without loadings: no rotation is determined, which is said and stops nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from clientindex.errors import StatisticsError
from clientindex.factors.rotation.starts import find_transformation


def test_a_factor_without_loadings_is_refused() -> None:
    unrotated = np.column_stack([np.linspace(0.5, 0.9, 6), np.zeros(6)])
    with pytest.raises(StatisticsError, match="the loadings of 2 factors have rank 1"):
        find_transformation(unrotated, unrotated)


def test_the_transformation_turns_loadings_back() -> None:
    rng = np.random.default_rng(0)
    unrotated, turn = rng.normal(size=(6, 2)), np.array([[1.0, 0.4], [0.0, 0.9]])
    found = find_transformation(unrotated, unrotated @ np.linalg.inv(turn).T)
    np.testing.assert_allclose(found, turn, atol=1e-12)
