"""Ranks and stars under random weightings: all centres, and those most in doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clientindex.results import Stars, WeightStability
from clientindex.tables.columns import make_column, make_star_column
from clientindex.tables.recipe import TableRecipe
from clientindex.tables.spec import Column, TableSpec, collect_rows, pair_ends
from clientindex.wording.absence import take

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.methodology.thresholds import Level, Threshold
    from clientindex.results import Bundle
    from clientindex.wording import Wording

N_LEAST_STABLE: Final = 15
"""Centres in the short table of those most in doubt."""


def build_stability(
    stability: WeightStability, *, stars: Stars, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a centre in the order of the rank under the stated weights."""
    names = stars.frame.set_index("centre")[["name", "region"]]
    frame = stability.frame.join(names, on="centre")
    threshold = methodology.thresholds.star_stability
    verdicts = [
        wording.text(f"level.star_stability.{threshold.classify(share)}")
        for share in frame["share_same_star"]
    ]
    return TableSpec(
        key="stability",
        caption=wording.text("table.stability.title"),
        columns=(*_list_columns(stability, wording), make_column("verdict", wording)),
        rows=collect_rows(*_list_values(frame), verdicts),
        notes=_list_notes(stability, threshold, wording),
    )


def build_least_stable(stability: WeightStability, *, stars: Stars, wording: Wording) -> TableSpec:
    """Build the centres whose star changes most often, at most :data:`N_LEAST_STABLE`."""
    names = stars.frame.set_index("centre")[["name", "region"]]
    frame = stability.frame.sort_values(["share_same_star", "rank"], kind="stable")
    frame = frame.loc[frame["share_same_star"] < 1].head(N_LEAST_STABLE).join(names, on="centre")
    return TableSpec(
        key="least_stable",
        caption=wording.text("table.least_stable.title"),
        columns=_list_columns(stability, wording),
        rows=collect_rows(*_list_values(frame)),
    )


def _list_columns(stability: WeightStability, wording: Wording) -> tuple[Column, ...]:
    level = wording.percent(stability.level)
    band = Column(
        key="rank_band",
        header=wording.text("column.rank_band", level=level),
        kind="interval",
        low_header=wording.text("column.rank_band_low", level=level),
        high_header=wording.text("column.rank_band_high", level=level),
    )
    return (
        make_column("centre", wording),
        make_column("region", wording),
        make_star_column("star", stability.frame["star"], wording),
        make_column("rank", wording, kind="integer"),
        band,
        make_column("share_same_star", wording, kind="percent", digits=1),
        make_column("share_same_star_se", wording, kind="number", digits=1),
    )


def _list_values(frame: pd.DataFrame) -> list[object]:
    return [
        frame["name"],
        frame["region"],
        frame["star"],
        frame["rank"],
        pair_ends(frame["rank_low"], frame["rank_high"]),
        frame["share_same_star"],
        100 * frame["share_same_star_se"],
    ]


def _list_notes(
    stability: WeightStability, threshold: Threshold, wording: Wording
) -> tuple[str, ...]:
    """Say how many weightings there are, and from which share of them a word is used."""
    words = "; ".join(_tell_level(level, wording) for level in reversed(threshold.levels))
    draws = wording.integer(stability.draws)
    return (wording.text("table.stability.note", draws=draws, words=words),)


def _tell_level(level: Level, wording: Wording) -> str:
    word = wording.text(f"level.star_stability.{level.key}")
    if level.lower is None:
        return wording.text("table.stability.lowest", word=word)
    return wording.text("table.stability.level", word=word, share=wording.percent(level.lower))


def _build(bundle: Bundle, wording: Wording) -> TableSpec:
    return build_stability(
        take(bundle, "weight_stability", WeightStability),
        stars=take(bundle, "stars", Stars),
        methodology=bundle.methodology,
        wording=wording,
    )


def _build_least(bundle: Bundle, wording: Wording) -> TableSpec:
    return build_least_stable(
        take(bundle, "weight_stability", WeightStability),
        stars=take(bundle, "stars", Stars),
        wording=wording,
    )


NEEDS = ("weight_stability", "stars")
RECIPE = TableRecipe(name="stability", needs=NEEDS, build=_build)
LEAST = TableRecipe(name="least_stable", needs=NEEDS, build=_build_least)
