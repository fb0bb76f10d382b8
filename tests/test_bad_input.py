"""Bad input end to end: words and exit codes instead of tracebacks, and nothing is lost.

One small project is simulated and computed once; every test spoils a copy of it and calls the
command line. After a fault the former bundle must be there, byte for byte.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from bad_input import (
    CHECKLIST,
    CITIZENS,
    DAMAGED_BUNDLES,
    DATA,
    EDITION,
    EMPLOYERS,
    FAULTS_OF_DATA,
    FIRST_ANSWER,
    OUTPUT,
    REGISTER,
    RESULTS,
    SECOND,
    WRONG_USE,
    ask_for,
    become_folder,
    cut_edition,
    keep_heading,
    read_frame,
    repeat_row,
    replace_text,
    set_cell,
    set_column,
)
from clientindex.cli import main
from clientindex.pipeline.hold import HOLD_NAME
from clientindex.results import (
    Agreement,
    Bundle,
    Consistency,
    Coverage,
    ExploratoryModel,
    Regions,
    Scores,
    Stars,
    Suitability,
    Unavailable,
    load_bundle,
)
from demo_text import read_demo

ROOT = Path(__file__).parents[1]
SIZES = {"centres": (240, 30), "citizens": (12000, 1200), "employers": (3000, 300)}
FEW_RUNS = {
    "base_size: 1024": "base_size: 64",
    "together:\n  draws: 1000": "together:\n  draws: 16",
    "error_replicates: 200": "error_replicates: 100",
    "bootstrap_replicates: 1000": "bootstrap_replicates: 100",
    "random_replicates: 200": "random_replicates: 20",
}
"""Fewer runs and resamples: what is asserted here (words, files, reasons, and numbers that are
equal for equal answers) does not depend on how many there are."""

SCALE_MIDDLE_UP = 75.0
"""Points of the answer 4 on a scale from 1 to 5, and of 2 where a question is reverse-keyed."""

LONG = 120.0
"""Seconds after which a child process counts as hung."""


def call(*arguments: str) -> Result:
    """Call the command line; anything but a told error is a fault of the program."""
    result = CliRunner().invoke(main, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def load() -> Bundle:
    return load_bundle(RESULTS)


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Simulate and compute a small project that asks for the rating alone."""
    folder = tmp_path_factory.mktemp("pristine")
    (folder / "editions").mkdir()
    shutil.copytree(ROOT / "methodology", folder / "methodology")
    for many, few in FEW_RUNS.items():
        replace_text(folder / "methodology" / "2026.yml", many, few)
    text = read_demo()
    for key, (old, new) in SIZES.items():
        text = text.replace(f"{key}: {old}", f"{key}: {new}")
    every = "stages: [rating, sensitivity, agreement, reliability, factors]"
    text = text.replace(every, "stages: [rating]")
    (folder / EDITION).write_text(text, encoding="utf-8")
    here = Path.cwd()
    os.chdir(folder)
    try:
        for command in ("simulate", "run"):
            result = call(command, "demo")
            if result.exit_code:
                pytest.fail(result.output)
    finally:
        os.chdir(here)
    return folder


