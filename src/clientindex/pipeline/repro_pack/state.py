"""Whether a publication is whole, and made from what its inputs and the program are now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.errors import ReproductionError
from clientindex.pipeline.currency import explain_staleness
from clientindex.reproduction.record import load_record

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
    reasons = explain_staleness(edition)
    if reasons is None:
        msg = f"{edition.id}: there is no whole publication to pack. {remedy}"
        raise ReproductionError(msg)
    if reasons:
        msg = f"{edition.id}: the publication is not current: {'; '.join(reasons)}. {remedy}"
        raise ReproductionError(msg)
    return load_record(edition.documents_dir)
