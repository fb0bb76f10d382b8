"""Russian names in Latin letters, by rules of the house.

The rules are those by which English texts usually write Russian places (near BGN/PCGN): one letter
or group for each Cyrillic letter; е is "ye" at the beginning of a word and after a vowel, ъ or ь;
ъ and ь are dropped; the endings ий and ый become "y". Words are not translated and keep their
case, so that a reader finds the Russian name again.
"""

from __future__ import annotations

import re
from typing import Final

LETTERS: Final = {
    **{"а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh"},
    **{"з": "z", "и": "i", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o"},
    **{"п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts"},
    **{"ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu"},
    "я": "ya",
}
"""Russian letter -> Latin letters."""

CYRILLIC: Final = re.compile(r"[А-Яа-яЁё]+")
NUMBER_SIGN: Final = re.compile(r"№\s*")
_AFTER_YE: Final = frozenset("аеёиоуыэюяъь")
_ENDINGS: Final = ("ий", "ый")


def transliterate(text: str) -> str:
    """Write the Russian words of a text in Latin letters; everything else stays.

    Examples
    --------
    >>> transliterate("ЦЗН г. Ельца, отделение № 2")
    'TsZN g. Yeltsa, otdeleniye No. 2'
    >>> transliterate("Нижний Тагил")
    'Nizhny Tagil'
    """
    return CYRILLIC.sub(lambda found: _write_word(found[0]), NUMBER_SIGN.sub("No. ", text))


def has_cyrillic(text: str) -> bool:
    """Return whether a text has Russian letters."""
    return CYRILLIC.search(text) is not None


def _write_word(word: str) -> str:
    lower = word.lower()
    ending = "y" if len(word) > len(_ENDINGS[0]) and lower.endswith(_ENDINGS) else ""
    stem = word[: -len(_ENDINGS[0])] if ending else word
    parts = [_write_letter(lower, place) for place in range(len(stem))]
    cased = (
        part.capitalize() if letter.isupper() else part
        for letter, part in zip(stem, parts, strict=True)
    )
    return "".join(cased) + ending


def _write_letter(word: str, place: int) -> str:
    letter = word[place]
    if letter == "е" and (place == 0 or word[place - 1] in _AFTER_YE):
        return "ye"
    return LETTERS[letter]
