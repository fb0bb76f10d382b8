"""Answers of tests/reference/levels: balanced and complete, or unbalanced with gaps."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

REFERENCE = Path(__file__).parents[2] / "reference" / "levels"
GROUPS = {group: [f"{group}{number}" for number in (1, 2, 3)] for group in "ab"}


@pytest.fixture(scope="session")
def levels_folder():
    return REFERENCE


@pytest.fixture(scope="session")
def balanced():
    return pd.read_csv(REFERENCE / "balanced.csv")


@pytest.fixture(scope="session")
def gaps():
    return pd.read_csv(REFERENCE / "gaps.csv")


@pytest.fixture(scope="session")
def make_two_groups(make_methodology):
    """Return a function that makes a methodology of two groups of three on a scale of seven."""

    def make(groups=GROUPS, *, replicates=200, **changes):
        return make_methodology(
            groups,
            maximum=7,
            factors={"n_factors": 2},
            intervals={"bootstrap_replicates": replicates},
            **changes,
        )

    return make
