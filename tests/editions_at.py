"""Editions under tests/editions, brought to a temporary folder so that outputs land there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"


def place_edition(name: str, folder: Path, *, data: str) -> Path:
    """Copy an edition and its methodology into `folder`, its data and sources left where they are.

    Skips the test, saying so, when the folder of real data is absent.
    """
    if not (SHARED / "data" / data).is_dir():
        pytest.skip(f"real data absent: ../shared/data/{data} is not beside the project")
    source = ROOT / "tests" / "editions" / name
    shutil.copy(source / "methodology.yml", folder)
    text = (source / "edition.yml").read_text(encoding="utf-8")
    for relative, absolute in (
        ("../../../../shared", SHARED),
        ("../../../reports", ROOT / "reports"),
        (f"../../../data_processed/{name}", folder / "output"),
    ):
        text = text.replace(relative, str(absolute))
    path = folder / "edition.yml"
    path.write_text(text, encoding="utf-8")
    return path
