"""Names of subjects of survey against checklist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import INDEX
from clientindex.wording.names import name_group, name_indicator

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording import Wording

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
