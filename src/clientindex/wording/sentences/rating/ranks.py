"""What is known of the places of centres: for readers of the rating."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import COUNTRY
from clientindex.results.ranks import RankTable
from clientindex.wording.sentences.rating.reasons import say_reasons
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import Row, list_rows

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording


def say_ranks(result: RankTable, methodology: Methodology, wording: Wording) -> str:
    """Say what a place is worth, and how many centres cannot be told from the best."""
    frame = result.frame[result.frame["scope"] == COUNTRY]
    scope = next(row for row in list_rows(result.scopes) if row["scope"] == COUNTRY)
    said = [
        wording.text("sentence.ranks.meaning"),
        *_say_example(result, frame, wording),
        wording.text("sentence.ranks.intervals"),
        _say_best(result, frame, scope, methodology, wording),
    ]
    return " ".join(said)


def _say_example(result: RankTable, frame: pd.DataFrame, wording: Wording) -> list[str]:
    """Tell the intervals of the centre in the middle of the order, the first of equals."""
    row = list_rows(frame)[(len(frame) - 1) // 2]
    values = {
        "rank": wording.integer(int(row["rank"])),
        "total": wording.integer(len(frame)),
        "interval": say_span(row, "rank", wording),
        "level": wording.percent(result.level),
    }
    if frame["marginal_low"].isna().any():
        return [wording.text("sentence.ranks.example_interval", **values)]
    sets = {
        "own": say_span(row, "marginal", wording),
        "joint": say_span(row, "simultaneous", wording),
    }
    return [wording.text("sentence.ranks.example", **values, **sets)]


def say_span(row: Row, kind: str, wording: Wording) -> str:
    """Write both ends of an interval of ranks; a single rank stands alone."""
    return wording.span(int(row[f"{kind}_low"]), int(row[f"{kind}_high"]), 0)


def _say_best(
    result: RankTable, frame: pd.DataFrame, scope: Row, methodology: Methodology, wording: Wording
) -> str:
    values = {
        "share": wording.percent(result.top_share),
        "top": wording.counted(int(scope["top_count"]), "centre"),
    }
    if frame["possible_best"].isna().any():
        reason = say_reasons(
            result.left_out,
            lambda row: row["scope"] == COUNTRY and row["statistic"] == "sets",
            methodology,
            wording,
        )
        return wording.text("sentence.ranks.no_best", reason=reason, **values)
    possible, certain = int(frame["possible_best"].sum()), int(frame["certain_best"].sum())
    return wording.text(
        "sentence.ranks.best" if certain else "sentence.ranks.none_certain",
        possible=wording.counted(possible, "centre"),
        level=wording.percent(result.level),
        total=wording.integer(len(frame)),
        **({"certain": wording.counted(certain, "centre")} if certain else {}),
        **values,
    )


RECIPES = (make_paragraph("ranks", "ranks", RankTable, say_ranks),)
