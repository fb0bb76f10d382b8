"""What a group becomes without an indicator, and how short it can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import IndicatorSets
from clientindex.tables.columns import make_column
from clientindex.tables.recipe import make_recipe
from clientindex.tables.reliability.wide import collect_pairs, make_pair
from clientindex.tables.spec import TableSpec
from clientindex.wording.names import name_group, name_indicator

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording import Wording

SHOWN = {"alpha": "alpha", "centre_reliability": "reliability"}
CHANGES = {"alpha": "alpha_change", "centre_reliability": "reliability_change"}


def build_subsets(result: IndicatorSets, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row a group and size: the subset that is best by alpha."""
    frame = result.subsets
    frame = frame[(frame["kind"] == "all") & (frame["best_by"] == "alpha")]
    keys = ["group", "size", "indicators"]
    labels = frame[keys].drop_duplicates().itertuples(index=False, name=None)
    pairs = collect_pairs(frame, keys, list(labels), list(SHOWN))
    columns = [
        column
        for key in SHOWN.values()
        for column in make_pair(key, wording, level=result.level, digits=2)
    ]
    return TableSpec(
        key="best_subsets",
        caption=wording.text("table.best_subsets.title"),
        columns=(
            make_column("group", wording),
            make_column("set_size", wording, kind="integer"),
            make_column("chosen_indicators", wording),
            *columns,
        ),
        rows=tuple(
            (
                name_group(group, methodology, wording),
                int(size),
                name_list(names, methodology, wording),
                *row,
            )
            for (group, size, names), row in pairs.items()
        ),
        notes=(wording.text("table.best_subsets.note"),),
    )


def name_list(keys: str, methodology: Methodology, wording: Wording) -> str:
    """Name the indicators of a list of keys."""
    return "; ".join(name_indicator(key, methodology, wording) for key in keys.split(", "))


def build_drops(result: IndicatorSets, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row an indicator: change of alpha and reliability of its own group."""
    frame = result.changes
    frame = frame[(frame["kind"] == "all") & (frame["change"] == "drop")]
    own = [
        methodology.group_of(key) == group
        for key, group in zip(frame["indicator"], frame["group"], strict=True)
    ]
    pairs = collect_pairs(frame[own], ["indicator"], methodology.indicator_keys, list(CHANGES))
    columns = [
        column
        for key in CHANGES.values()
        for column in make_pair(key, wording, level=result.level, digits=3)
    ]
    return TableSpec(
        key="indicator_drops",
        caption=wording.text("table.indicator_drops.title"),
        columns=(make_column("indicator", wording), *columns),
        rows=tuple((name_indicator(key, methodology, wording), *row) for key, row in pairs.items()),
        notes=(wording.text("table.indicator_drops.note"),),
    )


RECIPES = (
    make_recipe("best_subsets", "indicator_sets", IndicatorSets, build_subsets),
    make_recipe("indicator_drops", "indicator_sets", IndicatorSets, build_drops),
)
