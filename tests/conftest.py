"""Shared by the tests of the statistics: factories, and the answers that R was given.

`make_methodology` and `code_answers` turn any small table into counts. The fixtures named `r_...`
are the simulated answers of tests/reference/psychometrics with a methodology that fits them.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis
import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from clientindex.counts import PairCounts, count_pairs
from clientindex.intake.tables import Responses
from clientindex.methodology import Methodology, load_methodology

ROOT = Path(__file__).parents[1]
TEXT = {"ru": "текст", "en": "text"}
UNIT = ["centre", "segment", "period"]

MakeMethodology = Callable[..., Methodology]
CodeAnswers = Callable[[pd.DataFrame, Methodology], Responses]

# How long an example takes says nothing when other processes use the same processors.
hypothesis.settings.register_profile(
    "shared", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("shared")


def pytest_collection_finish() -> None:
    """Take what is loaded by now out of what the collector walks over: it stays to the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def make_methodology() -> MakeMethodology:
    """Return a function that makes a methodology of equal weights from groups of keys."""
    raw = YAML(typ="safe").load((ROOT / "methodology" / "2026.yml").read_text(encoding="utf-8"))

    def make(
        groups: dict[str, list[str]],
        *,
        reversed_keys: tuple[str, ...] = (),
        maximum: int = 5,
        segments: tuple[str, ...] = ("citizens",),
        own_scales: dict[str, Any] | None = None,
        **changes: Any,
    ) -> Methodology:
        keys = [key for members in groups.values() for key in members]
        own = own_scales or {}
        settings = raw | {
            "scale": {"minimum": 1, "maximum": maximum},
            "checklist": None,
            "segments": [
                {"key": key, "name": TEXT, "weight": 1 / len(segments)} for key in segments
            ],
            "groups": [
                {"key": key, "name": TEXT, "weight": 1 / len(groups), "indicators": members}
                for key, members in groups.items()
            ],
            "indicators": [
                {
                    "key": key,
                    "name": TEXT,
                    "question": TEXT,
                    "direction": "negative" if key in reversed_keys else "positive",
                    "scale": own.get(key),
                }
                for key in keys
            ],
        }
        for name, change in changes.items():
            settings[name] = {**raw[name], **change}
        return Methodology.model_validate(settings)

    return make


@pytest.fixture(scope="session")
def code_answers() -> CodeAnswers:
    """Return a function from answers (NaN = none) on a scale from 1 to coded responses."""

    def code(frame: pd.DataFrame, methodology: Methodology) -> Responses:
        labels = frame.assign(**{name: "" for name in UNIT if name not in frame})[UNIT]
        units = labels.drop_duplicates().sort_values(UNIT, ignore_index=True)
        unit_of = pd.MultiIndex.from_frame(units).get_indexer(pd.MultiIndex.from_frame(labels))
        answers = frame[list(methodology.indicator_keys)].to_numpy(float)
        return Responses(
            units=units,
            unit_of=unit_of.astype(np.int32),
            codes=np.nan_to_num(answers).astype(np.uint8),
        )

    return code


R_REFERENCE = Path(__file__).parent / "reference" / "psychometrics"
R_GROUPS = {"a": ["a1", "a2", "a3"], "b": ["b1", "b2", "b3"], "c": ["c1", "c2", "c3"]}
R_SETTINGS = {"intervals": {"bootstrap_replicates": 200}, "factors": {"n_factors": 3}}


@pytest.fixture(scope="session")
def r_folder() -> Path:
    return R_REFERENCE


@pytest.fixture(scope="session")
def r_answers() -> pd.DataFrame:
    return pd.read_csv(R_REFERENCE / "answers.csv").assign(segment="citizens")


@pytest.fixture(scope="session")
def r_strata(r_answers: pd.DataFrame) -> dict[str, str]:
    return dict(zip(r_answers["centre"], r_answers["region"], strict=True))


@pytest.fixture(scope="session")
def r_methodology(make_methodology: MakeMethodology) -> Methodology:
    return make_methodology(R_GROUPS, reversed_keys=("b2",), **R_SETTINGS)


@pytest.fixture(scope="session")
def r_methodology_complete(make_methodology: MakeMethodology) -> Methodology:
    settings = R_SETTINGS | {"missing_answers": {"correlations": "complete"}}
    return make_methodology(R_GROUPS, reversed_keys=("b2",), **settings)


@pytest.fixture(scope="session")
def r_counts(
    r_answers: pd.DataFrame, r_methodology: Methodology, code_answers: CodeAnswers
) -> PairCounts:
    return count_pairs(code_answers(r_answers, r_methodology), r_methodology)


@pytest.fixture(scope="session")
def bfi_methodology() -> Methodology:
    return load_methodology(ROOT / "tests" / "editions" / "bfi" / "methodology.yml")


@pytest.fixture(scope="session")
def bfi() -> pd.DataFrame:
    """Answers of 2,800 persons to 25 questions (R package psych), in 28 invented centres."""
    path = ROOT.parent / "shared" / "data" / "bfi" / "bfi.csv"
    if not path.exists():
        pytest.skip(f"the bfi data are not at {path.relative_to(ROOT.parent)} beside the project")
    frame = pd.read_csv(path)
    return frame.assign(centre=[f"k{row % 28:02d}" for row in range(len(frame))], segment="persons")


@pytest.fixture(scope="session")
def bfi_counts(
    bfi: pd.DataFrame, bfi_methodology: Methodology, code_answers: CodeAnswers
) -> PairCounts:
    return count_pairs(code_answers(bfi, bfi_methodology), bfi_methodology)
