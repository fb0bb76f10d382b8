"""The recipe of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from clientindex.tables.spec import TableSpec
from clientindex.wording.recipe import Recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRecipe(Recipe[TableSpec]):
    """A table of the documents and of the files of tables; it may have no rows."""

    kind: ClassVar[str] = "table"
