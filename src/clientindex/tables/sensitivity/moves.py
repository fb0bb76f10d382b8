"""What would move the star of one centre: weights, parts left out, sources, other methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from clientindex.results import (
    JointDoubt,
    LeaveOneOut,
    Multiverse,
    Stars,
    WeightBounds,
    WeightSources,
    WeightStability,
)
from clientindex.tables.columns import make_column
from clientindex.tables.recipe import TableRecipe
from clientindex.tables.sensitivity.bounds import MOVED, list_fragile
from clientindex.tables.sensitivity.names import name_part, name_source, write_stars
from clientindex.tables.spec import TableSpec
from clientindex.wording.absence import take
from clientindex.wording.sensitivity_names import write_band
from clientindex.wording.sentences.rating.counting import name_stars

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientindex.results import Bundle
    from clientindex.wording import Wording

    Told = tuple[str, str | None, str | None]

NEEDS = ("weight_bounds", "stars")


def build_moves_of_centre(bundle: Bundle, centre: str, wording: Wording) -> TableSpec:
    """Build what would move the star of a centre, from all results that say something of it.

    Parameters
    ----------
    bundle : Bundle
        Has ``weight_bounds`` and ``stars``.
    centre : str
        Code of a centre with a star.
    wording : Wording

    Returns
    -------
    TableSpec
        One row a change: what changes, how much of it is needed or what the index is then, and the
        stars then. Without rows where bounds leave the centre out and nothing else knows it.
    """
    given = take(bundle, "stars", Stars).frame.set_index("centre")
    name = str(given.loc[centre, "name"]) if centre in given.index else centre
    rows = [
        *_tell_bounds(bundle, centre, wording),
        *_tell_swaps(bundle, centre, given["name"], wording),
        *_tell_leaving(bundle, centre, wording),
        *_tell_sources(bundle, centre, wording),
        *_tell_chances(bundle, centre, wording),
    ]
    star = given["star"].get(centre)
    told = {"centre": name, "stars": _write(star, wording) or wording.missing}
    return TableSpec(
        key="what_moves",
        caption=wording.text("table.what_moves.title_centre", **told),
        columns=tuple(make_column(k, wording) for k in ("what_changes", "how_much", "stars_then")),
        rows=tuple(rows),
        notes=(wording.text("table.what_moves.note"),),
        explains_gaps=True,
    )


def _write(star: Any, wording: Wording) -> str | None:
    return None if pd.isna(star) else name_stars(float(star), wording)


def _find(frame: pd.DataFrame, centre: str) -> dict[str, Any] | None:
    rows = frame[frame["centre"] == centre].to_dict("records")
    return {str(key): value for key, value in rows[0].items()} if rows else None


def _tell_bounds(bundle: Bundle, centre: str, wording: Wording) -> Iterator[Told]:
    bounds = take(bundle, "weight_bounds", WeightBounds)
    row = _find(bounds.frame, centre)
    if row is None:
        return
    band = write_band(bounds.band_pct, wording)
    yield (
        wording.text("moves.band", band=band),
        wording.text("moves.index", ends=wording.interval(row["lower"], row["upper"])),
        write_stars(row["star_low"], row["star_high"], wording),
    )
    if bounds.stars_by != "cut_points":
        return
    for way in ("loses", "wins"):
        yield wording.text(f"moves.{way}"), _tell_band(row[f"{way}_band_pct"], wording), None
    for level in ("indicators", "groups"):
        moved = row[f"l1_{level}"]
        told = None if pd.isna(moved) else wording.percent(MOVED * moved / 100, 1)
        yield wording.text(f"moves.{level}"), told or wording.text("moves.never"), None


def _tell_band(band: float, wording: Wording) -> str:
    if pd.isna(band):
        return wording.text("moves.not_within")
    return wording.text("moves.from_band", band=wording.number(band))


def _tell_swaps(
    bundle: Bundle, centre: str, names: pd.Series[Any], wording: Wording
) -> Iterator[Told]:
    swaps = take(bundle, "weight_bounds", WeightBounds).swaps
    for row in swaps[swaps["neighbours"]].to_dict("records"):
        if centre not in (row["first"], row["second"]):
            continue
        ahead = row["first"] == centre
        other = str(names.get(row["second" if ahead else "first"]))
        way = "overtaken" if ahead else "overtakes"
        told = _tell_band(row["smallest_band_pct"], wording)
        if row["difference"] == 0:
            way, told = "level", wording.text("moves.level_now")
        yield wording.text(f"moves.{way}", other=other), told, None


def _tell_leaving(bundle: Bundle, centre: str, wording: Wording) -> Iterator[Told]:
    """Tell the parts without which the star is another."""
    result = bundle.results.get("leave_out")
    if not isinstance(result, LeaveOneOut):
        return
    frame = result.centres[result.centres["centre"] == centre]
    for row in frame[frame["star"] != frame["star_before"]].to_dict("records"):
        if pd.isna(row["star"]):
            continue
        name = name_part((row["kind"], row["key"]), bundle.methodology, wording)
        yield (
            wording.text(f"moves.without_{row['kind']}", name=name),
            wording.text("moves.index_then", index=wording.number(row["index"])),
            _write(row["star"], wording),
        )


def _tell_sources(bundle: Bundle, centre: str, wording: Wording) -> Iterator[Told]:
    """Tell the sources of weights that give another star."""
    result = bundle.results.get("weight_sources")
    if not isinstance(result, WeightSources):
        return
    frame = result.centres[result.centres["centre"] == centre]
    changed = frame["star_change"].notna() & (frame["star_change"] != 0)
    for row in frame[changed].to_dict("records"):
        yield (
            wording.text(
                "moves.source", name=name_source(row["source"], bundle.methodology, wording)
            ),
            wording.text("moves.index_then", index=wording.number(row["index"])),
            _write(row["star"], wording),
        )


def _tell_chances(bundle: Bundle, centre: str, wording: Wording) -> Iterator[Told]:
    """Tell how often the star stays when weights, method or everything is drawn."""
    kinds: tuple[tuple[str, type[Any], str, str], ...] = (
        ("weight_stability", WeightStability, "frame", "share_same_star"),
        ("multiverse", Multiverse, "centres", "share_same_star"),
        ("joint_doubt", JointDoubt, "centres", "p_star"),
    )
    for name, kind, frame, column in kinds:
        result = bundle.results.get(name)
        row = _find(getattr(result, frame), centre) if isinstance(result, kind) else None
        if row is None:
            continue
        stays = wording.text("moves.stays", share=wording.percent(row[column], 1))
        yield wording.text(f"moves.{name}"), stays, _write(row["star"], wording)


def _build(bundle: Bundle, wording: Wording) -> TableSpec:
    """Build the table of the centre whose star is nearest to another; it stands for an example."""
    fragile = list_fragile(take(bundle, "weight_bounds", WeightBounds))
    if fragile.empty:
        caption = wording.text("table.what_moves.title")
        columns = [make_column(k, wording) for k in ("what_changes", "how_much", "stars_then")]
        return TableSpec(key="what_moves", caption=caption, columns=tuple(columns), rows=())
    return build_moves_of_centre(bundle, str(fragile["centre"].iloc[0]), wording)


RECIPES: tuple[TableRecipe, ...] = (TableRecipe(name="what_moves", needs=NEEDS, build=_build),)
