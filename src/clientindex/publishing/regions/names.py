"""How the files of regions are called."""

from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from clientindex.wording.transliteration import transliterate

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_NAME: Final = 60
NAMELESS: Final = "region"
RESERVED: Final = frozenset(
    ("con", "prn", "aux", "nul", *(f"{device}{n}" for device in ("com", "lpt") for n in range(10)))
)
"""Names of devices, which Windows gives to no file."""
_OTHER: Final = re.compile(r"[^a-z0-9]+")


def name_files(regions: Iterable[str]) -> dict[str, str]:
    """Return the name of the files of every region, without ending, the same in all languages.

    It is the name in small Latin letters with hyphens. Names that would be the same, are cut, are
    refused by Windows or have nothing that can be written so get some characters of a hash.

    Examples
    --------
    >>> list(name_files(["Брянская область", "Республика Саха (Якутия)"]).values())
    ['bryanskaya-oblast', 'respublika-sakha-yakutiya']
    """
    plain = {region: _write(region) for region in regions}
    counted = Counter(plain.values())
    return {
        region: name
        if counted[name] == 1 and 0 < len(name) <= LONGEST_NAME and name not in RESERVED
        else _mark(name, region)
        for region, name in plain.items()
    }


def _write(region: str) -> str:
    return _OTHER.sub("-", transliterate(region).lower()).strip("-")


def _mark(name: str, region: str) -> str:
    digest = sha256(region.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{name[:LONGEST_NAME] or NAMELESS}-{digest}"
