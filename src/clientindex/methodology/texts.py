"""Keys and texts in both languages."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

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


def _write_keys(data: Any) -> Any:
    """Accept numbers among the keys: YAML reads 1 as one."""
    return {str(key): value for key, value in data.items()} if isinstance(data, dict) else data


ValueNames = dict[str, Annotated[dict[str, Bilingual], BeforeValidator(_write_keys)]]
"""Kind of values that data deliver -> value as delivered -> its name in both languages."""


def _repeat(data: Any) -> Any:
    """Take a plain text as that of both languages."""
    return {"ru": data, "en": data} if isinstance(data, str) else data


Citation = Annotated[Bilingual, BeforeValidator(_repeat)]
"""Where something comes from: one text as it is cited, or one a language where words are ours."""
