"""Compare everything that two publications hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from clientindex.hashing import hash_file
from clientindex.reproduction.comparison.passages import compare_passages
from clientindex.reproduction.comparison.tables import compare_tables
from clientindex.reproduction.comparison.tolerance import AS_WRITTEN, Tolerance
from clientindex.reproduction.content.csv_file import read_csv_file
from clientindex.reproduction.content.html_file import read_html_file
from clientindex.results.verification import Compared, Difference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clientindex.reproduction.content.document import ShownDocument
    from clientindex.results.verification import DifferenceKind

DATA: Final = "tables/csv/"
"""Below it stand the files of data, in a folder a language; other files hold the same tables."""
ORIGIN: Final = ("packages", "fingerprints", "inputs", "code_map_figures", "code_map_tables")
"""Tables about how a publication was made."""
OTHER_BYTES: Final = "other bytes"


@dataclass(slots=True, kw_only=True)
class FolderComparison:
    """What a comparison found.

    Attributes
    ----------
    differences : list of Difference
    missing : list of str
        Published files that the rebuilt folder lacks.
    compared : Compared
    """

    differences: list[Difference] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    compared: Compared = field(default_factory=Compared)


def compare_folders(
    published: Path, rebuilt: Path, *, files: Mapping[str, str], tolerance: Tolerance
) -> FolderComparison:
    """Compare a rebuilt publication with the published one.

    Parameters
    ----------
    published, rebuilt : Path
        Folders that hold ``documents/`` and ``tables/``.
    files : mapping
        Published file below the folder -> SHA-256, from its record.
    tolerance : Tolerance
        Of numbers in files of data and of marks of figures.

    Returns
    -------
    FolderComparison

    Raises
    ------
    ReproductionError
        A file of either cannot be read.

    Notes
    -----
    Files of data and pages are compared piece by piece. A workbook, a file for Excel, a PDF or a
    DOCX holds what a file of data or a page says: where those are equal, other bytes are a matter
    of form.
    """
    found = FolderComparison()
    tally = Counter(files=len(files))
    for name, sha256 in sorted(files.items()):
        target = rebuilt / name
        if not target.is_file():
            found.missing.append(name)
            continue
        source = published / name
        same = hash_file(target) == (hash_file(source) if source.is_file() else sha256)
        tally["identical"] += same
        if _is_read(name) and (same or source.is_file()):
            found.differences += _compare_file(name, published, rebuilt, tolerance, tally, same)
    found.differences += _compare_forms(files, published, rebuilt, found)
    found.differences += _find_added(files, rebuilt)
    found.compared = Compared(**tally)
    return found


def _is_read(name: str) -> bool:
    """Return whether a file is compared piece by piece."""
    return (name.startswith(DATA) and name.endswith(".csv")) or name.endswith(".html")


def _compare_file(
    name: str, published: Path, rebuilt: Path, tolerance: Tolerance, tally: Counter[str], same: bool
) -> list[Difference]:
    """Compare one file; of files with equal bytes the pieces are only counted."""
    if name.endswith(".csv"):
        table = read_csv_file(rebuilt / name)
        tally.update(tables=1, cells=table.n_cells)
        if same:
            return []
        before = read_csv_file(published / name)
        origin = table.name in ORIGIN
        return list(
            compare_tables(before, table, document=name, tolerance=tolerance, is_origin=origin)
        )
    page = read_html_file(rebuilt / name)
    _count(page, tally)
    if same:
        return []
    return list(_compare_pages(read_html_file(published / name), page, name, tolerance))


def _count(page: ShownDocument, tally: Counter[str]) -> None:
    tally.update(
        tables=len(page.tables),
        cells=sum(table.n_cells for table in page.tables.values()),
        figures=len(page.figures),
        marks=sum(len(table.rows) for table in page.figures.values()),
        sentences=len(page.passages),
        numbers=page.n_numbers,
    )


def _compare_pages(
    published: ShownDocument, rebuilt: ShownDocument, name: str, tolerance: Tolerance
) -> Iterator[Difference]:
    yield from compare_passages(published.passages, rebuilt.passages, document=name)
    for pieces, others, near in (
        (published.tables, rebuilt.tables, None),
        (published.figures, rebuilt.figures, tolerance),
    ):
        for label, piece in pieces.items():
            if label not in others:
                yield _tell(name, label, piece.title, "", "missing")
                continue
            origin = label.removeprefix("tbl-").replace("-", "_") in ORIGIN
            yield from compare_tables(
                piece, others[label], document=name, tolerance=near, is_origin=origin
            )
        for label in others.keys() - pieces.keys():
            yield _tell(name, label, "", others[label].title, "added")


def _compare_forms(
    files: Mapping[str, str], published: Path, rebuilt: Path, found: FolderComparison
) -> Iterator[Difference]:
    """Give files whose bytes differ though nothing reads them piece by piece."""
    told = {difference.document for difference in found.differences if difference.counts}
    for name in sorted(files):
        target, source = rebuilt / name, published / name
        if _is_read(name) or not target.is_file() or not source.is_file():
            continue
        hashes = hash_file(source), hash_file(target)
        twins = _list_twins(name, files)
        if hashes[0] != hashes[1] and not told & set(twins):
            yield _tell(name, "", *hashes, "form" if twins else "text")


def _list_twins(name: str, files: Mapping[str, str]) -> list[str]:
    """Return the files that are read and say what another one says."""
    path = PurePosixPath(name)
    if name.startswith("documents/"):
        page = str(path.with_suffix(".html"))
        return [page] if page in files else []
    return [other for other in files if other.startswith(DATA) and other.endswith(".csv")]


def _find_added(files: Mapping[str, str], rebuilt: Path) -> Iterator[Difference]:
    """Give files that came out of the rebuild and were not published."""
    for folder in ("documents", "tables"):
        for path in sorted((rebuilt / folder).rglob("*")):
            name = path.relative_to(rebuilt).as_posix()
            if path.is_file() and name not in files and path.name != "publication.json":
                yield _tell(name, "", "", hash_file(path), "added")


def _tell(
    document: str, part: str, published: str, rebuilt: str, kind: DifferenceKind
) -> Difference:
    return Difference(
        document=document,
        part=part,
        row="",
        column="" if part else OTHER_BYTES,
        published=published,
        rebuilt=rebuilt,
        tolerance=AS_WRITTEN,
        kind=kind,
    )
