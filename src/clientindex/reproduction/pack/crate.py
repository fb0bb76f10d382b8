"""The description of a pack as an RO-Crate 1.2: every file, who made it, from what, with what."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from clientindex.hashing import hash_file
from clientindex.reproduction.pack.homes import find_home
from clientindex.reproduction.pack.media_types import find_media_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from clientindex.reproduction.pack.citation import Author, Citation

CRATE_NAME: Final = "ro-crate-metadata.json"
CONTEXT: Final = "https://w3id.org/ro/crate/1.2/context"
SPECIFICATION: Final = "https://w3id.org/ro/crate/1.2"

PROGRAM, PUBLISHER, RENDERER = "#clientindex", "#publisher", "#renderer"

Entity = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that was done: its name, what was read, what came out, what did it."""

    key: str
    name: str
    description: str
    instrument: str
    read: tuple[str, ...]
    written: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrateFacts:
    """What the description says beyond the files.

    Attributes
    ----------
    name, description : str
        Of the pack.
    published : str
        Day in ISO form.
    publisher : str
    citation : Citation
    renderer : str
        Name and version of what rendered the documents.
    python_version : str
    packages : mapping of str to str
        Name -> version.
    folders : mapping of str to str
        Folder at the top -> what it holds.
    files : mapping of str to str
        File -> what it is; others are told by their folder.
    steps : tuple of Step
    """

    name: str
    description: str
    published: str
    publisher: str
    citation: Citation
    renderer: str
    python_version: str
    packages: Mapping[str, str]
    folders: Mapping[str, str]
    files: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()


def describe_crate(folder: Path, facts: CrateFacts) -> str:
    """Return the text of ``ro-crate-metadata.json`` for all files below a folder.

    Every file but the description itself is an entity with its size, SHA-256 and media type, and a
    part of the folder at the top that holds it.
    """
    names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    names = [name for name in names if name != CRATE_NAME]
    graph = [
        _describe_itself(),
        _describe_root(names, facts),
        *_describe_folders(names, facts),
        *(_describe_file(folder, name, facts) for name in names),
        *_describe_people(facts),
        _describe_license(facts.citation),
        *_describe_programs(facts),
        *(_describe_step(step) for step in facts.steps),
    ]
    content = {"@context": CONTEXT, "@graph": graph}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def file_id(name: str) -> str:
    """Return a relative path as an identifier: signs that an address cannot hold are escaped.

    Examples
    --------
    >>> file_id("data_raw/a b/опрос 5%.csv")
    'data_raw/a%20b/опрос%205%25.csv'
    """
    return "".join(sign if sign.isalnum() else quote(sign, safe="/-_.~()!,'@$+=;") for sign in name)


def _refer(identifiers: Iterable[str]) -> dict[str, str] | list[dict[str, str]]:
    """Refer to entities; a single one stands alone, as the specification asks."""
    found = [{"@id": identifier} for identifier in identifiers]
    return found[0] if len(found) == 1 else found


def _describe_itself() -> Entity:
    return {
        "@id": CRATE_NAME,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": SPECIFICATION},
    }


def _describe_root(names: Iterable[str], facts: CrateFacts) -> Entity:
    tops = dict.fromkeys(_top(name) for name in names)
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": facts.name,
        "description": facts.description,
        "datePublished": facts.published,
        "license": {"@id": _license_id(facts.citation)},
        "author": _refer(_list_authors(facts.citation)),
        "publisher": {"@id": PUBLISHER},
        "version": facts.citation.version,
        "hasPart": _refer(file_id(top) for top in tops),
        "mentions": _refer(f"#{step.key}" for step in facts.steps),
    }


def _top(name: str) -> str:
    """Return the folder at the top that holds a file, or the file that stands there itself."""
    folder, slash, _ = name.partition("/")
    return folder + slash


def _describe_folders(names: Iterable[str], facts: CrateFacts) -> list[Entity]:
    parts: dict[str, list[str]] = {}
    for name in names:
        if "/" in name:
            parts.setdefault(_top(name), []).append(name)
    return [
        {
            "@id": file_id(top),
            "@type": "Dataset",
            "name": top,
            "description": facts.folders[top.removesuffix("/")],
            "hasPart": _refer(map(file_id, inner)),
        }
        for top, inner in parts.items()
    ]


def _describe_file(folder: Path, name: str, facts: CrateFacts) -> Entity:
    path = folder / name
    told = facts.files.get(name) or facts.folders[_top(name).removesuffix("/")]
    return {
        "@id": file_id(name),
        "@type": "File",
        "name": name,
        "description": told,
        "encodingFormat": find_media_type(name),
        "contentSize": str(path.stat().st_size),
        "sha256": hash_file(path),
    }


def _list_authors(citation: Citation) -> list[str]:
    return [_author_id(author, place) for place, author in enumerate(citation.authors, start=1)]


def _author_id(author: Author, place: int) -> str:
    return author.orcid or f"#author-{place}"


def _describe_people(facts: CrateFacts) -> list[Entity]:
    authors = [
        {
            "@id": _author_id(author, place),
            "@type": "Person" if author.is_person else "Organization",
            "name": author.name,
        }
        for place, author in enumerate(facts.citation.authors, start=1)
    ]
    return [*authors, {"@id": PUBLISHER, "@type": "Organization", "name": facts.publisher}]


def _license_id(citation: Citation) -> str:
    return f"https://spdx.org/licenses/{citation.license}"


def _describe_license(citation: Citation) -> Entity:
    return {
        "@id": _license_id(citation),
        "@type": "CreativeWork",
        "name": citation.license,
        "description": (
            "Licence of the program and of what it wrote; its text is the file LICENSE. Input data "
            "stay under the terms of those who gave them."
        ),
    }


def _describe_programs(facts: CrateFacts) -> list[Entity]:
    citation = facts.citation
    packages = {"Python": facts.python_version, **dict(sorted(facts.packages.items()))}
    identifiers = {name: f"#package-{quote(name)}" for name in packages}
    renderer, _, version = facts.renderer.partition(" ")
    return [
        {
            "@id": PROGRAM,
            "@type": "SoftwareApplication",
            "name": "clientindex",
            "description": citation.abstract or citation.title,
            "version": citation.version,
            "url": {"@id": "src/"},
            "license": {"@id": _license_id(citation)},
            "author": _refer(_list_authors(citation)),
            "softwareRequirements": _refer(identifiers.values()),
        },
        {
            "@id": RENDERER,
            "@type": "SoftwareApplication",
            "name": renderer,
            "description": "What rendered the documents.",
            "version": version or facts.citation.version,
            "url": {"@id": "src/"},
        },
        *(
            {
                "@id": identifiers[name],
                "@type": "SoftwareApplication",
                "name": name,
                "version": version,
                "url": find_home(name) or {"@id": "requirements.lock"},
            }
            for name, version in packages.items()
        ),
    ]


def _describe_step(step: Step) -> Entity:
    """Describe an action; it has no end time, since the pack of equal results has equal bytes."""
    return {
        "@id": f"#{step.key}",
        "@type": "CreateAction",
        "name": step.name,
        "description": step.description,
        "agent": {"@id": PUBLISHER},
        "instrument": {"@id": step.instrument},
        "object": _refer(map(file_id, step.read)),
        "result": _refer(map(file_id, step.written)),
    }