@pytest.fixture
def project(pristine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a copy of the small project, with its finished bundle."""
    folder = tmp_path / "project"
    shutil.copytree(pristine, folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("name", FAULTS_OF_DATA)
def test_fault_of_data_is_told_and_the_bundle_stays(project: Path, name: str) -> None:
    spoil, words = FAULTS_OF_DATA[name]
    before = snapshot(RESULTS)
    spoil()
    result = call("run", "demo")
    assert result.exit_code == 1, result.output
    for text in words:
        assert text in result.output
    assert snapshot(RESULTS) == before
    table = pd.read_csv(OUTPUT / "intake" / "faults.csv", encoding="utf-8-sig")
    assert "error" in set(table["severity"])


@pytest.mark.parametrize("name", WRONG_USE)
def test_wrong_use_is_told_and_nothing_changes(project: Path, name: str) -> None:
    spoil, words = WRONG_USE[name]
    spoil()
    before = snapshot(project)
    result = call("run", "demo")
    assert result.exit_code == 2, result.output
    for text in words:
        assert text in result.output
    after = snapshot(project)
    after.pop(str(OUTPUT / HOLD_NAME), None)
    before.pop(str(OUTPUT / HOLD_NAME), None)
    assert after == before


def test_all_faults_of_all_files_are_told_at_once(project: Path) -> None:
    CITIZENS.unlink()
    set_cell(EMPLOYERS, 6, "goal", "7")
    repeat_row(REGISTER, 2)
    set_cell(CHECKLIST, 3, "item", "ghost")
    result = call("validate", "demo")
    assert result.exit_code == 1
    table = pd.read_csv(OUTPUT / "intake" / "faults.csv", encoding="utf-8-sig")
    found = set(table["code"][table["severity"] == "error"])
    assert found == {"E-FILE-MISSING", "E-SCALE", "E-CENTRE-TWICE", "E-ITEM"}


def test_mended_input_runs_again(project: Path) -> None:
    content = CITIZENS.read_bytes()
    keep_heading(CITIZENS)
    assert call("run", "demo").exit_code == 1
    CITIZENS.write_bytes(content)
    assert "nothing changed" in call("run", "demo").output


@pytest.mark.parametrize("name", DAMAGED_BUNDLES)
def test_damaged_bundle_is_found_and_rebuilt(project: Path, name: str) -> None:
    spoil, words = DAMAGED_BUNDLES[name]
    before = snapshot(RESULTS)
    spoil()
    result = call("run", "demo")
    assert result.exit_code == 0, result.output
    assert "computing anew" in result.output
    assert words in result.output
    after = snapshot(RESULTS)
    assert after.keys() == before.keys()
    assert all(after[key] == before[key] for key in before if key != "run.json")
    assert "nothing changed" in call("run", "demo").output


def test_region_with_one_centre_has_no_interval(project: Path) -> None:
    regions, coverage = load().get("regions", Regions), load().get("coverage", Coverage)
    assert isinstance(regions, Regions)
    assert isinstance(coverage, Coverage)
    assert "W-REGION-SINGLE" in set(coverage.warnings["code"])
    alone = regions.frame[regions.frame["n_centres"] == 1]
    assert len(alone) == 1
    assert alone["estimate"].notna().all()
    assert alone[["std_error", "ci_low", "ci_high"]].isna().all(axis=None)
    several = regions.frame[regions.frame["n_centres"] > 1]
    assert several[["std_error", "ci_low", "ci_high"]].notna().all(axis=None)


def test_run_tells_of_warnings(project: Path) -> None:
    result = call("run", "demo", "--force")
    assert "1 warning of the data, see intake/faults.csv" in result.output


def test_equal_answers_have_scores_without_error_and_no_reliability(project: Path) -> None:
    ask_for("rating", "sensitivity", "agreement", "reliability", "factors")
    for path in (CITIZENS, EMPLOYERS):
        set_column(path, [*read_frame(path).columns[FIRST_ANSWER:]], "4")
    result = call("run", "demo")
    assert result.exit_code == 0, result.output
    bundle = load()
    scores = bundle.get("scores", Scores)
    assert isinstance(scores, Scores)
    frame = scores.frame
    positive = frame["key"].isin(["friendliness", "usefulness", "targeting", "comfort"])
    assert (frame.loc[positive, "estimate"] == SCALE_MIDDLE_UP).all()
    np.testing.assert_array_equal(frame["std_error"], 0)
    np.testing.assert_array_equal(frame["ci_low"], frame["estimate"])
    for name, kind in (
        ("suitability", Suitability),
        ("exploratory", ExploratoryModel),
    ):
        absent = bundle.get(name, kind)
        assert isinstance(absent, Unavailable)
        assert absent.reason == "zero_variance"
        assert absent.detail.split(", ") == list(bundle.methodology.indicator_keys)
    consistency = bundle.get("consistency", Consistency)
    assert isinstance(consistency, Consistency)
    assert consistency.frame.empty
    refused = consistency.left_out[consistency.left_out["kind"] == "all"]
    assert list(refused["group"]) == [*bundle.methodology.group_keys, "index"]
    assert (refused["reason"] == "zero_variance").all()


@pytest.mark.parametrize(
    ("answer", "reason", "code"),
    [("4", "zero_variance", "W-NO-VARIANCE"), ("99", "too_few_answers", "W-INDICATOR-EMPTY")],
)
def test_flat_or_empty_indicator_is_warned_of_and_named(
    project: Path, answer: str, reason: str, code: str
) -> None:
    ask_for("rating", "reliability", "factors")
    for path in (CITIZENS, EMPLOYERS):
        set_column(path, ["waiting"], answer)
    result = call("run", "demo")
    assert result.exit_code == 0, result.output
    bundle = load()
    coverage, stars = bundle.get("coverage", Coverage), bundle.get("stars", Stars)
    assert isinstance(coverage, Coverage)
    assert isinstance(stars, Stars)
    warned = coverage.warnings[coverage.warnings["code"] == code]
    assert list(warned["column"]) == ["waiting", "waiting"]
    assert stars.frame["estimate"].notna().all(), "the group goes on without one indicator of four"
    absent = bundle.results["exploratory"]
    assert isinstance(absent, Unavailable)
    assert (absent.reason, absent.detail) == (reason, "waiting")
    consistency = bundle.get("consistency", Consistency)
    assert isinstance(consistency, Consistency)
    refused = consistency.left_out[consistency.left_out["kind"] == "all"].set_index("group")
    assert list(refused.index) == ["effort", "index"], "the other groups go on"
    assert (refused["reason"] == reason).all()
    assert (refused["detail"] == "waiting").all()


def test_one_segment_counts_alone_and_an_absent_checklist_is_told(project: Path) -> None:
    ask_for("rating", "agreement")
    cut_edition("    - file: ../data_raw/demo/survey_employers", "  register:")
    cut_edition("  checklist:", "reports:")
    assert call("run", "demo").exit_code == 0
    bundle = load()
    scores = bundle.get("scores", Scores)
    assert isinstance(scores, Scores)
    index = scores.frame[scores.frame["kind"] == "index"].set_index("centre")
    assert set(scores.frame["segment"]) == {"citizens", "all"}
    alone, combined = (index[index["segment"] == key] for key in ("citizens", "all"))
    pd.testing.assert_series_equal(alone["estimate"], combined["estimate"])
    agreement = bundle.get("agreement", Agreement)
    assert isinstance(agreement, Unavailable)
    assert agreement.reason == "no_checklist"


def end_lines(path: Path, mark: bytes, end: bytes) -> None:
    path.write_bytes(mark + path.read_bytes().replace(b"\n", end))


@pytest.mark.parametrize(
    ("mark", "end"), [(b"\xef\xbb\xbf", b"\r\n"), (b"", b"\r")], ids=["BOM and CRLF", "CR alone"]
)
def test_byte_order_mark_and_line_ends_change_no_number(
    project: Path, mark: bytes, end: bytes
) -> None:
    before = snapshot(RESULTS)
    for path in (CITIZENS, EMPLOYERS, REGISTER, CHECKLIST, SECOND):
        end_lines(path, mark, end)
    for path in (EDITION, Path("methodology/2026.yml")):
        end_lines(path, mark, b"\r\n")
    result = call("run", "demo")
    assert result.exit_code == 0, result.output
    after = snapshot(RESULTS)
    for name in ("scores.frame.parquet", "stars.frame.parquet", "regions.frame.parquet"):
        assert after[name] == before[name]


def test_emoji_and_markup_in_names_and_ids_are_kept(project: Path) -> None:
    name, ident = 'ЦЗН 😀 «Ура» <b>&"|', "😀-1"
    former = read_frame(REGISTER)["centre_id"].iloc[1]
    for path in (CITIZENS, EMPLOYERS, REGISTER, CHECKLIST, SECOND):
        frame = read_frame(path)
        frame["centre_id"] = frame["centre_id"].replace(former, ident)
        frame.to_csv(path, index=False)
    set_cell(REGISTER, 3, "name", name)
    assert call("run", "demo").exit_code == 0
    stars = load().get("stars", Stars)
    assert isinstance(stars, Stars)
    assert list(stars.frame.loc[stars.frame["centre"] == ident, "name"]) == [name]


def start(script: str, *arguments: str) -> subprocess.Popen[str]:
    """Start the command line in a child process after a few lines of preparation."""
    code = textwrap.dedent(script) + "\nfrom clientindex.cli import main\nmain()\n"
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


FULL_DISK = """
    import resource, signal, sys
    import clientindex.pipeline.run, clientindex.pipeline.stages
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limit = int(sys.argv.pop(1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
"""
"""The system refuses to write beyond a number of bytes, as a full disk does."""

SLOW_RUN = """
    import time
    import clientindex.pipeline.stages as stages
    def wait(*arguments):
        print("at work", flush=True)
        time.sleep(600)
    stages.run_stages = wait
"""
"""Stops for ever in the middle of the statistics, when the new folder is there already."""


@pytest.mark.parametrize("limit", [0, 5_000], ids=["not a byte", "in the middle of the bundle"])
def test_full_disk_leaves_the_former_bundle(project: Path, limit: int) -> None:
    before = snapshot(OUTPUT)
    child = start(FULL_DISK, str(limit), "run", "demo", "--force")
    output, _ = child.communicate(timeout=LONG)
    assert child.returncode == 2, output
    assert "cannot be written" in output
    assert "File too large" in output
    assert "Traceback" not in output
    after = snapshot(OUTPUT)
    before.pop(HOLD_NAME)
    after.pop(HOLD_NAME)
    assert after == before


def test_second_run_is_told_and_a_killed_run_is_cleared(project: Path) -> None:
    before = snapshot(RESULTS)
    child = start(SLOW_RUN, "run", "demo", "--force")
    try:
        lines = iter(child.stdout or ())
        assert any("at work" in line for line in lines), "the first run never began"
        second = call("run", "demo")
        assert second.exit_code == 2
        assert f"another run is at work there (process {child.pid})" in second.output
        assert list(OUTPUT.glob(".results-writing-*")), "the first run writes on"
    finally:
        child.send_signal(signal.SIGKILL)
        child.communicate(timeout=LONG)
    assert snapshot(RESULTS) == before
    assert "nothing changed" in call("run", "demo").output
    assert not list(OUTPUT.glob(".results-*"))


def test_two_runs_at_once_leave_a_whole_bundle(project: Path) -> None:
    children = [start("", "run", "demo", "--force") for _ in range(2)]
    outputs = [child.communicate(timeout=LONG)[0] for child in children]
    for child, output in zip(children, outputs, strict=True):
        assert child.returncode == 0 or "another run is at work" in output, output
    assert 0 in [child.returncode for child in children]
    load()
    assert sorted(path.name for path in OUTPUT.iterdir()) == [HOLD_NAME, "intake", "results"]


def test_input_that_changes_during_the_run_is_told(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from clientindex.pipeline import material

    before = snapshot(RESULTS)
    original = material.prepare_material

    def change(*arguments: object, **settings: object) -> object:
        repeat_row(CITIZENS, 2)
        return original(*arguments, **settings)  # type: ignore[arg-type]

    monkeypatch.setattr(material, "prepare_material", change)
    result = call("run", "demo", "--force")
    assert result.exit_code == 2
    assert "changed while the run was under way" in result.output
    assert snapshot(RESULTS) == before


@pytest.mark.parametrize(
    "refused", ["clientindex.pipeline.hold.os.open", "clientindex.pipeline.swap._make_empty"]
)
def test_unwritable_output_is_told(
    project: Path, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    """Root may write anywhere, so the refusal of the system is played."""
    before = snapshot(RESULTS)

    def refuse(*_arguments: object, **_settings: object) -> object:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(refused, refuse)
        result = call("run", "demo", "--force")
    assert result.exit_code == 2
    assert "cannot be written (Permission denied)" in result.output
    assert "'output' in the edition" in result.output
    assert snapshot(RESULTS) == before


def test_linked_results_are_replaced_behind_the_link(project: Path) -> None:
    elsewhere = project / "elsewhere"
    shutil.move(RESULTS, elsewhere)
    RESULTS.symlink_to(elsewhere)
    for _ in range(2):
        assert call("run", "demo", "--force").exit_code == 0
    assert RESULTS.is_symlink()
    assert load().folder == RESULTS
    assert not [path for path in project.iterdir() if path.name.startswith(".")]


def test_simulation_that_cannot_be_written_leaves_the_data(project: Path) -> None:
    before = snapshot(DATA)
    child = start(FULL_DISK, "5000", "simulate", "demo", "--force")
    output, _ = child.communicate(timeout=LONG)
    assert child.returncode == 2, output
    assert "cannot be written (File too large); no file is half-written" in output
    assert snapshot(DATA) == before
    become_folder(CHECKLIST)
    result = call("simulate", "demo", "--force")
    assert result.exit_code == 2
    assert "checklist.csv: cannot be written (it is a folder)" in result.output
    assert (CITIZENS.read_bytes(), CHECKLIST.is_dir()) == (before[CITIZENS.name], True)
