"""The script behind docs/load.md, on few respondents."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "load.py"
ROWS = 600_000
"""Three batches, of which two lie beyond the first tenth."""


def test_a_small_load_is_counted_and_told(tmp_path: Path) -> None:
    command = [sys.executable, str(SCRIPT), "--rows", str(ROWS), "--to", tmp_path]
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    page = (tmp_path / "load.md").read_text(encoding="utf-8")
    assert f"{ROWS:,} respondents of 2,000 centres, 20 indicators" in page
    last = re.findall(r"^\| (\S+) \| (\S+) \| (\S+) \| (\S+) \|$", page, flags=re.MULTILINE)[-1]
    assert last[0] == "0.60"
    assert (tmp_path / "load.svg").read_bytes().startswith(b"<?xml")
