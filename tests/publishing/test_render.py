from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from clientindex.errors import RenderError
from clientindex.publishing.choice import choose_renderer
from clientindex.publishing.quarto_cli import find_quarto_version
from clientindex.publishing.render import render_document
from document_text import find_differences, find_missing, read_content, read_pdf_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clientindex.publishing.render import RenderedDocument


def html_text(path: Path) -> str:
    parts: list[str] = []
    parser = HTMLParser()
    parser.handle_data = parts.append  # type: ignore[method-assign]  # the documented hook
    parser.feed(path.read_text(encoding="utf-8"))
    return " ".join(" ".join(parts).split())


def docx_part(path: Path, name: str = "word/document.xml") -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


def docx_text(path: Path) -> str:
    return re.sub(r"<[^>]+>", "", docx_part(path))


def test_three_files_named_like_the_source(demo: RenderedDocument) -> None:
    language = demo.paths["html"].name.split(".")[1]
    assert {p.name for p in demo.paths.values()} == {
        f"demo.{language}.{to}" for to in ("html", "pdf", "docx")
    }
    assert sorted(p.name for p in demo.paths["html"].parent.iterdir()) == sorted(
        p.name for p in demo.paths.values()
    )
    assert demo.paths["pdf"].read_bytes().startswith(b"%PDF")
    assert demo.renderer.name == "embedded"


CAPTIONS = {
    "ru": ["Рисунок\u00a01\u00a0— Доля ответивших", "Таблица\u00a01\u00a0— Средние по группам"],
    "en": ["Figure\u00a01: Share of respondents", "Table\u00a01: Means by group"],
}


def test_captions_and_references_are_equal_in_html_and_docx(demo: RenderedDocument) -> None:
    language = demo.paths["html"].name.split(".")[1]
    page, word = html_text(demo.paths["html"]), docx_text(demo.paths["docx"])
    for caption in CAPTIONS[language]:
        spaced = caption.replace("\u00a0", " ")
        assert spaced in page.replace("\u00a0", " ")
        assert caption in word
    reference = {"ru": "рис.\u00a01", "en": "Figure\u00a01"}[language]
    assert reference in word
    for text in (page, word):
        assert "@fig" not in text
        assert "{python}" not in text
        assert "2026" in text


def test_all_formats_say_the_same(demo: RenderedDocument) -> None:
    """Headings, captions, numbering, references and numbers, word by word."""
    page, word = (read_content(demo.paths[to]) for to in ("html", "docx"))
    assert find_differences(page, word) == []
    assert len(page.headings) >= 3
    assert len(page.captions) >= 2
    assert sum(page.tokens.values()) > 100
    if shutil.which("pdftotext") is not None:
        assert find_missing(page, read_pdf_text(demo.paths["pdf"])) == []


@pytest.mark.skipif(
    not find_quarto_version()[0], reason="quarto is not on the path: its text cannot be compared"
)
def test_quarto_says_the_same(demo: RenderedDocument, tmp_path: Path, reports: Path) -> None:
    theirs = render_document(
        reports / f"{demo.paths['html'].stem}.qmd",
        output_dir=tmp_path / "quarto",
        formats=["html", "pdf", "docx"],
        parameters={"edition": "2026"},
        metadata={},
        renderer="quarto",
    )
    page = read_content(demo.paths["html"])
    for to in ("html", "docx"):
        assert find_differences(page, read_content(theirs.paths[to])) == [], to
    if shutil.which("pdftotext") is not None:
        assert find_missing(page, read_pdf_text(theirs.paths["pdf"])) == []


