"""From a bundle to passports of centres; those that are there already are kept."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from clientindex.hashing import hash_file, hash_mapping
from clientindex.pipeline.fingerprint import (
    PRESENTING_PACKAGES,
    hash_code,
    versions_of,
)
from clientindex.pipeline.hold import hold_output

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from clientindex.edition import Edition
    from clientindex.publishing.file_record import FilesMade

FOLDER = "passports"
"""Folder below the edition's output, unless another is named."""


def make_passports(
    edition: Edition,
    *,
    centres: Sequence[str] = (),
    regions: Sequence[str] = (),
    languages: str = "",
    folder: Path | None = None,
    tell: Callable[[int, int], None] | None = None,
) -> FilesMade:
    """Make a page as PDF for centres of an edition, in each language.

    Parameters
    ----------
    edition : Edition
        Its bundle must be complete (see :func:`clientindex.pipeline.run.run_edition`).
    centres, regions : sequence of str
        Codes and names as in the register; all centres where neither is given.
    languages : str
        Like "ru,en"; those of the edition when empty.
    folder : Path, optional
        Where to write; ``passports/`` in the edition's output unless given.
    tell : callable, optional
        Told the number of pages that are done, and of all.

    Returns
    -------
    FilesMade

    Raises
    ------
    RenderError, WordingError, BundleError
        Finished files stay.
    """
    from clientindex.publishing.asked_for import choose_languages
    from clientindex.publishing.passports.batch import write_passports
    from clientindex.publishing.passports.choose import choose_centres
    from clientindex.results import load_bundle

    with hold_output(edition) if folder is None else nullcontext():
        bundle = load_bundle(edition.results_dir)
        return write_passports(
            bundle,
            folder or edition.output / FOLDER,
            made_from=_hash_sources(edition),
            languages=choose_languages(languages, edition.languages),
            centres=choose_centres(bundle, centres=centres, regions=regions),
            complete=not centres and not regions,
            tell=tell,
        )


def _hash_sources(edition: Edition) -> str:
    return hash_mapping(
        {
            "bundle": hash_file(edition.results_dir / "manifest.json"),
            "code": hash_code(presentation=True),
            "packages": versions_of(PRESENTING_PACKAGES),
        }
    )
