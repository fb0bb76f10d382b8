"""The rating and the report on methods, whole: files, accessibility, requests, width, keyboard."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from axe import find_violations
from browser import Browser, find_chromium
from clientindex.publishing.front_page import describe_front_page
from clientindex.publishing.render import render_document
from clientindex.results import Unavailable
from document_text import find_differences, find_missing, read_content, read_pdf_text
from presentation_bundle import make_bundle, make_results, save_bundle

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

REPORTS = Path(__file__).parents[2] / "reports"
PROGRAM = find_chromium()
NARROW = 640
"""CSS pixels of a window of 1280 at 200 %."""

ON_PAPER = {"only theirs: с (1 times)", "only theirs: pages (1 times)"}
"""The word for pages in the abstract: how many there are is said on paper only."""

pytestmark = pytest.mark.slow
in_browser = pytest.mark.skipif(PROGRAM is None, reason="no Chromium on the path")


@dataclass(frozen=True, kw_only=True)
class Report:
    language: str
    is_empty: bool
    paths: Mapping[str, Path]


@pytest.fixture(
    scope="module",
    params=[
        ("rating.ru", False, ["html", "pdf", "docx"]),
        ("rating.en", True, ["html", "docx"]),
        ("methods.en", False, ["html", "pdf", "docx"]),
        ("methods.ru", True, ["html", "pdf", "docx"]),
    ],
    ids=lambda param: param[0],
)
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Render each document once; two of them where nearly all results are absent."""
    document, is_empty, formats = request.param
    name, language = document.split(".")
    results = make_results()
    if is_empty:
        results = {"coverage": results["coverage"]} | {
            stage: Unavailable(stage="factors", reason="totals_only")
            for stage in ("suitability", "exploratory")
        }
    bundle = make_bundle(results=results)
    folder = tmp_path_factory.mktemp(document)
    rendered = render_document(
        REPORTS / f"{document}.qmd",
        output_dir=folder / "out",
        formats=formats,
        parameters={
            "bundle": str(save_bundle(bundle, folder / "results")),
            "language": language,
        },
        metadata=describe_front_page(bundle, document=name, language=language),
        renderer="embedded",
    )
    return Report(language=language, is_empty=is_empty, paths=rendered.paths)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser.start(str(PROGRAM)) as started:
        yield started


def test_documents_are_rendered(report: Report) -> None:
    html = report.paths["html"].read_text(encoding="utf-8")
    words = {"ru": "Синтетические данные", "en": "Synthetic data"}
    assert words[report.language] in html
    assert ("<figure" in html) is not report.is_empty
    assert all(path.stat().st_size > 10_000 for path in report.paths.values())


def test_all_formats_say_the_same(report: Report) -> None:
    page = read_content(report.paths["html"])
    found = find_differences(page, read_content(report.paths["docx"]))
    assert [difference for difference in found if difference not in ON_PAPER] == []
    if "pdf" in report.paths and shutil.which("pdftotext") is not None:
        assert find_missing(page, read_pdf_text(report.paths["pdf"])) == []


@in_browser
def test_axe_finds_no_serious_violation(browser: Browser, report: Report) -> None:
    browser.open(report.paths["html"])
    assert find_violations(browser) == []


@in_browser
def test_pages_ask_for_nothing_complain_of_nothing_and_fit(
    browser: Browser, report: Report
) -> None:
    page = report.paths["html"]
    browser.open(page, width=NARROW)
    browser.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    asked = [url for url in browser.requests if not url.startswith("data:")]
    assert asked == [page.resolve().as_uri()]
    assert browser.complaints == []
    room, width = browser.evaluate(
        "[document.documentElement.clientWidth, document.documentElement.scrollWidth]"
    )
    assert width <= room


@in_browser
def test_tables_of_the_reports_sort_by_keyboard(browser: Browser, report: Report) -> None:
    browser.open(report.paths["html"])
    first = "document.querySelector('main th:nth-child(2) > button.sort')"
    numbers = "[...{}.closest('table').querySelectorAll('tbody td:nth-child(2)')]"
    before = browser.evaluate(f"{numbers.format(first)}.map(cell => cell.textContent)")
    browser.evaluate(f"{first}.focus()")
    browser.press("Enter")
    assert browser.evaluate(f"{first}.closest('th').getAttribute('aria-sort')") == "ascending"
    after = browser.evaluate(f"{numbers.format(first)}.map(cell => cell.textContent)")
    assert sorted(after) == sorted(before)
    browser.press("Enter")
    assert browser.evaluate(f"{first}.closest('th').getAttribute('aria-sort')") == "descending"
