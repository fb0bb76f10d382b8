"""Stars of centres with index, interval, n, probability and rank."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import Stars
from clientindex.tables.columns import make_column, make_interval
from clientindex.tables.recipe import TableRecipe
from clientindex.tables.spec import Column, TableSpec, collect_rows, pair_ends
from clientindex.wording.absence import take

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.results import Bundle
    from clientindex.wording import Wording


def build_stars(stars: Stars, *, wording: Wording) -> TableSpec:
    """Build one row a centre with a star, regions in alphabetical order, best first in each."""
    frame = stars.frame.loc[stars.frame["star"].notna()]
    ordered = frame.sort_values(["region", "rank"], kind="stable")
    columns = _list_columns(stars, wording)
    return TableSpec(
        key="stars",
        caption=wording.text("table.stars.title"),
        columns=(make_column("region", wording), make_column("centre_id", wording), *columns),
        rows=collect_rows(ordered["region"], ordered["centre"], *_list_values(ordered)),
        notes=(wording.text("table.stars.note"),),
    )


def build_stars_of_region(stars: Stars, *, region: str, number: int, wording: Wording) -> TableSpec:
    """Build the table of one region, best first.

    Parameters
    ----------
    stars : Stars
    region : str
    number : int
        Position of the region, for the label.
    wording : Wording
    """
    frame = stars.frame.loc[(stars.frame["region"] == region) & stars.frame["star"].notna()]
    ordered = frame.sort_values("rank", kind="stable")
    return TableSpec(
        key=f"stars_{number}",
        caption=wording.text("table.stars.title_region", region=region),
        columns=_list_columns(stars, wording),
        rows=collect_rows(*_list_values(ordered)),
    )


def _list_columns(stars: Stars, wording: Wording) -> tuple[Column, ...]:
    return (
        make_column("centre", wording),
        make_column("star", wording, kind="integer"),
        make_column("index", wording, kind="number", digits=1),
        make_interval("index_ci", wording, level=stars.level),
        make_column("n", wording, kind="integer"),
        make_column("p_star", wording, kind="number", digits=2),
        make_column("rank", wording, kind="integer"),
    )


def _list_values(frame: pd.DataFrame) -> list[object]:
    return [
        frame["name"],
        frame["star"],
        frame["estimate"],
        pair_ends(frame["ci_low"], frame["ci_high"]),
        frame["n"],
        frame["p_star"],
        frame["rank"],
    ]


def _build(bundle: Bundle, wording: Wording) -> TableSpec:
    return build_stars(take(bundle, "stars", Stars), wording=wording)


RECIPE = TableRecipe(name="stars", needs=("stars",), build=_build)
