"""What a publication was made from that is otherwise now: what could explain differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
        *compare_inputs(_hash_inputs(published.results), _hash_inputs(now.results)),
        *_compare_code(published.results, now.results),
        *_compare_mappings("package", published.results.packages, now.results.packages),
        *_compare_mappings("presenting_package", published.packages, now.packages),
        *_compare_values("renderer", "renderer", published.renderer, now.renderer),
    )


def compare_inputs(published: Mapping[str, str], now: Mapping[str, str]) -> tuple[Cause, ...]:
    """List input files that are other ones, by name -> SHA-256."""
    return tuple(_compare_mappings("input", published, now))


def _hash_inputs(origin: MadeFrom) -> dict[str, str]:
    """Return the hash of every input by name; inputs of one name are numbered."""
    hashes: dict[str, str] = {}
    for record in origin.inputs:
        name, n = record.name, 1
        while name in hashes:
            n += 1
            name = f"{record.name} ({n})"
        hashes[name] = record.sha256
    return hashes


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


def _compare_code(published: MadeFrom, now: MadeFrom) -> Iterator[Cause]:
    if published.code_sha256 != now.code_sha256:
        told = [f"{one.code_version} ({one.code_sha256[:12]})" for one in (published, now)]
        yield Cause(kind="code", name="clientindex", published=told[0], now=told[1])
    yield from _compare_values("python", "Python", published.python_version, now.python_version)


def _compare_mappings(
    kind: CauseKind, published: Mapping[str, str], now: Mapping[str, str]
) -> Iterator[Cause]:
    for name in sorted({*published, *now}, key=str.lower):
        yield from _compare_values(kind, name, published.get(name, ""), now.get(name, ""))


def _compare_values(kind: CauseKind, name: str, published: str, now: str) -> Iterator[Cause]:
    if published != now:
        yield Cause(kind=kind, name=name, published=published, now=now)
