"""Paths in an edition file: relative ones start from its folder, so it can lie anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, ValidationInfo


def _resolve(path: Path, info: ValidationInfo) -> Path:
    """Make a path absolute, starting from the folder of the edition file."""
    base = Path((info.context or {}).get("base", "."))
    return path if path.is_absolute() else (base / path).resolve()


AbsolutePath = Annotated[Path, AfterValidator(_resolve)]
