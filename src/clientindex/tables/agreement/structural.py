"""Slopes of the lines between survey and checklist, by what is taken for error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import StructuralRelation
from clientindex.tables.agreement.names import list_subjects, name_subject
from clientindex.tables.columns import make_column
from clientindex.tables.recipe import make_recipe
from clientindex.tables.reliability.wide import collect_pairs, make_pair
from clientindex.tables.spec import TableSpec, Value, clean_value

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.wording import Wording

BOUNDS = ("least_squares", "inverse_least_squares")
"""Lines between which the slope lies; their intervals are in the files."""

LEADING = ("errors_in_variables", "traits")
"""Lines that the chapter leads with."""


def build_slopes(
    result: StructuralRelation, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a subject: the bounds of the slope, and the slopes free of known errors."""
    shown = result.choose_shown()
    first = shown[shown["statistic"] == "slope"]
    slopes = first.assign(statistic=first["line"])
    order = list_subjects(methodology)
    pairs = collect_pairs(slopes, ["subject"], order, [*LEADING, *BOUNDS])
    return TableSpec(
        key="structural_slopes",
        caption=wording.text("table.structural_slopes.title"),
        columns=(
            make_column("compared", wording),
            make_column("slope_least_squares", wording, kind="number", digits=2),
            *make_pair("slope_errors_in_variables", wording, level=result.level, digits=2),
            *make_pair("slope_traits", wording, level=result.level, digits=2),
            make_column("slope_inverse_least_squares", wording, kind="number", digits=2),
            make_column("n_centres", wording, kind="integer"),
        ),
        rows=tuple(
            (name_subject(key, methodology, wording), row[4], *row[:4], row[6], _count(first, key))
            for key, row in pairs.items()
        ),
        notes=(wording.text("table.structural_slopes.note"),),
    )


def _count(frame: pd.DataFrame, subject: str) -> Value:
    """Return the centres behind the lines of a subject."""
    return clean_value(frame.loc[frame["subject"] == subject, "n"].max())


RECIPES = (make_recipe("structural_slopes", "structural", StructuralRelation, build_slopes),)
