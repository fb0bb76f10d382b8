"""The scripts behind the Makefile, and that the Makefile explains itself."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError

from clientindex.edition import load_edition
from two_years import change_edition, place_years

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parents[1]
TARGETS = {
    "setup",
    "spark",
    "demo",
    "validate",
    "analysis",
    "report",
    "test",
    "check",
    "bench",
    "clean",
}
"""The commands that the README and the issue promise."""


def _load_script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def edition_file(tmp_path: Path) -> Path:
    """Put the demo edition and the methodology into an empty folder."""
    for folder in ("editions", "methodology"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path / "editions" / "demo.yml"


def test_absent_data_are_simulated_once_and_then_left_alone(edition_file: Path) -> None:
    script = _load_script("ensure_data")
    script.ensure_data(str(edition_file))
    edition = load_edition(edition_file)
    assert all(path.exists() for path in edition.input_files)
    edition.input_files[0].write_text("mine", encoding="utf-8")
    edition.input_files[1].unlink()
    script.ensure_data(str(edition_file))
    assert edition.input_files[0].read_text(encoding="utf-8") == "mine"
    assert not edition.input_files[1].exists()


def test_the_year_before_is_simulated_too_and_left_alone_where_it_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = place_years(tmp_path)
    script = _load_script("ensure_data")
    script.ensure_data(str(files["demo"]))
    earlier, later = (load_edition(files[name]) for name in ("demo-2025", "demo"))
    told = capsys.readouterr().out
    for edition in (earlier, later):
        assert all(path.exists() for path in edition.input_files)
        assert f"data of edition {edition.id}: " in told
    later.input_files[0].unlink()
    earlier.input_files[0].write_text("mine", encoding="utf-8")
    script.ensure_data(str(files["demo"]))
    assert capsys.readouterr().out == ""
    assert earlier.input_files[0].read_text(encoding="utf-8") == "mine"


def test_editions_before_are_listed_once_and_results_are_none_of_them(tmp_path: Path) -> None:
    files = place_years(tmp_path)
    script = _load_script("ensure_data")

    def list_ids() -> list[str]:
        return [edition.id for edition in script.list_editions(files["demo"])]

    assert list_ids() == ["demo", "demo-2025"]
    change_edition(files["demo-2025"], previous="demo.yml")
    assert list_ids() == ["demo", "demo-2025"]
    change_edition(files["demo"], previous="../data_processed/demo-2025/results")
    assert list_ids() == ["demo"]


def test_an_edition_without_simulation_gets_no_data(edition_file: Path) -> None:
    edition = load_edition(edition_file).model_copy(update={"simulation": None})
    assert not _load_script("ensure_data").needs_simulation(edition)


def _write_notebook(path: Path, *sources: str) -> None:
    cells = [nbformat.v4.new_code_cell(source, id=f"c{n}") for n, source in enumerate(sources)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)


def test_a_notebook_is_executed_beside_its_source(tmp_path: Path, edition_file: Path) -> None:
    source, target = tmp_path / "01_x.ipynb", tmp_path / "out" / "01_x.ipynb"
    slowly = "import time\nprint('a', flush=True)\ntime.sleep(0.3)\nprint('b', flush=True)"
    _write_notebook(source, "import os", "print(os.environ['CLIENTINDEX_EDITION'])", slowly)
    before = source.read_bytes()
    _load_script("run_notebooks").run_notebook(source, target, edition=edition_file)
    executed = nbformat.read(target, as_version=4)
    assert executed.cells[1].outputs[0].text.strip() == str(edition_file)
    assert [output.text for output in executed.cells[2].outputs] == ["a\nb\n"]
    assert all("execution" not in cell.metadata for cell in executed.cells)
    assert source.read_bytes() == before


def test_a_failing_notebook_fails(tmp_path: Path, edition_file: Path) -> None:
    source, target = tmp_path / "01_x.ipynb", tmp_path / "out.ipynb"
    _write_notebook(source, "1 / 0")
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        _load_script("run_notebooks").run_notebook(source, target, edition=edition_file)


def test_no_notebooks_is_an_error(
    edition_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(edition_file.parents[1])
    assert _load_script("run_notebooks").run_all("demo") == 2
    assert "no notebooks" in capsys.readouterr().err


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_help_lists_every_command() -> None:
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, check=True, text=True)
    listed = {line.split()[1] for line in done.stdout.splitlines() if line.startswith("  make ")}
    assert listed >= TARGETS


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("def test_a(): pass\ndef test_b(): assert 1 == 2\n", 1, "FAILED test_it.py::test_b"),
        ("", 5, "no tests ran"),
    ],
    ids=["failing", "empty"],
)
def test_the_processes_of_make_test_tell_what_went_wrong(
    tmp_path: Path, text: str, code: int, told: str
) -> None:
    dry = subprocess.run(
        ["make", "-n", "test"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    (options,) = re.findall(r" -m pytest (.+)", dry.stdout)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -ra\n", encoding="utf-8")
    (tmp_path / "test_it.py").write_text(text, encoding="utf-8")
    own = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *shlex.split(options), "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env=own,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert told in done.stdout


@pytest.mark.parametrize(
    "name", ["scripts/setup_environment.sh", "scripts/setup_spark.sh", ".ci/run"]
)
def test_shell_scripts_stop_at_the_first_error_and_parse(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "\nset -euo pipefail\n" in text
    subprocess.run(["bash", "-n", str(ROOT / name)], check=True)


def test_a_python_that_is_too_old_is_refused(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = -V ] && echo "Python 3.9.2" && exit 0\nexit 1\n')
    old.chmod(0o755)
    done = subprocess.run(
        ["bash", str(ROOT / "scripts" / "setup_environment.sh"), str(old)],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 1
    assert "Python 3.9.2; Python 3.11 or newer is needed" in done.stderr
    assert not (tmp_path / ".venv").exists()
