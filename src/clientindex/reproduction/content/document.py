"""What a document says: its sentences, tables and the data of its figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from clientindex.reproduction.content.numbers import find_numbers

if TYPE_CHECKING:
    from clientindex.reproduction.content.table import ShownTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A paragraph, heading, caption or item of a list, and the heading that it stands below."""

    section: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDocument:
    """A document, piece by piece.

    Attributes
    ----------
    passages : tuple of Passage
        In the order of the document.
    tables : dict
        Label -> cells as shown.
    figures : dict
        Label -> every mark with its coordinates, from the file of data in the page.
    """

    passages: tuple[Passage, ...]
    tables: dict[str, ShownTable] = field(default_factory=dict)
    figures: dict[str, ShownTable] = field(default_factory=dict)

    @property
    def n_numbers(self) -> int:
        """Numbers in all passages."""
        return sum(len(find_numbers(passage.text)) for passage in self.passages)
