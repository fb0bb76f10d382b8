"""The rating report follows GOST 7.32 in both languages: its parts, appendices and terms."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clientindex.publishing.segments import Markdown
from clientindex.publishing.source import parse_source

REPORTS = Path(__file__).resolve().parents[2] / "reports"
LANGUAGES = ("ru", "en")
LETTERS = {"ru": "АБВГДЕЖИКЛМНПРСТУФХЦШЩЭЮЯ", "en": "ABCDEFGHJKLMNPQRSTUVWXYZ"}
WORDS = {"ru": "Приложение", "en": "Appendix"}
HEADING = re.compile(r"(?m)^(#+) (.+?) \{#([\w-]+)((?: \.[\w-]+)*)\}$")
CHAPTERS = [
    *("summary", "reading", "national", "doubt", "ranks", "groups", "parts", "regions", "change"),
    *("weights", "checklists", "notes"),
]


def read(language):
    source = parse_source(REPORTS / f"rating.{language}.qmd")
    return "".join(part.text for part in source.segments if isinstance(part, Markdown))


@pytest.fixture(params=LANGUAGES)
def language(request):
    return request.param


def test_parts_follow_the_order_of_the_standard(language):
    text = read(language)
    found = [(name, tuple(classes.split())) for _, _, name, classes in HEADING.findall(text)]
    structural, appendix = (".structural", ".unnumbered"), (".appendix", ".unnumbered")
    assert found == [
        ("abstract", (*structural, ".unlisted")),
        ("terms", structural),
        ("introduction", structural),
        *((f"sec-{chapter}", ()) for chapter in CHAPTERS),
        ("conclusion", structural),
        ("sources", structural),
        *((f"app-{name}", appendix) for name in ("centres", "withheld", "audit", "making")),
    ]
    contents = text.index("::: {.contents-here}")
    assert text.index("{#abstract") < contents < text.index("{#terms")


def test_appendices_have_the_letters_of_the_standard_and_links_name_them(language):
    text = read(language)
    named = re.findall(r"(?m)^# \[(\w+) (\w)\]\{\.appendix-name\} .+\{#(app-\w+)", text)
    assert [word for word, _, _ in named] == [WORDS[language]] * len(named)
    assert [letter for _, letter, _ in named] == list(LETTERS[language][: len(named)])
    letters = {target: letter for _, letter, target in named}
    links = re.findall(r"\[\w+ (\w)\]\(#(app-\w+)\)", text)
    assert {target for _, target in links} == {"app-centres", "app-withheld", "app-audit"}
    assert all(letters[target] == letter for letter, target in links)


def test_both_languages_define_the_same_number_of_terms_in_alphabetical_order():
    texts = {each: (REPORTS / f"_glossary.{each}.md").read_text("utf-8") for each in LANGUAGES}
    terms = {each: re.findall(r"(?m)^(.+)\n:   ", text) for each, text in texts.items()}
    assert len(terms["ru"]) == len(terms["en"]) >= 20
    for found in terms.values():
        assert found == sorted(found, key=lambda term: term.replace("ё", "е"))


def test_both_languages_cite_the_same_sources_in_the_same_order():
    cited = {each: re.findall(r"\[@(\w+)\]", read(each)) for each in LANGUAGES}
    assert cited["ru"] == cited["en"]
    assert len(set(cited["ru"])) >= 5


def test_the_abstract_types_no_number(language):
    abstract = read(language).partition("{#abstract")[2].partition("{#terms")[0]
    kinds = re.findall(r"\[\]\{\.count-(\w+)\}", abstract)
    assert kinds == ["pages", "figures", "tables", "sources", "appendices"]
    assert not re.search(r"\d", abstract)
