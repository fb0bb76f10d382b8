"""Golden results of an edition, compared with what it published or accepted anew."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from clientindex.edition import load_edition
from clientindex.errors import ReproductionError
from clientindex.pipeline.currency import explain_staleness
from clientindex.reproduction.comparison.folders import ORIGIN
from clientindex.reproduction.content.csv_file import read_csv_file
from clientindex.reproduction.golden import (
    GoldenTable,
    compare_with_golden,
    condense,
    load_golden,
    load_tolerances,
    render_golden,
)
from clientindex.reproduction.golden.change_entry import add_entry, describe_changes
from clientindex.reproduction.golden.together import recover, write_together

if TYPE_CHECKING:
    from clientindex.edition import Edition
    from clientindex.reproduction.content.table import ShownTable
    from clientindex.results.verification import Difference

GOLDEN: Final = Path("tests") / "golden"
"""Folder of golden results below the root of the repository; one folder an edition."""
JOURNAL: Final = ".golden-accepting.json"
"""In the root of the repository while files are written; a run that was stopped leaves it."""
CHANGELOG: Final = "CHANGELOG.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenComparison:
    """What a comparison found.

    Attributes
    ----------
    differences : tuple of Difference
        Golden values are the published ones, those of now the rebuilt ones.
    n_tables, n_values : int
        Golden tables and values that were compared.
    """

    differences: tuple[Difference, ...]
    n_tables: int
    n_values: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What was accepted: the files written, and what changed in words."""

    files: tuple[Path, ...]
    what: str


def compare_golden(path: Path, *, root: Path) -> GoldenComparison:
    """Compare the tables of a publication with the golden results of its edition.

    Parameters
    ----------
    path : Path
        The edition file.
    root : Path
        Of the repository.

    Returns
    -------
    GoldenComparison

    Raises
    ------
    ReproductionError
        There are no golden results, nothing is published, or the publication is not current.
    ClientIndexError
        If the edition is wrong.
    """
    recover(root / JOURNAL)
    edition = load_edition(path)
    golden = load_golden(root / GOLDEN / edition.id)
    if not golden:
        msg = (
            f"{GOLDEN / edition.id}: holds no golden results of {edition.id}. Accept those of its "
            f'publication first: clientindex golden accept {edition.id} --why "..."'
        )
        raise ReproductionError(msg)
    tables = _read_tables(edition)
    return GoldenComparison(
        differences=_compare(edition, golden, tables, root),
        n_tables=len(golden),
        n_values=sum(table.n_values for table in golden.values()),
    )


def accept_golden(path: Path, *, why: str, root: Path) -> Accepted:
    """Make the tables of a publication the golden results, and say why in the changelog.

    The files of golden results and the changelog change together or not at all.

    Parameters
    ----------
    path : Path
        The edition file.
    why : str
        Why numbers changed, in words.
    root : Path
        Of the repository.

    Returns
    -------
    Accepted

    Raises
    ------
    ReproductionError
        There is no reason, nothing changed, the publication is not current, or a file cannot be
        written.
    ClientIndexError
        If the edition is wrong.
    """
    if not why.strip():
        msg = "no reason is given: say in words why numbers changed (--why, or WHY of make)."
        raise ReproductionError(msg)
    recover(root / JOURNAL)
    edition = load_edition(path)
    folder = root / GOLDEN / edition.id
    golden, tables = load_golden(folder), _read_tables(edition)
    what = _describe(edition, golden, tables, root)
    kept = [condense(table) for table in tables.values()]
    contents = {folder / name: content for name, content in render_golden(kept).items()}
    changelog = root / CHANGELOG
    text = changelog.read_text(encoding="utf-8") if changelog.is_file() else ""
    contents[changelog] = add_entry(text, why=" ".join(why.split()), what=what).encode()
    folder.mkdir(parents=True, exist_ok=True)
    write_together(contents, journal=root / JOURNAL)
    return Accepted(files=tuple(contents), what=what)


def _describe(
    edition: Edition,
    golden: dict[str, GoldenTable],
    tables: dict[str, ShownTable],
    root: Path,
) -> str:
    if not golden:
        n = sum(len(table.rows) for table in tables.values())
        return f"Golden results of {edition.id} begin: {len(tables)} tables of {n} rows"
    differences = _compare(edition, golden, tables, root)
    if not differences:
        msg = (
            f"nothing changed: the tables of {edition.id} equal their golden results within the "
            "stated tolerances, so there is nothing to accept."
        )
        raise ReproductionError(msg)
    return describe_changes(differences, edition=edition.id)


def _compare(
    edition: Edition,
    golden: dict[str, GoldenTable],
    tables: dict[str, ShownTable],
    root: Path,
) -> tuple[Difference, ...]:
    return compare_with_golden(
        golden,
        tables,
        folder=_find_folder(edition).relative_to(edition.output).as_posix(),
        tolerances=load_tolerances(root / GOLDEN / edition.id),
    )


def _find_folder(edition: Edition) -> Path:
    """Return the folder of data in English, or in the first language of the edition."""
    language = "en" if "en" in edition.languages else edition.languages[0]
    return edition.tables_dir / "csv" / language


def _read_tables(edition: Edition) -> dict[str, ShownTable]:
    """Read the current tables; those about how they were made change with every line of code."""
    stale = explain_staleness(edition)
    if stale is None or stale:
        why = "nothing is published" if stale is None else "; ".join(stale)
        msg = (
            f"{edition.id}: the publication is not current: {why}. "
            f"Publish it first: clientindex report {edition.id}"
        )
        raise ReproductionError(msg)
    paths = sorted(_find_folder(edition).glob("*.csv"))
    return {path.stem: read_csv_file(path) for path in paths if path.stem not in ORIGIN}
