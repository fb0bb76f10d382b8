"""Moments that lavaan saw too: Holzinger and Swineford's, and ordinal answers simulated."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clientindex.counts import count_pairs
from clientindex.factors.moments import SampleMoments
from clientindex.factors.sample import FactorSample

ROOT = Path(__file__).parents[3]
REFERENCE = ROOT / "tests" / "reference" / "models"
HOLZINGER = ROOT.parent / "shared" / "reference" / "data" / "holzinger_swineford_1939.csv"


@pytest.fixture(scope="session")
def model_folder():
    return REFERENCE


@pytest.fixture(scope="session")
def holzinger():
    """Scores of 301 pupils in nine tests."""
    if not HOLZINGER.exists():
        pytest.skip(f"the data are not at {HOLZINGER.relative_to(ROOT.parent)} beside the project")
    return pd.read_csv(HOLZINGER).drop(columns="id")


def make_moments(frame):
    """Return covariance moments with every row as a centre of its own, as lavaan has them."""
    values = frame.to_numpy(float)
    n, size = values.shape
    means = values.mean(axis=0)
    centred = values - means
    matrix = centred.T @ centred / n
    rows = np.triu_indices(size)
    products = centred[:, rows[0]] * centred[:, rows[1]] - matrix[rows]
    return SampleMoments(
        kind="covariance",
        indicators=tuple(frame.columns),
        centres=tuple(f"r{row:04d}" for row in range(n)),
        n=float(n),
        means=means,
        matrix=matrix,
        thresholds=(),
        influence=np.concatenate([centred, products], axis=1) / n,
    )


@pytest.fixture(scope="session")
def covariance_moments(holzinger):
    return make_moments(holzinger)


@pytest.fixture(scope="session")
def polychoric_moments():
    """Return lavaan's own thresholds, correlations and their covariance matrix.

    A root of the covariance matrix stands for the influences: only their products matter.
    """
    matrix = pd.read_csv(REFERENCE / "polychoric.csv")
    thresholds = pd.read_csv(REFERENCE / "thresholds.csv")["statistic"].to_numpy()
    covariance = pd.read_csv(REFERENCE / "covariance_of_statistics.csv").to_numpy()
    values, vectors = np.linalg.eigh(covariance)
    return SampleMoments(
        kind="polychoric",
        indicators=tuple(matrix.columns),
        centres=tuple(f"r{row:04d}" for row in range(len(values))),
        n=600.0,
        means=np.zeros(len(matrix)),
        matrix=matrix.to_numpy(),
        thresholds=tuple(np.split(thresholds, len(matrix))),
        influence=np.sqrt(values.clip(0))[:, None] * vectors.T,
    )


GROUPS = {"a": ["a1", "a2", "a3", "a4"], "b": ["b1", "b2", "b3", "b4"]}


@pytest.fixture(scope="session")
def ordinal_answers():
    """Answers of 600 respondents in 60 centres to eight questions on a scale of four."""
    frame = pd.read_csv(REFERENCE / "ordinal.csv")
    return frame.assign(centre=[f"c{row % 60:02d}" for row in range(len(frame))], segment="people")


@pytest.fixture(scope="session")
def make_sample(ordinal_answers, polychoric_moments, make_methodology, code_answers):
    """Return a function that makes a methodology, and the sample with lavaan's polychorics."""

    def make(answers=ordinal_answers, moments=None, **factors):
        settings = {"n_factors": 2, **factors}
        methodology = make_methodology(GROUPS, maximum=4, segments=("people",), factors=settings)
        counts = count_pairs(code_answers(answers, methodology), methodology)
        keys = list(methodology.indicator_keys)
        sample = FactorSample(
            counts=counts,
            regions=("all",) * len(counts.units),
            correlations={},
            replicates={},
            n_drawn=0,
            moments={"pearson": make_moments(answers[keys]), "polychoric": polychoric_moments}
            | (moments or {}),
            n=len(answers),
            seed=0,
        )
        return methodology, sample

    return make
