"""Inline values on their way from the kernel into Markdown.

Runs inside the kernel. Quarto prints the ``repr`` of a string, in which a non-breaking space
becomes four characters, so both renderers pass every inline expression through here.
"""

from __future__ import annotations

import re
from typing import Final

from IPython.display import Markdown

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>#~^$|@!'\"])")


def as_markdown(value: object) -> Markdown:
    """Return a value as Markdown.

    Parameters
    ----------
    value : object
        A ``Markdown`` object passes unchanged. Text and numbers are printed as they are, with
        Markdown's special characters escaped.

    Returns
    -------
    IPython.display.Markdown

    Raises
    ------
    TypeError
        The value is neither text, number nor Markdown; ``None`` and NaN are refused too, because
        a sentence with a hole is worse than no sentence.
    """
    if isinstance(value, Markdown):
        return value
    if value is None or isinstance(value, bool) or not isinstance(value, str | int | float):
        msg = f"an inline value must be text, a number or Markdown, not {type(value).__name__}"
        raise TypeError(msg)
    if value != value:  # the test for NaN that needs no import
        msg = "an inline value is not a number (NaN)"
        raise TypeError(msg)
    return Markdown(_SPECIAL.sub(r"\\\1", str(value)))  # type: ignore[no-untyped-call]  # IPython
