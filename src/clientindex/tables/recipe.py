"""The recipe of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, TypeVar

from clientindex.tables.spec import TableSpec
from clientindex.wording.absence import take
from clientindex.wording.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRecipe(Recipe[TableSpec]):
    """A table of the documents and of the files of tables; it may have no rows."""

    kind: ClassVar[str] = "table"


def make_recipe(
    name: str,
    need: str,
    kind: type[Kind],
    build: Callable[[Kind, Methodology, Wording], TableSpec],
) -> TableRecipe:
    """Make the recipe of a table that one result and the methodology suffice for.

    Parameters
    ----------
    name : str
        Name in the registry.
    need : str
        Name of the result in the bundle.
    kind : type
        Its type.
    build : callable
        ``build(result, methodology, wording)`` -> the table.
    """

    def make(bundle: Bundle, wording: Wording) -> TableSpec:
        return build(take(bundle, need, kind), bundle.methodology, wording)

    return TableRecipe(name=name, needs=(need,), build=make, maker=build)
