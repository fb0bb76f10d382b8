"""A number and its unit stay on one line: a no-break space stands between them."""

from __future__ import annotations

import re
from typing import Final

from clientindex.wording.numbers import NO_BREAK

UNITS: Final = {
    "ru": (
        *("%", "★", r"п\.", r"балл\w*", r"зв[её]зд\w*", r"пункт\w*", r"раза?\b"),
        *(r"центр\w*", r"регион\w*", r"субъект\w*", r"респондент\w*", r"ответ\w*", r"набор\w*"),
        *(r"год\w*", r"г\.", r"мин\b", r"с\b(?=[.,;)]|$)", r"МБ\b"),
    ),
    "en": (
        *("%", "★", r"pp\b", r"points?\b", r"stars?\b", r"times\b", r"degrees\b"),
        *(r"centres?\b", r"regions?\b", r"respondents?\b", r"answers?\b", r"replicates?\b"),
        *(r"years?\b", r"min\b", r"s\b(?=[.,;)]|$)", r"MB\b"),
    ),
}
"""Language -> what a number is followed by, as regular expressions."""

_AFTER_NUMBER: Final = {
    language: re.compile(rf"(?<=\d) (?={'|'.join(units)})") for language, units in UNITS.items()
}


def tie_units(text: str, language: str) -> str:
    r"""Put a no-break space between every number and its unit.

    Examples
    --------
    >>> tie_units("72.5 points of 100", "en")
    '72.5\xa0points of 100'
    """
    return _AFTER_NUMBER[language].sub(NO_BREAK, text)
