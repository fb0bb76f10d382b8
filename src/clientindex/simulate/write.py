"""Write a simulated pilot into the files that an edition names, and the truth beside them."""

from __future__ import annotations

import contextlib
import io
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pandas as pd

from clientindex.errors import EditionError
from clientindex.simulate.workbook import write_sheets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from clientindex.edition import ChecklistSource, Edition, SurveySource
    from clientindex.edition.sources import ColumnSpec, TableFile
    from clientindex.simulate.pilot import SimulatedPilot

TRUTH_FOLDER = "truth"
"""Folder of the truth, beside the first survey file."""

TRUTH_NUMBER = "%.6f"
"""Six decimals: far below any sampling error, and above differences between linear algebra
libraries, so that the files have the same bytes everywhere."""

TRUTH_NOTE = """\
синтетические данные / synthetic data

Эти файлы и таблицы рядом с ними созданы моделью (clientindex simulate), начальное число {seed}.
Названия населённых пунктов настоящие, все числа вымышлены и ничего не говорят о работе
настоящих центров занятости. Здесь лежит «истина»: то, что показал бы опрос без ошибки выборки.

These files and the tables beside them were made by a model (clientindex simulate), seed {seed}.
The places are real, every number is invented and says nothing about real employment centres.
This folder holds the truth: what a survey without sampling error would show.

centres.csv               центры: индекс, группы, завышение чек-листа / centres: index, groups,
                          inflation of the checklist
segments.csv              то же по сегментам / the same by segment
indicators.csv            показатели по центрам и сегментам / indicators by centre and segment
loadings.csv              нагрузки, пороги, доли пропусков / loadings, thresholds, missing shares
factor_correlations.csv   корреляции факторов / correlations of factors
region_effects.csv        эффекты регионов / effects of regions
common_mix.csv            центры при одинаковом составе клиентов (если он моделируется) / centres
                          if all had the same clients (where traits are simulated)
trait_effects.csv         эффекты признаков клиентов / effects of the clients' traits
"""

CHANGE_NOTE = """\
change.csv                что изменилось до следующего выпуска / what changed until the later
                          edition
"""


def write_pilot(
    pilot: SimulatedPilot, edition: Edition, *, force: bool = False
) -> tuple[Path, ...]:
    """Write the pilot as the edition's input files, and the truth into ``truth/`` beside them.

    All files are written aside first and renamed together, so a fault on the way leaves the folder
    as it was.

    Parameters
    ----------
    pilot : SimulatedPilot
    edition : Edition
        Marked synthetic; its columns, delimiters, encodings and formats (CSV, Parquet) are kept.
        Experts' answers are an XLSX.
    force : bool, default False
        Overwrite files that exist.

    Returns
    -------
    tuple of Path
        The input files in the edition's order, then the files of the truth.

    Raises
    ------
    EditionError
        If the edition is not marked synthetic, asks for what a simulation cannot write, names files
        that exist (and not `force`), or a file cannot be written.
    """
    if not edition.synthetic:
        msg = (
            f"edition {edition.id!r} is not marked 'synthetic: true'; simulated data are written "
            "only for an edition whose every output says that they are synthetic"
        )
        raise EditionError(msg)
    contents = dict(_render_inputs(pilot, edition))
    folder = edition.data.survey[0].file.parent / TRUTH_FOLDER
    contents |= {folder / name: content for name, content in _render_truth(pilot)}
    if not force:
        _refuse_existing(contents)
    _refuse_folders(contents)
    _write_together(contents)
    return tuple(contents)


def _render_inputs(pilot: SimulatedPilot, edition: Edition) -> Iterator[tuple[Path, bytes]]:
    _refuse_shared_files(edition)
    claimed = {source.segment for source in edition.data.survey}
    for source in edition.data.survey:
        table = _gather_survey(pilot, source, claimed=claimed)
        table["period"] = str(edition.year) + table["period"]
        table["day"] = f"{edition.year}-" + table["day"]
        yield source.file, _render_table(table, source, _survey_names(source))
    register = edition.data.register_
    if register is not None:
        yield register.file, _render_table(pilot.register, register, _role_names(register.columns))
    filled = (
        (edition.data.checklist, pilot.checklist),
        (edition.data.second_checklist, pilot.second_checklist),
    )
    for checklist, table in filled:
        if checklist is not None:
            _refuse_ready_scores(checklist)
            names = _role_names(checklist.columns)
            yield checklist.file, _render_table(table, checklist, names)
    experts = edition.data.experts
    if experts is not None:
        yield experts.file, _render_experts(pilot, experts)


