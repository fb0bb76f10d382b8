"""What a revision changed: centres and means of regions, first published and now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from clientindex.results import Revision
from clientindex.results.revision import GONE, NEW, SAME
from clientindex.tables.long import (
    DIGITS,
    LongColumn,
    LongTable,
    bound,
    count,
    lay_out,
    make_long_recipe,
    measure,
    stars,
    tell,
)
from clientindex.tables.naming import keep, say, say_truth
from clientindex.tables.rating.names import ARROW, name_place
from clientindex.tables.recipe import make_recipe
from clientindex.wording.sentences.rating.counting import name_stars

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.tables.spec import TableSpec
    from clientindex.wording import Wording

MOST_SHOWN: Final = 30
"""Centres in documents; files of tables have all."""


def _list_indices(of: str, digits: int) -> tuple[LongColumn, ...]:
    """Return the columns of an index or a mean, first and now, with their difference."""
    return (
        measure(f"{of}_published", "before", digits=digits),
        bound("before", f"{of}_published", digits=digits),
        measure(f"{of}_revised", "after", digits=digits),
        bound("after", f"{of}_revised", digits=digits),
        measure("change_points", "difference", digits=digits),
    )


def build_centres(result: Revision, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a centre whose published values changed, those with other stars first."""
    found = result.centres[result.centres["status"] != SAME]
    size = found["difference"].abs()
    first = found["stars_changed"] | found["status"].isin([NEW, GONE])
    order = found.assign(first=first, size=size).sort_values(
        ["first", "size", "region", "centre"], ascending=[False, False, True, True], kind="stable"
    )
    shown = order.head(MOST_SHOWN)
    return lay_out(
        "revision_centres",
        shown,
        (
            tell("region", "region", keep),
            tell("centre", "name", keep),
            *_list_indices("index", result.digits),
            tell(
                "stars_published_now", ("status", "star_before", "star_after"), _name_stars_then_now
            ),
        ),
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text(
                "table.revision_centres.note",
                shown=wording.integer(len(shown)),
                total=wording.integer(len(found)),
            ),
            *_explain_gaps("revision_centres", shown, wording),
        ),
        explains_gaps=True,
    )


def build_regions(result: Revision, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a region, and the country: the mean index first and now."""
    frame = result.regions
    return lay_out(
        "revision_regions",
        frame,
        (
            tell("region", "region", name_place),
            count("n_published", "n_before"),
            count("n_revised", "n_after"),
            *_list_indices("mean", result.digits),
        ),
        level=result.level,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text("table.revision_regions.note"),
            *_explain_gaps("revision_regions", frame, wording),
        ),
        explains_gaps=True,
    )


def _explain_gaps(name: str, frame: pd.DataFrame, wording: Wording) -> tuple[str, ...]:
    numbers = ["before", "before_low", "after", "after_low", "difference"]
    gaps = frame[numbers].isna().to_numpy().any()
    return (wording.text(f"table.{name}.gaps"),) if gaps else ()


def _name_stars_then_now(
    stars: tuple[str, Any, Any], methodology: Methodology, wording: Wording
) -> str:
    """Write the stars first and now; where there are none, say why."""
    del methodology
    status, before, after = stars
    pair = ((before, status == NEW), (after, status == GONE))
    return ARROW.join(_name_one(star, wording, absent=absent) for star, absent in pair)


def _name_one(star: Any, wording: Wording, *, absent: bool) -> str:
    if star == star:
        return name_stars(star, wording)
    return wording.text(f"star_condition.{'absent' if absent else 'withheld'}")


RECIPES = (
    make_recipe("revision_centres", "revision", Revision, build_centres),
    make_recipe("revision_regions", "revision", Revision, build_regions),
    make_long_recipe(
        LongTable(
            name="revision_all",
            result="revision",
            kind=Revision,
            frame="centres",
            columns=(
                tell("region", "region", keep),
                tell("centre_id", "centre", keep),
                tell("centre", "name", keep),
                tell("revision_status", "status", say("revision")),
                *_list_indices("index", DIGITS),
                stars("star_published", "star_before"),
                stars("star_revised", "star_after"),
                tell("index_changed", "index_changed", say_truth),
                tell("stars_changed", "stars_changed", say_truth),
            ),
        )
    ),
)
