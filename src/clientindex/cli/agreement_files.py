"""The audit list as files for people: CSV and XLSX, in both languages."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from clientindex.errors import EditionError
from clientindex.publishing.table_files import mark_synthetic
from clientindex.results import AuditDecisions, Unavailable
from clientindex.tables import to_excel_csv, to_machine_csv
from clientindex.tables.agreement import build_audit_list
from clientindex.tables.workbook import Cover, write_workbook
from clientindex.wording import load_wording
from clientindex.wording.catalogue import LANGUAGES

if TYPE_CHECKING:
    from clientindex.edition import Edition
    from clientindex.methodology import Methodology
    from clientindex.tables import TableSpec
    from clientindex.wording import Wording

NAME = "audit_list"


def write_audit_list(
    result: AuditDecisions | Unavailable,
    folder: Path,
    *,
    edition: Edition,
    methodology: Methodology,
) -> int:
    """Write ``audit_list.<language>.csv`` and ``.xlsx``; return how many centres are listed.

    As everywhere in this project Russian CSV is for Excel (UTF-8 with a byte order mark,
    semicolon, decimal comma, rounded) and English CSV for programs (UTF-8, comma, full precision).
    Without decisions the list has no rows. Files of the same names are replaced, all or none.

    Raises
    ------
    EditionError
        If a file cannot be written; former files stay as they were.
    """
    decided = result if isinstance(result, AuditDecisions) else _decide_nothing(methodology)
    n_rows = 0
    try:
        with tempfile.TemporaryDirectory(prefix=f".{NAME}-", dir=folder) as name:
            aside = Path(name)
            for language in LANGUAGES:
                wording = load_wording(language)
                spec = _build(decided, edition, methodology, wording)
                n_rows = len(spec.rows)
                write = to_excel_csv if language == "ru" else to_machine_csv
                (aside / f"{NAME}.{language}.csv").write_bytes(write(spec))
                write_workbook(
                    [spec],
                    aside / f"{NAME}.{language}.xlsx",
                    cover=_make_cover(edition, methodology, wording),
                    wording=wording,
                )
            replace_files(aside, folder)
    except OSError as exc:
        msg = (
            f"{folder}: the audit list cannot be written ({exc.strerror or exc}); close its "
            "files, or name another folder. What was there before is untouched"
        )
        raise EditionError(msg) from exc
    return n_rows


def _build(
    result: AuditDecisions, edition: Edition, methodology: Methodology, wording: Wording
) -> TableSpec:
    spec = build_audit_list(result, methodology, wording)
    spec = mark_synthetic(spec, wording) if edition.synthetic else spec
    return spec if spec.rows else replace(spec, notes=())


def _make_cover(edition: Edition, methodology: Methodology, wording: Wording) -> Cover:
    """Say above the list what it is made from."""
    lines = (
        wording.text("sentence.status.edition", edition=edition.id, year=str(edition.year)),
        wording.text("sentence.status.cut_off", date=wording.date(edition.cut_off)),
        wording.text("sentence.status.methodology", methodology=methodology.id),
        wording.text("sentence.status.seed", seed=str(edition.seed)),
        methodology.status.in_language(wording.language),
    )
    synthetic = (wording.text("callout.synthetic"),) if edition.synthetic else ()
    title = edition.title.in_language(wording.language)
    return Cover(title=title, lines=(*synthetic, *lines))


def _decide_nothing(methodology: Methodology) -> AuditDecisions:
    """Return decisions about no centres."""
    rule = methodology.agreement.decision
    columns = ["centre", "name", "region", "n", "survey", "checklist", "gap", "z", "decision"]
    return AuditDecisions(
        centres=pd.DataFrame(columns=[*columns, "audit"], dtype="str"),
        effect=pd.DataFrame(columns=["star_survey", "star", "n"]),
        summary=pd.DataFrame(columns=["statistic", "n", "of"]),
        cap_from=rule.cap_from,
        drop_from=rule.drop_from,
        provisional_below=rule.provisional_below,
        random_share=rule.random_share,
        source=rule.source,
        seed=0,
        fdr=methodology.agreement.fdr,
        applied=False,
    )


def replace_files(aside: Path, folder: Path) -> None:
    """Move all files of a folder into another; if one cannot be moved, none is.

    Raises
    ------
    OSError
        If a file cannot be replaced; the former files are back in their places.
    """
    former = aside / "former"
    former.mkdir()
    new = sorted(path.name for path in aside.iterdir() if path.is_file())
    moved: list[str] = []
    kept: list[str] = []
    try:
        for name in new:
            if (folder / name).exists():
                (folder / name).replace(former / name)
                kept.append(name)
            (aside / name).replace(folder / name)
            moved.append(name)
    except OSError:
        for name in moved:
            (folder / name).unlink(missing_ok=True)
        for name in kept:
            (former / name).replace(folder / name)
        raise
