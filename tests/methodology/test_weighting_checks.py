"""Settings of weights and case mix that contradict each other are refused, each by its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from clientindex.errors import MethodologyError
from clientindex.methodology import load_methodology

SOURCE = Path(__file__).parents[2] / "methodology" / "2026.yml"
PERIODS = {"aggregation": "arithmetic", "periods": {"weights": {"q1": 0.5, "q2": 0.5}}}
RAKED = {"margins": "region", "traits": ["sex"]}
SETS = {"sets": {"basic": ["sex"]}}


def write(folder: Path, **settings: Any) -> Path:
    yaml = YAML(typ="safe")
    raw = yaml.load(SOURCE.read_text(encoding="utf-8"))
    path = folder / "methodology.yml"
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(raw | settings, file)
    return path


@pytest.mark.parametrize(
    ("settings", "place", "read"),
    [
        (
            {"answer_weights": RAKED, "scoring": PERIODS},
            "scoring.periods",
            "weights of periods beside weighted or adjusted answers",
        ),
        (
            {"case_mix": {**SETS, "published": "basic"}, "scoring": PERIODS},
            "scoring.periods",
            "weights of periods beside weighted or adjusted answers",
        ),
        ({"case_mix": {**SETS, "weighted": True}}, "case_mix.weighted", "no weights"),
        (
            {"answer_weights": RAKED, "case_mix": {**SETS, "published": "basic"}},
            "case_mix.weighted",
            "false, with weighted answers and published adjusted scores",
        ),
        ({"answer_weights": {"margins": "region"}}, "answer_weights", "needs 'traits'"),
        ({"case_mix": {**SETS, "published": "full"}}, "case_mix", "'full' is none of the sets"),
    ],
)
def test_contradictions_are_refused(settings: Any, place: str, read: str, tmp_path: Path) -> None:
    with pytest.raises(MethodologyError) as refused:
        load_methodology(write(tmp_path, **settings))
    assert place in str(refused.value)
    assert read in str(refused.value)


def test_what_fits_together_is_read(tmp_path: Path) -> None:
    found = load_methodology(
        write(
            tmp_path,
            traits={"age_bands": [25, 45, 60]},
            answer_weights={**RAKED, "trim": 5},
            case_mix={**SETS, "published": "basic", "weighted": True},
            doubt={"draws": 500, "shrinkage": {"covariates": ["region", "checklist"]}},
            regional={"target": 70, "fdr": 0.1},
            change={"fdr": 0.1},
        )
    )
    assert found.answer_weights.trim == 5
    assert found.case_mix.published == "basic"
    assert found.traits.age_bands == (25, 45, 60)
    assert found.doubt.shrinkage.covariates == ("region", "checklist")
    assert found.regional.target == 70
    assert found.change.fdr == 0.1
