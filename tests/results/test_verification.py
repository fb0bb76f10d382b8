"""A verification is stored and read back equal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from clientindex.errors import BundleError
from clientindex.results.verification import load_verification, save_verification
from published_verification import CELL, FAILED, PASSED

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.results.verification import Verification


@pytest.mark.parametrize("found", [PASSED, FAILED], ids=["passed", "failed"])
def test_a_verification_is_read_back(tmp_path: Path, found: Verification) -> None:
    save_verification(found, tmp_path / "v.json")
    assert load_verification(tmp_path / "v.json") == found


def test_form_does_not_count() -> None:
    assert FAILED.counted == (CELL,)
    assert not FAILED.passed
    assert PASSED.passed


@pytest.mark.parametrize("text", ["{", "[]", '{"schema": 9}', None])
def test_what_cannot_be_read_is_told(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "v.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(BundleError, match="no verification that can be read"):
        load_verification(path)
