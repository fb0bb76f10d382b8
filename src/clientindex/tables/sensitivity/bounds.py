"""Exact answers on weights within a band: stars that stand, stars that are near, close places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import Stars, WeightBounds
from clientindex.tables.columns import make_column, make_star_column
from clientindex.tables.long import count, lay_out, measure, stars, tell
from clientindex.tables.naming import keep
from clientindex.tables.recipe import TableRecipe, make_recipe
from clientindex.tables.sensitivity.names import TOP, add_names, write_stars
from clientindex.tables.spec import Column, TableSpec, collect_rows, pair_ends
from clientindex.wording.absence import take
from clientindex.wording.sensitivity_names import write_band

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording

MOVED = 50
"""Per cent of weight that is moved by a sum of absolute changes of 1: half of what is taken away
here is added there."""


def build_by_star(result: WeightBounds, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a number of stars: how many are certain, may be lost or won in the band."""
    frame = result.frame
    told = frame.assign(
        sure=frame["certain"].fillna(value=False).astype(int),
        open=frame["certain"].isna().astype(int),
        lost=(frame["star_low"] < frame["star"]).fillna(value=False).astype(int),
        won=(frame["star_high"] > frame["star"]).fillna(value=False).astype(int),
    )
    by_star = told.groupby("star", as_index=False).agg(
        n=("centre", "size"),
        sure=("sure", "sum"),
        lost=("lost", "sum"),
        won=("won", "sum"),
        open=("open", "sum"),
        nearest=("smallest_band_pct", "min"),
    )
    columns = (
        stars(),
        count("n_starred", "n"),
        count("cannot_change", "sure"),
        count("may_lose", "lost"),
        count("may_win", "won"),
        count("not_known", "open"),
        measure("nearest_band", "nearest", digits=1),
    )
    return lay_out(
        "certain_by_star",
        by_star,
        columns,
        level=methodology.intervals.level,
        methodology=methodology,
        wording=wording,
        notes=_list_notes(result, wording),
    )


def _list_notes(result: WeightBounds, wording: Wording) -> tuple[str, ...]:
    band = write_band(result.band_pct, wording)
    moves = wording.text(f"weights_move.{result.moves}")
    return (
        wording.text("table.certain_by_star.note", band=band, moves=moves),
        wording.text(f"table.certain_by_star.by_{result.stars_by}"),
    )


def build_fragile(result: WeightBounds, given: Stars, wording: Wording) -> TableSpec:
    """Build the centres whose star changes by the smallest movement of weights."""
    frame = add_names(list_fragile(result), given).head(TOP)
    band = write_band(result.band_pct, wording)
    known = [frame[name].isna().all() for name in ("loses_band_pct", "l1_indicators")]
    shown = (
        Column(
            key="index_range",
            header=wording.text("column.index_range", band=band),
            kind="interval",
            digits=1,
            low_header=wording.text("column.index_lowest", band=band),
            high_header=wording.text("column.index_highest", band=band),
        ),
        Column(key="star_range", header=wording.text("column.star_range", band=band)),
        make_column("loses_band", wording, kind="number", digits=1),
        make_column("wins_band", wording, kind="number", digits=1),
        make_column("moved_indicators", wording, kind="number", digits=1),
        make_column("moved_groups", wording, kind="number", digits=1),
    )
    ranges = [
        write_stars(low, high, wording)
        for low, high in zip(frame["star_low"], frame["star_high"], strict=True)
    ]
    return TableSpec(
        key="fragile_stars",
        caption=wording.text("table.fragile_stars.title"),
        columns=(
            make_column("centre", wording),
            make_star_column("star", frame["star"], wording),
            make_column("index", wording, kind="number", digits=1),
            *shown,
        ),
        rows=collect_rows(
            frame["name"],
            frame["star"],
            frame["estimate"],
            pair_ends(frame["lower"], frame["upper"]),
            ranges,
            frame["loses_band_pct"],
            frame["wins_band_pct"],
            MOVED * frame["l1_indicators"],
            MOVED * frame["l1_groups"],
        ),
        notes=(
            wording.text("table.fragile_stars.note", band=band, most=wording.integer(TOP)),
            *((wording.text("table.fragile_stars.unknown"),) if all(known) else ()),
        ),
        explains_gaps=True,
    )


def list_fragile(result: WeightBounds) -> pd.DataFrame:
    """Return centres whose star may change, nearest first; without bands those in doubt."""
    frame = result.frame
    if frame["smallest_band_pct"].isna().all():
        return frame[~frame["certain"].fillna(value=True)]
    near = frame[frame["smallest_band_pct"].notna()]
    return near.sort_values(["smallest_band_pct", "rank"], kind="stable")


def build_gaps(
    result: WeightBounds, given: Stars, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build the neighbours in the ranking that are hardest to swap; most swap at once."""
    swaps = result.swaps[result.swaps["neighbours"]]
    names = given.frame.set_index("centre")["name"]
    firm = swaps.sort_values("smallest_band_pct", ascending=False, na_position="first").head(TOP)
    frame = firm.assign(
        ahead=firm["first"].map(names),
        behind=firm["second"].map(names),
        moved=MOVED * firm["l1_indicators"],
        moved_groups=MOVED * firm["l1_groups"],
    )
    columns = (
        tell("swap_ahead", "ahead", keep),
        tell("swap_behind", "behind", keep),
        measure("index_gap", "difference", digits=2),
        measure("swap_band", "smallest_band_pct", digits=1),
        measure("moved_indicators", "moved", digits=1),
        measure("moved_groups", "moved_groups", digits=1),
    )
    return lay_out(
        "firm_gaps",
        frame,
        columns,
        level=methodology.intervals.level,
        methodology=methodology,
        wording=wording,
        notes=(
            wording.text(
                "table.firm_gaps.note",
                most=wording.integer(TOP),
                n=wording.integer(int((swaps["smallest_band_pct"] <= result.band_pct).sum())),
                total=wording.integer(len(swaps)),
                band=write_band(result.band_pct, wording),
            ),
        ),
        explains_gaps=True,
    )


def _take(bundle: Bundle) -> tuple[WeightBounds, Stars]:
    return take(bundle, "weight_bounds", WeightBounds), take(bundle, "stars", Stars)


def _build_fragile(bundle: Bundle, wording: Wording) -> TableSpec:
    return build_fragile(*_take(bundle), wording)


def _build_gaps(bundle: Bundle, wording: Wording) -> TableSpec:
    return build_gaps(*_take(bundle), bundle.methodology, wording)


NEEDS = ("weight_bounds", "stars")
RECIPES: tuple[TableRecipe, ...] = (
    make_recipe("certain_by_star", "weight_bounds", WeightBounds, build_by_star),
    TableRecipe(name="fragile_stars", needs=NEEDS, build=_build_fragile),
    TableRecipe(name="firm_gaps", needs=NEEDS, build=_build_gaps),
)
