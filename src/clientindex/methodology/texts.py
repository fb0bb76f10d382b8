"""Keys and texts in both languages."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from clientindex.settings import Settings

KEY_PATTERN = r"^[A-Za-z][A-Za-z0-9_]*$"
Key = Annotated[str, Field(pattern=KEY_PATTERN)]


class Bilingual(Settings):
    """One text in both languages."""

    ru: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def in_language(self, language: str) -> str:
        """Return the text in `language` (``"ru"`` or ``"en"``)."""
        return self.ru if language == "ru" else self.en
