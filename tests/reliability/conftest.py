"""What R says of the covariances of tests/reference/reliability."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

REFERENCE = Path(__file__).parents[1] / "reference" / "reliability"


@pytest.fixture(scope="session")
def reliability_folder():
    return REFERENCE


@pytest.fixture(scope="session")
def covariances():
    """Covariance matrices by name of the data."""
    table = pd.read_csv(REFERENCE / "covariances.csv")
    found = {}
    for name, rows in table.groupby("data"):
        at = rows["row"].to_numpy() - 1, rows["column"].to_numpy() - 1
        matrix = np.zeros((at[1].max() + 1,) * 2)
        matrix[at] = matrix[at[::-1]] = rows["value"]
        found[name] = matrix
    return found


@pytest.fixture(scope="session")
def coefficients():
    """Coefficients of R by data and statistic."""
    table = pd.read_csv(REFERENCE / "coefficients.csv")
    return table.set_index(["data", "statistic"])["value"]
