"""The record of a publication: what its files were made from, and the hash of every one."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from clientindex.errors import ReproductionError
from clientindex.files import write_whole
from clientindex.hashing import hash_file, hash_mapping
from clientindex.results.manifest import InputRecord, MadeFrom

if TYPE_CHECKING:
    from pathlib import Path

RECORD_NAME: Final = "publication.json"
"""File in the folder of documents; it is written last."""
SCHEMA: Final = 3

DOCUMENTS, TABLES, RESULTS = "documents", "tables", "results"
PUBLISHED: Final = (DOCUMENTS, TABLES)
"""Folders of an edition's output whose files are published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationRecord:
    """What a publication is.

    Attributes
    ----------
    fingerprint : str
        SHA-256 over everything that can change a published file.
    renderer : str
        Name and version of what rendered the documents.
    presentation_sha256 : str
        Of the part of the program that words, tabulates, draws and renders.
    sources : dict
        Path of every source of documents below the folder of reports -> SHA-256.
    packages : dict
        Name -> version of every package that can change the look of a document.
    results : MadeFrom
    files : dict
        Path below the output folder, such as ``documents/rating.ru.pdf`` -> SHA-256.
    """

    fingerprint: str
    renderer: str
    presentation_sha256: str
    sources: dict[str, str]
    packages: dict[str, str]
    results: MadeFrom
    files: dict[str, str]


def hash_published(documents: Path, tables: Path) -> dict[str, str]:
    """Return the SHA-256 of every published file by its path below the output folder."""
    return {
        f"{name}/{path.relative_to(folder).as_posix()}": hash_file(path)
        for name, folder in ((DOCUMENTS, documents), (TABLES, tables))
        for path in list_published(folder)
    }


def list_published(folder: Path) -> tuple[Path, ...]:
    """Return the files below a folder of documents or tables, without their record."""
    return tuple(sorted(p for p in folder.rglob("*") if p.is_file() and p.name != RECORD_NAME))


def write_record(record: PublicationRecord, folder: Path) -> None:
    """Write a record into the folder of documents, with a checksum of itself.

    Raises
    ------
    OSError
        The folder cannot be written.
    """
    values = json.loads(json.dumps({"schema": SCHEMA, **asdict(record)}))
    content = {**values, "checksum": hash_mapping(values)}
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    write_whole(f"{text}\n".encode(), folder / RECORD_NAME)


def load_record(folder: Path) -> PublicationRecord:
    """Load the record of a publication from the folder of its documents.

    Raises
    ------
    ReproductionError
        The record is absent, damaged (its checksum differs too) or of another version of the
        program; each is told apart.
    """
    path = folder / RECORD_NAME
    values = _read(path)
    schema = values.get("schema")
    if schema != SCHEMA:
        told = "of no known version" if schema is None else f"of version {schema}"
        msg = (
            f"{path}: the record is {told}; this program reads version {SCHEMA}. It was written by "
            "another version of clientindex: verify with that version, or publish anew."
        )
        raise ReproductionError(msg)
    checksum = values.pop("checksum", "")
    if checksum != hash_mapping(values):
        msg = (
            f"{path}: damaged: the record is not what its own checksum says (expected {checksum}, "
            f"found {hash_mapping(values)}). Take the record from the publisher again."
        )
        raise ReproductionError(msg)
    return _build(values, path)


def _read(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        msg = (
            f"{path}: no such file; a publication holds documents/{RECORD_NAME}, tables/ and "
            "results/, as `clientindex report` writes them. Name the folder that holds these three."
        )
        raise ReproductionError(msg) from None
    except (OSError, ValueError) as exc:
        msg = f"{path}: damaged ({exc}). Take the record from the publisher again."
        raise ReproductionError(msg) from exc
    if not isinstance(values, dict):
        msg = f"{path}: damaged (expected keys and values). Take it from the publisher again."
        raise ReproductionError(msg)
    return values


def _build(values: dict[str, Any], path: Path) -> PublicationRecord:
    try:
        results = dict(values["results"])
        inputs = tuple(InputRecord(**record) for record in results.pop("inputs"))
        return PublicationRecord(
            fingerprint=values["fingerprint"],
            renderer=values["renderer"],
            presentation_sha256=values["presentation_sha256"],
            sources=dict(values["sources"]),
            packages=dict(values["packages"]),
            results=MadeFrom(inputs=inputs, **results),
            files=dict(values["files"]),
        )
    except (KeyError, TypeError, ValueError) as exc:
        msg = f"{path}: damaged ({exc}). Take the record from the publisher again."
        raise ReproductionError(msg) from exc
