"""The demo edition alone, for tests that do not want the year before it to be run first."""

from __future__ import annotations

from pathlib import Path

DEMO = Path(__file__).parents[1] / "editions" / "demo.yml"
OF_THE_YEAR_BEFORE = ("previous:", "renamed:")


def read_demo() -> str:
    """Return the text of the demo edition without the one before it."""
    lines = DEMO.read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(OF_THE_YEAR_BEFORE))
