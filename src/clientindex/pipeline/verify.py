"""Rebuild a publication in a clean folder and say whether it comes out again."""

from __future__ import annotations

import datetime as dt
import platform
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from clientindex.edition import load_edition
from clientindex.errors import ReproductionError
from clientindex.hashing import hash_file
from clientindex.pipeline.only_files import require_files
from clientindex.pipeline.progress import Reporter, SilentReporter
from clientindex.pipeline.rebuild import AS_IT_IS, OTHERWISE, Circumstances, rebuild
from clientindex.reproduction.comparison.causes import find_causes
from clientindex.reproduction.comparison.folders import OTHER_BYTES, compare_folders
from clientindex.reproduction.comparison.tolerance import AS_WRITTEN, Tolerance
from clientindex.reproduction.layout import lay_out_edition
from clientindex.reproduction.lock_file import compare_with_lock, find_lock
from clientindex.reproduction.published import check_inputs, open_published
from clientindex.reproduction.record import load_record
from clientindex.results.verification import Difference, Verification

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.reproduction.published import Published
    from clientindex.reproduction.record import PublicationRecord
    from clientindex.results.verification import Answer, Cause

DEFAULT_TOLERANCE: Final = Tolerance()
RESULTS: Final = "results"
_RUN_RECORD: Final = "run.json"
"""Time and memory of a run, which no two runs have in common."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a verification was asked for.

    Attributes
    ----------
    tolerance : Tolerance
    once : bool
        One rebuild; whether the publication is stable is then not told.
    anyway : bool
        Rebuild from inputs that have changed since the publication, too.
    lock : Path, optional
        The lock file; the nearest above the edition file unless given.
    """

    tolerance: Tolerance = DEFAULT_TOLERANCE
    once: bool = False
    anyway: bool = False
    lock: Path | None = None


NOTHING_SPECIAL: Final = Asked()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rebuilt:
    """A publication that was made anew."""

    folder: Path
    record: PublicationRecord


def verify_edition(
    path: Path,
    *,
    against: Path | None = None,
    asked: Asked = NOTHING_SPECIAL,
    reporter: Reporter | None = None,
) -> Verification:
    """Rebuild an edition in clean temporary folders and compare it with what was published.

    Parameters
    ----------
    path : Path
        The edition file.
    against : Path, optional
        Output folder or replication pack of the publication; the edition's own output unless given.
    asked : Asked
    reporter : Reporter, optional

    Returns
    -------
    Verification

    Raises
    ------
    ReproductionError
        There is nothing to compare with (each reason in words), or the rebuild failed.
    ClientIndexError
        If the edition file is wrong.

    Notes
    -----
    The first rebuild runs as the machine is; the second one in another folder, time zone, locale
    and order of sets, on one processor.
    """
    started = time.perf_counter()
    listener = reporter or SilentReporter()
    edition = load_edition(path)
    require_files(edition, doing="verified", error=ReproductionError)
    with (
        open_published(against or edition.output, edition_id=edition.id) as published,
        tempfile.TemporaryDirectory(prefix="clientindex-verify-") as name,
    ):
        _tell_altered(published, listener)
        if not asked.anyway:
            check_inputs(edition, published.record)
        lock = _compare_lock(asked.lock or find_lock(path.parent), listener)
        with listener.step("rebuilding in a clean folder"):
            first = _rebuild(path, Path(name) / "1", published.record, AS_IT_IS)
        unstable: tuple[str, ...] | None = None
        if not asked.once:
            with listener.step("rebuilding once more, otherwise"):
                second = _rebuild(path, Path(name) / "another folder", published.record, OTHERWISE)
            unstable = _find_unstable(first, second)
        with listener.step("comparing"):
            return _judge(published, first, asked, lock=lock, unstable=unstable, started=started)


