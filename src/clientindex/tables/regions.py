"""Mean index and stars of regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import COUNTRY, Regions
from clientindex.tables.columns import make_column, make_interval
from clientindex.tables.recipe import TableRecipe
from clientindex.tables.spec import Column, TableSpec, collect_rows, pair_ends
from clientindex.wording.absence import take
from clientindex.wording.names import name_region
from clientindex.wording.sentences.rating.counting import name_stars

if TYPE_CHECKING:
    from clientindex.results import Bundle
    from clientindex.wording import Wording


def build_regions(regions: Regions, *, wording: Wording) -> TableSpec:
    """Build one row a region, highest mean first, then the whole country."""
    frame = regions.frame
    country = frame["region"] == COUNTRY
    ordered = frame.loc[~country].sort_values(["estimate", "region"], ascending=[False, True])
    frame = frame.loc[[*ordered.index, *frame.index[country]]]
    without = frame["n_centres"] - frame["n_starred"]
    counts = [c for c in frame.columns if c.startswith("stars_")]
    stars = [float(c.removeprefix("stars_")) for c in counts]
    star_columns = [
        Column(
            key=count,
            header=wording.text("column.centres_with_stars", stars=name_stars(star, wording)),
            kind="integer",
        )
        for count, star in zip(counts, stars, strict=True)
    ]
    return TableSpec(
        key="regions",
        caption=wording.text("table.regions.title"),
        columns=(
            make_column("region", wording),
            make_column("n_centres", wording, kind="integer"),
            make_column("n", wording, kind="integer"),
            make_column("mean_index", wording, kind="number", digits=1),
            make_interval("mean_index_ci", wording, level=regions.level),
            *star_columns,
            make_column("centres_without_stars", wording, kind="integer"),
        ),
        rows=collect_rows(
            [name_region(region, wording) for region in frame["region"]],
            frame["n_centres"],
            frame["n"],
            frame["estimate"],
            pair_ends(frame["ci_low"], frame["ci_high"]),
            *(frame[count] for count in counts),
            without,
        ),
        notes=(wording.text("table.regions.note"),),
    )


def _build(bundle: Bundle, wording: Wording) -> TableSpec:
    return build_regions(take(bundle, "regions", Regions), wording=wording)


RECIPE = TableRecipe(name="regions", needs=("regions",), build=_build)
