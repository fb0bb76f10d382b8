"""The hash of an edition's settings, which is the same wherever its files stand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from clientindex.hashing import hash_mapping

if TYPE_CHECKING:
    from clientindex.edition.model import Edition

PLACES: Final = {"methodology", "previous", "reports", "output", "simulation", "confidential"}
"""Settings that change no number: where files stand, how data were simulated, what a pack may hold.

The methodology, the results of the previous edition and the sources of documents have hashes of
their own.
"""


def hash_settings(edition: Edition) -> str:
    """Return the SHA-256 of all settings that can change a number or a word.

    Parameters
    ----------
    edition : Edition
        Of an input file its name counts and its folder does not; comments and the order of the keys
        do not count.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    values = edition.model_dump(exclude=PLACES)
    return hash_mapping({key: _without_folders(value) for key, value in values.items()})


def _without_folders(value: object) -> object:
    if isinstance(value, Path):
        return value.name
    if isinstance(value, dict):
        return {key: _without_folders(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_folders(item) for item in value]
    return str(value)
