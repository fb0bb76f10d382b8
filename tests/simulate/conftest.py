"""Small pilots for the tests of the simulation."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from clientindex.edition import Edition, Simulation, load_edition
from clientindex.methodology import Methodology, load_methodology
from clientindex.simulate import SimulatedPilot, plan_pilot, simulate_pilot, simulate_plan

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def methodology() -> Methodology:
    return load_methodology(ROOT / "methodology" / "2026.yml")


@pytest.fixture(scope="session")
def small() -> Simulation:
    return Simulation(centres=30, citizens=4000, employers=1000, inflating_share=0.3)


@pytest.fixture(scope="session")
def pilot(methodology: Methodology, small: Simulation) -> SimulatedPilot:
    return simulate_pilot(methodology, small, seed=0)


@pytest.fixture(scope="session")
def other_methodology() -> Methodology:
    """One segment, two groups, scales of 7 and 3 categories, uneven points, one reversed."""
    raw = YAML(typ="safe").load((ROOT / "methodology" / "2026.yml").read_text(encoding="utf-8"))
    text = {"ru": "текст", "en": "text"}
    uneven = {"minimum": 1, "maximum": 3, "points": {1: 0, 2: 80, 3: 100}}
    raw["scale"] = {"minimum": 1, "maximum": 7}
    raw["segments"] = [{"key": "visitors", "name": text, "weight": 1}]
    raw["groups"] = [
        {"key": "first", "name": text, "weight": 0.75, "indicators": ["a", "b"]},
        {"key": "second", "name": text, "weight": 0.25, "indicators": ["c"]},
    ]
    raw["indicators"] = [
        {"key": "a", "name": text, "question": text},
        {"key": "b", "name": text, "question": text, "direction": "negative"},
        {"key": "c", "name": text, "question": text, "direction": "negative", "scale": uneven},
    ]
    raw["checklist"] = None
    return Methodology.model_validate(raw)


@pytest.fixture(scope="session")
def demo_years() -> tuple[SimulatedPilot, SimulatedPilot]:
    """Return the shipped year before the demo, and the demo."""
    plan = plan_pilot(load_edition(ROOT / "editions" / "demo-2025.yml"))
    assert plan.later is not None
    return simulate_plan(plan), simulate_plan(plan.later)


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    """Load the demo edition from an empty folder."""
    (tmp_path / "editions").mkdir()
    path = tmp_path / "editions" / "demo.yml"
    path.write_bytes((ROOT / "editions" / "demo.yml").read_bytes())
    return load_edition(path)
