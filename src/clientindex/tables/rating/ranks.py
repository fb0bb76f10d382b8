"""The best centres of the country with what is known of their ranks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import COUNTRY, RankTable, Stars
from clientindex.tables.long import bound, count, lay_out, share, tell
from clientindex.tables.naming import keep
from clientindex.tables.rating.names import say_reason
from clientindex.tables.recipe import TableRecipe
from clientindex.wording.absence import take

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.tables.spec import TableSpec
    from clientindex.wording import Wording

N_TOP = 15
"""Centres in the table of the best."""


def build_top(
    ranks: RankTable, given: Stars, methodology: Methodology, wording: Wording
) -> TableSpec:
    """Build the best centres of the country: rank, intervals and sets of it, P(top), n."""
    frame = ranks.frame[ranks.frame["scope"] == COUNTRY].head(N_TOP)
    frame = frame.merge(given.frame[["centre", "name", "n"]], on="centre", how="left")
    scope = ranks.scopes[ranks.scopes["scope"] == COUNTRY].to_dict("records")[0]
    columns = (
        count("rank"),
        tell("centre", "name", keep),
        bound("rank", "rank_redrawn", digits=0, named=True),
        bound("posterior", "rank_posterior", digits=0, named=True),
        bound("marginal", "rank_marginal", digits=0, named=True),
        bound("simultaneous", "rank_simultaneous", digits=0, named=True),
        share("p_top", digits=1, ends="never"),
        count("n"),
    )
    note = wording.text(
        "table.rank_top.note",
        total=wording.integer(int(scope["n"])),
        top=wording.integer(int(scope["top_count"])),
        share=wording.percent(ranks.top_share),
        draws=wording.integer(ranks.draws),
        level=wording.percent(ranks.level),
    )
    lost = ranks.left_out[ranks.left_out["scope"] == COUNTRY]
    reasons = [
        wording.text(
            "table.rank_top.left_out",
            what=wording.text(f"rank_statistic.{row['statistic']}"),
            reason=str(say_reason(str(row["reason"]), methodology, wording)),
        )
        for row in lost.to_dict("records")
    ]
    return lay_out(
        "rank_top",
        frame,
        columns,
        level=ranks.level,
        methodology=methodology,
        wording=wording,
        notes=(note, *reasons),
    )


def _build_top(bundle: Bundle, wording: Wording) -> TableSpec:
    ranks, given = take(bundle, "ranks", RankTable), take(bundle, "stars", Stars)
    return build_top(ranks, given, bundle.methodology, wording)


RECIPES = (TableRecipe(name="rank_top", needs=("ranks", "stars"), build=_build_top),)
