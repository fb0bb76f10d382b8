"""Answers of 800 respondents to 20 questions in five groups, and what R says of their validity."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from clientindex.factors.confirmatory.models import fit_confirmatory

REFERENCE = Path(__file__).parents[2] / "reference"
GROUPS = {group: [f"{group}{number}" for number in (1, 2, 3, 4)] for group in "abcde"}


@pytest.fixture(scope="session")
def validity_folder():
    return REFERENCE / "validity"


@pytest.fixture(scope="session")
def grouped_answers():
    return pd.read_csv(REFERENCE / "number" / "answers.csv")


@pytest.fixture(scope="session")
def make_groups(make_methodology):
    """Return a function that makes a methodology of five groups, fitted by WLSMV only."""

    def make(groups=GROUPS, *, replicates=100, **factors):
        settings = {"n_factors": 2, "estimators": ["wlsmv"], **factors}
        return make_methodology(
            groups, factors=settings, intervals={"bootstrap_replicates": replicates}
        )

    return make


@pytest.fixture(scope="session")
def draw(sample_answers):
    """Return a function that draws the sample of answers and fits the standard models."""

    def draw(answers, methodology):
        sample = sample_answers(answers, methodology)
        return sample, fit_confirmatory(sample, methodology)

    return draw
