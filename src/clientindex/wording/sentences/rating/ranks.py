"""What is known of the places of centres: for readers of the rating."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results import COUNTRY, Stars
from clientindex.results.ranks import RankTable
from clientindex.wording.absence import take
from clientindex.wording.sentences.rating.reasons import say_reasons
from clientindex.wording.sentences.recipe import ParagraphRecipe
from clientindex.wording.sentences.rows import Row, is_known, list_rows

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording.words import Wording


def say_ranks(
    result: RankTable, methodology: Methodology, *, stars: Stars, wording: Wording
) -> str:
    """Say what a place is worth, and how many centres cannot be told from the best."""
    frame = result.frame[result.frame["scope"] == COUNTRY]
    scope = next(row for row in list_rows(result.scopes) if row["scope"] == COUNTRY)
    said = [
        wording.text("sentence.ranks.meaning"),
        *_say_example(result, frame, stars=stars, wording=wording),
        wording.text("sentence.ranks.intervals"),
        *_say_best(result, frame, scope, methodology, wording),
    ]
    return " ".join(said)


def _say_example(
    result: RankTable, frame: pd.DataFrame, *, stars: Stars, wording: Wording
) -> list[str]:
    """Tell the intervals of the centre in the middle of the order, the first of equals."""
    row = list_rows(frame)[(len(frame) - 1) // 2]
    centre = next(one for one in list_rows(stars.frame) if one["centre"] == row["centre"])
    values = {
        "name": str(centre["name"]),
        "n": _count_respondents(centre, wording),
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


def _count_respondents(centre: Row, wording: Wording) -> str:
    if not is_known(centre, "n"):
        return wording.text("sentence.ranks.n_unknown")
    return wording.counted(int(centre["n"]), "respondent")


def say_span(row: Row, kind: str, wording: Wording) -> str:
    """Write both ends of an interval of ranks; a single rank stands alone."""
    return wording.span(int(row[f"{kind}_low"]), int(row[f"{kind}_high"]), 0)


def _say_best(
    result: RankTable, frame: pd.DataFrame, scope: Row, methodology: Methodology, wording: Wording
) -> list[str]:
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
        return [wording.text("sentence.ranks.no_best", reason=reason, **values)]
    level = wording.percent(result.level)
    possible = wording.counted(int(frame["possible_best"].sum()), "centre")
    total = wording.integer(len(frame))
    said = wording.text(
        "sentence.ranks.best", possible=possible, level=level, total=total, **values
    )
    return [said, *_say_probable(result, frame, wording), _say_certain(frame, wording)]


def _say_probable(result: RankTable, frame: pd.DataFrame, wording: Wording) -> list[str]:
    """Say how many centres are in the top by the model, where it is there."""
    if frame["p_top"].isna().any():
        return []
    n = int((frame["p_top"] >= result.level).sum())
    level = wording.percent(result.level)
    return [wording.text("sentence.ranks.probable", n=wording.integer(n), level=level)]


def _say_certain(frame: pd.DataFrame, wording: Wording) -> str:
    """Say how many centres are shown to be in the top, all centres taken together."""
    certain = int(frame["certain_best"].sum())
    if certain == 0:
        return wording.text("sentence.ranks.none_certain")
    return wording.text("sentence.ranks.certain", n=wording.integer(certain))


def _build(bundle: Bundle, wording: Wording) -> str:
    result, stars = take(bundle, "ranks", RankTable), take(bundle, "stars", Stars)
    return say_ranks(result, bundle.methodology, stars=stars, wording=wording)


RECIPES = (ParagraphRecipe(name="ranks", needs=("ranks", "stars"), build=_build),)
