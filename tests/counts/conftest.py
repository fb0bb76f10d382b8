"""Small clustered answers with missing values for the tests of the counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

if TYPE_CHECKING:
    from clientindex.methodology import Methodology


@pytest.fixture(scope="session")
def methodology(make_methodology: Any) -> Methodology:
    """Three indicators answered 1-4, the second reverse-keyed."""
    return make_methodology(
        {"front": ["a", "b"], "back": ["c"]},
        reversed_keys=("b",),
        maximum=4,
        segments=("citizens", "employers"),
    )


@pytest.fixture(scope="session")
def answers() -> pd.DataFrame:
    """150 respondents of four centres, two segments and two quarters; a tenth left empty."""
    rng = np.random.default_rng(5)
    n = 150
    frame = pd.DataFrame(rng.integers(1, 5, size=(n, 3)), columns=list("abc"))
    frame["c"] = np.where(rng.random(n) < 0.5, frame["a"], frame["c"])
    frame = frame.mask(rng.random((n, 3)) < 0.1)
    return frame.assign(
        centre=rng.choice(["k1", "k2", "k3", "k4"], n),
        segment=rng.choice(["citizens", "employers"], n),
        period=rng.choice(["Q1", "Q2"], n),
    )
