"""Whether a publication is whole, and made from what its inputs and the program are now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.errors import BundleError, ReproductionError
from clientindex.pipeline.currency import collect_again
from clientindex.pipeline.publish import fingerprint_publication
from clientindex.reproduction.record import hash_published, load_record
from clientindex.results.bundle import check_bundle

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.edition import Edition
    from clientindex.reproduction.record import PublicationRecord


def require_current(edition: Edition, *, path: Path) -> PublicationRecord:
    """Return the record of a publication that is whole and current.

    Raises
    ------
    ReproductionError
        Saying what is absent or old, and what to run.
    """
    remedy = f"Run `clientindex report {path}` and pack again."
    try:
        manifest = check_bundle(edition.results_dir)
        record = load_record(edition.documents_dir)
        files = hash_published(edition.documents_dir, edition.tables_dir)
        inputs = collect_again(edition, manifest)
        published = fingerprint_publication(edition, renderer=record.renderer)
    except (BundleError, ReproductionError) as exc:
        msg = f"{edition.id}: there is no whole publication to pack: {exc} {remedy}"
        raise ReproductionError(msg) from exc
    except OSError as exc:
        msg = (
            f"{exc.filename}: cannot be read ({exc.strerror or exc}), and the edition names it. "
            f"Put it back. {remedy}"
        )
        raise ReproductionError(msg) from exc
    if manifest.fingerprint != inputs.fingerprint():
        what = "the results were computed from other inputs, settings, code or packages"
    elif record.fingerprint != published:
        what = "the documents were made from other results, sources, code or packages"
    elif record.files != files:
        what = f"published files differ from their record: {_name_differing(record.files, files)}"
    else:
        return record
    msg = f"{edition.id}: the publication is not current: {what}. {remedy}"
    raise ReproductionError(msg)


def _name_differing(recorded: dict[str, str], found: dict[str, str]) -> str:
    names = {*recorded, *found}
    return ", ".join(sorted(name for name in names if recorded.get(name) != found.get(name)))
