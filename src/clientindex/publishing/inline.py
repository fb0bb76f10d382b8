"""Inline values on their way from the kernel into Markdown.

Runs inside the kernel. Quarto prints the ``repr`` of a string, in which a non-breaking space
becomes four characters, so both renderers pass every inline expression through here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>#~^$|@!'\"])")


@dataclass(frozen=True, slots=True)
class MarkdownText:
    """Text that Jupyter shows as Markdown.

    IPython's own class opens a file when the text happens to be the name of one.

    Attributes
    ----------
    text : str
        Markdown.
    """

    text: str

    def _repr_markdown_(self) -> str:
        return self.text


def as_markdown(value: object) -> object:
    """Return a value that Jupyter shows as Markdown.

    Parameters
    ----------
    value : object
        An object with a Markdown representation passes unchanged. Text and numbers are shown as
        they are, with Markdown's special characters escaped.

    Returns
    -------
    object
        :class:`MarkdownText` or the value itself.

    Raises
    ------
    TypeError
        The value is neither text, number nor Markdown; ``None`` and NaN are refused too, because
        a sentence with a hole is worse than no sentence.
    """
    if hasattr(value, "_repr_markdown_"):
        return value
    if value is None or isinstance(value, bool) or not isinstance(value, str | int | float):
        msg = f"an inline value must be text, a number or Markdown, not {type(value).__name__}"
        raise TypeError(msg)
    if value != value:  # the test for NaN that needs no import
        msg = "an inline value is not a number (NaN)"
        raise TypeError(msg)
    return MarkdownText(_SPECIAL.sub(r"\\\1", str(value)))
