"""The files of tables: one workbook a language, and every table as CSV twice."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from clientindex.errors import RenderError
from clientindex.publishing.place_names import are_names_rewritten, find_place_names, name_places
from clientindex.tables import TABLES, Column, TableSpec, csvw
from clientindex.tables.cells import spell_hidden
from clientindex.tables.csv_files import write_excel_csv, write_machine_csv
from clientindex.tables.csvw import DescribedTable, Dialect, write_metadata
from clientindex.tables.dictionary import build_dictionary, describe_table
from clientindex.tables.disclosure import build_protected, list_hidden, protect
from clientindex.tables.disclosure.listed import STATUS
from clientindex.tables.flat import flatten
from clientindex.tables.workbook import Cover, write_workbook
from clientindex.wording import Wording, load_wording
from clientindex.wording.sentences.provenance import list_status
from clientindex.wording.sentences.revision import list_cover
from clientindex.wording.sentences.suppression import tell_suppression
from clientindex.wording.unnamed_values import tell_unnamed_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clientindex.results import Bundle
    from clientindex.tables import TableRecipe
    from clientindex.tables.disclosure import Protected

MACHINE, EXCEL_RU = "csv", "csv_excel_ru"
"""Folders of the two kinds of CSV."""
_NAME: Final = "tables"


def write_tables(bundle: Bundle, folder: Path, *, languages: Sequence[str]) -> tuple[Path, ...]:
    """Write the tables of an edition.

    Parameters
    ----------
    bundle : Bundle
    folder : Path
        Receives ``tables.<language>.xlsx``; ``csv/<language>/<name>.csv`` (UTF-8, comma, point,
        full precision) and ``csv_excel_ru/<name>.csv`` (Russian, semicolon, decimal comma). The
        last table is the data dictionary; every folder of CSV has its ``csv-metadata.json``.
    languages : sequence of str
        Languages of the workbooks and of names in the CSV.

    Returns
    -------
    tuple of Path
        The files written, sorted.

    Raises
    ------
    RenderError
        If the folder cannot be written; former files stay as they were.

    Notes
    -----
    Tables whose results are absent are left out. Equal bundles give equal bytes. Files are written
    into a folder aside and moved when all are ready.
    """
    protected = protect(bundle)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".tables-", dir=folder) as name:
            aside = Path(name)
            for language in languages:
                _write_language(protected, aside, wording=load_wording(language))
            return _move_files(aside, folder)
    except OSError as exc:
        msg = (
            f"{folder}: the tables cannot be written ({exc.strerror or exc}). Free disk space or "
            "make the folder writable; former files stay as they were."
        )
        raise RenderError(msg) from exc


def build_tables(
    bundle: Bundle, *, wording: Wording, protected: Protected | None = None
) -> list[TableSpec]:
    """Build every table whose results are there; each row of synthetic data says that it is.

    Where `bundle` is that of `protected`, cells say where something is hidden.
    """
    recipes = TABLES.values()
    present = [r for r in recipes if not r.explain_absence(bundle, wording=wording)]
    built = (_build(recipe, bundle, protected, wording) for recipe in present)
    specs = [spec for spec in built if spec.rows]
    if not bundle.edition.synthetic:
        return specs
    return [mark_synthetic(spec, wording) for spec in specs]


def _build(
    recipe: TableRecipe, bundle: Bundle, protected: Protected | None, wording: Wording
) -> TableSpec:
    if protected is None:
        return recipe(bundle, wording)
    return build_protected(lambda own: recipe(own, wording), protected, needs=recipe.needs)


def mark_synthetic(spec: TableSpec, wording: Wording) -> TableSpec:
    """Add a last column with the words: a file of data travels without its documents."""
    column = Column(key=STATUS, header=wording.text("column.data_status"))
    words = wording.text("callout.synthetic_title")
    rows = tuple((*row, words) for row in spec.rows)
    return replace(spec, columns=(*spec.columns, column), rows=rows)


def make_cover(bundle: Bundle, *, wording: Wording, renamed: bool = False) -> Cover:
    """Say above the list of tables what they are made from, and whether places are renamed."""
    lines = list_status(bundle.edition, bundle.manifest, wording=wording)
    if renamed:
        lines = (*lines, wording.text("callout.place_names"))
    lines = (*lines, *tell_suppression(bundle, wording=wording))
    unnamed = tell_unnamed_values(bundle, wording)
    lines = (*lines, unnamed) if unnamed else lines
    lines = (*list_cover(bundle.edition, wording=wording), *lines)
    if bundle.edition.synthetic:
        lines = (wording.text("callout.synthetic"), *lines)
    status = bundle.methodology.status.in_language(wording.language)
    title = bundle.edition.title.in_language(wording.language)
    publisher = bundle.edition.publisher.in_language(wording.language)
    return Cover(
        title=title,
        lines=(*lines, status),
        publisher=publisher,
        rights=wording.text("dictionary.rights", publisher=publisher),
    )


def _write_language(protected: Protected, aside: Path, *, wording: Wording) -> None:
    names = find_place_names(protected.bundle.results, wording.language, codes=False)
    renamed = are_names_rewritten(protected.bundle, names)
    protected = protected.rename(lambda own: name_places(own, names))
    bundle = protected.bundle
    specs = build_tables(bundle, wording=wording, protected=protected)
    hidden = list_hidden(specs, wording=wording)
    if hidden.rows:
        specs.append(mark_synthetic(hidden, wording) if bundle.edition.synthetic else hidden)
    specs = [spell_hidden(spec, wording=wording) for spec in specs]
    specs.append(build_dictionary(specs, wording=wording))
    cover = make_cover(bundle, wording=wording, renamed=renamed)
    path = aside / f"{_NAME}.{wording.language}.xlsx"
    write_workbook(specs, path, cover=cover, wording=wording)
    tables = [_describe(spec, wording) for spec in specs]
    folders = {aside / MACHINE / wording.language: csvw.MACHINE}
    if wording.language == "ru":
        folders[aside / EXCEL_RU] = csvw.EXCEL_RU
    for folder, dialect in folders.items():
        folder.mkdir(parents=True)
        _write_folder(folder, tables, dialect)
        metadata = write_metadata(tables, dialect=dialect, cover=cover, language=wording.language)
        (folder / csvw.FILE).write_bytes(metadata)


def _describe(spec: TableSpec, wording: Wording) -> DescribedTable:
    columns = flatten(spec)
    notes = describe_table(spec, columns, wording=wording)
    return DescribedTable(spec=spec, columns=columns, notes=notes)


def _write_folder(folder: Path, tables: Sequence[DescribedTable], dialect: Dialect) -> None:
    write = write_excel_csv if dialect.for_people else write_machine_csv
    for table in tables:
        (folder / f"{table.spec.key}.csv").write_bytes(write(table.columns))


def _move_files(aside: Path, folder: Path) -> tuple[Path, ...]:
    sources = sorted(path for path in aside.rglob("*") if path.is_file())
    written = []
    for source in sources:
        target = folder / source.relative_to(aside)
        target.parent.mkdir(parents=True, exist_ok=True)
        written.append(Path(shutil.move(source, target)))
    return tuple(written)
