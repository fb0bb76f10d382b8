"""Pilots with settings of their own, run from files to a bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from clientindex.edition import Simulation, load_edition
from clientindex.methodology import load_methodology
from clientindex.pipeline.run import run_edition
from clientindex.results import load_bundle
from clientindex.simulate import simulate_pilot, write_pilot
from demo_text import read_demo

ROOT = Path(__file__).parents[2]
YAML_FILE = YAML(typ="safe")
SIZES = {"centres": 60, "citizens": 3000, "employers": 1200}
RUNS = {
    "intervals": {"level": 0.95, "bootstrap_replicates": 100},
    "sobol": {"base_size": 64},
    "sensitivity": {"draws": 100},
    "together": {"draws": 16},
}
"""Few runs and resamples of the whole edition: enough for every number to be there."""


@pytest.fixture(scope="module")
def run_changed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return a function that runs the demo, smaller and with its settings changed."""

    def run(
        change: Any,
        *,
        stages: tuple[str, ...] = ("rating",),
        data: Any = None,
        **simulated: Any,
    ) -> tuple[Any, Any]:
        folder = tmp_path_factory.mktemp("rules")
        raw = YAML_FILE.load((ROOT / "methodology" / "2026.yml").read_text(encoding="utf-8"))
        raw |= RUNS
        text = (
            read_demo().replace("../data_raw/demo", str(folder / "data")).replace("../", f"{ROOT}/")
        )
        settings = YAML_FILE.load(text)
        settings["methodology"] = str(folder / "methodology.yml")
        settings["output"] = str(folder / "out")
        settings["stages"] = list(stages)
        write(folder / "methodology.yml", raw)
        write(folder / "edition.yml", settings)
        edition = load_edition(folder / "edition.yml")
        sizes = Simulation(**SIZES, **simulated)
        pilot = simulate_pilot(load_methodology(edition.methodology), sizes, seed=edition.seed)
        write_pilot(pilot, edition)
        change(raw)
        if data is not None:
            data(folder, settings)
        write(folder / "methodology.yml", raw)
        write(folder / "edition.yml", settings)
        return load_bundle(run_edition(folder / "edition.yml").bundle), pilot

    return run


def write(path: Path, content: Any) -> None:
    with path.open("w", encoding="utf-8") as file:
        YAML_FILE.dump(content, file)