PAGE = """<html><body><header>Титул 7</header><nav><ul><li>1 Глава</li></ul></nav>
<main><h1><span>1</span> Глава</h1><p>Опрошено 1\u00a0234 человека, см. рис. {number}.</p>
<figure><img alt="9"><figcaption>Рисунок 1 — {caption}</figcaption></figure></main></body></html>
"""


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"number": "2"}, ["only ours: 1 (1 times)", "only theirs: 2 (1 times)"]),
        ({"number": "1,5"}, ["only ours: 1 (1 times)", "only theirs: 1,5 (1 times)"]),
        (
            {"caption": "Индексы"},
            [
                "captions: 'Рисунок 1 — Индекс' and 'Рисунок 1 — Индексы'",
                *("only ours: индекс (1 times)", "only theirs: индексы (1 times)"),
            ],
        ),
    ],
)
def test_texts_that_differ_in_one_number_or_word_are_told_apart(
    tmp_path: Path, change: dict[str, str], found: list[str]
) -> None:
    contents = []
    for values in ({}, change):
        path = tmp_path / "page.html"
        path.write_text(PAGE.format(**{"number": "1", "caption": "Индекс"} | values), "utf-8")
        contents.append(read_content(path))
    assert contents[0].headings == ["1 Глава"]
    assert contents[0].tokens["234"] == 1
    assert contents[0].tokens["7"] == contents[0].tokens["9"] == 0
    assert find_differences(*contents) == found
    plain = "1 Глава Опрошено 1 234 человека, см. рис. 1. Рисунок 1 — Индекс"
    assert bool(find_missing(contents[1], plain)) is bool(found)


def test_html_needs_no_network_and_names_its_language(demo: RenderedDocument) -> None:
    text = demo.paths["html"].read_text(encoding="utf-8")
    language = demo.paths["html"].name.split(".")[1]
    assert f'<html lang="{language}">' in text
    assert not re.search(r"<script .*src|<link|@import|src=\"(?!data:)", text)
    assert text.count("<script>") == 1
    assert text.count("<img") == text.count("alt=")
    assert 'src="data:image/svg+xml' in text
    assert 'class="table-scroll"' in text
    assert "<math" in text


def test_docx_repeats_headers_and_has_real_headings(demo: RenderedDocument) -> None:
    body = docx_part(demo.paths["docx"])
    language = demo.paths["docx"].name.split(".")[1]
    assert "<w:tblHeader" in body
    assert '<w:pStyle w:val="Heading1"' in body
    assert {'w:w="11906"', 'w:h="16838"'} <= set(re.findall(r'w:[wh]="\d+"', body))
    assert {'w:left="1701"', 'w:right="850"', 'w:top="1134"'} <= set(
        re.findall(r'w:\w+="\d+"', body)
    )
    assert re.search(
        rf'<w:lang [^>]*w:val="{language}', docx_part(demo.paths["docx"], "word/styles.xml")
    )
    assert "Times New Roman" in docx_part(demo.paths["docx"], "word/styles.xml")
    assert "PAGEREF sec-intro" in body


def test_callouts_of_every_kind_have_titles(
    write: Callable[..., Path], render: Callable[..., RenderedDocument]
) -> None:
    kinds = ("note", "tip", "important", "warning", "caution")
    body = "\n".join(f"::: {{.callout-{kind}}}\nтекст\n:::\n" for kind in kinds)
    done = render(write(body), "html", "docx", "pdf")
    for title in ("Примечание", "Совет", "Важно", "Внимание", "Осторожно"):
        assert title in html_text(done.paths["html"])
        assert title in docx_text(done.paths["docx"])


def test_the_same_input_gives_the_same_bytes(
    demo: RenderedDocument, reports: Path, render: Callable[..., RenderedDocument]
) -> None:
    name = demo.paths["html"].stem
    again = render(reports / f"{name}.qmd", "html", "pdf", "docx", edition="2026")
    for to, path in again.paths.items():
        assert path.read_bytes() == demo.paths[to].read_bytes(), to


def test_nothing_is_written_beside_the_sources(
    reports: Path, render: Callable[..., RenderedDocument]
) -> None:
    before = {p: p.stat().st_mtime_ns for p in reports.rglob("*")}
    render(reports / "demo.en.qmd", "html", "pdf")
    assert {p: p.stat().st_mtime_ns for p in reports.rglob("*")} == before


