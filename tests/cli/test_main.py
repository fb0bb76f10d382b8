"""The command line: words, exit codes, no tracebacks for what a user can mend."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from clientindex.cli import main
from demo_text import read_demo

ROOT = Path(__file__).parents[2]
HELP_SECONDS = 20
"""Only a hang is caught here; how fast the help appears is measured in benchmarks/."""
ALL_STAGES = "stages: [rating, sensitivity, agreement, reliability, factors]"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Give a folder with a small demo edition of its own, and stand in it."""
    (tmp_path / "editions").mkdir()
    shutil.copytree(ROOT / "methodology", tmp_path / "methodology")
    small = (
        read_demo()
        .replace("citizens: 12000", "citizens: 2000")
        .replace("centres: 240", "centres: 30")
    )
    (tmp_path / "editions" / "demo.yml").write_text(
        small.replace("employers: 3000", "employers: 300"), encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def rated(project):
    """Give the folder where only the rating is computed, which is quick."""
    path = project / "editions" / "demo.yml"
    text = path.read_text(encoding="utf-8")
    assert ALL_STAGES in text
    path.write_text(text.replace(ALL_STAGES, "stages: [rating]"), encoding="utf-8")
    return project


def call(*arguments):
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize("command", ["simulate", "validate", "run", "report", "agreement"])
def test_help_is_in_plain_words(command):
    result = call(command, "--help")
    assert result.exit_code == 0
    assert "EDITION" in result.output
    assert command in call("--help").output


def test_help_imports_no_statistics():
    code = (
        "import sys; from click.testing import CliRunner; from clientindex.cli import main; "
        "CliRunner().invoke(main, ['--help']); "
        "print([m for m in ('pandas', 'scipy', 'matplotlib', 'numba') if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=HELP_SECONDS,
    )
    assert run.stdout.strip() == "[]"


def test_unknown_edition_names_those_there_are(project):
    result = call("run", "dmeo")
    assert result.exit_code == 2
    assert "no edition 'dmeo'" in result.output
    assert "there: demo" in result.output


def test_fault_in_settings_is_wrong_use(project):
    path = project / "editions" / "demo.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("seed:", "sede:"), encoding="utf-8")
    result = call("validate", "demo")
    assert result.exit_code == 2
    assert "did you mean 'seed'" in result.output
    assert "Traceback" not in result.output


def test_absent_data_are_faults_in_the_data(project):
    result = call("validate", "demo")
    assert result.exit_code == 1
    assert "survey_citizens.csv" in result.output
    assert (project / "data_processed" / "demo" / "intake" / "faults.csv").is_file()


def test_simulate_validate_run_and_run_again(project):
    assert call("simulate", "demo").exit_code == 0
    assert call("simulate", "demo").exit_code == 2, "existing data are not overwritten"
    assert call("validate", "demo").exit_code == 0
    first = call("run", "demo")
    assert first.exit_code == 0, first.output
    assert "computed" in first.output
    assert "nothing changed" in call("run", "demo").output


@pytest.mark.usefixtures("rated")
def test_force_computes_what_has_not_changed():
    call("simulate", "demo")
    assert "computed" in call("run", "demo").output
    assert "nothing changed" in call("run", "demo").output
    assert "computed" in call("run", "demo", "--force").output


def test_answer_out_of_scale_stops_the_run_and_leaves_the_bundle(rated):
    call("simulate", "demo")
    assert call("run", "demo").exit_code == 0
    bundle = rated / "data_processed" / "demo" / "results"
    before = {p.name: p.read_bytes() for p in bundle.iterdir()}
    survey = rated / "data_raw" / "demo" / "survey_citizens.csv"
    lines = survey.read_text(encoding="utf-8").splitlines()
    cells = lines[4].split(",")
    lines[4] = ",".join([*cells[:3], "7", *cells[4:]])
    survey.write_text("\n".join(lines) + "\n", encoding="utf-8")
    result = call("run", "demo")
    assert result.exit_code == 1
    assert "7" in result.output
    assert {p.name: p.read_bytes() for p in bundle.iterdir()} == before


@pytest.mark.skipif(os.name != "posix", reason="needs a file system with links")
def test_output_below_a_file_is_told_before_anything_is_written(project):
    call("simulate", "demo")
    (project / "data_processed").write_text("not a folder")
    result = call("run", "demo")
    assert result.exit_code == 2
    assert "cannot be written" in result.output
    assert (project / "data_processed").read_text() == "not a folder"
