"""The page in a browser: sorting, searching, contents, requests, width and accessibility."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from axe import find_violations
from browser import Browser, find_chromium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from clientindex.publishing.render import RenderedDocument

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = find_chromium()
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no Chromium on the path")

AUDIT = Path(__file__).with_name("audit.js").read_text(encoding="utf-8")
NARROW = 640
"""CSS pixels of a window of 1280 at 200 %."""

ROWS = [
    ("Центр № 10", "1 234,5", "[4,28; 4,34]", "12,5 %", "3–7"),
    ("Центр № 9", "−0,3", "—", "<0,1 %", "1–12"),
    ("Ёлкинский центр", "0,25", "[−1,5; 2,0]", "100 %", "1–2"),
    ("Центр № 2", "—", "[4,28; 4,30]", "0,1 %", "—"),
    ("Аннинский центр", "1 234,5", "[−2,5; −2,0]", "99,9 %", "10–11"),
]
HEADS = ("Центр", "Индекс", "Интервал", "Доля", "Места")


def make_table(rows: list[tuple[str, ...]], heads: tuple[str, ...], caption: str) -> str:
    lines = [f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *rows)]
    return "\n".join(lines) + f"\n\n: {caption}\n"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser.start(str(PROGRAM)) as started:
        yield started


def sortable(*extra: tuple[str, ...]) -> str:
    table = make_table([*ROWS, *extra], HEADS, "Проба {#tbl-known}")
    return f"# Раздел\n\n{table}\n"


def read_column(browser: Browser, column: int) -> list[str]:
    cells = f"[...document.querySelectorAll('tbody tr')].map(r => r.cells[{column}].textContent)"
    return [str(text).replace("\u00a0", " ") for text in browser.evaluate(cells)]


def read_sorts(browser: Browser) -> list[str | None]:
    heads = "[...document.querySelectorAll('thead th')].map(h => h.getAttribute('aria-sort'))"
    found: list[str | None] = browser.evaluate(heads)
    return found


def focus_by_tab(browser: Browser, selector: str, *, most: int = 60) -> int:
    """Press Tab until an element has the focus, and return how often."""
    for pressed in range(1, most):
        browser.press("Tab")
        if browser.evaluate(f"document.activeElement.matches({selector!r})"):
            return pressed
    msg = f"{selector} cannot be reached by keyboard"
    raise AssertionError(msg)


def first(column: int, order: str) -> list[str]:
    return [ROWS[int(i)][column] for i in order]


ORDERS = [
    # Column, ascending, descending: positions of the rows in the source.
    (0, "42310", "01324"),  # Words, numbers inside them by size, ё as е.
    (1, "12043", "04213"),  # Equal numbers keep their order both ways; a dash is last both ways.
    (2, "42301", "03241"),  # By the lower end, then the upper.
    (3, "13042", "24031"),  # Less than 0,1 stands before 0,1.
    (4, "21043", "40123"),  # Ranges as pairs of numbers.
]


@pytest.mark.parametrize(("column", "ascending", "descending"), ORDERS)
def test_a_click_sorts_by_number_and_is_stable(
    browser: Browser,
    pages: Callable[..., Path],
    column: int,
    ascending: str,
    descending: str,
) -> None:
    browser.open(pages(sortable()))
    click = f"document.querySelectorAll('thead .sort')[{column}].click()"
    assert read_column(browser, column) == first(column, "01234")
    browser.evaluate(click)
    assert read_column(browser, 0) == first(0, ascending)
    browser.evaluate(click)
    assert read_column(browser, 0) == first(0, descending)
    browser.evaluate(click)
    assert read_column(browser, 0) == first(0, "01234")
    assert browser.complaints == []


def test_sorting_works_by_keyboard_and_says_so(
    browser: Browser, pages: Callable[..., Path]
) -> None:
    browser.open(pages(sortable()))
    assert read_sorts(browser) == [None] * 5
    focus_by_tab(browser, "th:nth-child(2) > button.sort")
    browser.press("Enter")
    assert read_sorts(browser) == [None, "ascending", None, None, None]
    assert read_column(browser, 1) == ["−0,3", "0,25", "1 234,5", "1 234,5", "—"]
    browser.press(" ")
    assert read_sorts(browser) == [None, "descending", None, None, None]
    assert read_column(browser, 1) == ["1 234,5", "1 234,5", "0,25", "−0,3", "—"]
    browser.press("Tab")
    browser.press("Enter")
    assert read_sorts(browser) == [None, None, "ascending", None, None]
    browser.press("Enter")
    browser.press("Enter")
    assert read_sorts(browser) == [None] * 5


def test_a_row_of_totals_stays_last(browser: Browser, pages: Callable[..., Path]) -> None:
    browser.open(pages(sortable(("Все центры", "0,1", "[0,1; 0,2]", "1 %", "—"))))
    for _ in range(2):
        browser.evaluate("document.querySelectorAll('thead .sort')[1].click()")
        assert read_column(browser, 0)[-1] == "Все центры"
    assert read_column(browser, 0)[:5] == first(0, "04213")


def test_english_numbers_have_points_and_commas_between_thousands(
    browser: Browser, pages: Callable[..., Path]
) -> None:
    rows = [("1,234.5",), ("99.5",), ("1,000",), ("−2.5",), ("[0.5, 0.7]",)]
    browser.open(pages(make_table(rows, ("Index",), "Known {#tbl-known}"), "en"))
    browser.evaluate("document.querySelector('thead .sort').click()")
    assert read_column(browser, 0) == ["−2.5", "[0.5, 0.7]", "99.5", "1,000", "1,234.5"]


def test_words_among_numbers_stand_last(browser: Browser, pages: Callable[..., Path]) -> None:
    rows = [("0,1 (<0,1)",), ("нет",), ("0,02 (0,01)",), ("9,9 (4,4)",), ("10,1 (<0,1)",)]
    browser.open(pages(make_table(rows, ("Запас",), "Проба {#tbl-known}")))
    browser.evaluate("document.querySelector('thead .sort').click()")
    ordered = ["0,02 (0,01)", "0,1 (<0,1)", "9,9 (4,4)", "10,1 (<0,1)", "нет"]
    assert read_column(browser, 0) == ordered
    browser.evaluate("document.querySelector('thead .sort').click()")
    assert read_column(browser, 0) == [*ordered[3::-1], "нет"]


LONG = [(f"Центр № {i}", f"{i},5", "Берёзовка" if i % 4 == 0 else "Сосновка") for i in range(1, 15)]
SEARCHES = {
    "ru": ("Поиск по строкам", "Показано строк: 14 из 14", "Показано строк: 1 из 14"),
    "en": ("Search the rows", "Rows shown: 14 of 14", "Rows shown: 1 of 14"),
}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_search_works_by_keyboard_and_counts_in_the_language_of_the_page(
    browser: Browser, pages: Callable[..., Path], language: str
) -> None:
    label, all_rows, one_row = SEARCHES[language]
    browser.open(pages(make_table(LONG, ("А", "Б", "В"), "Т {#tbl-long}"), language))
    count = "document.querySelector('.table-search output').textContent"
    shown = "[...document.querySelectorAll('tbody tr')].filter(r => r.checkVisibility()).length"
    assert browser.evaluate("document.querySelector('.table-search label').textContent") == label
    assert browser.evaluate(count) == all_rows
    focus_by_tab(browser, "input[type=search]")
    browser.write("БЕРЕЗ")
    assert browser.evaluate(shown) == 3
    browser.write(" 12")
    assert (browser.evaluate(shown), browser.evaluate(count)) == (1, one_row)
    browser.evaluate("document.querySelector('thead .sort').click()")
    assert browser.evaluate(shown) == 1
    browser.press("Escape")
    assert (browser.evaluate(shown), browser.evaluate(count)) == (14, all_rows)
    browser.write("нигде")
    assert browser.evaluate(shown) == 0
    assert re.search(r"Ничего не найдено|Nothing found", browser.evaluate(count))


def test_short_and_irregular_tables_are_left_alone(
    browser: Browser, pages: Callable[..., Path]
) -> None:
    grid = "+---+---+\n| А | Б |\n+===+===+\n| 1 | 2 |\n+---+---+\n| 3     |\n+---+---+\n"
    grid += "| 4 | 5 |\n+---+---+\n\n: Сетка {#tbl-grid}\n\n"
    browser.open(pages(grid + make_table(ROWS[:2], HEADS, "Две строки {#tbl-two}")))
    assert browser.evaluate("document.querySelectorAll('.sort, .table-search').length") == 0
    assert browser.evaluate("document.querySelectorAll('th').length") == 7


def test_paper_shows_all_rows_and_no_controls(browser: Browser, pages: Callable[..., Path]) -> None:
    browser.open(pages(make_table(LONG, ("А", "Б", "В"), "Т {#tbl-long}") + "\n[а](#tbl-long)\n"))
    browser.evaluate("document.querySelector('input').focus()")
    browser.write("березовка")
    browser.emulate_media("print")
    try:
        style = "getComputedStyle(document.querySelector({}), {}).{}"
        assert browser.evaluate(style.format("'.table-search'", "null", "display")) == "none"
        assert browser.evaluate(style.format("'.sort'", "'::after'", "display")) == "none"
        # A head is repeated on every sheet only without a box of its own inside.
        assert browser.evaluate(style.format("'.sort'", "null", "display")) == "contents"
        assert browser.evaluate(style.format("'main p a'", "null", "color")) == browser.evaluate(
            style.format("'main p'", "null", "color")
        )
        rows = "[...document.querySelectorAll('tbody tr')].filter(r => r.checkVisibility()).length"
        assert browser.evaluate(rows) == 14
    finally:
        browser.emulate_media("")


def test_contents_stand_at_the_side_and_fold_on_a_narrow_page(
    browser: Browser, pages: Callable[..., Path]
) -> None:
    page = pages("".join(f"# Раздел {i}\n\nТекст.\n\n" for i in range(40)))
    state = "[document.querySelector('#TOC details').open, getComputedStyle(TOC).position]"
    browser.open(page)
    assert browser.evaluate(state) == [True, "sticky"]
    browser.resize(NARROW)
    browser.evaluate("new Promise(done => setTimeout(done, 100))")
    assert browser.evaluate(state) == [False, "static"]
    assert focus_by_tab(browser, ".skip-link") == 1
    focus_by_tab(browser, "#TOC summary", most=3)
    browser.press("Enter")
    assert browser.evaluate(state) == [True, "static"]
    browser.press("Enter")
    browser.emulate_media("print")
    try:
        browser.evaluate("new Promise(done => setTimeout(done, 100))")
        assert browser.evaluate(state) == [True, "static"]
    finally:
        browser.emulate_media("")


def test_how_a_figure_was_made_unfolds_by_keyboard_and_holds_its_data(
    browser: Browser, pages: Callable[..., Path]
) -> None:
    body = ':::: {.how-made summary="Как сделан рисунок"}\nДанные\n:   [CSV](known.csv)\n\n::::\n'
    cell = """```{python}
#| include: false
from pathlib import Path
Path("known.csv").write_bytes(b"x,y\\n1,2\\n")
```
"""
    browser.open(pages(cell + body))
    link = "document.querySelector('details.how-made a')"
    assert browser.evaluate(f"{link}.checkVisibility()") is False
    focus_by_tab(browser, "details.how-made > summary")
    browser.press("Enter")
    assert browser.evaluate(f"{link}.checkVisibility()") is True
    assert browser.evaluate(f"{link}.download") == "known.csv"
    assert browser.evaluate(f"atob({link}.href.split(',')[1])") == "x,y\n1,2\n"


def test_a_page_as_quarto_writes_it_gets_regions_scopes_and_folded_contents(
    browser: Browser, tmp_path: Path
) -> None:
    """Quarto wraps a table into a figure and names contents by a heading of its own."""
    script = (ROOT / "reports" / "templates" / "page-script.htm").read_text(encoding="utf-8")
    rows = "".join(f"<tr><td>{i}</td></tr>" for i in (10, 9, 8))
    page = tmp_path / "quarto.html"
    page.write_text(
        '<!DOCTYPE html><html lang="ru"><head><title>А</title></head><body>'
        '<nav id="TOC" role="doc-toc"><h2 id="toc-title">Содержание</h2><ul><li>А</li></ul></nav>'
        '<main><figure id="tbl-a"><figcaption>Таблица 1 — Проба</figcaption><div>'
        f"<table><thead><tr><th>n</th></tr></thead><tbody>{rows}</tbody></table>"
        f"</div></figure></main>{script}</body></html>",
        encoding="utf-8",
    )
    browser.open(page)
    region = "document.querySelector('table').parentElement"
    assert browser.evaluate(f"[{region}.className, {region}.tabIndex]") == ["table-scroll", 0]
    assert browser.evaluate(f"{region}.getAttribute('aria-label')") == "Таблица 1 — Проба"
    assert browser.evaluate("document.querySelector('th').scope") == "col"
    assert browser.evaluate("document.querySelector('#TOC summary').textContent") == "Содержание"
    browser.evaluate("document.querySelector('.sort').click()")
    assert read_column(browser, 0) == ["8", "9", "10"]


@pytest.mark.parametrize("width", [1280, NARROW])
def test_the_demonstration_asks_for_nothing_and_fits(
    browser: Browser, demo: RenderedDocument, width: int
) -> None:
    browser.open(demo.paths["html"], width=width)
    asked = [url for url in browser.requests if not url.startswith("data:")]
    assert asked == [demo.paths["html"].resolve().as_uri()]
    assert browser.complaints == []
    room = browser.evaluate("document.documentElement.clientWidth")
    assert browser.evaluate("document.documentElement.scrollWidth") <= room
    browser.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert browser.evaluate("document.documentElement.scrollWidth") <= room


@pytest.mark.parametrize("width", [1280, NARROW])
def test_the_demonstration_passes_our_own_audit(
    browser: Browser, demo: RenderedDocument, width: int
) -> None:
    browser.open(demo.paths["html"], width=width)
    browser.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert browser.evaluate(AUDIT) == []


def test_the_audit_finds_what_it_looks_for(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "bad.html"
    page.write_text(
        "<!DOCTYPE html><html><head><title></title></head><body><h1>А</h1><h3 id=a>Б</h3>"
        "<img src=data:,><input><button></button><table><tr><th>В</th></tr></table>"
        "<p id=a style='color:#999'>Бледно</p><a href=#none></a></body></html>",
        encoding="utf-8",
    )
    browser.open(page)
    found: list[Any] = browser.evaluate(AUDIT)
    assert {str(fault).partition(":")[0] for fault in found} == {
        *("alt", "button", "contrast", "heading", "id", "input", "lang", "link", "main"),
        *("scope", "target", "title"),
    }


def test_axe_finds_no_serious_violation(browser: Browser, demo: RenderedDocument) -> None:
    browser.open(demo.paths["html"])
    assert find_violations(browser) == []


def test_axe_finds_what_it_looks_for(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "bad.html"
    page.write_text(
        "<!DOCTYPE html><html><head><title>A</title></head><body><img src='data:,'><input>"
        "<details><summary>A</summary><p style='color:#999'>Pale</p></details>"
        "<p>Text that goes on "
        "<a href='https://e.invalid' style='color:#00f;text-decoration:none'>link</a></p>"
        "</body></html>",
        encoding="utf-8",
    )
    browser.open(page)
    assert {fault.partition(":")[0] for fault in find_violations(browser)} == {
        "color-contrast (serious)",
        "html-has-lang (serious)",
        "image-alt (critical)",
        "label (critical)",
        "link-in-text-block (serious)",
    }
