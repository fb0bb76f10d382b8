"""How many counts of people are not published, by what they count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results.suppression import SUPPRESSION, Suppression
from clientindex.tables.columns import make_column
from clientindex.tables.disclosure import protect
from clientindex.tables.recipe import TableRecipe
from clientindex.tables.spec import TableSpec, collect_rows

if TYPE_CHECKING:
    from clientindex.results import Bundle
    from clientindex.wording import Wording


def build_suppressed(suppression: Suppression, *, wording: Wording) -> TableSpec:
    """Build one row a kind of count; without rows where none is hidden."""
    frame = suppression.frame
    frame = frame[(frame["primary"] > 0) | (frame["secondary"] > 0)]
    return TableSpec(
        key="suppressed",
        caption=wording.text("table.suppressed.title"),
        columns=(
            make_column("counted", wording),
            *(
                make_column(name, wording, kind="integer")
                for name in ("n_counts", "n_primary", "n_secondary")
            ),
        ),
        rows=collect_rows(
            [wording.text(f"hidden.family_{name}") for name in frame["family"]],
            frame["n"],
            frame["primary"],
            frame["secondary"],
        ),
        notes=(wording.text("table.suppressed.note"),),
    )


def _build(bundle: Bundle, wording: Wording) -> TableSpec:
    known = bundle.results.get(SUPPRESSION)
    found = known if isinstance(known, Suppression) else protect(bundle).suppression
    return build_suppressed(found, wording=wording)


RECIPE = TableRecipe(name="suppressed", needs=("coverage",), build=_build, maker=build_suppressed)
