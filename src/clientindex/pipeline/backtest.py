"""The previous edition rebuilt with today's program: what differs from the published, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from clientindex.edition import is_edition_file, load_edition
from clientindex.errors import ReproductionError
from clientindex.pipeline.verify import NOTHING_SPECIAL, Asked, verify_edition
from clientindex.reproduction.changelog import CHANGELOG_NAME, list_number_changes
from clientindex.reproduction.published import open_published

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.pipeline.progress import Reporter
    from clientindex.results.verification import Cause, Verification

NO_NUMBERS: Final = ("presenting_package", "renderer", "lock")
"""Causes that change no number."""
PROGRAM: Final = ("code", "presentation", "source")
"""Causes that the changelog of the program tells of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackTest:
    """What the rebuild of the previous edition told.

    Attributes
    ----------
    path : Path
        File of the previous edition.
    found : Verification
    causes : tuple of Cause
        Those that can change a number.
    notes : tuple of str
        Entries of the changelog that say which numbers they changed since the publication.
    """

    path: Path
    found: Verification
    causes: tuple[Cause, ...]
    notes: tuple[str, ...]

    @property
    def explained(self) -> bool:
        """Whether nothing differs, or something that can change numbers is otherwise now."""
        return self.found.passed or bool(self.causes)


def run_backtest(
    path: Path,
    *,
    against: Path | None = None,
    asked: Asked = NOTHING_SPECIAL,
    reporter: Reporter | None = None,
) -> BackTest:
    """Rebuild the edition before another one with today's program and compare.

    Parameters
    ----------
    path : Path
        The later edition, whose `previous` names the file of the earlier one.
    against : Path, optional
        What was published of the earlier edition; its output folder unless given.
    asked : Asked
        The earlier edition is rebuilt once, and from inputs that have changed too: that is told.
    reporter : Reporter, optional

    Returns
    -------
    BackTest

    Raises
    ------
    ReproductionError
        The edition names no file of an earlier one, or that one has not been published.
    """
    previous = _find_previous(path)
    edition = load_edition(previous)
    with open_published(against or edition.output, edition_id=edition.id) as published:
        since = published.record.results.code_version
    once = replace(asked, once=True, anyway=True)
    found = verify_edition(previous, against=against, asked=once, reporter=reporter)
    return BackTest(
        path=previous,
        found=found,
        causes=tuple(cause for cause in found.causes if cause.kind not in NO_NUMBERS),
        notes=_list_notes(path, found, since),
    )


def _find_previous(path: Path) -> Path:
    previous = load_edition(path).previous
    if previous is None or not is_edition_file(previous):
        named = "none" if previous is None else f"the results {previous.name!r}"
        msg = (
            f"{path}: previous: names {named}; a back test rebuilds the edition before, so its "
            "edition file (.yml) must be named."
        )
        raise ReproductionError(msg)
    return previous


def _list_notes(path: Path, found: Verification, since: str) -> tuple[str, ...]:
    """Return what the changelog says, where the program is another one than published it."""
    if not any(cause.kind in PROGRAM for cause in found.causes):
        return ()
    folders = (path.resolve().parent, *path.resolve().parents)
    changelog = next((f / CHANGELOG_NAME for f in folders if (f / CHANGELOG_NAME).is_file()), None)
    return () if changelog is None else list_number_changes(changelog, since=since)
