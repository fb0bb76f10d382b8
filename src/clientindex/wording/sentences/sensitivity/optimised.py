"""Weights under which importance would be what it should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results.weight_importance import OptimisedWeights
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import (
    Row,
    is_above,
    is_below,
    is_known,
    list_rows,
    say_percents,
)
from clientindex.wording.sentences.sensitivity.shares import name_all, name_row, say_points

if TYPE_CHECKING:
    import pandas as pd

    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording

KEY = "sentence.optimised_weights"


def say_optimised(result: OptimisedWeights, methodology: Methodology, wording: Wording) -> str:
    """Say how far weights of groups would have to move, and whether the target is reached."""
    summary = _find(result.summary)
    rows = _find(result.frame)
    if not summary or not rows:
        return wording.text(f"{KEY}.none")
    whole = summary[0]
    up = max(rows, key=lambda row: row["weight"] - row["weight_now"])
    down = min(rows, key=lambda row: row["weight"] - row["weight_now"])
    said = [
        wording.text(
            f"{KEY}.target",
            target=wording.text(f"{KEY}.goal.{result.target}"),
            gap=say_points(whole["gap_now"], wording),
            moved=wording.percent(whole["distance"]),
        )
    ]
    if up["weight"] > up["weight_now"]:
        said.append(_say_ends(up, down, result.level, methodology, wording))
        said += _say_apart(rows, methodology, wording)
    rest = {} if whole["outcome"] == "reached" else {"gap": say_points(whole["gap"], wording)}
    said.append(wording.text(f"{KEY}.{whole['outcome']}", **rest))
    if whole["tau"] == whole["tau"]:
        said.append(wording.text(f"{KEY}.tau", tau=wording.number(whole["tau"], 2)))
    return " ".join(said)


def _find(frame: pd.DataFrame) -> list[Row]:
    """Return rows of weights of groups by straight lines."""
    return list_rows(frame[(frame["kind"] == "group") & (frame["measure"] == "linear")])


def _say_ends(up: Row, down: Row, level: float, methodology: Methodology, wording: Wording) -> str:
    values: dict[str, str] = {}
    for end, row in (("up", up), ("down", down)):
        values |= {
            end: name_row(row, methodology, wording),
            f"{end}_from": wording.percent(row["weight_now"]),
            f"{end}_to": wording.percent(row["weight"]),
            f"{end}_interval": say_percents(row, level, wording=wording),
        }
    return wording.text(f"{KEY}.ends", **values)


def _say_apart(rows: list[Row], methodology: Methodology, wording: Wording) -> list[str]:
    """Say whether the data tell these weights from the current ones."""
    known = [row for row in rows if is_known(row, "ci_low") and is_known(row, "ci_high")]
    if not known:
        return []
    apart = [
        row for row in known if is_above(row, row["weight_now"]) or is_below(row, row["weight_now"])
    ]
    if not apart:
        return [wording.text(f"{KEY}.inside")]
    return [wording.text(f"{KEY}.outside", names=name_all(apart, methodology, wording))]


RECIPES = (
    make_paragraph("optimised_weights", "optimised_weights", OptimisedWeights, say_optimised),
)
