"""What each change of the methodology did to stars on the answers of this edition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import MethodologyEffects
from clientindex.results.methodology_effects import COUNTS
from clientindex.tables.columns import make_column
from clientindex.tables.recipe import make_recipe
from clientindex.tables.spec import TableSpec, clean_value
from clientindex.wording.sentences.methodology_log import name_change
from clientindex.wording.sentences.rows import list_rows

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording import Wording


def build_effects(
    result: MethodologyEffects, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a change, all together last; without rows where nothing changed."""
    del methodology
    rows = list_rows(result.frame)
    return TableSpec(
        key="change_effects",
        caption=wording.text("table.change_effects.title"),
        columns=(
            make_column("methodology_change", wording),
            *(make_column(f"stars_{name}", wording, kind="integer") for name in COUNTS),
            make_column("index_shift", wording, kind="number", digits=2),
            make_column("largest_index_shift", wording, kind="number", digits=2),
        ),
        rows=tuple(
            (
                name_change(row, wording),
                *(clean_value(row[name]) for name in COUNTS),
                clean_value(row["mean_difference"]),
                clean_value(row["largest_difference"]),
            )
            for row in rows
        ),
        notes=(wording.text("table.change_effects.note"),),
        explains_gaps=True,
    )


RECIPE = make_recipe("change_effects", "methodology_effects", MethodologyEffects, build_effects)
