"""A publication that somebody else made: opened, and held to its own record."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from clientindex.errors import BundleError, ReproductionError
from clientindex.hashing import hash_if_there
from clientindex.reproduction.comparison.causes import compare_inputs, hash_inputs
from clientindex.reproduction.input_names import number_repeats
from clientindex.reproduction.record import DOCUMENTS, RECORD_NAME, load_record
from clientindex.reproduction.unpack import unpack
from clientindex.results.manifest import load_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.edition import Edition
    from clientindex.reproduction.record import PublicationRecord

PACKED: Final = ".zip"
OUTPUTS: Final = "data_processed"
"""Folder of a replication pack whose folders are publications, by the id of the edition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A publication.

    Attributes
    ----------
    folder : Path
        Holds ``documents/``, ``tables/`` and, unless they were not given away, ``results/``.
    record : PublicationRecord
    altered : tuple of str
        Files that are absent or are not what the record says.
    """

    folder: Path
    record: PublicationRecord
    altered: tuple[str, ...]


@contextmanager
def open_published(place: Path, *, edition_id: str) -> Iterator[Published]:
    """Open a publication of an edition and compare its files with its record.

    Parameters
    ----------
    place : Path
        An edition's output folder, a replication pack, or a folder that one was unpacked into.
    edition_id : str

    Yields
    ------
    Published
        An archive is unpacked into a temporary folder, which is gone afterwards.

    Raises
    ------
    ReproductionError
        There is no publication, its record is damaged or of another version of the program, or it
        is of another edition.
    """
    if place.suffix.lower() == PACKED and place.is_file():
        with tempfile.TemporaryDirectory(prefix="clientindex-published-") as name:
            folder = Path(name) / "pack"
            unpack(place, folder)
            yield _open(folder, edition_id)
    else:
        yield _open(place, edition_id)


def _open(place: Path, edition_id: str) -> Published:
    folder = _find_folder(place, edition_id)
    record = load_record(folder / DOCUMENTS)
    if record.results.edition_id != edition_id:
        msg = (
            f"{folder}: this is a publication of the edition {record.results.edition_id!r}, "
            f"expected {edition_id!r}. Name the folder that {edition_id!r} was published in."
        )
        raise ReproductionError(msg)
    _check_manifest(folder, record)
    return Published(folder=folder, record=record, altered=_find_altered(folder, record))


def _find_folder(place: Path, edition_id: str) -> Path:
    packed = place / OUTPUTS / edition_id
    if not (place / DOCUMENTS / RECORD_NAME).is_file() and packed.is_dir():
        return packed
    return place


def _check_manifest(folder: Path, record: PublicationRecord) -> None:
    """Refuse results beside the documents that these were not made from."""
    results = folder / "results"
    if not results.is_dir():
        return
    try:
        fingerprint = load_manifest(results).fingerprint
    except BundleError as exc:
        msg = f"{exc} The results beside the published documents cannot be told. Take them anew."
        raise ReproductionError(msg) from exc
    if fingerprint != record.results.fingerprint:
        msg = (
            f"{results}: results of another run than the documents were made from (expected the "
            f"fingerprint {record.results.fingerprint[:12]}, found {fingerprint[:12]}). Documents "
            "and results must be of one publication: publish again, or take both anew."
        )
        raise ReproductionError(msg)


def _find_altered(folder: Path, record: PublicationRecord) -> tuple[str, ...]:
    files = sorted(record.files.items())
    return tuple(name for name, sha256 in files if hash_if_there(folder / name) != sha256)


def check_inputs(edition: Edition, record: PublicationRecord) -> None:
    """Refuse to rebuild from other inputs than the publication was made from.

    Raises
    ------
    ReproductionError
        An input is absent, the edition names other inputs, or one has changed since: each is told
        with both hashes.
    """
    published = hash_inputs(record.results)
    named = number_repeats((path.name, path) for path in edition.input_files)
    if set(published) != set(named):
        gone, new = sorted(published.keys() - named), sorted(named.keys() - published)
        msg = (
            f"{edition.id}: published from other inputs. Only the publication has: "
            f"{', '.join(gone) or 'none'}; only the edition has: {', '.join(new) or 'none'}. "
            "Take the edition file that was published, or give --anyway to see what differs."
        )
        raise ReproductionError(msg)
    changed = compare_inputs(published, {name: hash_if_there(path) for name, path in named.items()})
    if changed:
        told = "; ".join(
            f"{one.name} (published {one.published[:12]}, "
            f"{'now ' + one.now[:12] if one.now else 'now absent'})"
            for one in changed
        )
        msg = (
            f"{edition.id}: inputs have changed since the publication: {told}. Put the published "
            "files back, or give --anyway to see what the change does."
        )
        raise ReproductionError(msg)
