"""Whatever fails while writing, the former folder stays."""

import subprocess
import sys
import textwrap

import pytest

from clientindex.errors import BundleError
from clientindex.pipeline.swap import recover_folders, write_folder_aside


def make_folder(path, text):
    path.mkdir()
    (path / "a.txt").write_text(text)


def write_and_fail(target):
    with write_folder_aside(target) as fresh:
        (fresh / "b.txt").write_text("new")
        message = "half-way"
        raise ValueError(message)


def test_new_content_replaces_the_former(tmp_path):
    make_folder(tmp_path / "results", "old")
    with write_folder_aside(tmp_path / "results") as fresh:
        (fresh / "b.txt").write_text("new")
    assert [p.name for p in tmp_path.iterdir()] == ["results"]
    assert [p.name for p in (tmp_path / "results").iterdir()] == ["b.txt"]


def test_failure_leaves_the_former(tmp_path):
    make_folder(tmp_path / "results", "old")
    with pytest.raises(ValueError, match="half-way"):
        write_and_fail(tmp_path / "results")
    assert [p.name for p in tmp_path.iterdir()] == ["results"]
    assert (tmp_path / "results" / "a.txt").read_text() == "old"


def test_target_below_a_file_is_refused_in_words(tmp_path):
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(BundleError, match=r"cannot be written .*untouched"),
        write_folder_aside(tmp_path / "file" / "results"),
    ):
        pytest.fail("the body must not run")


def test_interrupted_replacement_is_undone(tmp_path):
    make_folder(tmp_path / ".results-former", "old")
    recover_folders(tmp_path / "results")
    assert (tmp_path / "results" / "a.txt").read_text() == "old"


def test_finished_replacement_is_cleared(tmp_path):
    make_folder(tmp_path / ".results-former", "old")
    make_folder(tmp_path / "results", "new")
    recover_folders(tmp_path / "results")
    assert [p.name for p in tmp_path.iterdir()] == ["results"]
    assert (tmp_path / "results" / "a.txt").read_text() == "new"


def test_folder_of_a_killed_run_is_cleared_and_of_a_running_one_kept(tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    (tmp_path / f".results-writing-{dead.pid}").mkdir()
    (tmp_path / ".results-writing-1").mkdir()
    recover_folders(tmp_path / "results")
    assert [p.name for p in tmp_path.iterdir()] == [".results-writing-1"]


def test_full_disk_leaves_the_former(tmp_path):
    """A limit on file size makes the operating system refuse to write, as a full disk does."""
    make_folder(tmp_path / "results", "old")
    script = textwrap.dedent(f"""
        import resource, signal
        from pathlib import Path
        from clientindex.errors import BundleError
        from clientindex.pipeline.swap import write_folder_aside
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        try:
            with write_folder_aside(Path({str(tmp_path)!r}) / "results") as fresh:
                (fresh / "b.txt").write_bytes(b"x" * 5000)
        except BundleError as exc:
            print(exc)
    """)
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "cannot be written (File too large)" in run.stdout
    assert [p.name for p in tmp_path.iterdir()] == ["results"]
    assert (tmp_path / "results" / "a.txt").read_text() == "old"


def test_former_comes_back_when_the_new_cannot_take_its_place(tmp_path, monkeypatch):
    make_folder(tmp_path / "results", "old")
    rename = type(tmp_path).rename

    def refuse_new(path, target):
        if "-writing-" in path.name:
            raise OSError(5, "Input/output error")
        return rename(path, target)

    monkeypatch.setattr(type(tmp_path), "rename", refuse_new)
    with (
        pytest.raises(BundleError, match=r"Input/output error.*untouched"),
        write_folder_aside(tmp_path / "results") as fresh,
    ):
        (fresh / "b.txt").write_text("new")
    assert [p.name for p in tmp_path.iterdir()] == ["results"]
    assert (tmp_path / "results" / "a.txt").read_text() == "old"


def test_linked_folder_is_replaced_behind_its_link(tmp_path):
    (tmp_path / "disk").mkdir()
    make_folder(tmp_path / "disk" / "results", "old")
    (tmp_path / "results").symlink_to(tmp_path / "disk" / "results")
    for _ in range(2):
        with write_folder_aside(tmp_path / "results") as fresh:
            (fresh / "b.txt").write_text("new")
    assert (tmp_path / "results").is_symlink()
    assert [p.name for p in (tmp_path / "disk").iterdir()] == ["results"]
    assert [p.name for p in (tmp_path / "disk" / "results").iterdir()] == ["b.txt"]
