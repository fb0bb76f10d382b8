"""Names of subjects, sides and statistics of survey against checklist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from clientindex.results import INDEX
from clientindex.wording.names import name_group, name_indicator

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.methodology import Methodology
    from clientindex.wording import Wording

    Say = Callable[[Any, Methodology, Wording], str | None]

WHOLE = {INDEX: "index", "all": "all_groups", "stars": "stars"}
"""Subjects that are neither a group nor an indicator -> their texts."""


def list_subjects(methodology: Methodology) -> tuple[str, ...]:
    """Return the index, then the groups."""
    return (INDEX, *methodology.group_keys)


def name_subject(key: str, methodology: Methodology, wording: Wording) -> str:
    """Name the index, all groups together, the stars, a group or an indicator."""
    if key in WHOLE:
        return wording.text(f"compared.{WHOLE[key]}")
    if key in methodology.group_keys:
        return name_group(key, methodology, wording)
    return name_indicator(key, methodology, wording)


def say(prefix: str) -> Say:
    """Return what names a key by a text; an empty key has no name."""

    def name(key: Any, methodology: Methodology, wording: Wording) -> str | None:
        del methodology
        return wording.text(f"{prefix}.{key}") if key else None

    return name


def say_truth(value: Any, methodology: Methodology, wording: Wording) -> str | None:
    """Say yes or no; nothing where it is not known."""
    del methodology
    if pd.isna(value):
        return None
    return wording.text(f"yes_no.{'yes' if value else 'no'}")


def keep(key: Any, methodology: Methodology, wording: Wording) -> str | None:
    """Return a code or the name of a region or centre as it is; nothing where it is empty."""
    del methodology, wording
    return str(key) or None
