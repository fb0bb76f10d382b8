"""Centres without a star, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import Stars
from clientindex.tables.columns import make_column, make_interval
from clientindex.tables.recipe import TableRecipe
from clientindex.tables.spec import TableSpec, collect_rows, pair_ends
from clientindex.wording.absence import take

if TYPE_CHECKING:
    from clientindex.results import Bundle
    from clientindex.wording import Wording


def build_withheld(stars: Stars, *, wording: Wording) -> TableSpec:
    """Build one row a centre whose star is withheld; the index is shown where it exists."""
    frame = stars.frame.loc[stars.frame["star"].isna()]
    frame = frame.sort_values(["region", "name"], kind="stable")
    minimum = wording.integer(stars.minimum_sample)
    return TableSpec(
        key="withheld",
        caption=wording.text("table.withheld.title"),
        columns=(
            make_column("region", wording),
            make_column("centre", wording),
            make_column("n", wording, kind="integer"),
            make_column("index", wording, kind="number", digits=1),
            make_interval("index_ci", wording, level=stars.level),
            make_column("withheld", wording),
        ),
        rows=collect_rows(
            frame["region"],
            frame["name"],
            frame["n"],
            frame["estimate"],
            pair_ends(frame["ci_low"], frame["ci_high"]),
            [wording.text(f"withheld.{reason}") for reason in frame["withheld"]],
        ),
        notes=(wording.text("table.withheld.note", minimum=minimum),),
    )


def _build(bundle: Bundle, wording: Wording) -> TableSpec:
    return build_withheld(take(bundle, "stars", Stars), wording=wording)


RECIPE = TableRecipe(name="withheld", needs=("stars",), build=_build)
