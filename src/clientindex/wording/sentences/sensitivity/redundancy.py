"""Indicators that repeat each other, run against the index, or hardly move ranks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientindex.results.weight_importance import WeightImportance
from clientindex.wording.sentences.recipe import make_paragraph
from clientindex.wording.sentences.rows import list_rows, say_interval
from clientindex.wording.sentences.sensitivity.shares import name_all, name_row

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.wording.words import Wording

KEY = "sentence.weight_redundancy"


def say_redundancy(result: WeightImportance, methodology: Methodology, wording: Wording) -> str:
    """Say how many pairs repeat each other, what runs against the index and what is idle."""
    said = [
        *_say_pairs(result, methodology, wording),
        *_say_against(result, methodology, wording),
        *_say_idle(result, methodology, wording),
    ]
    return " ".join(said)


def _say_pairs(result: WeightImportance, methodology: Methodology, wording: Wording) -> list[str]:
    pairs = result.pairs[result.pairs["redundant"] | result.pairs["net_redundant"]]
    limit = wording.number(result.redundancy, 2)
    total = wording.integer(len(result.pairs))
    if pairs.empty:
        return [wording.text(f"{KEY}.no_pairs", limit=limit, total=total)]
    row = list_rows(pairs)[0]
    named = [
        name_row({"kind": "indicator", "key": row[end]}, methodology, wording)
        for end in ("first", "second")
    ]
    return [
        wording.text(
            f"{KEY}.pairs",
            n=wording.integer(len(pairs)),
            total=total,
            limit=limit,
            first=named[0],
            second=named[1],
            estimate=wording.number(row["estimate"], 2),
            interval=say_interval(row, result.level, wording=wording, digits=2),
        )
    ]


def _say_against(result: WeightImportance, methodology: Methodology, wording: Wording) -> list[str]:
    rows = [row | {"kind": "indicator"} for row in list_rows(result.removal)]
    sure = [row for row in rows if row["against"] == "interval"]
    maybe = [row for row in rows if row["against"] == "estimate"]
    if not sure and not maybe:
        return [wording.text(f"{KEY}.with_index")]
    return [
        wording.text(f"{KEY}.{form}", names=name_all(found, methodology, wording))
        for form, found in (("against", sure), ("perhaps", maybe))
        if found
    ]


def _say_idle(result: WeightImportance, methodology: Methodology, wording: Wording) -> list[str]:
    rows = [row | {"kind": "indicator"} for row in list_rows(result.removal)]
    idle = [row for row in rows if row["leaves_ranks"]]
    limit = wording.number(result.same_ranks, 2)
    if not idle:
        return [wording.text(f"{KEY}.no_idle", limit=limit)]
    if len(idle) > len(rows) / 2:
        counts = {"n": wording.integer(len(idle)), "total": wording.integer(len(rows))}
        return [wording.text(f"{KEY}.many_idle", limit=limit, **counts)]
    return [wording.text(f"{KEY}.idle", limit=limit, names=name_all(idle, methodology, wording))]


RECIPES = (
    make_paragraph("weight_redundancy", "weight_importance", WeightImportance, say_redundancy),
)
