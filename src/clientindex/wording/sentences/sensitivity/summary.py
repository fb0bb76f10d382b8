"""What a methodologist reads first: weights that matter, stars that stand, what doubt is made of.

Every sentence is of one result; one that is not there is passed over, as the chapter says why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientindex.results import WeightStability
from clientindex.results.joint_doubt import JointDoubt
from clientindex.results.multiverse import Multiverse
from clientindex.results.weight_bounds import WeightBounds
from clientindex.results.weight_importance import WeightImportance
from clientindex.wording.absence import take
from clientindex.wording.sensitivity_names import name_dimension, write_band
from clientindex.wording.sentences.recipe import ParagraphRecipe
from clientindex.wording.sentences.rows import is_above, is_below, is_known, list_rows, say_percents
from clientindex.wording.sentences.sensitivity.bounds import count_certain
from clientindex.wording.sentences.sensitivity.joint import say_parts
from clientindex.wording.sentences.sensitivity.shares import (
    list_shares,
    name_row,
    say_points,
)

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording.words import Wording

KEY = "sentence.weights_summary"


def _say_weights(result: WeightImportance, methodology: Methodology, wording: Wording) -> list[str]:
    rows = list_shares(result, "group")
    if not rows:
        return []
    apart = any(is_above(row, row["weight"]) or is_below(row, row["weight"]) for row in rows)
    values: dict[str, str] = {}
    for end, row in (("most", rows[0]), ("least", rows[-1])):
        values |= {
            end: name_row(row, methodology, wording),
            f"{end}_share": wording.percent(row["estimate"], 1),
            f"{end}_weight": wording.percent(row["weight"], 1),
            f"{end}_interval": say_percents(row, result.level, wording=wording, digits=1),
        }
    return [wording.text(f"{KEY}.{'weights' if apart else 'alike'}", **values)]


def _say_stars(result: WeightBounds, methodology: Methodology, wording: Wording) -> list[str]:
    del methodology
    if result.stars_by == "none":
        return []
    return [
        wording.text(
            f"{KEY}.certain",
            band=write_band(result.band_pct, wording),
            n=wording.counted(count_certain(result), "centre_of"),
            total=wording.integer(int(result.frame["certain"].notna().sum())),
        )
    ]


def _say_draws(result: WeightStability, methodology: Methodology, wording: Wording) -> list[str]:
    del methodology
    always = int((result.frame["share_same_star"] >= 1).sum())
    return [
        wording.text(
            f"{KEY}.draws",
            always=wording.counted(always, "centre_of"),
            total=wording.integer(len(result.frame)),
            share=wording.percent(result.mean_share_same_star),
        )
    ]


def _say_choice(result: Multiverse, methodology: Methodology, wording: Wording) -> list[str]:
    del methodology
    rows = [row for row in list_rows(result.effects) if is_known(row, "share_of_variance")]
    if not rows:
        return []
    return [
        wording.text(
            f"{KEY}.choice",
            choice=name_dimension(rows[0]["dimension"], wording),
            spread=say_points(rows[0]["spread"], wording),
            n=wording.integer(len(result.variants)),
        )
    ]


SAID: tuple[tuple[str, type[Any], Any], ...] = (
    ("weight_importance", WeightImportance, _say_weights),
    ("weight_bounds", WeightBounds, _say_stars),
    ("weight_stability", WeightStability, _say_draws),
    ("multiverse", Multiverse, _say_choice),
    ("joint_doubt", JointDoubt, say_parts),
)
"""Result, its type, and what it says in the summary."""


def _build(bundle: Bundle, wording: Wording) -> str:
    said: list[str] = []
    for name, kind, say in SAID:
        if isinstance(bundle.results.get(name), kind):
            said += say(take(bundle, name, kind), bundle.methodology, wording)
    return " ".join(said)


RECIPES = (ParagraphRecipe(name="weights_summary", needs=("weight_stability",), build=_build),)
