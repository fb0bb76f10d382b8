"""Compiled code that processes keep for one another: never old, never that of other types."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from clientindex import compiled
from clientindex.compiled import stamp_sources
from clientindex.counts import kernel

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """
import sys, time
from {source} import njit
import clientindex.compiled
from numba.core.caching import IndexDataCacheFile

clientindex.compiled.stamp_sources = lambda: sys.argv[1]
"""

OUTER = (
    HEAD
    + """
from inner import add

@njit({options})
def outer(x):
    return add(x)

print(outer(1))
"""
)
"""Calls a function of another file; the first argument stands for all sources."""

SLOW = (
    HEAD
    + """
load_index = IndexDataCacheFile._load_index

def load_slowly(files):
    index = load_index(files)
    time.sleep(float(sys.argv[2]))
    return index

IndexDataCacheFile._load_index = load_slowly

@njit({options})
def double(x):
    return x + x

for word in sys.argv[3:]:
    print(double(eval(word)))
"""
)
"""Takes the time between reading and writing that makes two processes meet there."""

OURS = {"source": "clientindex.compiled", "options": ""}
NUMBA = {"source": "numba", "options": "cache=True"}


def run(folder: Path, *arguments: str) -> list[str]:
    return finish(begin(folder, *arguments))


def begin(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "script.py", *arguments], cwd=folder, stdout=subprocess.PIPE, text=True
    )


def finish(process: subprocess.Popen[str]) -> list[str]:
    output, _ = process.communicate(timeout=300)
    assert process.returncode == 0
    return output.split()


@pytest.mark.parametrize(("kept_by", "told"), [(OURS, "11"), (NUMBA, "2")], ids=["ours", "numba"])
def test_code_is_compiled_anew_where_another_file_changed(
    tmp_path: Path, kept_by: dict[str, str], told: str
) -> None:
    """Numba by itself tells the number of the old code, which is why the module is there."""
    (tmp_path / "script.py").write_text(OUTER.format(**kept_by), encoding="utf-8")
    inner = tmp_path / "inner.py"
    head = f"from {kept_by['source']} import njit\n@njit({kept_by['options']})\n"
    inner.write_text(f"{head}def add(x):\n    return x + 1\n", encoding="utf-8")
    assert run(tmp_path, "one") == ["2"]
    inner.write_text(f"{head}def add(x):\n    return x + 10\n", encoding="utf-8")
    assert run(tmp_path, "two") == [told]


@pytest.mark.parametrize(("kept_by", "files"), [(OURS, 2), (NUMBA, 1)], ids=["ours", "numba"])
def test_two_processes_that_compile_a_function_keep_both_versions(
    tmp_path: Path, kept_by: dict[str, str], files: int
) -> None:
    """Numba by itself gives both the same name, and the later one overwrites the earlier."""
    (tmp_path / "script.py").write_text(SLOW.format(**kept_by), encoding="utf-8")
    processes = [begin(tmp_path, "one", "2", word) for word in ("1", "1.5")]
    assert [finish(process) for process in processes] == [["2"], ["3.0"]]
    assert len(list(tmp_path.rglob("*double*.nbc"))) == files
    if files == 2:
        assert run(tmp_path, "one", "0", "1", "1.5") == ["2", "3.0"]
        assert len(list(tmp_path.rglob("*double*.nbc"))) == files


def test_every_compiled_source_counts(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("@njit()\ndef f(x): return x\n", encoding="utf-8")
    (tmp_path / "plain.py").write_text("x = 1\n", encoding="utf-8")
    before = stamp_sources.__wrapped__(tmp_path)
    (tmp_path / "plain.py").write_text("x = 2\n", encoding="utf-8")
    assert stamp_sources.__wrapped__(tmp_path) == before
    (tmp_path / "one.py").write_text("@njit()\ndef f(x): return -x\n", encoding="utf-8")
    assert stamp_sources.__wrapped__(tmp_path) != before
    assert kernel.add_rows._cache._cache_file._source_stamp == stamp_sources()


def test_a_function_is_compiled_where_no_lock_can_be_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "LOCK_NAME", "no/such/folder")

    @compiled.njit()
    def triple(x: int) -> int:
        return 3 * x

    assert triple(2) == 6
