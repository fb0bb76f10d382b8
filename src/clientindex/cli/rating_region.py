"""``clientindex rating --region``: the centres of one region, their stars and their ranks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.cli.plain_tables import list_rows, print_table, print_words
from clientindex.cli.rating_change import FINER, PARTS, tell_parts
from clientindex.cli.rating_line import Ruler
from clientindex.cli.rating_names import (
    name_route,
    say_withheld,
    shorten,
    write_between,
    write_chance,
    write_number,
    write_star,
)
from clientindex.cli.rating_ranks import take_scope, tell_legend, tell_scope
from clientindex.cli.rating_reasons import tell_absent, tell_left_out
from clientindex.cli.rating_regions import find_funnel_row, take_region, tell_means
from clientindex.cli.rating_unusual import LEGEND_OF_Z, write_funnel
from clientindex.cli.rating_unusual import TITLES as FUNNEL_TITLES
from clientindex.results import EditionChange, RankTable, RegionalProfile, StarDoubt, Unavailable

if TYPE_CHECKING:
    from clientindex.cli.rated import Rated

LEGEND = (
    "Line: the {level:.0%} interval of the index from {low:.0f} to {high:.0f} points, o the index, "
    "| cut points. P: probability of every star{route}; * the star given."
)
LIMITS = (
    "Shows how the centres of the region lie to each other and to the cut points. Cannot order "
    "centres whose intervals overlap much: see the sets of ranks."
)


def tell_region(rated: Rated, region: str) -> bool:
    """Print one region; return whether any of its centres has an index."""
    print_words(f"Region: {region}")
    frame = rated.stars.frame
    own = frame[frame["region"] == region]
    ordered = own.sort_values(["estimate", "centre"], ascending=[False, True], kind="stable")
    _tell_centres(ordered, rated)
    print_words("")
    _tell_ranks(rated, region)
    print_words("")
    _tell_mean(rated, region)
    change = rated.take("change", EditionChange)
    if not isinstance(change, Unavailable):
        print_words("")
        print_words("Change of the region's mean index from the previous edition")
        tell_parts(change, region)
        absent = change.left_out[change.left_out["subject"] == region]
        tell_left_out(absent, rated.methodology, "statistic", names={**PARTS, **FINER})
    return bool(own["estimate"].notna().any())


def _tell_centres(ordered: pd.DataFrame, rated: Rated) -> None:
    """Print index, line, star and the probability of every star, best index first."""
    given = int((ordered["withheld"] == "").sum())
    print_words(f"Its centres ({len(ordered)}, {given} with a star), best index first")
    doubt = rated.take("star_doubt", StarDoubt)
    chances = _list_chances(doubt)
    stars = [float(star) for star in rated.methodology.stars.star_values]
    ruler = make_ruler(ordered, rated)
    rows = [
        [
            row.centre,
            shorten(row.name),
            write_number(row.n, ".0f"),
            write_between(row.estimate, row.ci_low, row.ci_high),
            ruler.draw(row.estimate, row.ci_low, row.ci_high),
            *(_write_chance(chances, row, star) for star in stars),
        ]
        for row in list_rows(ordered)
    ]
    titles = ["centre", "name", "n", "index", "line", *(f"P({write_star(star)})" for star in stars)]
    print_table(titles, rows, keys=1)
    for row in list_rows(ordered):
        if row.withheld:
            print_words(
                f"  {row.centre}, {shorten(row.name)}: no star, {say_withheld(row.withheld)}"
            )
    route = "" if isinstance(doubt, Unavailable) else f", {name_route(doubt.leading)}"
    level, low, high = rated.stars.level, ruler.low, ruler.high
    print_words(LEGEND.format(level=level, low=low, high=high, route=route))
    if isinstance(doubt, Unavailable):
        tell_absent("Probabilities of stars", doubt, rated.methodology)
    print_words(LIMITS)


def _list_chances(doubt: StarDoubt | Unavailable) -> dict[tuple[str, float], float]:
    if isinstance(doubt, Unavailable):
        return {}
    frame = doubt.probabilities
    keys = zip(frame["centre"], frame["star"].astype(float), strict=True)
    return dict(zip(keys, frame[doubt.leading].astype(float), strict=True))


def _write_chance(chances: dict[tuple[str, float], float], row: Any, star: float) -> str:
    given = "*" if not pd.isna(row.star) and float(row.star) == star else ""
    return f"{write_chance(chances.get((row.centre, star)))}{given}"


def make_ruler(frame: pd.DataFrame, rated: Rated) -> Ruler:
    """Return a ruler that holds all intervals, with the cut points that hold for all centres."""
    values = frame[["ci_low", "ci_high", "estimate"]].to_numpy(float)
    known = values[np.isfinite(values)]
    low, high = (np.floor(known.min()), np.ceil(known.max())) if len(known) else (0.0, 100.0)
    cuts = rated.stars.cuts
    common = cuts[cuts["peer_group"] == "all"]["cut"]
    return Ruler(low=float(low), high=float(high), cuts=tuple(common.astype(float)))


def _tell_ranks(rated: Rated, region: str) -> None:
    """Print ranks inside the region."""
    result = rated.take("ranks", RankTable)
    if isinstance(result, Unavailable):
        tell_absent("Ranks", result, rated.methodology)
        return
    frame = take_scope(result, region, rated)
    if len(frame):
        tell_scope(frame, result, scope=region, of=len(frame))
        tell_legend(result, scope=region)
    elif not (rated.stars.frame["region"] == region)[rated.stars.frame["withheld"] == ""].any():
        print_words("Ranks inside the region: none, as none of its centres has a star.")
    own = result.left_out[result.left_out["scope"] == region]
    tell_left_out(own, rated.methodology, "statistic", names={"rank": "ranks inside the region"})


def _tell_mean(rated: Rated, region: str) -> None:
    """Print the mean of the region beside that of the country, and its place in the funnel."""
    result = rated.take("regional", RegionalProfile)
    if isinstance(result, Unavailable):
        tell_absent("Mean of the region", result, rated.methodology)
        return
    print_words("Mean index of the region and of the country")
    tell_means(take_region(result, region), result, rated)
    row = find_funnel_row(result, region)
    if row is None:
        print_words("The region is in no funnel: too few of its centres, or of all, have a star.")
        return
    print_words(f"Place in the funnel of regions (false discovery rate {result.fdr:.0%})")
    print_table(["region", *FUNNEL_TITLES], [[region, *write_funnel(row)]], keys=1)
    print_words(LEGEND_OF_Z)
