"""What R says of the covariances of tests/reference/reliability."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clientindex.counts import count_pairs

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


LETTERS = {"a": 5, "b": 4, "c": 6}


@pytest.fixture(scope="session")
def reliability_answers():
    """Answers of 600 respondents of 40 centres in five regions; a3 is worded the other way."""
    return pd.read_csv(REFERENCE / "answers.csv")


@pytest.fixture(scope="session")
def make_letters(make_methodology):
    """Return a function that makes a methodology of groups of these answers."""

    def make(groups=None, *, replicates=200, reversed_keys=("a3",), **changes):
        chosen = groups or {
            letter: [f"{letter}{number + 1}" for number in range(size)]
            for letter, size in LETTERS.items()
        }
        return make_methodology(
            chosen,
            reversed_keys=tuple(
                key for key in reversed_keys if any(key in members for members in chosen.values())
            ),
            intervals={"bootstrap_replicates": replicates},
            **changes,
        )

    return make


@pytest.fixture(scope="session")
def count_letters(code_answers):
    """Return a function from answers to counts and the region of every centre."""

    def count(answers, methodology):
        counts = count_pairs(code_answers(answers, methodology), methodology)
        return counts, dict(zip(answers["centre"], answers["region"], strict=True))

    return count
