"""Installed packages against the lock file."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest

from clientindex.errors import ReproductionError
from clientindex.reproduction.lock_file import compare_with_lock, find_lock, read_lock
from clientindex.results.verification import Cause

ROOT = Path(__file__).parents[2]
LOCK = f"""# made by uv
numpy=={version("numpy")} \\
    --hash=sha256:aa
    # via pandas
click==0.0.1 ; python_version >= '3.8' \\
    --hash=sha256:bb
appnope==1.0.0 ; sys_platform == 'no such system' \\
    --hash=sha256:cc
no-such-package==2.0
"""


def test_other_versions_and_absent_packages_are_told(tmp_path: Path) -> None:
    path = tmp_path / "requirements.lock"
    path.write_text(LOCK, encoding="utf-8")
    assert read_lock(path) == {
        "numpy": version("numpy"),
        "click": "0.0.1",
        "no-such-package": "2.0",
    }
    assert compare_with_lock(path) == (
        Cause(kind="lock", name="click", published="0.0.1", now=version("click")),
        Cause(kind="lock", name="no-such-package", published="2.0", now=""),
    )


def test_the_environment_is_that_of_the_projects_lock_file() -> None:
    found = find_lock(ROOT / "editions")
    assert found == ROOT / "requirements.lock"
    assert compare_with_lock(found) == ()


def test_a_file_that_pins_nothing_is_told(tmp_path: Path) -> None:
    path = tmp_path / "requirements.lock"
    path.write_text("numpy>=2\n", encoding="utf-8")
    with pytest.raises(ReproductionError, match="pins no package"):
        read_lock(path)
    with pytest.raises(ReproductionError, match="cannot be read"):
        read_lock(tmp_path / "gone.lock")
