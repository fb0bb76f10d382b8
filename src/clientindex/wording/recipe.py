"""A recipe: which results a part of a document is made from, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from clientindex.errors import WordingError
from clientindex.wording.absence import explain_absence

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.results import Bundle
    from clientindex.wording.words import Wording

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe(Generic[Made]):
    """A paragraph or table that is made from results, or says why it cannot be.

    Attributes
    ----------
    name : str
        Name in the registry.
    needs : tuple of str
        Results that must be there.
    build : callable
        ``build(bundle, wording)`` -> what the recipe makes.
    maker : callable or None
        The function that makes it, where `build` only hands results on to it.
    """

    kind: ClassVar[str]
    name: str
    needs: tuple[str, ...]
    build: Callable[[Bundle, Wording], Made]
    maker: Callable[..., Any] | None = None

    @property
    def function(self) -> Callable[..., Any]:
        """The function that a reader of the code looks for."""
        return self.build if self.maker is None else self.maker

    def explain_absence(self, bundle: Bundle, *, wording: Wording) -> str:
        """Say why it cannot be made; empty when it can."""
        return explain_absence(bundle, self.needs, wording=wording)

    def __call__(self, bundle: Bundle, wording: Wording) -> Made:
        """Make it.

        Raises
        ------
        WordingError
            If a result is absent; ask :meth:`explain_absence` first.
        """
        reason = self.explain_absence(bundle, wording=wording)
        if reason:
            msg = f"{self.kind} {self.name!r}: {reason}"
            raise WordingError(msg)
        return self.build(bundle, wording)
