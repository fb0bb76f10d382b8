"""English names of Russia's regions, found from the names that data give them."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Final

FILE: Final = "region_names.toml"
_KIND: Final = frozenset(
    [
        *("республика", "респ", "р", "ка", "область", "обл", "край", "округ", "ао", "а", "о"),
        *("автономный", "автономная", "автономной", "город", "гор", "г", "федерального"),
        *("значения", "народная"),
    ]
)
"""Words that say what kind of region it is; the rest tells regions apart."""
_IN_BRACKETS: Final = re.compile(r"\(([^)]*)\)")
_BETWEEN_NAMES: Final = re.compile(r"\s+[\-\u2010-\u2015]+\s+")
_WORD: Final = re.compile(r"[^\W_]+")


def list_keys(name: str) -> set[tuple[str, ...]]:
    """Return what is left of a name without the kind of region: of all of it, and of its parts."""
    bare = _IN_BRACKETS.sub(" ", name)
    parts = [name, bare, *_IN_BRACKETS.findall(name), *_BETWEEN_NAMES.split(bare)]
    return {key for key in map(_reduce, parts) if key}


def find_english_name(region: str) -> str | None:
    """Return the English name of a region of Russia; None where the name is not one of theirs.

    Letter case, ё, the kind of region, its short form and a second name in brackets or after a
    dash make no difference.

    Examples
    --------
    >>> find_english_name("Нижегородская обл.")
    'Nizhny Novgorod Oblast'
    """
    known = _index_names()
    found = {known[key] for key in list_keys(region) if key in known}
    return found.pop() if len(found) == 1 else None


@cache
def load_english_names() -> dict[str, str]:
    """Return the full Russian name of every region -> its English name."""
    return {str(row["name"]): str(row["en"]) for row in _load_rows()}


@cache
def _index_names() -> dict[tuple[str, ...], str]:
    return {
        key: str(row["en"])
        for row in _load_rows()
        for name in (row["name"], *row.get("also", ()))
        for key in list_keys(str(name))
    }


def _load_rows() -> list[dict[str, str | list[str]]]:
    text = (resources.files("clientindex.wording") / FILE).read_text(encoding="utf-8")
    rows: list[dict[str, str | list[str]]] = tomllib.loads(text)["regions"]
    return rows


def _reduce(name: str) -> tuple[str, ...]:
    words = _WORD.findall(name.casefold().replace("ё", "е"))
    return tuple(sorted(word for word in words if word not in _KIND))
