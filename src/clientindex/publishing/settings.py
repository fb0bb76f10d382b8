"""Settings of a document: ``_quarto.yml``, front matter and metadata files merged as Quarto does.

Later wins: project file, document, files named by ``metadata-files``, the caller's metadata.
"""

from __future__ import annotations

import datetime as dt
import difflib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from clientindex.errors import RenderError
from clientindex.publishing.locale import Locale, load_locale, parse_date
from clientindex.publishing.segments import Place
from clientindex.publishing.source import load_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PROJECT_FILE: Final = "_quarto.yml"
OVERRIDABLE: Final = ("title", "subtitle", "author", "date")
"""Metadata that the caller of the renderer may set."""

_KEYS: Final = frozenset(
    {
        *OVERRIDABLE,
        *("bibliography", "citeproc", "crossref", "csl", "date-format", "description"),
        *(
            "embed-resources",
            "engine",
            "execute",
            "filters",
            "format",
            "html-math-method",
            "jupyter",
        ),
        *("keywords", "lang", "language", "link-citations", "metadata-files", "number-depth"),
        *("number-sections", "project", "toc", "toc-depth", "toc-title"),
    }
)
_CROSSREF_KEYS: Final = frozenset(
    {"fig-title", "fig-prefix", "tbl-title", "tbl-prefix", "sec-prefix", "title-delim"}
)
_EXECUTE_KEYS: Final = frozenset({"echo", "daemon", "warning", "error"})
_EPOCH: Final = 315_532_800
"""1980-01-01, the earliest date of a zip entry, stands where no date is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the writers need to know about a document.

    Attributes
    ----------
    title, subtitle : str
        Subtitle may be empty.
    authors : tuple[str, ...]
        Names as printed.
    date : datetime.date or None
        Date printed; None prints none.
    timestamp : int
        Seconds since 1970 for file metadata, from ``date`` or SOURCE_DATE_EPOCH.
    locale : Locale
        Words of the document's language.
    toc_title : str
        Title of the table of contents.
    toc, number_sections, citeproc, echo : bool
        As in Quarto.
    toc_depth : int
        Deepest heading level listed.
    bibliography : tuple[str, ...]
        Paths relative to the document.
    csl : str
        Path of the citation style, empty for Pandoc's own.
    filters : tuple[str, ...]
        Paths of Lua filters, run by Pandoc for every format.
    formats : Mapping[str, Mapping[str, object]]
        Settings per format: stylesheet, reference document, typst partials.
    """

    title: str
    subtitle: str
    authors: tuple[str, ...]
    date: dt.date | None
    timestamp: int
    locale: Locale
    toc_title: str
    toc: bool
    toc_depth: int
    number_sections: bool
    citeproc: bool
    echo: bool
    bibliography: tuple[str, ...]
    csl: str
    filters: tuple[str, ...]
    formats: Mapping[str, Mapping[str, object]]

    @property
    def date_text(self) -> str:
        """Return the printed date, or an empty string."""
        return self.locale.format_date(self.date) if self.date is not None else ""


def load_settings(
    document: Path, front_matter: Mapping[str, object], *, metadata: Mapping[str, object]
) -> Settings:
    """Merge everything that sets up a document.

    Parameters
    ----------
    document : Path
        The ``.qmd`` file; ``_quarto.yml`` is looked for beside it.
    front_matter : Mapping[str, object]
        Its YAML block.
    metadata : Mapping[str, object]
        Values that override title, subtitle, author and date.

    Returns
    -------
    Settings

    Raises
    ------
    RenderError
        A key or value is outside the subset, title or language is missing.
    """
    check_metadata(metadata)
    for key in front_matter:
        _check_key(str(key), document.name)
    merged = _merge(_read_project(document.parent), front_matter)
    for name in _strings(merged.get("metadata-files", [])):
        merged = _merge(merged, _read_yaml(document.parent / name, asked_by=document.name))
    merged = _merge(merged, metadata)
    return _build(merged, document.name)


def check_metadata(metadata: Mapping[str, object]) -> None:
    """Refuse metadata that the caller may not set.

    Parameters
    ----------
    metadata : Mapping[str, object]
        Title, subtitle, author and date.

    Raises
    ------
    RenderError
        Another key is given.
    """
    other = sorted(set(metadata) - set(OVERRIDABLE))
    if other:
        msg = f"metadata {other[0]!r} cannot be set by the caller; only {', '.join(OVERRIDABLE)}"
        raise RenderError(msg)


def _read_project(folder: Path) -> dict[str, object]:
    path = folder / PROJECT_FILE
    return _read_yaml(path, asked_by=PROJECT_FILE) if path.is_file() else {}


