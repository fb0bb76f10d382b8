"""The answers of tests/reference/polychoric, by centre or with every respondent a centre."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from clientindex.counts import count_pairs

REFERENCE = Path(__file__).parents[2] / "reference" / "polychoric"
GROUPS = {"f": ["f1", "f2", "f3", "f4"], "y": ["y1", "y2", "y3"]}
YES_OR_NO = {key: {"minimum": 1, "maximum": 2} for key in GROUPS["y"]}
NOTHING_ADDED = {"two_by_two": 0.0, "larger": 0.0}


@pytest.fixture(scope="session")
def polychoric_folder():
    return REFERENCE


@pytest.fixture(scope="session")
def mixed_answers():
    """Answers of 500 respondents of 25 centres; `age` is a covariate."""
    return pd.read_csv(REFERENCE / "answers.csv")


@pytest.fixture(scope="session")
def make_mixed(make_methodology):
    """Return a function that makes a methodology for the answers of `mixed_answers`."""

    def make(*, reversed_keys=("f4",), **factors):
        settings = {"n_factors": 2, "zero_cells": NOTHING_ADDED, **factors}
        return make_methodology(
            GROUPS, reversed_keys=reversed_keys, own_scales=YES_OR_NO, factors=settings
        )

    return make


@pytest.fixture(scope="session")
def count_answers(code_answers):
    """Return a function that counts answers by centre, or with every respondent a centre."""

    def count(answers, methodology, *, alone=False):
        if alone:
            answers = answers.assign(centre=[f"r{row:05d}" for row in range(len(answers))])
        return count_pairs(code_answers(answers, methodology), methodology)

    return count
