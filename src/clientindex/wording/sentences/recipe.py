"""The recipe of a paragraph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, TypeVar

from clientindex.wording.absence import take
from clientindex.wording.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording.words import Wording

Kind = TypeVar("Kind")

Paragraph = str | tuple[str, ...]
"""Plain text, or the items of a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParagraphRecipe(Recipe[Paragraph]):
    """A paragraph of the documents: plain text, or the items of a list."""

    kind: ClassVar[str] = "paragraph"


def make_paragraph(
    name: str,
    need: str,
    kind: type[Kind],
    say: Callable[[Kind, Methodology, Wording], Paragraph],
) -> ParagraphRecipe:
    """Make the recipe of a paragraph that one result and the methodology suffice for.

    Parameters
    ----------
    name : str
        Name in the registry.
    need : str
        Name of the result in the bundle.
    kind : type
        Its type.
    say : callable
        ``say(result, methodology, wording)`` -> the paragraph.
    """

    def build(bundle: Bundle, wording: Wording) -> Paragraph:
        return say(take(bundle, need, kind), bundle.methodology, wording)

    return ParagraphRecipe(name=name, needs=(need,), build=build)
