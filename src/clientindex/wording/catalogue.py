"""Load the catalogue of one language: nested TOML tables become dotted keys."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Final

from clientindex.errors import WordingError
from clientindex.wording.numbers import NumberFormat
from clientindex.wording.words import Wording

LANGUAGES: Final = ("ru", "en")


@cache
def load_wording(language: str) -> Wording:
    r"""Load the texts and number formats of a language.

    Parameters
    ----------
    language : {"ru", "en"}

    Raises
    ------
    WordingError
        If there is no such language or its catalogue is damaged.

    Examples
    --------
    >>> load_wording("ru").number(1234.25)
    '1\xa0234,3'
    """
    if language not in LANGUAGES:
        msg = f"no wording in {language!r}; there are {', '.join(LANGUAGES)}"
        raise WordingError(msg)
    file = resources.files("clientindex.wording") / f"{language}.toml"
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
        signs = NumberFormat(**tables.pop("numbers"))
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as exc:
        msg = f"wording/{language}.toml: {exc}"
        raise WordingError(msg) from exc
    texts = _flatten(tables, prefix="", language=language)
    return Wording(language=language, texts=MappingProxyType(texts), signs=signs)


def _flatten(tables: dict[str, Any], *, prefix: str, language: str) -> dict[str, str]:
    texts: dict[str, str] = {}
    for name, value in tables.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict):
            texts |= _flatten(value, prefix=f"{key}.", language=language)
        elif isinstance(value, str) and value:
            texts[key] = value
        else:
            msg = f"wording/{language}.toml: {key}: expected text, got {value!r}"
            raise WordingError(msg)
    return texts
