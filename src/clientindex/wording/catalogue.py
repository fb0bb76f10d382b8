"""Load the catalogue of one language: nested TOML tables become dotted keys.

``<language>.toml`` holds number formats and common words; ``figures.<language>.toml``,
``tables.<language>.toml`` and ``sentences.<language>.toml`` hold what their names say.
"""

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
PARTS: Final = (
    "figures",
    "tables",
    "sentences",
    "factor_tables",
    "factor_sentences",
    "reliability_tables",
    "reliability_sentences",
    "agreement_tables",
    "agreement_sentences",
    "rating_figures",
    "rating_sentences",
    "sensitivity_figures",
    "sensitivity_sentences",
    "rating_tables",
    "sensitivity_tables",
    "edition_sentences",
    "edition_tables",
    "compare_sentences",
    "passport",
    "certificate",
    "region",
    "report_sentences",
    "pack",
    "hidden",
    "revision",
)


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
    tables = _read(f"{language}.toml")
    try:
        signs = NumberFormat(**tables.pop("numbers"))
    except (KeyError, TypeError) as exc:
        msg = f"wording/{language}.toml: numbers: {exc}"
        raise WordingError(msg) from exc
    texts = _flatten(tables, prefix="", file=f"{language}.toml")
    for part in PARTS:
        name = f"{part}.{language}.toml"
        texts = _join(texts, _flatten(_read(name), prefix="", file=name), file=name)
    return Wording(language=language, texts=MappingProxyType(texts), signs=signs)


def _read(name: str) -> dict[str, Any]:
    file = resources.files("clientindex.wording") / name
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as exc:
        msg = f"wording/{name}: {exc}"
        raise WordingError(msg) from exc


def _join(texts: dict[str, str], more: dict[str, str], *, file: str) -> dict[str, str]:
    twice = sorted(set(texts) & set(more))
    if twice:
        msg = f"wording/{file}: {twice[0]} stands in another file too"
        raise WordingError(msg)
    return texts | more


def _flatten(tables: dict[str, Any], *, prefix: str, file: str) -> dict[str, str]:
    texts: dict[str, str] = {}
    for name, value in tables.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict):
            texts |= _flatten(value, prefix=f"{key}.", file=file)
        elif isinstance(value, str) and value:
            texts[key] = value
        else:
            msg = f"wording/{file}: {key}: expected text, got {value!r}"
            raise WordingError(msg)
    return texts
