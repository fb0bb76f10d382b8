"""From a bundle to reports of regions; those that are there already are kept."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from clientindex.errors import RenderError
from clientindex.hashing import hash_file, hash_mapping
from clientindex.pipeline.fingerprint import (
    PRESENTING_PACKAGES,
    hash_code,
    hash_reports,
    versions_of,
)
from clientindex.pipeline.hold import hold_output

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from clientindex.edition import Edition
    from clientindex.publishing.choice import RendererWish
    from clientindex.publishing.file_record import FilesMade

FOLDER = "regions"
"""Folder below the edition's output, unless another is named."""


def make_regions(
    edition: Edition,
    *,
    regions: Sequence[str] = (),
    languages: str = "",
    folder: Path | None = None,
    renderer: RendererWish = "auto",
    tell: Callable[[int, int], None] | None = None,
) -> FilesMade:
    """Make the report of regions of an edition as HTML and PDF, in each language.

    Parameters
    ----------
    edition : Edition
        Its bundle must be complete (see :func:`clientindex.pipeline.run.run_edition`).
    regions : sequence of str
        Names as in the register; all regions where none is given.
    languages : str
        Like "ru,en"; those of the edition when empty.
    folder : Path, optional
        Where to write; ``regions/`` in the edition's output unless given.
    renderer : {"auto", "quarto", "embedded"}
    tell : callable, optional
        Told the number of reports that are done, and of all.

    Returns
    -------
    FilesMade

    Raises
    ------
    RenderError, WordingError, BundleError
        Finished files stay.
    """
    from clientindex.publishing.asked_for import choose_languages
    from clientindex.publishing.choice import choose_renderer
    from clientindex.publishing.regions.batch import write_regions
    from clientindex.publishing.regions.choose import choose_regions
    from clientindex.results import load_bundle

    with hold_output(edition) if folder is None else nullcontext():
        bundle = load_bundle(edition.results_dir)
        chosen = choose_languages(languages, edition.languages)
        program = choose_renderer(renderer)
        _require_sources(edition, chosen)
        return write_regions(
            bundle,
            folder or edition.output / FOLDER,
            reports=edition.reports,
            made_from=_hash_sources(edition, renderer=f"{program.name} {program.version}"),
            languages=chosen,
            regions=choose_regions(bundle, regions),
            complete=not regions,
            renderer=program.name,
            tell=tell,
        )


def _require_sources(edition: Edition, languages: Sequence[str]) -> None:
    for language in languages:
        source = edition.reports / f"region.{language}.qmd"
        if not source.is_file():
            msg = (
                f"{source}: the source of the reports of regions is missing. Copy it from the "
                "program's folder reports/, or leave this language out with --language."
            )
            raise RenderError(msg)


def _hash_sources(edition: Edition, *, renderer: str) -> str:
    return hash_mapping(
        {
            "bundle": hash_file(edition.results_dir / "manifest.json"),
            "code": hash_code(presentation=True),
            "packages": versions_of(PRESENTING_PACKAGES),
            "renderer": renderer,
            "sources": hash_reports(edition.reports, document="region"),
        }
    )
