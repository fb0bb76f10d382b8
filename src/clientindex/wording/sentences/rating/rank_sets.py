"""How intervals and confidence sets of ranks were found: for readers of the methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import COUNTRY
from clientindex.results.ranks import RankTable
from clientindex.wording.sentences.rating.reasons import say_reasons
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import is_known, list_rows

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording


def say_rank_sets(result: RankTable, methodology: Methodology, wording: Wording) -> str:
    """Say what the percentile interval, the posterior interval and the sets are."""
    common = {"draws": wording.counted(result.draws, "draw"), "seed": str(result.seed)}
    level = wording.percent(result.level)
    said = [
        wording.text("sentence.rank_sets.percentile", level=level, **common),
        *_say_posterior(result, methodology, wording),
        *_say_sets(result, methodology, wording),
        *_say_regions(result, wording),
    ]
    return " ".join(said)


def _say_posterior(result: RankTable, methodology: Methodology, wording: Wording) -> list[str]:
    lacking = result.left_out["statistic"] == "posterior"
    if lacking.any():
        reason = say_reasons(
            result.left_out, lambda row: row["statistic"] == "posterior", methodology, wording
        )
        return [wording.text("sentence.rank_sets.no_posterior", reason=reason)]
    name = wording.text(f"sentence.estimator.{result.estimator}")
    share = wording.percent(result.top_share)
    return [wording.text("sentence.rank_sets.posterior", estimator=name, share=share)]


def _say_sets(result: RankTable, methodology: Methodology, wording: Wording) -> list[str]:
    row = next(row for row in list_rows(result.scopes) if row["scope"] == COUNTRY)
    if not is_known(row, "critical_value"):
        reason = say_reasons(
            result.left_out,
            lambda row: row["scope"] == COUNTRY and row["statistic"] == "sets",
            methodology,
            wording,
        )
        return [wording.text("sentence.rank_sets.no_sets", reason=reason)]
    return [
        wording.text("sentence.rank_sets.sets", level=wording.percent(result.level)),
        wording.text(
            "sentence.rank_sets.critical",
            n=wording.counted(int(row["n"]), "centre"),
            first=wording.number(row["first_critical_value"], 2),
            last=wording.number(row["critical_value"], 2),
            steps=wording.integer(int(row["steps"])),
        ),
    ]


def _say_regions(result: RankTable, wording: Wording) -> list[str]:
    """Say in how many regions centres are ranked, and where there is one centre only."""
    scopes = result.scopes[result.scopes["scope"] != COUNTRY]
    left_out = result.left_out
    said = [wording.text("sentence.rank_sets.regions", n=wording.counted(len(scopes), "region_in"))]
    single = int(((left_out["statistic"] == "rank") & (left_out["reason"] == "one_centre")).sum())
    if single:
        n = wording.counted(single, "region_in")
        said.append(wording.text("sentence.rank_sets.single", n=n))
    return said


RECIPES = (make_paragraph("rank_sets", "ranks", RankTable, say_rank_sets),)
