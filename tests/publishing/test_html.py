"""What the HTML writer itself puts into a page; what a browser does with it is tested apart."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.publishing.render import RenderedDocument

TEMPLATES = Path(__file__).resolve().parents[2] / "reports" / "templates"
GRID = """
+-------+-------+
| Оба           |
+-------+-------+
| А     | Б     |
+=======+=======+
| слово | 2     |
+-------+-------+

: Сетка {#tbl-grid}
"""


def read_words(language: str) -> set[str]:
    """Return the names of the words that the script has in a language."""
    script = (TEMPLATES / "page-script.htm").read_text(encoding="utf-8")
    section = re.search(rf"^    {language}: {{$(.*?)^    }},$", script, re.M | re.S)
    assert section is not None
    return set(re.findall(r"^      (\w+):", section[1], re.M))


def test_head_cells_say_what_they_name(pages: Callable[..., Path]) -> None:
    text = pages(GRID).read_text(encoding="utf-8")
    heads = [re.sub(r"\s+", " ", head) for head in re.findall(r"<th[^e][^>]*>", text)]
    assert [re.findall(r'scope="(\w+)"', head) for head in heads] == [
        ["colgroup"],
        ["col"],
        ["col"],
    ]


def test_a_table_scrolls_in_a_region_named_by_its_caption(pages: Callable[..., Path]) -> None:
    text = re.sub(r"\s+", " ", pages(GRID).read_text(encoding="utf-8"))
    region = re.search(r'<div class="table-scroll"[^>]*>', text)
    assert region is not None
    assert 'tabindex="0"' in region[0]
    assert 'role="region"' in region[0]
    assert re.search(r'aria-label="Таблица.1.— Сетка"', region[0])


def test_the_script_is_in_the_page_unchanged_and_asks_for_nothing(
    demo: RenderedDocument,
) -> None:
    script = (TEMPLATES / "page-script.htm").read_text(encoding="utf-8").strip()
    assert script in demo.paths["html"].read_text(encoding="utf-8")
    assert not re.search(r"fetch|XMLHttp|import\(|https?:|localStorage|eval", script)


def test_the_script_has_the_same_words_in_both_languages() -> None:
    assert (
        read_words("ru") == read_words("en") == {"search", "shown", "nothing", "contents", "table"}
    )


def test_landmarks_and_the_way_past_the_contents(demo: RenderedDocument) -> None:
    text = demo.paths["html"].read_text(encoding="utf-8")
    russian = demo.paths["html"].name.split(".")[1] == "ru"
    skip = "Перейти к тексту" if russian else "Skip to the text"
    assert f'<a class="skip-link" href="#text">{skip}</a>' in text
    assert text.count("<main") == text.count('<main id="text" tabindex="-1">') == 1
    title = "Содержание" if russian else "Contents"
    assert f'<nav id="TOC" class="toc" aria-label="{title}">' in text
    assert text.index("skip-link") < text.index("<nav") < text.index("<main")


def test_sources_in_another_language_are_marked(demo: RenderedDocument) -> None:
    text = demo.paths["html"].read_text(encoding="utf-8")
    entries = re.findall(r'<div id="ref-[^>]*>', text)
    assert entries
    russian = demo.paths["html"].name.split(".")[1] == "ru"
    marked = [re.search(r'lang="(\w+)"', re.sub(r"\s+", " ", entry)) for entry in entries]
    assert [m and m[1] for m in marked] == ["en" if russian else None] * len(entries)