def _read_yaml(path: Path, *, asked_by: str) -> dict[str, object]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        msg = f"{asked_by}: cannot read {path.name}: {error.strerror}"
        raise RenderError(msg) from error
    loaded = load_yaml(text, place=Place(file=path.name, line=1)) or {}
    if not isinstance(loaded, dict):
        msg = f"{path.name}:1: must be a list of key: value lines"
        raise RenderError(msg)
    for key in loaded:
        _check_key(str(key), path.name)
    return {str(k): v for k, v in loaded.items()}


def _check_key(key: str, file: str) -> None:
    if key == "params":
        msg = f"{file}: 'params' is ignored by Quarto's Jupyter engine; use a parameters cell"
        raise RenderError(msg)
    if key not in _KEYS:
        close = difflib.get_close_matches(key, _KEYS, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        msg = f"{file}: setting {key!r} is not supported{hint}"
        raise RenderError(msg)


def _merge(base: Mapping[str, object], over: Mapping[str, object]) -> dict[str, object]:
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        merged[key] = (
            _merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
        )
    return merged


def _build(merged: Mapping[str, object], file: str) -> Settings:
    title = str(merged.get("title") or "")
    if not title:
        msg = f"{file}: 'title' is missing"
        raise RenderError(msg)
    date = parse_date(merged.get("date"))
    locale = _localise(load_locale(str(merged.get("lang") or "")), merged, file)
    execute = _section(merged, "execute", _EXECUTE_KEYS, file)
    formats = merged.get("format", {})
    return Settings(
        title=title,
        subtitle=str(merged.get("subtitle") or ""),
        authors=_authors(merged.get("author"), file),
        date=date,
        timestamp=_timestamp(date),
        locale=locale,
        toc_title=str(merged.get("toc-title") or locale.toc),
        toc=_flag(merged, "toc", file, default=True),
        toc_depth=_toc_depth(merged.get("toc-depth", 3), file),
        number_sections=_flag(merged, "number-sections", file, default=True),
        citeproc=_flag(merged, "citeproc", file, default=True),
        echo=_flag(execute, "echo", file, default=False),
        bibliography=tuple(_strings(merged.get("bibliography", []))),
        csl=str(merged.get("csl") or ""),
        filters=tuple(_strings(merged.get("filters", []))),
        formats=formats if isinstance(formats, dict) else {},
    )


def _localise(locale: Locale, merged: Mapping[str, object], file: str) -> Locale:
    crossref = _section(merged, "crossref", _CROSSREF_KEYS, file)
    keys = {f"callout-{kind}-title": kind for kind in locale.callouts}
    language = _section(merged, "language", frozenset(keys), file)
    return Locale(
        language=locale.language,
        toc=locale.toc,
        skip_to_content=locale.skip_to_content,
        date=locale.date,
        months=locale.months,
        callouts={**locale.callouts, **{keys[k]: str(v) for k, v in language.items()}},
        crossref={**locale.crossref, **{k: str(v) for k, v in crossref.items()}},
    )


def _section(
    merged: Mapping[str, object], name: str, allowed: frozenset[str], file: str
) -> Mapping[str, object]:
    section = merged.get(name) or {}
    if not isinstance(section, dict):
        msg = f"{file}: {name!r} must be a list of key: value lines"
        raise RenderError(msg)
    unknown = sorted(set(section) - allowed)
    if unknown:
        known = ", ".join(sorted(allowed))
        msg = f"{file}: {name}: {unknown[0]!r} is not supported; supported: {known}"
        raise RenderError(msg)
    return section


def _flag(values: Mapping[str, object], key: str, file: str, *, default: bool) -> bool:
    value = values.get(key, default)
    if not isinstance(value, bool):
        msg = f"{file}: {key!r} must be true or false, not {value!r}"
        raise RenderError(msg)
    return value


def _toc_depth(value: object, file: str) -> int:
    if type(value) is int and 1 <= value <= 6:
        return value
    msg = f"{file}: 'toc-depth' must be a whole number from 1 to 6, not {value!r}"
    raise RenderError(msg)


def _authors(value: object, file: str) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    items = value if isinstance(value, list | tuple) else [value]
    found = [item.get("name") if isinstance(item, dict) else item for item in items]
    names = [name for name in found if isinstance(name, str)]
    if len(names) != len(found):
        msg = f"{file}: 'author' must be a name, a list of names or a list of 'name:' entries"
        raise RenderError(msg)
    return tuple(names)


def _strings(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(v) for v in value]
    return [str(value)] if value else []


def _timestamp(date: dt.date | None) -> int:
    if date is not None:
        return int(dt.datetime(date.year, date.month, date.day, tzinfo=dt.UTC).timestamp())
    return int(os.environ.get("SOURCE_DATE_EPOCH", _EPOCH))
