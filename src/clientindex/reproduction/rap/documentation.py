"""Documentation: README in both languages, how numbers are made, docstrings, no typed number."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from clientindex.reproduction.rap.item import Ask
from clientindex.reproduction.rap.sources import AEA, DIME, RAP, TIER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from clientindex.reproduction.rap.item import RapItem
    from clientindex.reproduction.rap.repository import Repository

READMES: Final = {"README.md": "make report", "README.ru.md": "make report"}
"""Page -> the command that it must name; the README of a pack is about verifying instead."""
MAP: Final = "docs/ARCHITECTURE.md"

README = Ask(
    "readme",
    "Do READMEs in both languages say how to make the publication, with no dead link?",
    AEA,
    "Write the commands into README.md and README.ru.md; mend the links named.",
)
METHODS = Ask(
    "methods",
    "Is it documented how numbers are made, and where what is?",
    TIER,
    f"Write the methods report in both languages in reports/ and the map {MAP}.",
)
DOCSTRINGS = Ask(
    "docstrings",
    "Is the code documented where it stands?",
    RAP,
    "Give the public functions and modules named a docstring.",
)
TYPED_NUMBERS = Ask(
    "numbers_in_prose",
    "Is every number in the prose of documents computed, none typed?",
    DIME,
    "Replace the digits named by parts that are made from results (`doc.show`).",
)


def check_documentation(
    repository: Repository, *, typed_digits: Mapping[str, Sequence[str]] | None
) -> list[RapItem]:
    """Check pages, docstrings and prose.

    Parameters
    ----------
    repository : Repository
    typed_digits : mapping of str to sequence of str, or None
        Source of a document, relative to the folder of reports -> digits typed in its prose; None
        where there are no sources.
    """
    return [
        _check_readmes(repository),
        _check_methods(repository),
        _check_docstrings(repository),
        _check_typed_numbers(typed_digits),
    ]


def _check_readmes(repository: Repository) -> RapItem:
    faults = []
    for page, command in READMES.items():
        text = repository.read(page)
        if command not in text and not (text and repository.is_pack):
            faults.append(f"{page} does not name `{command}`" if text else f"{page} is absent")
        faults += [f"{page} links to {link}" for link in _find_dead_links(text, repository)]
    return README.judge(faults, found=f"{' and '.join(READMES)}, no dead link")


def _find_dead_links(text: str, repository: Repository) -> list[str]:
    parts = text.split("](")[1:]
    links = [part.split(")")[0].split("#")[0].strip() for part in parts]
    return [x for x in links if x and "://" not in x and not (repository.root / x).exists()]


def _check_methods(repository: Repository) -> RapItem:
    pages = (MAP, "reports/methods.ru.qmd", "reports/methods.en.qmd")
    faults = [f"{page} is absent or empty" for page in pages if not repository.read(page).strip()]
    return METHODS.judge(faults, found=", ".join(pages))


def _check_docstrings(repository: Repository) -> RapItem:
    n, faults = 0, []
    for path in repository.package:
        tree = repository.parse(path)
        told = repository.name(path)
        public = [
            node
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
        ]
        n += 1 + len(public)
        faults += [] if ast.get_docstring(tree) else [told]
        faults += [f"{told}:{x.lineno} {x.name}" for x in public if not ast.get_docstring(x)]
    if not n:
        faults = ["there is no package in src/clientindex"]
    return DOCSTRINGS.judge(faults, found=f"{n} modules, functions and classes, all with one")


def _check_typed_numbers(typed: Mapping[str, Sequence[str]] | None) -> RapItem:
    if not typed:
        return TYPED_NUMBERS.skip("there are no sources of documents")
    faults = [f"{source}: {', '.join(digits)}" for source, digits in typed.items() if digits]
    return TYPED_NUMBERS.judge(faults, found=f"{len(typed)} sources in reports/, no typed digit")
