"""Names of the clients' traits."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clientindex.wording.words import Wording


def name_trait(trait: str, wording: Wording) -> str:
    """Name a trait; one that the catalogue does not know keeps its key."""
    key = f"client_trait.{trait}"
    return wording.text(key) if key in wording.texts else trait
