"""Shared by the rooms of the factor analysis."""

from __future__ import annotations

import numpy as np
import pytest

from clientindex.counts import count_pairs
from clientindex.factors.sample import draw_factor_sample


@pytest.fixture(scope="session")
def sample_answers(code_answers):
    """Return a function that counts answers and draws their sample; all centres are one region."""

    def sample(answers, methodology):
        counts = count_pairs(code_answers(answers, methodology), methodology)
        strata = dict.fromkeys(answers["centre"], "all")
        seed = np.random.SeedSequence(7)
        return draw_factor_sample(counts, methodology, strata=strata, seed=seed)

    return sample