def _tell_altered(published: Published, reporter: Reporter) -> None:
    if published.altered:
        reporter.say(
            f"{len(published.altered)} published files are not what their record says: "
            f"{', '.join(published.altered[:3])}"
        )


def _compare_lock(lock: Path | None, reporter: Reporter) -> tuple[Cause, ...] | None:
    if lock is None:
        reporter.say("no requirements.lock beside the edition or above: versions not compared")
        return None
    found = compare_with_lock(lock)
    for cause in found:
        installed = cause.now or "not installed"
        reporter.say(f"{cause.name}: the lock file has {cause.published}, here is {installed}")
    return found


def _rebuild(
    path: Path, folder: Path, record: PublicationRecord, circumstances: Circumstances
) -> _Rebuilt:
    laid_out = lay_out_edition(path, folder, copy=False)
    renderer = record.renderer.partition(" ")[0]
    rebuild(laid_out.path, renderer=renderer, circumstances=circumstances, folder=folder)
    edition = load_edition(laid_out.path)
    return _Rebuilt(folder=edition.output, record=load_record(edition.documents_dir))


def _find_unstable(first: _Rebuilt, second: _Rebuilt) -> tuple[str, ...]:
    """List files, of the bundle too, that two rebuilds do not have in common."""
    hashes = [{**one.record.files, **_hash_results(one.folder)} for one in (first, second)]
    names = sorted({*hashes[0], *hashes[1]})
    return tuple(name for name in names if hashes[0].get(name) != hashes[1].get(name))


def _hash_results(folder: Path) -> dict[str, str]:
    return {
        f"{RESULTS}/{path.name}": hash_file(path)
        for path in sorted((folder / RESULTS).iterdir())
        if path.name != _RUN_RECORD
    }


def _compare_results(published: Path, rebuilt: Path) -> Iterator[Difference]:
    """Give files of the bundle that have other bytes, where the bundle was published too."""
    if not (published / RESULTS).is_dir():
        return
    before, after = _hash_results(published), _hash_results(rebuilt)
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            yield Difference(
                document=name,
                part="",
                row="",
                column=OTHER_BYTES,
                published=before.get(name, ""),
                rebuilt=after.get(name, ""),
                tolerance=AS_WRITTEN,
                kind="form",
            )


def _judge(
    published: Published,
    rebuilt: _Rebuilt,
    asked: Asked,
    *,
    lock: tuple[Cause, ...] | None,
    unstable: tuple[str, ...] | None,
    started: float,
) -> Verification:
    record, again = published.record, rebuilt.record
    found = compare_folders(
        published.folder, rebuilt.folder, files=record.files, tolerance=asked.tolerance
    )
    differences = (*found.differences, *_compare_results(published.folder, rebuilt.folder))
    counted = [difference for difference in differences if difference.counts]
    return Verification(
        edition_id=record.results.edition_id,
        verified=dt.datetime.now(tz=dt.UTC).date(),
        published_fingerprint=record.results.fingerprint,
        rebuilt_fingerprint=again.results.fingerprint,
        complete="no" if found.missing else "yes",
        stable=_answer(unstable),
        consistent="no" if counted or published.altered else "yes",
        lock=_answer(lock),
        missing=tuple(found.missing),
        altered=published.altered,
        unstable=unstable or (),
        differences=differences,
        causes=(*find_causes(record, again), *(lock or ())),
        compared=found.compared,
        relative_tolerance=asked.tolerance.relative,
        absolute_tolerance=asked.tolerance.absolute,
        renderer=again.renderer,
        python_version=platform.python_version(),
        system=f"{platform.system()} {platform.machine()}",
        code_version=again.results.code_version,
        code_sha256=again.results.code_sha256,
        seconds=round(time.perf_counter() - started, 1),
    )


def _answer(faults: tuple[object, ...] | None) -> Answer:
    """Return "yes" where there are no faults, "not_asked" where nobody looked."""
    if faults is None:
        return "not_asked"
    return "no" if faults else "yes"