def test_metadata_of_the_caller_win(tmp_path: Path, write: Callable[..., Path]) -> None:
    done = render_document(
        write("текст"),
        output_dir=tmp_path / "out",
        formats=["html"],
        parameters={},
        metadata={"title": "Иное <название>", "author": ["А", "Б"], "date": "2025-12-01"},
        renderer="embedded",
    )
    text = html_text(done.paths["html"])
    assert "Иное <название>" in text
    assert "А, Б" in text
    assert "1 декабря 2025 г." in text


FAULTS = [
    ("# А {#sec-a}\n\n# Б {#sec-a}\n", r"small\.qmd:7: label 'sec-a' is already used"),
    ("А\n\nсм. @fig-нет\n", r"small\.qmd:7: unresolved reference @fig-нет"),
    ("[@nobody2000]\n", r"small\.qmd:5: citation @nobody2000 is not in references\.bib"),
    ("а\n\n::: {.callout-danger}\nб\n:::\n", r"small\.qmd:7: callout type 'callout-danger'"),
    ("::: {.panel-tabset}\nб\n:::\n", r"small\.qmd:5: Quarto class \.panel-tabset"),
    ("а <br> б\n", r"small\.qmd:5: raw html '<br>' would be lost"),
    ("![](нет.png)\n", r"small\.qmd:5: image нет\.png has no fig-alt"),
    ('![](нет.png){fig-alt="а"}\n', r"нет\.png"),
    ('![](https://e.org/a.png){fig-alt="а"}\n', "would be fetched from the network"),
    (
        "```{python}\n#| label: fig-a\n#| fig-cap: П\n1\n```\n",
        r"small\.qmd:5: .*must show one figure",
    ),
    (
        "```{python}\n#| label: tbl-a\n#| output: asis\nprint('|а|\\n|-|\\n|1|')\n```\n",
        "has no 'tbl-cap'",
    ),
    (
        "```{python}\nimport matplotlib.pyplot as plt\nplt.plot([1])\n```\n",
        r"small\.qmd:5: the figure has no 'fig-alt'",
    ),
]


@pytest.mark.parametrize(("body", "message"), FAULTS)
def test_faults_name_the_line_and_former_files_stay(
    tmp_path: Path,
    write: Callable[..., Path],
    render: Callable[..., RenderedDocument],
    body: str,
    message: str,
) -> None:
    former = tmp_path / "out" / "small.html"
    former.parent.mkdir()
    former.write_text("прежний", encoding="utf-8")
    with pytest.raises(RenderError, match=message):
        render(write(body), "html", "docx")
    assert former.read_text(encoding="utf-8") == "прежний"
    assert [p.name for p in former.parent.iterdir()] == ["small.html"]


