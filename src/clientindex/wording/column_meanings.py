"""What every column of the tables holds, in which unit: declared once, by the key of the column."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from clientindex.errors import WordingError

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE: Final = "column_meanings.toml"
_NUMBER_AT_END: Final = re.compile(r"\d+(_\d+)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMeaning:
    """What a column holds.

    Attributes
    ----------
    unit : str
        Name of the unit, empty where the kind of the column says it.
    texts : dict of str to str
        Language -> meaning.
    """

    unit: str
    texts: dict[str, str]


def find_meaning(key: str, *, table: str) -> ColumnMeaning | None:
    """Return the meaning of a column; None where nothing is declared.

    Parameters
    ----------
    key : str
        Of the column, as in machine-readable files.
    table : str
        Key of its table, for columns that are named after groups and factors.

    Examples
    --------
    >>> find_meaning("stars_4", table="regions").unit
    'centres'
    """
    known = _load()[1]
    return next((known[name] for name in _list_names(key, table) if name in known), None)


def name_unit(unit: str, language: str) -> str:
    """Return the words for a unit.

    Raises
    ------
    WordingError
        If there is no such unit.
    """
    units = _load()[0]
    if unit not in units:
        msg = f"wording/{FILE}: no unit {unit!r}; there are {', '.join(sorted(units))}"
        raise WordingError(msg)
    return units[unit][language]


def _list_names(key: str, table: str) -> Iterator[str]:
    yield f"{table}.{key}"
    yield key
    yield _NUMBER_AT_END.sub("#", key)
    yield f"{table}.*_{key.rpartition('_')[2]}"
    yield f"{table}.*"


@cache
def _load() -> tuple[dict[str, dict[str, str]], dict[str, ColumnMeaning]]:
    text = (resources.files("clientindex.wording") / FILE).read_text(encoding="utf-8")
    data = tomllib.loads(text)
    return data["units"], {key: _read(key, row) for key, row in data["columns"].items()}


def _read(key: str, row: dict[str, Any]) -> ColumnMeaning:
    texts = {name: text for name, text in row.items() if name != "unit"}
    if set(texts) != {"ru", "en"} or not all(texts.values()):
        msg = f"wording/{FILE}: {key}: expected texts in ru and en, got {sorted(texts)}"
        raise WordingError(msg)
    return ColumnMeaning(unit=row.get("unit", ""), texts=texts)
