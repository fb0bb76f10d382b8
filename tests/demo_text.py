"""The demo edition alone, for tests that do not want the year before it to be run first.

Nor its experts, who were asked about the groups and indicators of the demo's own methodology.
"""

from __future__ import annotations

from pathlib import Path

DEMO = Path(__file__).parents[1] / "editions" / "demo.yml"
OF_THE_YEAR_BEFORE = ("previous:", "renamed:")
OF_EXPERTS = ("  experts:",)


def read_demo() -> str:
    """Return the text of the demo edition without the one before it and without experts."""
    lines = DEMO.read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(OF_THE_YEAR_BEFORE + OF_EXPERTS))
