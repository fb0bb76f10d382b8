from __future__ import annotations

from pathlib import Path

import pytest

from clientindex.errors import RenderError
from clientindex.publishing.assemble import Piece, locate
from clientindex.publishing.crossref import heading_numbers, number_document
from clientindex.publishing.locale import load_locale
from clientindex.publishing.nodes import plain_text
from clientindex.publishing.pandoc import Node, read_markdown
from clientindex.publishing.segments import Place

TABLE = "| a |\n|---|\n| 1 |\n"


def number(text: str, *, language: str = "ru", sections: bool = True) -> list[Node]:
    pieces = [Piece(text=text, place=Place(file="a.qmd", line=1), is_output=False)]
    return number_document(
        read_markdown(text, folder=Path())["blocks"],
        crossref=load_locale(language).crossref,
        number_sections=sections,
        locate=lambda *needles: locate(pieces, *needles),
    )


def test_figures_and_tables_are_counted_apart_and_captions_named() -> None:
    text = f"![Б](x.png){{#fig-b}}\n\n{TABLE}\n: В {{#tbl-c}}\n\n![Г](x.png){{#fig-d}}\n"
    captions = [plain_text(b["c"][1]) for b in number(text)]
    assert captions == [
        "Рисунок\u00a01\u00a0— Б",
        "Таблица\u00a01\u00a0— В",
        "Рисунок\u00a02\u00a0— Г",
    ]
    assert plain_text(number(text, language="en")[0]["c"][1]) == "Figure\u00a01: Б"


def test_references_have_the_words_of_the_settings() -> None:
    text = (
        f"{TABLE}\n: В {{#tbl-c}}\n\n![Б](x.png){{#fig-b}}\n\n"
        "@fig-b; [-@fig-b]; [@fig-b; @tbl-c]; @Tbl-c; [рисунке @fig-b]\n"
    )
    shown = plain_text(number(text)[-1])
    assert shown == ("рис.\u00a01; 1; рис.\u00a01, табл.\u00a01; Табл.\u00a01; рисунке\u00a01")


def test_sections_are_numbered_as_pandoc_does() -> None:
    text = (
        "# А\n\n## Б {#sec-b}\n\n# В {.unnumbered}\n\n# Г\n\n## Д {#sec-d}\n\n@sec-b и [-@sec-d]\n"
    )
    blocks = number(text)
    assert plain_text(blocks[-1]) == "раздел\u00a01.1 и 2.1"
    assert list(heading_numbers(blocks).values()) == ["1", "1.1", "2", "2.1"]


def test_labelled_containers_become_figures_and_tables() -> None:
    text = f"::: {{#tbl-x}}\n{TABLE}\nПримечание.\n\nПодпись\n:::\n\n@tbl-x\n"
    container, reference = number(text)
    assert [b["t"] for b in container["c"][1]] == ["Table", "Para"]
    assert plain_text(container["c"][1][0]["c"][1]) == "Таблица\u00a01\u00a0— Подпись"
    assert plain_text(reference) == "табл.\u00a01"


REFUSED = [
    ("А\n\n@fig-нет\n", r"a\.qmd:3: unresolved reference @fig-нет"),
    ("@eq-a\n", r"a\.qmd:1: references of kind @eq- are not supported"),
    (f"{TABLE}\n: А {{#tbl-a}}\n\n{TABLE}\n: Б {{#tbl-a}}\n", "duplicate label 'tbl-a'"),
    ("# А {#sec-a}\n\n# Б {#sec-a}\n", "Duplicate identifier 'sec-a'"),
    ("# А\n\n### Б\n", r"a\.qmd:3: heading 'Б' of level 3 skips a level"),
    (f"{TABLE}\n:  {{#tbl-a}}\n", "'tbl-a' has no caption"),
    ("::: {#tbl-a}\nтекст\n\nподпись\n:::\n", "'tbl-a' must hold one table"),
    ("::: {#fig-a}\nтекст\n\nподпись\n:::\n", "'fig-a' must hold one image"),
    ("# А {#sec-a}\n\n[@sec-a; @book]\n", r"a\.qmd:3: references and citations in one pair"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_broken_references_are_errors(text: str, message: str) -> None:
    with pytest.raises(RenderError, match=message):
        number(text)


def test_sections_must_be_numbered_to_be_referred_to() -> None:
    with pytest.raises(RenderError, match="'number-sections: true' is needed"):
        number("# А {#sec-a}\n\n@sec-a\n", sections=False)


def test_ordinary_citations_are_left_alone() -> None:
    assert number("[@book]\n")[0]["c"][0]["t"] == "Cite"
