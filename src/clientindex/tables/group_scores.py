"""Group scores of every centre, each with its interval: a table for files, too wide for a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import ALL_SEGMENTS, Scores, Stars
from clientindex.tables.columns import make_column, make_interval
from clientindex.tables.recipe import TableRecipe
from clientindex.tables.spec import TableSpec, collect_rows, pair_ends
from clientindex.wording.absence import take
from clientindex.wording.names import name_group

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording import Wording


def build_group_scores(
    scores: Scores, *, stars: Stars, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build one row a centre and group, segments combined; names come from `stars`."""
    frame = scores.frame
    frame = frame.loc[(frame["segment"] == ALL_SEGMENTS) & (frame["kind"] == "group")]
    named = frame.merge(stars.frame[["centre", "name", "region"]], on="centre", how="inner")
    order = {key: place for place, key in enumerate(methodology.group_keys)}
    named = named.assign(place=named["key"].map(order))
    named = named.sort_values(["region", "name", "centre", "place"], kind="stable")
    return TableSpec(
        key="group_scores",
        caption=wording.text("table.group_scores.title"),
        columns=(
            make_column("region", wording),
            make_column("centre_id", wording),
            make_column("centre", wording),
            make_column("group", wording),
            make_column("score", wording, kind="number", digits=1),
            make_interval("score_ci", wording, level=scores.level),
            make_column("n", wording, kind="integer"),
        ),
        rows=collect_rows(
            named["region"],
            named["centre"],
            named["name"],
            [name_group(key, methodology, wording) for key in named["key"]],
            named["estimate"],
            pair_ends(named["ci_low"], named["ci_high"]),
            named["n"],
        ),
    )


def _build(bundle: Bundle, wording: Wording) -> TableSpec:
    return build_group_scores(
        take(bundle, "scores", Scores),
        stars=take(bundle, "stars", Stars),
        methodology=bundle.methodology,
        wording=wording,
    )


RECIPE = TableRecipe(name="group_scores", needs=("scores", "stars"), build=_build)