def _gather_survey(
    pilot: SimulatedPilot, source: SurveySource, *, claimed: set[str | None]
) -> pd.DataFrame:
    """Return the rows of one survey file: one segment, or all that no other file claims."""
    if source.kind != "respondents":
        msg = f"{source.file}: the simulation writes kind 'respondents', not {source.kind!r}"
        raise EditionError(msg)
    if source.segment is not None:
        parts = [pilot.surveys[source.segment]] if source.segment in pilot.surveys else []
    else:
        rest = {key: table for key, table in pilot.surveys.items() if key not in claimed}
        parts = [table.assign(segment=key) for key, table in rest.items()]
    if not parts:
        msg = (
            f"{source.file}: the simulation has no respondents for it (segments with respondents: "
            f"{', '.join(pilot.surveys)}); give the segment a size or remove the file"
        )
        raise EditionError(msg)
    return pd.concat(parts, ignore_index=True)


def _render_experts(pilot: SimulatedPilot, source: TableFile) -> bytes:
    """Return the bytes of the workbook of experts' answers."""
    kind = source.format or source.file.suffix.lower().lstrip(".")
    if kind != "xlsx" or source.sheet is not None:
        msg = (
            f"{source.file}: the simulation writes experts' answers as xlsx, on sheets of its own "
            "names; leave out 'sheet', and name a file that ends with .xlsx"
        )
        raise EditionError(msg)
    if not pilot.experts.sheets:
        msg = f"{source.file}: the methodology has no two weights that experts could compare"
        raise EditionError(msg)
    return write_sheets(pilot.experts.sheets)


def _refuse_shared_files(edition: Edition) -> None:
    data = edition.data
    sources: list[TableFile] = [*data.survey]
    others = (data.register_, data.checklist, data.second_checklist, data.experts)
    sources += [source for source in others if source is not None]
    if len(edition.input_files) < len(sources):
        msg = f"edition {edition.id!r}: a simulation needs a file of its own for every table"
        raise EditionError(msg)
    filtered = [source for source in sources if source.where]
    if filtered:
        msg = f"{filtered[0].file}: a simulation cannot write a file that is read with 'where'"
        raise EditionError(msg)


def _refuse_ready_scores(checklist: ChecklistSource) -> None:
    if checklist.kind != "items":
        msg = f"{checklist.file}: the simulation writes kind 'items', not {checklist.kind!r}"
        raise EditionError(msg)


def _survey_names(source: SurveySource) -> dict[str, str]:
    return {**_role_names(source.columns), **source.indicators}


def _role_names(columns: Mapping[Any, ColumnSpec]) -> dict[str, str]:
    """Return the file's column of each role."""
    parted = [spec.column for spec in columns.values() if spec.pattern is not None]
    if parted:
        msg = f"column {parted[0]!r}: a simulation cannot write a column that is read by a pattern"
        raise EditionError(msg)
    return {role: spec.column for role, spec in columns.items()}


def _render_table(table: pd.DataFrame, source: TableFile, names: Mapping[str, str]) -> bytes:
    """Return the bytes of a file with the columns that the edition names."""
    renamed = table.rename(columns=dict(names))
    kind = source.format or source.file.suffix.lower().lstrip(".")
    if kind == "parquet":
        buffer = io.BytesIO()
        renamed.to_parquet(buffer, index=False)
        return buffer.getvalue()
    if kind != "csv":
        msg = f"{source.file}: a simulation writes csv or parquet, not {kind!r}"
        raise EditionError(msg)
    text = renamed.to_csv(
        index=False, sep=source.delimiter, decimal=source.decimal, lineterminator="\n"
    )
    return text.encode(source.encoding)


def _render_truth(pilot: SimulatedPilot) -> Iterator[tuple[str, bytes]]:
    for field in fields(pilot.truth):
        table: pd.DataFrame | None = getattr(pilot.truth, field.name)
        if table is None:
            continue
        text = table.to_csv(index=False, float_format=TRUTH_NUMBER, lineterminator="\n")
        yield f"{field.name}.csv", text.encode("utf-8")
    note = TRUTH_NOTE + ("" if pilot.truth.change is None else CHANGE_NOTE)
    yield "README.txt", note.format(seed=pilot.seed).encode("utf-8")


def _refuse_existing(paths: Mapping[Path, bytes]) -> None:
    found = [path for path in paths if path.exists()]
    if found:
        listed = "\n".join(f"  - {path}" for path in found)
        msg = (
            f"{len(found)} of {len(paths)} files to write exist already and were left as they are:"
            f"\n{listed}\nUse --force to replace them by simulated data."
        )
        raise EditionError(msg)


def _refuse_folders(paths: Mapping[Path, bytes]) -> None:
    found = [path for path in paths if path.is_dir()]
    if found:
        msg = f"{found[0]}: cannot be written (it is a folder); nothing was changed"
        raise EditionError(msg)


def _write_together(contents: Mapping[Path, bytes]) -> None:
    """Write every file aside, then rename all; on a fault remove what was written aside."""
    asides = {path: path.with_name(f".{path.name}.part") for path in contents}
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            asides[path].write_bytes(content)
        for path, aside in asides.items():
            aside.replace(path)
    except OSError as exc:
        for aside in asides.values():
            _remove_quietly(aside)
        place = exc.filename or next(iter(contents)).parent
        msg = f"{place}: cannot be written ({exc.strerror}); no file is half-written"
        raise EditionError(msg) from exc


def _remove_quietly(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
