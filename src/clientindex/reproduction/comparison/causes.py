"""What a publication was made from that is otherwise now: what could explain differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.reproduction.input_names import number_repeats
from clientindex.results.verification import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clientindex.reproduction.record import PublicationRecord
    from clientindex.results.manifest import MadeFrom
    from clientindex.results.verification import CauseKind


def find_causes(published: PublicationRecord, now: PublicationRecord) -> tuple[Cause, ...]:
    """List in what two publications were made from other things.

    Parameters
    ----------
    published, now : PublicationRecord

    Returns
    -------
    tuple of Cause
        Settings and inputs first, then the program and its packages.
    """
    return (
        *_compare_settings(published.results, now.results),
        *compare_inputs(hash_inputs(published.results), hash_inputs(now.results)),
        *_compare_code(published, now),
        *_compare_mappings("package", published.results.packages, now.results.packages),
        *_compare_mappings("presenting_package", published.packages, now.packages),
        *_compare_values("renderer", "renderer", published.renderer, now.renderer),
    )


def compare_inputs(published: Mapping[str, str], now: Mapping[str, str]) -> tuple[Cause, ...]:
    """List input files that are other ones, by name -> SHA-256."""
    return tuple(_compare_mappings("input", published, now))


def hash_inputs(origin: MadeFrom) -> dict[str, str]:
    """Return the SHA-256 of every input by its name; inputs of one name are numbered."""
    return number_repeats((record.name, record.sha256) for record in origin.inputs)


def _compare_settings(published: MadeFrom, now: MadeFrom) -> Iterator[Cause]:
    name = now.methodology_id
    yield from _compare_values("seed", "seed", str(published.seed), str(now.seed))
    yield from _compare_values(
        "edition", now.edition_id, published.edition_sha256, now.edition_sha256
    )
    hashes = published.methodology_sha256, now.methodology_sha256
    yield from _compare_values("methodology", name, *hashes)
    yield from _compare_values(
        "previous", "previous edition", published.previous_sha256, now.previous_sha256
    )


def _compare_code(published: PublicationRecord, now: PublicationRecord) -> Iterator[Cause]:
    versions = published.results.code_version, now.results.code_version
    hashes = published.results.code_sha256, now.results.code_sha256
    yield from _compare_part("code", versions, hashes)
    hashes = published.presentation_sha256, now.presentation_sha256
    yield from _compare_part("presentation", versions, hashes)
    yield from _compare_mappings("source", published.sources, now.sources)
    pythons = published.results.python_version, now.results.python_version
    yield from _compare_values("python", "Python", *pythons)


def _compare_part(
    kind: CauseKind, versions: tuple[str, str], hashes: tuple[str, str]
) -> Iterator[Cause]:
    """Compare a part of the program by its hash, whatever its version is called."""
    if hashes[0] != hashes[1]:
        before, now = (
            f"{version} ({sha256[:12]})" for version, sha256 in zip(versions, hashes, strict=True)
        )
        yield Cause(kind=kind, name="clientindex", published=before, now=now)


def _compare_mappings(
    kind: CauseKind, published: Mapping[str, str], now: Mapping[str, str]
) -> Iterator[Cause]:
    for name in sorted({*published, *now}, key=str.lower):
        yield from _compare_values(kind, name, published.get(name, ""), now.get(name, ""))


def _compare_values(kind: CauseKind, name: str, published: str, now: str) -> Iterator[Cause]:
    if published != now:
        yield Cause(kind=kind, name=name, published=published, now=now)
