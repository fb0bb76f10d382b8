"""The methodology of 2026 and made-up indicator means, some of them missing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from clientindex.counts import CentreMoments
from clientindex.methodology import Methodology
from clientindex.rating import assign_stars, compute_scores

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.results import Stars

    MakeMethodology = Callable[..., Methodology]

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def make_methodology() -> MakeMethodology:
    path = ROOT / "methodology" / "2026.yml"
    base = YAML(typ="safe").load(path.read_text(encoding="utf-8"))

    def make(**sensitivity: Any) -> Methodology:
        settings = {**base["sensitivity"], "draws": 60, **sensitivity}
        return Methodology.model_validate({**base, "sensitivity": settings})

    return make


@pytest.fixture(scope="session")
def methodology(make_methodology: MakeMethodology) -> Methodology:
    return make_methodology()


def moments_of(mean: np.ndarray, methodology: Methodology) -> CentreMoments:
    """Make moments of means of shape (C, S, K) with 40 answers and a variance of 4 each."""
    n_centres, n_segments, n_items = mean.shape
    variance = np.where(np.isnan(mean), np.nan, 4.0)
    cov = np.where(np.eye(n_items, dtype=bool), variance[..., None], 0.0)
    answered = ~np.isnan(mean)
    return CentreMoments(
        centres=tuple(f"C{i:03d}" for i in range(n_centres)),
        segments=methodology.segment_keys,
        indicators=methodology.indicator_keys,
        mean=mean,
        n=np.where(answered, 40.0, 0.0),
        cov_mean=cov,
        n_respondents=np.where(answered.any(axis=-1), 40.0, 0.0).reshape(n_centres, n_segments),
        std_error_method="exact",
    )


def rate_moments(moments: CentreMoments, methodology: Methodology) -> Stars:
    register = pd.DataFrame({"centre": moments.centres, "name": "n", "region": "R"})
    return assign_stars(compute_scores(moments, methodology), methodology, register=register)


@pytest.fixture(scope="session")
def moments(methodology: Methodology) -> CentreMoments:
    """Return means of 30 centres; some indicators are missing, and employers in every fifth."""
    rng = np.random.default_rng(11)
    level = rng.normal(70, 8, (30, 1, 1))
    mean = np.clip(level + rng.normal(0, 10, (30, 2, 20)), 0, 100)
    mean[rng.random(mean.shape) < 0.05] = np.nan
    mean[::5, 1, :] = np.nan
    return moments_of(mean, methodology)


@pytest.fixture(scope="session")
def stars(moments: CentreMoments, methodology: Methodology) -> Stars:
    return rate_moments(moments, methodology)


@pytest.fixture(scope="session")
def make_moments() -> Callable[..., CentreMoments]:
    return moments_of


@pytest.fixture(scope="session")
def rate() -> Callable[..., Stars]:
    return rate_moments
