"""A small methodology, and the published data sets beside the project when they are there."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from clientindex.methodology import Methodology
from small_pilot import SmallPilot, make_small_pilot

ROOT = Path(__file__).parents[2]
TEXT = {"ru": "текст", "en": "text"}


@pytest.fixture(scope="session")
def methodology() -> Methodology:
    """Two groups of three and two indicators; weights are uneven."""
    path = ROOT / "methodology" / "2026.yml"
    raw = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    groups = {"front": (0.6, {"a": 0.5, "b": 0.3, "c": 0.2}), "back": (0.4, {"d": 0.75, "e": 0.25})}
    raw["groups"] = [
        {"key": key, "name": TEXT, "weight": weight, "indicators": inner}
        for key, (weight, inner) in groups.items()
    ]
    raw["indicators"] = [{"key": k, "name": TEXT, "question": TEXT} for k in "abcde"]
    raw["factors"]["n_factors"] = 2
    return Methodology.model_validate(raw)


@pytest.fixture(scope="session")
def shared_reference() -> Path:
    """Return the folder of reference results beside the project, or skip saying so."""
    folder = ROOT.parent / "shared" / "reference"
    if not (folder / "agreement.csv").is_file():
        pytest.skip("../shared/reference is absent: published agreement results not compared")
    return folder


@pytest.fixture(scope="session")
def small_pilot(tmp_path_factory: pytest.TempPathFactory) -> SmallPilot:
    """Return a simulated pilot of 80 centres, a quarter of them inflating."""
    return make_small_pilot(tmp_path_factory.mktemp("pilot"))
