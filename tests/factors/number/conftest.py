"""Matrices and answers that R was given, and the panel of rules asked about the answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from clientindex.counts import count_pairs
from clientindex.factors.number import compute_factor_number
from clientindex.factors.number.margins import Margins, read_margins
from clientindex.factors.sample import draw_factor_sample

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.factors.sample import FactorSample
    from clientindex.methodology import Methodology
    from clientindex.results import FactorNumber

REFERENCE = Path(__file__).parents[2] / "reference"
FOLDER = REFERENCE / "number"
GROUPS = {group: [f"{group}{number}" for number in range(1, 5)] for group in "abcde"}
SETTINGS = {
    "intervals": {"bootstrap_replicates": 100},
    "factors": {"n_factors": 2, "random_replicates": 100},
}


@pytest.fixture(scope="session")
def read_reference() -> Callable[[str], pd.DataFrame]:
    return lambda name: pd.read_csv(FOLDER / f"{name}.csv")


@pytest.fixture(scope="session")
def answers() -> pd.DataFrame:
    """Answers of 800 respondents of 40 centres to 20 questions about five correlated factors."""
    return pd.read_csv(FOLDER / "answers.csv").assign(segment="citizens")


@pytest.fixture(scope="session")
def matrices(answers: pd.DataFrame) -> dict[str, tuple[Any, int]]:
    """Return correlation matrices that R was given, with their numbers of respondents."""
    known = pd.read_csv(REFERENCE / "exploratory" / "hs_correlations.csv").to_numpy()
    items = [key for keys in GROUPS.values() for key in keys]
    return {
        "hs": (known, 301),
        "pearson": (np.corrcoef(answers[items].to_numpy(float).T), 800),
        "polychoric": (pd.read_csv(FOLDER / "polychoric.csv").to_numpy(), 800),
    }


@pytest.fixture(scope="session")
def strata(answers: pd.DataFrame) -> dict[str, str]:
    """Two regions of 20 centres."""
    centres = sorted(set(answers["centre"]))
    return {centre: "east" if centre < "k21" else "west" for centre in centres}


@pytest.fixture(scope="session")
def methodology(make_methodology: Any) -> Methodology:
    return make_methodology(GROUPS, **SETTINGS)


@pytest.fixture(scope="session")
def draw(code_answers: Any, strata: dict[str, str]) -> Callable[..., FactorSample]:
    """Return a function from answers and a methodology to the sample that the rules read."""

    def draw_sample(frame: pd.DataFrame, methodology: Methodology) -> FactorSample:
        counts = count_pairs(code_answers(frame, methodology), methodology)
        regions = {centre: strata.get(centre, "east") for centre in counts.units["centre"]}
        return draw_factor_sample(
            counts, methodology, strata=regions, seed=np.random.SeedSequence(0)
        )

    return draw_sample


@pytest.fixture(scope="session")
def sample(answers: pd.DataFrame, methodology: Methodology, draw: Any) -> FactorSample:
    return draw(answers, methodology)


@pytest.fixture(scope="session")
def margins(sample: FactorSample, methodology: Methodology) -> Margins:
    return read_margins(sample, methodology)


@pytest.fixture(scope="session")
def result(sample: FactorSample, methodology: Methodology) -> FactorNumber:
    return compute_factor_number(sample, methodology, seed=np.random.SeedSequence(1))


@pytest.fixture(scope="session")
def short(make_methodology: Any) -> Methodology:
    """Ask about two groups of four questions."""
    return make_methodology({group: GROUPS[group] for group in "ab"}, **SETTINGS)


@pytest.fixture(scope="session")
def short_result(answers: pd.DataFrame, short: Methodology, draw: Any) -> FactorNumber:
    return compute_factor_number(draw(answers, short), short, seed=np.random.SeedSequence(1))
