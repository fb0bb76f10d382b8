"""From a figure, a table or one of its cells back to the raw files that it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from clientindex.edition import load_edition
from clientindex.errors import ReproductionError
from clientindex.pipeline.explain_cell import explain_cell, name_cell
from clientindex.publishing.code_map import ShownPart, list_parts, name_code
from clientindex.reproduction.input_names import number_repeats
from clientindex.results import load_bundle
from clientindex.settings.fault import find_nearest
from clientindex.tables import TABLES
from clientindex.wording import load_wording

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from clientindex.edition import Edition
    from clientindex.results import Bundle
    from clientindex.results.origin import Origin
    from clientindex.wording import Wording

LANGUAGE: Final = "en"
SHORT: Final = 12
KINDS: Final = {"fig": "figure", "figure": "figure", "tbl": "table", "table": "table"}
RESULT: Final = "result"
OTHER_NAMES: Final = {
    "scree": "eigenvalues",
    "caterpillar": "centre_intervals",
    "bland_altman": "agreement_bland_altman",
    "heatmap": "loadings_heatmap",
    "forest": "rank_intervals",
}
"""What figures are called in the field -> what they are called here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One link of the chain: what it is, and lines about it."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be explained.

    Attributes
    ----------
    kind : {"figure", "table", "result"}
    name : str
    row, column : str
        A cell of a table: text of the row, and column by key or heading; "" where the whole table
        is asked for.
    """

    kind: str
    name: str
    row: str = ""
    column: str = ""


def explain(path: Path, what: str, *, row: str = "", column: str = "") -> tuple[Step, ...]:
    """Return the chain from a published part back to the raw files.

    Parameters
    ----------
    path : Path
        The edition file; its results must be there.
    what : str
        ``fig-scree``, ``tbl-stars``, or a result such as ``result.scores``.
    row, column : str
        A cell of a table.

    Returns
    -------
    tuple of Step
        The published part first, the raw files last.

    Raises
    ------
    ReproductionError
        There is no such part, row or column; the nearest names are told.
    BundleError
        The results are absent or damaged.
    """
    edition = load_edition(path)
    bundle = load_bundle(edition.results_dir)
    asked = _read(what, bundle, row=row, column=column)
    wording = load_wording(LANGUAGE)
    steps = [_tell_part(asked, bundle, edition, wording)] if asked.kind != RESULT else []
    results = _list_results(asked)
    if asked.row or asked.column:
        cell = name_cell(asked.name, bundle, wording, row=asked.row, column=asked.column)
        told = explain_cell(cell, bundle, edition, results=results)
        steps += [Step(title=title, lines=lines) for title, lines in told]
    origins = [bundle.manifest.trace(name) for name in results]
    steps += [_tell_result(origin) for origin in origins]
    steps += [_tell_counts(bundle), _tell_inputs(origins, bundle, edition), _tell_program(bundle)]
    return tuple(step for step in steps if step.lines)


def _read(what: str, bundle: Bundle, *, row: str, column: str) -> Asked:
    """Find out which part is asked for."""
    head, _, rest = what.replace(".", "-").partition("-")
    kind, name = KINDS.get(head, RESULT if head == RESULT else ""), rest.replace("-", "_")
    if not kind:
        kind, name = _guess_kind(what.replace("-", "_")), what.replace("-", "_")
    if kind == "figure":
        name = OTHER_NAMES.get(name, name) if name not in _list_known(kind, bundle) else name
    known = _list_known(kind, bundle)
    if name not in known:
        nearest = find_nearest(name, known)
        hint = f"; did you mean {nearest!r}?" if nearest else "."
        there = ", ".join(sorted(known))
        msg = f"no {kind} {name!r} in this edition{hint} There are: {there}."
        raise ReproductionError(msg)
    if (row or column) and kind != "table":
        msg = f"rows and columns are those of a table; {what!r} is a {kind}."
        raise ReproductionError(msg)
    return Asked(kind=kind, name=name, row=row, column=column)


def _guess_kind(name: str) -> str:
    return "table" if name in TABLES else "figure"


def _list_known(kind: str, bundle: Bundle) -> dict[str, Any]:
    if kind == "table":
        return dict(TABLES)
    if kind == "figure":
        from clientindex.figures import FIGURES

        return dict(FIGURES)
    return dict(bundle.results)


def _list_results(asked: Asked) -> tuple[str, ...]:
    """Return the results that the part is made from."""
    if asked.kind == RESULT:
        return (asked.name,)
    if asked.kind == "table":
        return tuple(TABLES[asked.name].needs)
    from clientindex.figures import FIGURES

    return tuple(need.name for need in FIGURES[asked.name].needs)


def _tell_part(asked: Asked, bundle: Bundle, edition: Edition, wording: Wording) -> Step:
    """Tell the title of a part, the documents that show it, its files and its function."""
    area = "illustration" if asked.kind == "figure" else "table"
    recipe = _list_known(asked.kind, bundle)[asked.name]
    function = recipe.make if asked.kind == "figure" else recipe.function
    label = f"{'fig' if asked.kind == 'figure' else 'tbl'}-{asked.name.replace('_', '-')}"
    shown = [name for part in _find_shown(asked, bundle, edition) for name in part.documents]
    lines = [f"title: {wording.text(f'{area}.{asked.name}.title')}"]
    lines += [f"shown in: documents/{name}.<language>.<format>" for name in shown]
    if asked.kind == "table":
        lines.append(f"file: tables/csv/<language>/{asked.name}.csv")
    else:
        lines.append(f"data: {label}.csv, below the figure in the page")
    return Step(title=label, lines=(*lines, f"made by: src/clientindex/{name_code(function)}"))


def _find_shown(asked: Asked, bundle: Bundle, edition: Edition) -> Iterator[ShownPart]:
    parts = list_parts(edition.reports, bundle, language=bundle.edition.languages[0])
    return (part for part in parts if (part.kind, part.name) == (asked.kind, asked.name))


def _tell_result(origin: Origin) -> Step:
    """Tell the files of a result, the function, the settings and the results before it."""
    files = origin.files.items()
    lines = [f"file: results/{file}, sha256 {sha256[:SHORT]}" for file, sha256 in files]
    lines.append(f"computed by: {origin.function}")
    if origin.stage:
        lines.append(f"stage: {origin.stage}, seed {origin.seed} of the edition, split by stage")
    settings = ", ".join(f"{part} {sha256[:8]}" for part, sha256 in origin.settings.items())
    lines.append(f"methodology {origin.methodology_id} ({origin.methodology_sha256[:SHORT]})")
    lines.append(f"  its settings: {settings}")
    if origin.after:
        lines.append(f"computed after: {', '.join(origin.after)}")
    return Step(title=f"result {origin.result}", lines=tuple(lines))


def _tell_counts(bundle: Bundle) -> Step:
    coverage: Any = bundle.results.get("coverage")
    n = getattr(coverage, "n_respondents", None)
    if n is None:
        return Step(title="", lines=())
    told = (
        f"one pass over {n} respondents of {coverage.n_centres_surveyed} centres: answers counted "
        "by pairs of indicators, centre, segment and period"
    )
    return Step(title="counts", lines=(told,))


def _tell_inputs(origins: list[Origin], bundle: Bundle, edition: Edition) -> Step:
    """Tell the raw files, each once, and whether they are still those that were read."""
    from clientindex.hashing import hash_file

    here = number_repeats((path.name, path) for path in edition.input_files)
    known = number_repeats((record.name, record) for record in bundle.manifest.inputs)
    by_spark = {source.file.name for source in edition.spark_sources}
    used = {record for origin in origins for record in origin.inputs}
    lines = []
    for name, record in known.items():
        if record not in used:
            continue
        path = here.get(name)
        state = "not named by the edition any more"
        if name in by_spark:
            state = "read by Spark, sha256 of its counts, not compared"
        if path is not None:
            same = path.is_file() and hash_file(path) == record.sha256
            state = "unchanged since" if same else "CHANGED or absent since"
        told = f"{record.n_rows} rows, sha256 {record.sha256[:SHORT]}, {state}"
        lines.append(f"{name}: {told}")
    return Step(title="raw files", lines=tuple(lines))


def _tell_program(bundle: Bundle) -> Step:
    manifest = bundle.manifest
    packages = ", ".join(f"{name} {version}" for name, version in manifest.packages.items())
    lines = (
        f"clientindex {manifest.code_version}, code {manifest.code_sha256[:SHORT]}",
        f"Python {manifest.python_version}; {packages}",
        f"fingerprint of the results: {manifest.fingerprint}",
    )
    return Step(title="program", lines=lines)
