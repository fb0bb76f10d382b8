"""The recipe of a paragraph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from clientindex.wording.recipe import Recipe

Paragraph = str | tuple[str, ...]
"""Plain text, or the items of a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParagraphRecipe(Recipe[Paragraph]):
    """A paragraph of the documents: plain text, or the items of a list."""

    kind: ClassVar[str] = "paragraph"
