"""What CITATION.cff says of the program and its authors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from clientindex.errors import ReproductionError
from clientindex.settings.yaml_file import read_yaml, to_plain

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """An author: a person with an ORCID or without, or a body such as a team."""

    name: str
    is_person: bool
    orcid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """The part of CITATION.cff that a pack repeats; `license` is an SPDX identifier."""

    title: str
    abstract: str
    version: str
    license: str
    authors: tuple[Author, ...]


def read_citation(path: Path) -> Citation:
    """Read CITATION.cff.

    Raises
    ------
    ReproductionError
        If it is absent, not YAML, or lacks a title, a version, a licence or authors.
    """
    values = to_plain(read_yaml(path, error=ReproductionError))
    try:
        return Citation(
            title=str(values["title"]),
            abstract=" ".join(str(values.get("abstract", "")).split()),
            version=str(values["version"]),
            license=str(values["license"]),
            authors=tuple(_read_author(author) for author in values["authors"]),
        )
    except (KeyError, TypeError, AttributeError) as exc:
        msg = f"{path}: {exc} is missing or no text. A pack names title, version, license, authors."
        raise ReproductionError(msg) from exc


def _read_author(values: dict[str, Any]) -> Author:
    if "name" in values:
        return Author(name=str(values["name"]), is_person=False)
    parts = [str(values[key]) for key in ("given-names", "family-names") if key in values]
    if not parts:
        lacking = "authors.name"
        raise KeyError(lacking)
    return Author(name=" ".join(parts), is_person=True, orcid=str(values.get("orcid", "")))