def test_a_folder_that_cannot_be_written_is_named(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("файл", encoding="utf-8")
    with pytest.raises(RenderError, match="cannot write to the output folder"):
        render_document(
            write("а"), output_dir=tmp_path / "out", formats=["html"], parameters={}, metadata={}
        )


def test_a_full_disk_is_named_and_former_files_stay(
    write: Callable[..., Path],
    render: Callable[..., RenderedDocument],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = write("а")
    former = tmp_path / "out" / "small.html"
    former.parent.mkdir()
    former.write_text("прежний", encoding="utf-8")

    def fill_up(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(shutil, "copytree", fill_up)
    with pytest.raises(RenderError, match=r"small\.qmd: cannot be written: No space left"):
        render(source)
    assert [p.name for p in former.parent.iterdir()] == ["small.html"]
    assert former.read_text(encoding="utf-8") == "прежний"


def test_a_missing_document_and_unknown_formats_are_refused(
    tmp_path: Path, render: Callable[..., RenderedDocument], write: Callable[..., Path]
) -> None:
    with pytest.raises(RenderError, match=r"document нет\.qmd does not exist"):
        render(tmp_path / "нет.qmd")
    with pytest.raises(RenderError, match="give some of html, pdf, docx"):
        render(write("а"), "odt")


def test_a_missing_template_is_named(
    reports: Path, write: Callable[..., Path], render: Callable[..., RenderedDocument]
) -> None:
    (reports / "templates" / "report.css").unlink()
    with pytest.raises(RenderError, match=r"format: html: css: names no existing file"):
        render(write("а"))


def test_missing_files_of_pdf_docx_citations_and_project_are_named(
    reports: Path, write: Callable[..., Path], render: Callable[..., RenderedDocument]
) -> None:
    source = write("а [@cronbach1951]")
    for name, to, message in (
        ("templates/typst-show.typ", "pdf", r"template-partials: templates/typst-show\.typ does"),
        ("templates/reference.docx", "docx", r"reference-doc: names no existing file"),
        ("templates/gost-r-7-0-5.csl", "html", r"file templates/gost-r-7-0-5\.csl named in"),
        ("_quarto.yml", "html", "format: html: css: is not set; see _quarto"),
    ):
        kept = (reports / name).read_bytes()
        (reports / name).unlink()
        with pytest.raises(RenderError, match=message):
            render(source if name[0] == "t" else write("а"), to)
        (reports / name).write_bytes(kept)


def test_a_missing_filter_or_script_is_named(
    reports: Path, write: Callable[..., Path], render: Callable[..., RenderedDocument]
) -> None:
    (reports / "templates" / "page-script.htm").unlink()
    with pytest.raises(RenderError, match=r"format: html: include-after-body: names no existing"):
        render(write("а"))
    (reports / "templates" / "how-made.lua").unlink()
    for to in ("html", "pdf", "docx"):
        with pytest.raises(RenderError, match=r"filters: templates/how-made\.lua does not exist"):
            render(write("а"), to)


def test_names_with_markup_characters_survive(
    write: Callable[..., Path], render: Callable[..., RenderedDocument]
) -> None:
    name = 'Центр «А & Б» <i> *№1* [x] $5 #7 @home \\ "q" `c` _z_ שלום'
    done = render(
        write(f"```{{python}}\nname = {name!r}\n```\nИмя: `{{python}} name`.\n"),
        "html",
        "docx",
        "pdf",
    )
    assert name in html_text(done.paths["html"])


def test_signs_that_the_font_lacks_are_shown_with_other_fonts(
    write: Callable[..., Path], render: Callable[..., RenderedDocument]
) -> None:
    """PDF/UA does not allow a sign that no font shows, so typst would refuse the document."""
    done = render(write("Имя: 🙂, שלום, مركز, 職業"), "pdf")
    if shutil.which("pdffonts") is None:
        pytest.skip("pdffonts (poppler-utils) is not installed: fonts of PDFs cannot be read")
    command = ["pdffonts", str(done.paths["pdf"])]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    fonts = set(re.findall(r"^[A-Z]{6}\+(\S+)", listed, flags=re.MULTILINE))
    assert {"DejaVuSans", "LastResortHE-Regular"} <= fonts


def test_the_embedded_renderer_says_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert re.match(
        r"embedded \(Pandoc 3\S*, typst \S+\) \(quarto is not on the path\)", str(choose_renderer())
    )
    with pytest.raises(RenderError, match="quarto was asked for, but quarto is not on the path"):
        choose_renderer("quarto")


def test_the_committed_reference_document_is_what_its_script_makes(reports: Path) -> None:
    committed = (reports / "templates" / "reference.docx").read_bytes()
    script = reports / "templates" / "make_reference.py"
    (reports / "templates" / "reference.docx").unlink()
    subprocess.run([sys.executable, str(script)], check=True)
    assert (reports / "templates" / "reference.docx").read_bytes() == committed
