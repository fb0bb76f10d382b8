"""Interrupted at any point, the last good results and documents stay, and the next run completes.

CLIENTINDEX_EVERY_FAULT=1 takes every point (some four minutes) instead of those that matter most.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from clientindex.errors import BundleError
from clientindex.files import clear_unfinished
from clientindex.pipeline.swap import recover_folders, write_folders_aside
from clientindex.results import bundle as bundles

SCRIPT = Path(__file__).parents[1] / "fault_injection.py"
EVERY = os.environ.get("CLIENTINDEX_EVERY_FAULT", "")
PAIR = ("documents", "tables")

Cases = list[dict[str, Any]]


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Cases:
    folder = tmp_path_factory.mktemp("faults")
    command = [sys.executable, str(SCRIPT), str(folder), *(["every"] if EVERY else [])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: Cases = json.loads((folder / "cases.json").read_text(encoding="utf-8"))
    return found


def describe(case: dict[str, Any]) -> str:
    return f"{case['command']}, {case['act']} at {case['point']}: {case}"


def test_all_kinds_of_points_were_met(cases: Cases) -> None:
    met = {(case["command"], case["act"]) for case in cases}
    assert met == {(command, act) for command in ("run", "report") for act in ("kill", "full")}
    swaps = [
        case["point"] for case in cases if case["act"] == "kill" and "-former" in case["point"]
    ]
    assert len(swaps) == (9 if EVERY else 6)
    assert all(case["code"] == -signal.SIGKILL for case in cases if case["act"] == "kill")


def test_former_or_new_state_is_whole_at_every_moment(cases: Cases) -> None:
    """What is being replaced may be away for a moment; then the former stands ready beside it."""
    for case in cases:
        seen, kept = case["seen"], case["kept"]
        for folder, state in seen.items():
            ready = state if state != "absent" else kept[folder]
            assert ready in {"old", "new"}, describe(case)
        if seen["documents"] != "absent":
            assert seen["documents"] == seen["tables"] or (
                seen["documents"] == "old" and seen["tables"] == "absent"
            ), describe(case)


def test_next_run_completes_and_clears(cases: Cases) -> None:
    for case in cases:
        assert case["next_code"] == 0, describe(case)
        shown = "new" if case["command"] == "report" else "old"
        assert case["after"] == {"results": "new", **dict.fromkeys(PAIR, shown)}, describe(case)
        assert case["left"] == [], describe(case)


def test_full_disk_is_one_message_and_changes_nothing(cases: Cases) -> None:
    refused = [case for case in cases if case["act"] == "full" and case["code"] != 0]
    assert {case["command"] for case in refused} == {"run", "report"}
    for case in refused:
        assert case["code"] == 2, describe(case)
        assert case["told"].count("Error: ") == 1, describe(case)
        assert "No space left on device" in case["told"], describe(case)
        assert "Traceback" not in case["told"], describe(case)
        results = "new" if case["command"] == "report" else "old"
        assert case["seen"] == {"results": results, **dict.fromkeys(PAIR, "old")}, describe(case)


def fill(folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / "a.txt").write_text(text, encoding="utf-8")
    return folder


def read(folder: Path) -> str:
    return (folder / "a.txt").read_text(encoding="utf-8")


def replace(*folders: Path) -> None:
    with write_folders_aside(*folders) as fresh:
        for folder in fresh:
            (folder / "a.txt").write_text("new", encoding="utf-8")


def test_stopped_between_renames_both_folders_are_the_former(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = [fill(tmp_path / name, "old") for name in PAIR]
    rename = Path.rename

    def stop(path: Path, target: Path) -> Path:
        if path.name.startswith(".documents-writing-"):
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", stop)
    with pytest.raises(KeyboardInterrupt):
        replace(*pair)
    assert [read(folder) for folder in pair] == ["old", "old"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(PAIR)


def test_pair_in_place_is_kept_and_cleared(tmp_path: Path) -> None:
    pair = [fill(tmp_path / name, "new") for name in PAIR]
    for name in PAIR:
        fill(tmp_path / f".{name}-former", "old")
    recover_folders(*pair)
    assert [read(folder) for folder in pair] == ["new", "new"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(PAIR)


def test_half_written_files_of_ended_processes_are_deleted(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    for number in (ended.pid, os.getpid()):
        (tmp_path / f".writing-{number}-abc").write_text("", encoding="utf-8")
    clear_unfinished(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [f".writing-{os.getpid()}-abc"]


@pytest.mark.parametrize("in_time", [True, False])
def test_reader_never_sees_results_of_two_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_time: bool
) -> None:
    """The folder is replaced while it is read; what was read before counts no more."""
    folder = fill(tmp_path / "results", "0")
    reads: list[str] = []

    def read_slowly(place: Path) -> Any:
        reads.append(read(place))
        if not in_time or len(reads) == 1:
            with write_folders_aside(place) as (fresh,):
                (fresh / "a.txt").write_text(str(len(reads)), encoding="utf-8")
        return read(place) if in_time else reads[-1]

    monkeypatch.setattr(bundles, "_load_once", read_slowly)
    if in_time:
        assert bundles.load_bundle(folder) == "1"
        assert reads == ["0", "1"]
    else:
        with pytest.raises(BundleError, match="again and again"):
            bundles.load_bundle(folder)
        assert len(reads) == bundles.ATTEMPTS
