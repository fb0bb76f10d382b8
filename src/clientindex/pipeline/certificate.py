"""What a verification leaves: its certificate in both languages, and every difference in files."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Final

from clientindex.errors import RenderError, ReproductionError
from clientindex.files import neutralise, write_whole
from clientindex.results.verification import (
    DIFFERENCES_NAME,
    VERIFICATION_NAME,
    Difference,
    save_verification,
)
from clientindex.wording import load_wording

if TYPE_CHECKING:
    from pathlib import Path

    from clientindex.edition import Edition
    from clientindex.results.verification import Verification

LANGUAGES: Final = ("ru", "en")
FORMATS: Final = ("html", "pdf")
NAME: Final = "certificate"


def write_certificate(found: Verification, edition: Edition, *, folder: Path) -> tuple[Path, ...]:
    """Write ``certificate.<language>.<format>``, ``verification.json`` and ``differences.csv``.

    Parameters
    ----------
    found : Verification
    edition : Edition
        Its `reports` hold the sources of the certificate.
    folder : Path
        Made when absent; files of the same names are overwritten.

    Returns
    -------
    tuple of Path
        Certificates first.

    Raises
    ------
    ReproductionError
        The folder cannot be written.
    RenderError
        The sources of the certificate are missing, or it cannot be rendered.
    """
    from clientindex.publishing.render import render_document

    data = _write_data(found, folder)
    written: list[Path] = []
    for language in LANGUAGES:
        source = edition.reports / f"{NAME}.{language}.qmd"
        if not source.is_file():
            msg = f"{source}: no such file. Copy it from the program's folder reports/."
            raise RenderError(msg)
        done = render_document(
            source,
            output_dir=folder,
            formats=FORMATS,
            parameters={"verification": str(data[0].resolve()), "language": language},
            metadata=describe_certificate(found, edition, language),
        )
        written += done.paths.values()
    return (*sorted(written), *data)


def describe_certificate(found: Verification, edition: Edition, language: str) -> dict[str, str]:
    """Return title, subtitle (with the words for synthetic data), author and date."""
    wording = load_wording(language)
    subtitle = wording.text(
        "certificate.front",
        edition=edition.id,
        year=str(edition.year),
        title=edition.title.in_language(language),
    )
    if edition.synthetic:
        subtitle = wording.text("front.synthetic", subtitle=subtitle)
    return {
        "title": wording.text("certificate.title"),
        "subtitle": subtitle,
        "author": edition.publisher.in_language(language),
        "date": found.verified.isoformat(),
    }


def _write_data(found: Verification, folder: Path) -> tuple[Path, Path]:
    target, table = folder / VERIFICATION_NAME, folder / DIFFERENCES_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        save_verification(found, target)
        write_whole(_write_differences(found.differences), table)
    except OSError as exc:
        msg = f"{folder}: the verification cannot be written ({exc.strerror or exc})."
        raise ReproductionError(msg) from exc
    return target, table


def _write_differences(differences: tuple[Difference, ...]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([field.name for field in fields(Difference)])
    for difference in differences:
        writer.writerow([neutralise(value) for value in asdict(difference).values()])
    return buffer.getvalue().encode("utf-8-sig")
