"""Items about what an edition published: whole, current, described, marked."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Final

from clientindex.errors import ReproductionError
from clientindex.reproduction.rap.item import Ask
from clientindex.reproduction.rap.sources import CODE_OF_PRACTICE, DIME, MATURITY, TIER
from clientindex.reproduction.record import hash_published, load_record

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.reproduction.rap.given import GivenEdition
    from clientindex.reproduction.rap.item import RapItem

PUBLISHED = Ask(
    "published",
    "Is every document of the edition published in every language and format?",
    DIME,
    "Publish the edition: `make report`.",
)
CURRENT = Ask(
    "publication_current",
    "Was the publication made from the inputs, settings, code and packages that are here now?",
    DIME,
    "Publish the edition again: `make report`.",
)
FILES_EQUAL = Ask(
    "published_files",
    "Are the published files those of their record, by SHA-256?",
    MATURITY,
    "Publish the edition again, or put the files named back.",
)
DICTIONARY = Ask(
    "data_dictionary",
    "Does the data dictionary explain every column of every published table?",
    TIER,
    "Declare meaning and unit of the columns named in wording/column_meanings.toml.",
)
MARKED = Ask(
    "synthetic_marked",
    "Are synthetic data marked in every row of every published table?",
    CODE_OF_PRACTICE,
    "Publish the edition again: tables of synthetic data have a last column that says so.",
)

NOTHING: Final = "nothing is published yet"
DICTIONARY_FILE: Final = "data_dictionary.csv"
STATUS_COLUMN: Final = "data_status"
_TABLE, _COLUMN, _MEANING = "dictionary_file", "dictionary_column", "dictionary_meaning"


def check_publication(given: GivenEdition) -> list[RapItem]:
    """Check documents and tables of an edition against each other and their record."""
    missing = _list_missing(given)
    if given.stale is None:
        others = (CURRENT, FILES_EQUAL, DICTIONARY, MARKED)
        return [PUBLISHED.judge(missing, found=""), *(ask.skip(NOTHING) for ask in others)]
    edition = given.edition
    n = len(edition.documents) * len(edition.languages) * len(edition.formats)
    return [
        PUBLISHED.judge(missing, found=f"{n} documents in {edition.documents_dir.name}/"),
        CURRENT.judge(given.stale, found="fingerprint of results and documents is that of now"),
        _check_files(given),
        _check_dictionary(given),
        _check_marks(given),
    ]


def _list_missing(given: GivenEdition) -> list[str]:
    edition = given.edition
    names = (
        f"{document}.{language}.{ending}"
        for document in edition.documents
        for language in edition.languages
        for ending in edition.formats
    )
    return [f"{name} is absent" for name in names if not (edition.documents_dir / name).is_file()]


def _check_files(given: GivenEdition) -> RapItem:
    edition = given.edition
    try:
        recorded = load_record(edition.documents_dir).files
    except ReproductionError as exc:
        return FILES_EQUAL.judge([str(exc)], found="")
    there = hash_published(edition.documents_dir, edition.tables_dir)
    faults = [f"{name} is absent" for name in sorted(recorded.keys() - there.keys())]
    faults += [f"{name} is not in the record" for name in sorted(there.keys() - recorded.keys())]
    both = sorted(recorded.keys() & there.keys())
    faults += [f"{name} was changed" for name in both if recorded[name] != there[name]]
    return FILES_EQUAL.judge(faults, found=f"{len(there)} files equal publication.json")


def _list_folders(given: GivenEdition) -> list[Path]:
    folder = given.edition.tables_dir / "csv"
    return [folder / language for language in given.edition.languages]


def _check_dictionary(given: GivenEdition) -> RapItem:
    faults, n_tables, n_columns = [], 0, 0
    for folder in _list_folders(given):
        explained = _read_dictionary(folder / DICTIONARY_FILE)
        tables = sorted(folder.glob("*.csv"))
        if not tables:
            faults.append(f"there are no tables in csv/{folder.name}")
        for path in tables:
            columns = _read_head(path)
            n_tables, n_columns = n_tables + 1, n_columns + len(columns)
            told = f"{folder.name}/{path.name}"
            unknown = [c for c in columns if not explained.get((path.stem, c))]
            faults += [f"{told}: column {column}" for column in unknown]
    return DICTIONARY.judge(faults, found=f"{n_columns} columns of {n_tables} files explained")


def _read_head(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return next(csv.reader(stream), [])


def _read_dictionary(path: Path) -> dict[tuple[str, str], str]:
    """Return table and column -> meaning; empty where there is no dictionary."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return {
            (row.get(_TABLE, ""), row.get(_COLUMN, "")): row.get(_MEANING, "")
            for row in csv.DictReader(stream)
        }


def _check_marks(given: GivenEdition) -> RapItem:
    if not given.edition.synthetic:
        return MARKED.skip("the data are not synthetic")
    faults, n_rows, n_tables = [], 0, 0
    for folder in _list_folders(given):
        for path in sorted(folder.glob("*.csv")):
            if path.name == DICTIONARY_FILE:
                continue
            marks = _read_marks(path)
            n_rows, n_tables = n_rows + len(marks), n_tables + 1
            if not marks or not all(marks):
                faults.append(f"{folder.name}/{path.name}")
        faults += [] if _is_metadata_marked(folder) else [f"{folder.name}/csv-metadata.json"]
    return MARKED.judge(faults, found=f"{n_rows} rows of {n_tables} tables")


def _read_marks(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return [row.get(STATUS_COLUMN) or "" for row in csv.DictReader(stream)]


def _is_metadata_marked(folder: Path) -> bool:
    """Return whether the description of the tables has notes, of which the first says it."""
    try:
        notes = json.loads((folder / "csv-metadata.json").read_text(encoding="utf-8"))["notes"]
    except (OSError, ValueError, KeyError):
        return False
    return bool(notes)
