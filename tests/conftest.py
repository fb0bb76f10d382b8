"""Factories shared by the tests of the statistics: a methodology of any shape and coded answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from clientindex.intake.tables import Responses
from clientindex.methodology import Methodology

ROOT = Path(__file__).parents[1]
TEXT = {"ru": "текст", "en": "text"}
UNIT = ["centre", "segment", "period"]

MakeMethodology = Callable[..., Methodology]
CodeAnswers = Callable[[pd.DataFrame, Methodology], Responses]


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
