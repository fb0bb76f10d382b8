"""A recipe: which results a table is made from, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientindex.errors import WordingError
from clientindex.wording.absence import explain_absence

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.results import Bundle
    from clientindex.tables.spec import TableSpec
    from clientindex.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRecipe:
    """A table of the documents and of the files of tables.

    Attributes
    ----------
    name : str
        Name in the registry and key of the table.
    needs : tuple of str
        Results that must be there.
    build : callable
        ``build(bundle, wording)`` -> TableSpec; may have no rows.
    """

    name: str
    needs: tuple[str, ...]
    build: Callable[[Bundle, Wording], TableSpec]

    def explain_absence(self, bundle: Bundle, *, wording: Wording) -> str:
        """Say why there is no table; empty when it can be built."""
        return explain_absence(bundle, self.needs, wording=wording)

    def __call__(self, bundle: Bundle, wording: Wording) -> TableSpec:
        """Build the table.

        Raises
        ------
        WordingError
            If a result is absent; ask :meth:`explain_absence` first.
        """
        reason = self.explain_absence(bundle, wording=wording)
        if reason:
            msg = f"table {self.name!r}: {reason}"
            raise WordingError(msg)
        return self.build(bundle, wording)
