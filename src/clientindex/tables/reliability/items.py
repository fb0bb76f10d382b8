"""Answers to every indicator, and how it goes together with its group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import INDEX, ItemAnalysis
from clientindex.tables.columns import make_column, make_interval
from clientindex.tables.recipe import make_recipe
from clientindex.tables.reliability.wide import collect_pairs, make_pair
from clientindex.tables.spec import TableSpec, clean_value
from clientindex.wording.names import name_indicator

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording import Wording

SHARES = {"missing": "no_answer_share", "floor": "floor_share", "ceiling": "ceiling_share"}
RELATIONS = {
    "item_rest": "item_rest",
    "item_total_corrected": "item_corrected",
    "alpha_if_dropped": "alpha_without",
}


def build_distribution(
    result: ItemAnalysis, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row an indicator: answers, shares, mean with its interval and spread."""
    frame = result.items[result.items["kind"] == "all"]
    known = {(row.indicator, row.statistic): row for row in frame.itertuples()}
    rows = []
    for key in methodology.indicator_keys:
        mean = known.get((key, "mean"))
        if mean is None:
            continue
        single = [known.get((key, name)) for name in ("missing", "sd", "floor", "ceiling")]
        missing, sd, floor, ceiling = (
            None if row is None else clean_value(row.estimate) for row in single
        )
        interval = clean_value((mean.ci_low, mean.ci_high))
        rows.append(
            (
                name_indicator(key, methodology, wording),
                clean_value(mean.n),
                missing,
                clean_value(mean.estimate),
                interval,
                sd,
                floor,
                ceiling,
            )
        )
    return TableSpec(
        key="item_distribution",
        caption=wording.text("table.item_distribution.title"),
        columns=(
            make_column("indicator", wording),
            make_column("answers", wording, kind="integer"),
            make_column("no_answer_share", wording, kind="percent", digits=1),
            make_column("mean_answer", wording, kind="number", digits=2),
            make_interval("mean_answer_ci", wording, level=result.level, digits=2),
            make_column("sd_answer", wording, kind="number", digits=2),
            make_column("floor_share", wording, kind="percent", digits=1),
            make_column("ceiling_share", wording, kind="percent", digits=1),
        ),
        rows=tuple(rows),
        notes=(
            wording.text(
                "table.item_distribution.note", replicates=wording.integer(result.replicates)
            ),
        ),
    )


def build_relations(result: ItemAnalysis, methodology: Methodology, wording: Wording) -> TableSpec:
    """Build one row an indicator: its relation to its own group, with intervals."""
    frame = result.relations
    frame = frame[(frame["kind"] == "all") & (frame["group"] != INDEX)]
    pairs = collect_pairs(frame, ["indicator"], methodology.indicator_keys, list(RELATIONS))
    columns = [
        column
        for key in RELATIONS.values()
        for column in make_pair(key, wording, level=result.level, digits=2)
    ]
    return TableSpec(
        key="item_relations",
        caption=wording.text("table.item_relations.title"),
        columns=(make_column("indicator", wording), *columns),
        rows=tuple((name_indicator(key, methodology, wording), *row) for key, row in pairs.items()),
        notes=(
            wording.text(
                "table.item_relations.note",
                missing=wording.text(f"missing_rule.{result.missing}"),
                replicates=wording.integer(result.replicates),
            ),
        ),
    )


RECIPES = (
    make_recipe("item_distribution", "item_analysis", ItemAnalysis, build_distribution),
    make_recipe("item_relations", "item_analysis", ItemAnalysis, build_relations),
)
