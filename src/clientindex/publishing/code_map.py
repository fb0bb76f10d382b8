"""From every figure and table of the documents to the code and the results that it is made from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from clientindex.errors import RenderError
from clientindex.tables import TABLES
from clientindex.tables.columns import make_column
from clientindex.tables.spec import TableSpec
from clientindex.wording.absence import STAGE_OF, explain_absence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from clientindex.results import Bundle
    from clientindex.wording import Wording

_PART: Final = re.compile(r'"(figure|table)\.([a-z0-9_]+)"')
_CELL: Final = re.compile(r"^```\{python\}$(.*?)^```$", re.MULTILINE | re.DOTALL)
KINDS: Final = ("figure", "table")
REVISION_TABLES: Final = frozenset(
    name for name, recipe in TABLES.items() if "revision" in recipe.needs
)
"""Shown in revised editions only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPart:
    """A figure or table and the documents that show it, in the order of the edition."""

    kind: str
    name: str
    documents: list[str] = field(default_factory=list)


def list_parts(folder: Path, bundle: Bundle, *, language: str) -> list[ShownPart]:
    """List the figures and tables that the sources of the edition's documents show.

    Parameters
    ----------
    folder : Path
        Holds the sources, ``<document>.<language>.qmd``.
    bundle : Bundle
        Its edition names the documents.
    language : str

    Raises
    ------
    RenderError
        If a source cannot be read.
    """
    found: dict[tuple[str, str], ShownPart] = {}
    for document in bundle.edition.documents:
        for kind, name in _read_parts(folder / f"{document}.{language}.qmd"):
            if not bundle.edition.revisions and name in REVISION_TABLES:
                continue
            part = found.setdefault((kind, name), ShownPart(kind=kind, name=name))
            if document not in part.documents:
                part.documents.append(document)
    return list(found.values())


def _read_parts(path: Path) -> list[tuple[str, str]]:
    try:
        source = path.read_text(encoding="utf-8")
    except OSError as exc:
        msg = f"{path.name}: the source of a document cannot be read ({exc.strerror or exc})."
        raise RenderError(msg) from exc
    cells = _CELL.findall(source)
    return [(str(kind), str(name)) for cell in cells for kind, name in _PART.findall(cell)]


def map_code(parts: list[ShownPart], bundle: Bundle, *, kind: str, wording: Wording) -> TableSpec:
    """Build one row a figure, or a table: title, documents, function, results, stage.

    Parameters
    ----------
    parts : list of ShownPart
    bundle : Bundle
    kind : {"figure", "table"}
    wording : Wording
    """
    recipes = _list_recipes(kind)
    heads = (f"{kind}_title", "shown_in", "made_by", "made_from")
    rows = [
        (
            _title(part, wording),
            ", ".join(wording.text(f"code_map.{name}") for name in part.documents),
            name_code(recipes[part.name].make if kind == "figure" else recipes[part.name].function),
            _tell_results(recipes[part.name], bundle, wording),
        )
        for part in parts
        if part.kind == kind and part.name in recipes
    ]
    return TableSpec(
        key=f"code_map_{kind}s",
        caption=wording.text(f"code_map.{kind}s"),
        columns=tuple(make_column(key, wording) for key in heads),
        rows=tuple(rows),
        notes=(wording.text("code_map.note"),),
    )


def name_code(function: Callable[..., Any]) -> str:
    """Return the file of a function below ``src/clientindex/`` and its name."""
    file = function.__module__.removeprefix("clientindex.").replace(".", "/")
    return f"{file}.py, {function.__qualname__.partition('.<locals>')[0]}"


def _list_recipes(kind: str) -> Mapping[str, Any]:
    if kind == "table":
        return TABLES
    from clientindex.figures import FIGURES

    return FIGURES


def _title(part: ShownPart, wording: Wording) -> str:
    area = "illustration" if part.kind == "figure" else "table"
    return wording.text(f"{area}.{part.name}.title")


def _tell_results(recipe: Any, bundle: Bundle, wording: Wording) -> str:
    """Name the results with their stages, or the settings where there are none."""
    names = [getattr(need, "name", need) for need in recipe.needs]
    if not names:
        return wording.text("code_map.settings")
    stages = dict.fromkeys(STAGE_OF[name] for name in names if name in STAGE_OF)
    told = wording.text(
        "code_map.results",
        results=", ".join(names),
        stages="; ".join(wording.text(f"stage.{stage}") for stage in stages)
        or wording.text("code_map.intake"),
    )
    absent = bool(explain_absence(bundle, names, wording=wording))
    return wording.text("code_map.absent", results=told) if absent else told
