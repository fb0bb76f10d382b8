"""Stars of centres with index, interval, n, probability, distance to other stars and rank."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from clientindex.results import COUNTRY, RankTable, StarDoubt, Stars, Unavailable
from clientindex.tables.columns import make_column, make_interval, make_star_column
from clientindex.tables.long import pair_finite
from clientindex.tables.rating.distance import write_both_ways
from clientindex.tables.recipe import TableRecipe
from clientindex.tables.revised import explain_marks, find_marks, list_revised
from clientindex.tables.spec import Column, TableSpec, collect_rows, pair_ends
from clientindex.wording.absence import explain_unavailable, take
from clientindex.wording.numbers import NO_BREAK

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from clientindex.results import Bundle
    from clientindex.wording import Wording

RANK_SET = {"marginal_low": "set_low", "marginal_high": "set_high"}
"""Ends of the marginal confidence set of a rank in the country."""


def gather_stars(bundle: Bundle) -> pd.DataFrame:
    """Return the frame of stars with what else the bundle knows of them.

    P(star) is that of the leading route where the doubt of stars is there; ``points_up``,
    ``points_down``, ``errors_up`` and ``errors_down`` stand beside, and from ranks ``set_low`` and
    ``set_high``. What is absent has no columns.
    """
    frame = take(bundle, "stars", Stars).frame
    doubt, ranks = (bundle.results.get(name) for name in ("star_doubt", "ranks"))
    if isinstance(doubt, StarDoubt):
        known = ["centre", "points_up", "points_down", "errors_up", "errors_down"]
        leading = f"p_star_{doubt.leading}"
        told = doubt.centres[[*known, leading]].rename(columns={leading: "p_star"})
        frame = frame.drop(columns="p_star").merge(told, on="centre", how="left")
    if isinstance(ranks, RankTable):
        whole = ranks.frame[ranks.frame["scope"] == COUNTRY]
        sets = whole[["centre", *RANK_SET]].rename(columns=RANK_SET)
        frame = frame.merge(sets, on="centre", how="left")
    return frame


def build_stars(bundle: Bundle, wording: Wording) -> TableSpec:
    """Build one row a centre with a star, regions in alphabetical order, best first in each."""
    stars = take(bundle, "stars", Stars)
    frame = gather_stars(bundle)
    frame = frame.loc[frame["star"].notna()].sort_values(["region", "rank"], kind="stable")
    filled = [
        (make_column("region", wording), frame["region"]),
        (make_column("centre_id", wording), frame["centre"]),
        *_fill_common(frame, stars, wording),
        *_fill_revised(bundle, frame, wording),
        (make_column("rank", wording, kind="integer"), frame["rank"]),
    ]
    filled += [
        (make_column(name, wording, kind="number", digits=digits), _drop_infinite(frame[name]))
        for name, digits in (
            *(("points_up", 1), ("errors_up", 1)),
            *(("points_down", 1), ("errors_down", 1)),
        )
        if name in frame
    ]
    if "set_low" in frame:
        level = take(bundle, "ranks", RankTable).level
        of = wording.text("column.rank_set")
        head = make_interval("rank_set", wording, level=level, digits=0, of=of)
        filled.append((replace(head, header=of), _pair_ranks(frame)))
    marks = find_marks(bundle, frame["centre"])
    return TableSpec(
        key="stars",
        caption=wording.text("table.stars.title"),
        columns=tuple(column for column, _ in filled),
        rows=collect_rows(*(values for _, values in filled)),
        notes=(
            wording.text("table.stars.note"),
            wording.text("table.stars.unrounded"),
            *_explain(bundle, frame, wording),
            *explain_marks(marks, wording),
        ),
        revised=marks,
    )


def _fill_revised(
    bundle: Bundle, frame: pd.DataFrame, wording: Wording
) -> Iterator[tuple[Column, Any]]:
    """Return the column that says what was revised, in an edition with revisions."""
    told = list_revised(bundle, frame["centre"], wording)
    if told is not None:
        yield make_column("revised", wording), told


def _explain(bundle: Bundle, frame: pd.DataFrame, wording: Wording) -> Iterator[str]:
    """Say what the columns of doubt and of ranks mean, or why they are not there."""
    for name, column in (("star_doubt", "points_up"), ("ranks", "set_low")):
        result = bundle.results.get(name)
        if isinstance(result, Unavailable):
            yield explain_unavailable(result, bundle.methodology, wording=wording)
        elif column in frame:
            yield wording.text(f"table.stars.{name}")


def build_stars_of_region(
    bundle: Bundle, *, region: str, number: int, wording: Wording
) -> TableSpec:
    """Build the table of one region, best first; notes say why other centres have no star.

    What holds for all regions is said once, by :func:`explain_regions`.

    Parameters
    ----------
    bundle : Bundle
        With stars; the doubt of stars and ranks are shown where they are there.
    region : str
    number : int
        Position of the region, for the label.
    wording : Wording
    """
    stars = take(bundle, "stars", Stars)
    frame = gather_stars(bundle)
    own = frame.loc[frame["region"] == region]
    shown = own.loc[own["star"].notna()].sort_values("rank", kind="stable")
    filled = list(_fill_common(shown, stars, wording))
    if "points_up" in shown:
        ways = write_both_ways(shown["points_up"], shown["points_down"], wording)
        filled.append((make_column("both_distances", wording), ways))
    if "set_low" in shown:
        level = wording.percent(take(bundle, "ranks", RankTable).level)
        head = make_column("rank_and_set", wording, level=level)
        filled.append((head, _write_ranks(shown, wording)))
    else:
        filled.append((make_column("rank", wording, kind="integer"), shown["rank"]))
    return TableSpec(
        key=f"stars_{number}",
        caption=wording.text("table.stars.title_region", region=region),
        columns=tuple(column for column, _ in filled),
        rows=collect_rows(*(values for _, values in filled)),
        notes=tuple(_tell_withheld(own, bundle, wording)),
        revised=find_marks(bundle, shown["centre"]),
    )


def explain_regions(bundle: Bundle, wording: Wording) -> Iterator[str]:
    """Say how stars stand to rounded indices, and what a dash beside a distance means.

    This is said once, before the tables of all regions, and only where it applies.
    """
    frame = gather_stars(bundle)
    shown = frame.loc[frame["star"].notna()]
    if len(shown):
        yield wording.text("table.stars.unrounded")
    ways = shown.filter(["points_up", "points_down"])
    if np.isinf(ways.to_numpy(float)).any():
        yield wording.text("table.stars.no_way")
    yield from explain_marks(find_marks(bundle, frame["centre"]), wording)


def _fill_common(
    frame: pd.DataFrame, stars: Stars, wording: Wording
) -> Iterator[tuple[Column, Any]]:
    """Return the columns of every table of stars with their values."""
    yield make_column("centre", wording), frame["name"]
    yield make_star_column("star", frame["star"], wording), frame["star"]
    yield make_column("index", wording, kind="number", digits=1), frame["estimate"]
    ends = pair_ends(frame["ci_low"], frame["ci_high"])
    yield make_interval("index_ci", wording, level=stars.level), ends
    yield make_column("n", wording, kind="integer"), frame["n"]
    yield make_column("p_star", wording, kind="number", digits=2), frame["p_star"]


def _drop_infinite(values: pd.Series[float]) -> pd.Series[float]:
    return values.replace([float("inf")], float("nan"))


def _pair_ranks(frame: pd.DataFrame) -> list[tuple[float, float]]:
    low, high = (frame[name].to_numpy(float, na_value=float("nan")) for name in RANK_SET.values())
    return pair_finite(low, high)


def _write_ranks(frame: pd.DataFrame, wording: Wording) -> list[str]:
    """Write a rank with the confidence set of the rank behind it, where there is one."""
    return [
        wording.integer(rank)
        if low != low
        else wording.text(
            "star_distance.rank",
            rank=wording.integer(rank),
            ends=wording.interval(low, high, 0),
        )
        for rank, (low, high) in zip(frame["rank"], _pair_ranks(frame), strict=True)
    ]


def _tell_withheld(frame: pd.DataFrame, bundle: Bundle, wording: Wording) -> Iterator[str]:
    """Say of every centre without a star why it has none; mark those that had one."""
    lost = frame.loc[frame["star"].isna()].sort_values("name", kind="stable")
    marked = {row for row, column in find_marks(bundle, lost["centre"]) if column == "star"}
    mark = f"{NO_BREAK}{wording.text('revision.mark')}"
    for row, centre in enumerate(lost.to_dict("records")):
        n = centre["n"]
        yield wording.text(
            "table.stars.withheld",
            centre=centre["name"] + mark * (row in marked),
            reason=wording.text(f"withheld.{centre['withheld']}"),
            n=wording.missing if n != n else wording.integer(int(n)),
        )


RECIPE = TableRecipe(name="stars", needs=("stars",), build=build_stars)
