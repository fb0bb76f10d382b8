"""Effective weights against those of COINr, and what is refused."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clientindex.errors import StatisticsError
from clientindex.rating.aggregation import Level
from clientindex.sensitivity.importance import compute_effective_weights

ASEM = Path(__file__).parents[4] / "shared" / "data" / "asem_coinr"
TOLERANCE = 1e-12


def make_levels(meta: pd.DataFrame) -> list[Level]:
    names = [meta.loc[meta["Level"] == level, "iCode"].tolist() for level in (1, 2, 3, 4)]
    rows = meta.set_index("iCode")
    return [
        Level(
            parent_of=np.array([parents.index(p) for p in rows.loc[children, "Parent"]]),
            weights=rows.loc[children, "Weight"].to_numpy(float),
        )
        for children, parents in pairwise(names)
    ]


def test_effective_weights_are_those_of_coinr() -> None:
    if not ASEM.is_dir():
        pytest.skip("../shared/data/asem_coinr is absent: not compared with COINr")
    meta = pd.read_csv(ASEM / "iMeta.csv")
    expected = pd.read_csv(ASEM / "eff_weights.csv").set_index("iCode")["EffWeight"]
    found = compute_effective_weights(make_levels(meta))
    for level, weights in enumerate(found, start=1):
        names = meta.loc[meta["Level"] == level, "iCode"]
        np.testing.assert_allclose(weights, expected[names], rtol=0, atol=TOLERANCE)
        assert weights.sum() == pytest.approx(1, abs=TOLERANCE)


def test_weights_that_cannot_be_are_refused() -> None:
    parent_of = np.array([0, 0])
    with pytest.raises(StatisticsError, match="0 or more"):
        compute_effective_weights([Level(parent_of=parent_of, weights=np.array([1.5, -0.5]))])
    with pytest.raises(StatisticsError, match="parent 0 weigh 0"):
        compute_effective_weights([Level(parent_of=parent_of, weights=np.zeros(2))])
