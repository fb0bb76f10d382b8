"""The order of parts, the place of the contents and what an abstract counts, in three formats."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from clientindex.errors import RenderError
from clientindex.publishing.render import render_document

REPORTS = Path(__file__).resolve().parents[2] / "reports"
FRONT = "metadata-files: [_ru.yml]\nauthor: Издатель\nformat: {docx: {toc: false}}"
PARTS = [
    *("Реферат", "Содержание", "Термины и определения", "Введение", "Глава", "Заключение"),
    *("Список использованных источников", "Приложение А", "Приложение Б"),
]
BODY = """
# Реферат {#abstract .structural .unnumbered .unlisted}

Отчёт [[]{.count-pages} с.,]{.paper-only} []{.count-figures} рис., []{.count-tables} табл.,
[]{.count-sources} источн., []{.count-appendices} прил.

::: {.contents-here}
:::

# Термины и определения {#terms .structural .unnumbered}

балл
:   единица.

# Введение {#introduction .structural .unnumbered}

Зачем [@cronbach1951; @kish1965], опять [@kish1965].

# Глава {#sec-a}

См. [приложение А](#app-a) и таблицу [-@tbl-a].

| а |
|---|
| 1 |

: Первая {#tbl-a}

| а |
|---|
| 1 |

: Вторая {#tbl-b}

![Рисунок](a.png){#fig-a fig-alt="Точка"}

# Заключение {#conclusion .structural .unnumbered}

# Список использованных источников {#sources .structural .unnumbered}

::: {#refs}
:::

# [Приложение А]{.appendix-name} Центры {#app-a .appendix .unnumbered}

# [Приложение Б]{.appendix-name} Причины {#app-b .appendix .unnumbered}
"""


PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5Er"
    "kJggg=="
)


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("parts")
    reports = folder / "reports"
    shutil.copytree(REPORTS, reports, ignore=shutil.ignore_patterns("*.qmd", "*.md"))
    (reports / "a.png").write_bytes(base64.b64decode(PIXEL))
    source = reports / "small.qmd"
    source.write_text(f"---\ntitle: Проба\n{FRONT}\n---\n{BODY}", encoding="utf-8")
    return render_document(
        source,
        output_dir=folder / "out",
        formats=["html", "pdf", "docx"],
        parameters={},
        metadata={},
        renderer="embedded",
    ).paths


@pytest.fixture(scope="module")
def page(report):
    return report["html"].read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def body(report):
    with zipfile.ZipFile(report["docx"]) as archive:
        return archive.read("word/document.xml").decode()


@pytest.fixture(scope="module")
def paper(report):
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed: texts of PDFs cannot be read")
    command = ["pdftotext", "-layout", str(report["pdf"]), "-"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.removesuffix("\f").split("\f")


def list_paragraphs(body):
    """Return style and text of every paragraph."""
    found = []
    for text in re.findall(r"<w:p>.*?</w:p>", body, flags=re.DOTALL):
        style = re.search(r'<w:pStyle w:val="(\w+)"', text)
        shown = "".join(re.findall(r"<w:t[^>]*>([^<]*)|<w:br */>", text))
        found.append((style[1] if style else "", shown))
    return found


def find_heading(text):
    """Return the first line of a page below its header; a figure may float above it."""
    lines = [line.strip() for line in text.split("\n")]
    return next(s for s in lines[1:] if s and not s.startswith("Рисунок"))


def test_parts_stand_in_order_in_html_and_contents_at_the_side(page):
    main = page.partition("<main")[2].partition("</main>")[0]
    headings = [re.sub("<[^>]+>", "", h) for h in re.findall(r"<h1[^>]*>(.*?)</h1>", main)]
    names = [name for name in PARTS if name != "Содержание"]
    expected = ["1 Глава" if name == "Глава" else name for name in names]
    expected[-2:] = ["Приложение А Центры", "Приложение Б Причины"]
    assert headings == ["Проба", *expected]
    assert page.count('id="TOC"') == 1
    assert "Содержание" not in main
    contents = page.partition("<nav")[2].partition("</nav>")[0]
    assert "Реферат" not in contents
    assert "Приложение Б</span> Причины" in contents


def test_parts_stand_in_order_in_docx_and_contents_after_the_abstract(body):
    paragraphs = list_paragraphs(body)
    headings = [(s, t) for s, t in paragraphs if "Heading" in s]
    assert headings == [
        ("StructuralHeadingUnlisted", "Реферат"),
        ("TOCHeading", "Содержание"),
        ("StructuralHeading", "Термины и определения"),
        ("StructuralHeading", "Введение"),
        ("Heading1", "1Глава"),
        ("StructuralHeading", "Заключение"),
        ("StructuralHeading", "Список использованных источников"),
        ("AppendixHeading", "ПРИЛОЖЕНИЕ АЦентры"),
        ("AppendixHeading", "ПРИЛОЖЕНИЕ БПричины"),
    ]
    entries = [text for style, text in paragraphs if style == "TOC1"]
    assert entries == [
        *("Термины и определения", "Введение", "1\u2003Глава", "Заключение"),
        *("Список использованных источников", "Приложение А Центры", "Приложение Б Причины"),
    ]
    assert [style for style, _ in paragraphs][:3] == [
        "Author",
        "Title",
        "StructuralHeadingUnlisted",
    ]
    assert ("DefinitionEntry", "балл\u00a0— единица.") in paragraphs
    assert 'w:anchor="app-a"' in body
    assert 'w:name="app-a"' in body


def test_structural_headings_of_docx_are_centred_on_new_pages(report):
    with zipfile.ZipFile(report["docx"]) as archive:
        styles = archive.read("word/styles.xml").decode()
    for name, level in (("StructuralHeading", "0"), ("StructuralHeadingUnlisted", "9")):
        style = re.search(rf'<w:style [^>]*w:styleId="{name}".*?</w:style>', styles, re.DOTALL)[0]
        assert "<w:pageBreakBefore" in style
        assert 'w:jc w:val="center"' in style
        assert f'w:outlineLvl w:val="{level}"' in style


def test_parts_stand_in_order_in_pdf_and_each_begins_a_page(paper):
    capitals = [name.upper() for name in PARTS if name != "Глава"]
    found = [find_heading(text) for text in paper[1:]]
    assert found == capitals
    assert [s for s in paper[4].split("\n") if "Глава" in s]
    contents = paper[2]
    assert "РЕФЕРАТ" not in contents.upper()
    assert re.search(r"ПРИЛОЖЕНИЕ Б Причины[ .⁠]+9", contents)
    assert [page.split()[-1] for page in paper] == ["Проба", *map(str, range(2, 10))]


def test_the_abstract_counts_what_is_in_the_document(page, body, paper):
    counted = "1 рис., 2 табл., 2 источн., 2 прил."
    assert counted in " ".join(paper[1].split())
    assert f"Отчёт {len(paper)} с." in paper[1]
    assert f"Отчёт {counted}" in " ".join(re.sub("<[^>]+>", "", page).split())
    abstract = next(text for _, text in list_paragraphs(body) if text.startswith("Отчёт"))
    assert " ".join(abstract.split()) == f"Отчёт … с., {counted}"
    assert body.count(" NUMPAGES ") == 1
    assert page.count("<figcaption") == 1
    assert page.count("<caption") == 2
    assert page.count('class="csl-entry"') == 2


TWO = "::: {.contents-here}\n:::\n"


@pytest.mark.parametrize(
    ("text", "front", "said"),
    [
        (TWO + "\n" + TWO, FRONT, "stands 2 times"),
        (f":::: {{.box}}\n{TWO}::::\n", FRONT, "stands inside another container"),
        (TWO, f"{FRONT}\ntoc: false", "needs 'toc: true'"),
        (TWO, "metadata-files: [_ru.yml]", "else Quarto writes contents twice"),
        ("[]{.count-stars}", FRONT, "nothing is counted by the class count-stars"),
    ],
)
def test_a_wrong_place_of_the_contents_and_an_unknown_count_are_refused(
    write, render, text, front, said
):
    with pytest.raises(RenderError, match=said):
        render(write(text, front=front))
