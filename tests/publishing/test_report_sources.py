"""Sources of the reports: no typed digits, equal languages, references that lead somewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from clientindex.publishing.segments import Inline
from clientindex.publishing.source import parse_source
from clientindex.publishing.typed_digits import find_digits, list_prose
from report_sources import (
    find_dead_references,
    list_headings,
    list_labels,
    list_parts,
)

REPORTS = Path(__file__).parents[2] / "reports"
FILES = sorted(path.name for path in REPORTS.glob("*.qmd"))
NAMES = sorted({name.split(".")[0] for name in FILES})


def test_every_document_has_both_languages() -> None:
    assert [f"{name}.{language}.qmd" for name in NAMES for language in ("en", "ru")] == FILES
    assert {"compare", "methods", "rating", "region"} <= set(NAMES)


@pytest.mark.parametrize("file", FILES)
def test_every_digit_of_the_prose_comes_from_a_value(file: str) -> None:
    source = parse_source(REPORTS / file)
    typed = {str(part.place): find_digits(part.text) for part in list_prose(source)}
    assert {place: digits for place, digits in typed.items() if digits} == {}
    assert not [part for part in source.segments if isinstance(part, Inline)]


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_show_the_same_parts_in_the_same_order(name: str) -> None:
    ru, en = (parse_source(REPORTS / f"{name}.{language}.qmd") for language in ("ru", "en"))
    assert list_parts(ru) == list_parts(en)
    assert [cell.code.replace('"ru"', '"en"') for cell in ru.cells] == [c.code for c in en.cells]
    assert [cell.options for cell in ru.cells] == [cell.options for cell in en.cells]


@pytest.mark.parametrize("name", NAMES)
def test_headings_of_both_languages_stand_one_to_one_with_the_same_labels(name: str) -> None:
    ru, en = (parse_source(REPORTS / f"{name}.{language}.qmd") for language in ("ru", "en"))
    assert list_headings(ru) == list_headings(en)
    # The comparison of methodologies prints its headings itself; the certificate has none.
    assert bool(list_headings(ru)) is (name not in ("compare", "certificate"))


@pytest.mark.parametrize("file", FILES)
def test_every_reference_leads_somewhere(file: str) -> None:
    assert find_dead_references(parse_source(REPORTS / file)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Опрошено 240 центров.", ["240"]),
        ("Доля 12,5 % и 1.5", ["12,5", "1.5"]),
        ('::: {.callout-note title="Всего 13"}\n', ["13"]),
        ("| а | 7 |\n", ["7"]),
        ("# Раздел 4 {#sec-a4}\n", ["4"]),
        ("$x^2 - {1}$ и $\\alpha > 0{,}7$", ["7"]),
        ("Порог 5[^1] по [отчёту за 2026](http://a/2025)", ["5", "2026"]),
        ("см. [@cronbach1951, с. 299]", ["299"]),
        ("ГОСТ 7.32-2017, SHA-256, `x = 3`, [-@tbl-a2], @oecd2008", []),
        ("```\n17\n```\n\n1. Первый.\n2. Второй.\n", []),
        ("[а](#sec-b2) {#tbl-c3 .d4} <!-- 5 -->", []),
    ],
)
def test_digits_are_told_from_names_labels_and_formulas(text: str, found: list[str]) -> None:
    assert find_digits(text) == found


def test_what_a_source_says_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.qmd"
    path.write_text(
        "# А {#sec-a .unnumbered}\n\n## Б\n\nсм. [-@fig-b-c], @tbl-d, [в](#sec-a), [г](#sec-x)\n\n"
        '```{python}\ndoc.show("paragraph.z", "figure.b_c")\n```\n\n```\n# не заголовок\n```\n',
        encoding="utf-8",
    )
    source = parse_source(path)
    assert list_headings(source) == [(1, "#sec-a .unnumbered"), (2, "")]
    assert list_parts(source) == ["paragraph.z", "figure.b_c"]
    assert list_labels(source) == {"sec-a", "fig-b-c"}
    assert [name for name, _ in find_dead_references(source)] == ["tbl-d", "sec-x"]
