"""What a document is made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.pipeline.fingerprint import hash_reports

if TYPE_CHECKING:
    from pathlib import Path


def test_a_document_does_not_depend_on_the_sources_of_others(tmp_path: Path) -> None:
    names = ["region.ru.qmd", "rating.ru.qmd", "_limits.ru.md", "templates/page.css", ".hidden"]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    everything = hash_reports(tmp_path)
    assert set(everything) == set(names) - {".hidden"}
    own = hash_reports(tmp_path, document="region")
    assert set(own) == {"region.ru.qmd", "_limits.ru.md", "templates/page.css"}
    (tmp_path / "rating.ru.qmd").write_text("changed", encoding="utf-8")
    assert hash_reports(tmp_path, document="region") == own
    assert hash_reports(tmp_path) != everything
    (tmp_path / "_limits.ru.md").write_text("changed", encoding="utf-8")
    assert hash_reports(tmp_path, document="region") != own
