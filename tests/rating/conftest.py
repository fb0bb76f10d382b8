"""A small methodology and raw answers, so that every score can be recomputed row by row."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from clientindex.counts import CentreMoments, compute_centre_moments, count_pairs
from clientindex.intake.tables import Responses
from clientindex.methodology import Methodology

if TYPE_CHECKING:
    from collections.abc import Callable

    MakeMethodology = Callable[..., Methodology]
    MakeMoments = Callable[[pd.DataFrame, Methodology], CentreMoments]

ROOT = Path(__file__).parents[2]
TEXT = {"ru": "текст", "en": "text"}
GROUPS = {"front": (0.6, {"a": 0.7, "b": 0.3}), "back": (0.4, {"c": 0.5, "d": 0.25, "e": 0.25})}
KEYS = ("a", "b", "c", "d", "e")


@pytest.fixture(scope="session")
def make_methodology() -> MakeMethodology:
    """Return a function that makes two groups of five indicators; `b` is reverse-keyed."""
    path = ROOT / "methodology" / "2026.yml"
    base = YAML(typ="safe").load(path.read_text(encoding="utf-8"))

    def make(**scoring: Any) -> Methodology:
        raw = dict(base)
        raw["segments"] = [
            {"key": "citizens", "name": TEXT, "weight": 0.7},
            {"key": "employers", "name": TEXT, "weight": 0.3},
        ]
        raw["groups"] = [
            {"key": key, "name": TEXT, "weight": weight, "indicators": inner}
            for key, (weight, inner) in GROUPS.items()
        ]
        direction = {"b": "negative"}
        raw["indicators"] = [
            {
                "key": k,
                "name": TEXT,
                "question": TEXT,
                "direction": direction.get(k, "positive"),
            }
            for k in KEYS
        ]
        raw["scoring"] = {**base["scoring"], **scoring}
        raw["stars"] = {**base["stars"], "minimum_sample": 5}
        raw["factors"] = {**base["factors"], "n_factors": 2}
        return Methodology.model_validate(raw)

    return make


@pytest.fixture(scope="session")
def methodology(make_methodology: MakeMethodology) -> Methodology:
    return make_methodology()


@pytest.fixture(scope="session")
def make_moments() -> MakeMoments:
    """Return a function from raw answers (0 = no answer) to the moments of centres."""

    def make(answers: pd.DataFrame, methodology: Methodology) -> CentreMoments:
        labels = answers[["centre", "segment"]].assign(period="")
        units = labels.drop_duplicates().sort_values(["centre", "segment"], ignore_index=True)
        unit_of = pd.MultiIndex.from_frame(units).get_indexer(pd.MultiIndex.from_frame(labels))
        codes = answers[list(methodology.indicator_keys)].to_numpy(np.uint8)
        responses = Responses(units=units, unit_of=unit_of.astype(np.int32), codes=codes)
        return compute_centre_moments(count_pairs(responses, methodology), methodology)

    return make


def draw_answers(seed: int, *, missing: float, centres: int = 12, size: int = 300) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    quality = rng.normal(0, 0.8, centres)
    centre = rng.integers(0, centres, size)
    latent = quality[centre, None] + rng.normal(0, 1, (size, 1)) + rng.normal(0, 1, (size, 5))
    codes = np.clip(np.round(3.6 + latent), 1, 5).astype(np.uint8)
    codes[:, 1] = 6 - codes[:, 1]
    codes[rng.random(codes.shape) < missing] = 0
    frame = pd.DataFrame(codes, columns=list(KEYS))
    frame.insert(0, "centre", [f"C{i:02d}" for i in centre])
    frame.insert(1, "segment", rng.choice(["citizens", "employers"], size, p=[0.75, 0.25]))
    return frame


@pytest.fixture(scope="session")
def complete_answers() -> pd.DataFrame:
    return draw_answers(1, missing=0.0)


@pytest.fixture(scope="session")
def answers() -> pd.DataFrame:
    """Answers with 15 % missing and some small centres."""
    return draw_answers(2, missing=0.15, centres=25, size=220)


@pytest.fixture(scope="session")
def sparse_answers() -> pd.DataFrame:
    """So few answers that indicators and whole groups are missing in many centres."""
    return draw_answers(3, missing=0.55, centres=60, size=150)
