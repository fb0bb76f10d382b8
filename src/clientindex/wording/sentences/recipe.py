"""A recipe: which results a paragraph is made from, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.errors import WordingError
from clientindex.wording.absence import explain_absence

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.results import Bundle
    from clientindex.wording.words import Wording

Paragraph = str | tuple[str, ...]
"""Plain text, or the items of a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParagraphRecipe:
    """A paragraph of the documents.

    Attributes
    ----------
    name : str
    needs : tuple of str
        Results that must be there.
    build : callable
        ``build(bundle, wording)`` -> plain text, or the items of a list.
    """

    name: str
    needs: tuple[str, ...]
    build: Callable[[Bundle, Wording], Paragraph]

    def explain_absence(self, bundle: Bundle, *, wording: Wording) -> str:
        """Say why there is no paragraph; empty when it can be written."""
        return explain_absence(bundle, self.needs, wording=wording)

    def __call__(self, bundle: Bundle, wording: Wording) -> Paragraph:
        """Write the paragraph.

        Raises
        ------
        WordingError
            If a result is absent; ask :meth:`explain_absence` first.
        """
        reason = self.explain_absence(bundle, wording=wording)
        if reason:
            msg = f"paragraph {self.name!r}: {reason}"
            raise WordingError(msg)
        return self.build(bundle, wording)
