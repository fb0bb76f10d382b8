"""Where figures of a PDF stand: text fills the page before them, and they stay in their chapter."""

import json
from pathlib import Path

import pytest
import typst

TEMPLATE = Path(__file__).resolve().parents[2] / "reports" / "templates" / "typst-template.typ"

PAGE = """
#import "typst-template.typ": article
#show: article.with(title: [Проба], lang: "ru")
#let mark(name) = context [#metadata((name, here().page())) <mark>]
= Первая глава
#mark("before") #v(14cm)
#figure(image("tall.svg"), caption: [#mark("figure") Высокий рисунок])
#mark("after") Текст после рисунка.
= Вторая глава
#mark("next")
"""

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="400pt" height="{height}pt"></svg>'


@pytest.fixture
def find_pages(tmp_path: Path):
    """Return what lays the page out with a figure of some height and tells the page of marks."""

    def find(height: int) -> dict[str, int]:
        (tmp_path / TEMPLATE.name).write_bytes(TEMPLATE.read_bytes())
        (tmp_path / "tall.svg").write_text(SVG.format(height=height), encoding="utf-8")
        source = tmp_path / "page.typ"
        source.write_text(PAGE, encoding="utf-8")
        found = typst.query(str(source), "<mark>", field="value", ignore_system_fonts=True)
        return dict(json.loads(found))

    return find


def test_text_fills_the_page_before_a_tall_figure(find_pages):
    assert find_pages(500) == {"before": 1, "figure": 2, "after": 1, "next": 2}


def test_a_figure_that_fits_stays_on_its_page(find_pages):
    assert find_pages(100) == {"before": 1, "figure": 1, "after": 1, "next": 1}
