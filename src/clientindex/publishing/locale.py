"""Words and dates of one language that the renderer itself needs."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from clientindex.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Locale:
    """Words of one language that the renderer itself needs.

    Attributes
    ----------
    language : str
        ``ru`` or ``en``.
    toc, skip_to_content : str
        Title of the table of contents; text of the link past it.
    date : str
        Pattern with ``day``, ``month`` and ``year``.
    months : tuple[str, ...]
        Twelve names in the case that the pattern needs.
    callouts, crossref : Mapping[str, str]
        Titles of callouts; names of figures, tables and sections.
    """

    language: str
    toc: str
    skip_to_content: str
    date: str
    months: tuple[str, ...]
    callouts: Mapping[str, str]
    crossref: Mapping[str, str]

    def format_date(self, date: dt.date) -> str:
        """Return a date in words."""
        return self.date.format(day=date.day, month=self.months[date.month - 1], year=date.year)


def load_locale(lang: str) -> Locale:
    """Return the words of a language.

    Parameters
    ----------
    lang : str
        Language tag; only the part before a hyphen counts.

    Returns
    -------
    Locale

    Raises
    ------
    RenderError
        The language is not one of ours.
    """
    file = resources.files("clientindex.publishing") / "assets" / f"{lang.split('-')[0]}.toml"
    if not lang or not file.is_file():
        msg = f"lang: {lang!r} is not supported; write 'lang: ru' or 'lang: en'"
        raise RenderError(msg)
    words = tomllib.loads(file.read_text(encoding="utf-8"))
    return Locale(**(words | {"months": tuple(words["months"])}))


def parse_date(value: object) -> dt.date | None:
    """Return a date from YAML or from the caller.

    Parameters
    ----------
    value : object
        A date or ISO text; None and empty text mean no date.

    Returns
    -------
    datetime.date or None

    Raises
    ------
    RenderError
        The value is ``today`` or anything else that is not an ISO date.
    """
    if isinstance(value, dt.datetime):
        return value.date()
    if value is None or isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value)) if str(value) else None
    except ValueError as error:
        msg = f"date: {value!r} is not a date of the form 2026-03-31"
        raise RenderError(msg) from error
