"""Whether results and publications are made from what is there now, and if not, what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.edition import is_edition_file, load_edition
from clientindex.errors import BundleError, ReproductionError
from clientindex.pipeline.fingerprint import collect_run_inputs
from clientindex.pipeline.previous import hash_previous
from clientindex.pipeline.publish import fingerprint_publication
from clientindex.reproduction.record import RECORD_NAME, hash_published, load_record
from clientindex.results.bundle import check_bundle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.edition import Edition
    from clientindex.pipeline.fingerprint import RunInputs
    from clientindex.reproduction.record import PublicationRecord
    from clientindex.results.manifest import MadeFrom, Manifest


def is_run_current(edition: Edition) -> bool:
    """Return whether a run would compute nothing, here or in a previous edition.

    A survey that Spark reads may have changed at any time: a run always counts it.

    Raises
    ------
    OSError, BundleError
        An input cannot be read, or there is no whole bundle.
    """
    if edition.spark_sources:
        return False
    previous = edition.previous
    by_file = previous is not None and is_edition_file(previous)
    if previous is not None and by_file and not is_run_current(load_edition(previous)):
        return False
    manifest = check_bundle(edition.results_dir)
    return manifest.fingerprint == collect_again(edition, manifest).fingerprint()


def collect_again(edition: Edition, manifest: Manifest) -> RunInputs:
    """Hash what an edition's bundle would be computed from now.

    The first published numbers of a revised edition are taken to be those of the bundle: they stand
    in its lock, which a run checks. A survey that Spark reads is taken to be the one that was
    counted.

    Raises
    ------
    OSError
        An input cannot be read.
    """
    found = collect_run_inputs(
        edition,
        previous_sha256=hash_previous(edition),
        published_sha256=manifest.published_sha256,
    )
    return found.fill({record.name: record.sha256 for record in manifest.inputs})


def explain_staleness(edition: Edition) -> tuple[str, ...] | None:
    """Say why the publication of an edition is not made from what is there now.

    Returns
    -------
    tuple of str or None
        Reasons in words; empty when publishing again would change nothing. None when nothing is
        published.

    Raises
    ------
    ClientIndexError
        If the previous edition cannot be read.
    """
    if not (edition.documents_dir / RECORD_NAME).is_file():
        return None
    try:
        record = load_record(edition.documents_dir)
        inputs = collect_again(edition, check_bundle(edition.results_dir))
        reasons = [*_compare_origins(record.results, inputs), *_tell_unknown(edition)]
        return tuple(reasons) or _explain_documents(edition, record)
    except OSError as exc:
        return (f"{exc.filename}: cannot be read ({exc.strerror or exc})",)
    except (BundleError, ReproductionError) as exc:
        return (str(exc),)


def _compare_origins(was: MadeFrom, now: RunInputs) -> list[str]:
    """Name what the numbers were computed from and is not there any more."""
    parts = {
        "the settings of the edition": (was.edition_sha256, now.edition_sha256),
        "the methodology": (was.methodology_sha256, now.methodology_sha256),
        "the program": (was.code_sha256, now.code_sha256),
        "the results of the previous edition": (was.previous_sha256, now.previous_sha256),
        f"Python {was.python_version}": (was.python_version, now.python_version),
    }
    changed = [f"{name} changed" for name, (a, b) in parts.items() if a != b]
    inputs = tuple((record.name, record.sha256) for record in was.inputs)
    changed += [f"{name} changed" for name, _ in sorted(set(now.inputs) - set(inputs))]
    changed += [
        f"{name} {was.packages.get(name, 'absent')} is {version} now"
        for name, version in now.packages.items()
        if was.packages.get(name) != version
    ]
    if not changed and was.fingerprint != now.fingerprint():
        changed = ["what the results were computed from changed"]
    return changed


def _tell_unknown(edition: Edition) -> Iterator[str]:
    for source in edition.spark_sources:
        yield f"{source.file.name} is read by Spark: only a new counting tells whether it changed"


def _explain_documents(edition: Edition, record: PublicationRecord) -> tuple[str, ...]:
    found = hash_published(edition.documents_dir, edition.tables_dir)
    differing = {*found.items()} ^ {*record.files.items()}
    if differing:
        names = ", ".join(sorted({name for name, _ in differing}))
        return (f"published files were changed, added or deleted: {names}",)
    if fingerprint_publication(edition, renderer=record.renderer) != record.fingerprint:
        return ("sources of documents, or the code and packages that write them, changed",)
    return ()
