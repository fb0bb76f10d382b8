"""Small editions with simulated answers for the tests of the commands."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from clientindex.cli import main
from demo_text import read_demo
from reliability_output import COPIED, KEYS

ROOT = Path(__file__).parents[2]
SMALL = {
    "citizens: 12000": "citizens: 2000",
    "employers: 3000": "employers: 300",
    "centres: 240": "centres: 30",
}
FEW_RUNS = {
    "base_size: 1024": "base_size: 64",
    "together:\n  draws: 1000": "together:\n  draws: 16",
}
"""Runs of the whole edition: enough for every number to be there."""
FEW = {
    "friendliness": ("competence", "communication", "respect", "partnership"),
    "effort": ("information", "waiting", "paperwork"),
    "targeting": ("follow_up",),
    "comfort": ("location", "premises"),
}
"""Groups of all sizes down to one indicator."""


def change_text(path, replacements):
    """Replace parts of a text file that are in it."""
    text = path.read_text(encoding="utf-8")
    for old, new in replacements.items():
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def _place(folder):
    (folder / "editions").mkdir()
    shutil.copytree(ROOT / "methodology", folder / "methodology")
    change_text(folder / "methodology" / "2026.yml", FEW_RUNS)
    (folder / "editions" / "demo.yml").write_text(read_demo(), encoding="utf-8")
    change_text(folder / "editions" / "demo.yml", SMALL)


def _simulate(folder):
    result = CliRunner().invoke(main, ["simulate", str(folder / "editions" / "demo.yml")])
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture(scope="session")
def simulated(tmp_path_factory):
    """Give a folder with a small demo edition and its simulated answers."""
    folder = tmp_path_factory.mktemp("demo")
    _place(folder)
    return _simulate(folder)


@pytest.fixture(scope="session")
def few_indicators(tmp_path_factory):
    """Give such a folder with ten of the indicators, and few bootstrap replicates."""
    folder = tmp_path_factory.mktemp("few")
    _place(folder)
    path = folder / "methodology" / "2026.yml"
    yaml = YAML()
    settings = yaml.load(path)
    kept = [group for group in settings["groups"] if group["key"] in FEW]
    keys = {key for members in FEW.values() for key in members}
    settings["groups"] = [
        {**group, "weight": 1 / len(FEW), "indicators": list(FEW[group["key"]])} for group in kept
    ]
    settings["indicators"] = [i for i in settings["indicators"] if i["key"] in keys]
    settings["intervals"]["bootstrap_replicates"] = 100
    settings["factors"]["n_factors"] = 3
    yaml.dump(settings, path)
    return _simulate(folder)


@pytest.fixture(scope="session")
def suspicious(few_indicators, tmp_path_factory):
    """Give the edition with some who tick the same answer to everything, all in one centre."""
    folder = tmp_path_factory.mktemp("reliability") / "project"
    shutil.copytree(few_indicators, folder)
    path = folder / "data_raw" / "demo" / "survey_citizens.csv"
    answers = pd.read_csv(path)
    rows = answers.index[answers["centre_id"] == answers["centre_id"].mode()[0]][:COPIED]
    answers.loc[rows, KEYS] = 3
    answers.to_csv(path, index=False)
    return folder
