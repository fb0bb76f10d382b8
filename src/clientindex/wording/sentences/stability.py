"""Sentences about what other weights would change."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from clientindex.results import WeightStability
from clientindex.wording.absence import take
from clientindex.wording.sensitivity_names import tell_weightings
from clientindex.wording.sentences.recipe import ParagraphRecipe

if TYPE_CHECKING:
    from clientindex.methodology import Methodology
    from clientindex.results import Bundle
    from clientindex.wording.words import Wording


def say_stability(stability: WeightStability, *, methodology: Methodology, wording: Wording) -> str:
    """Say how often stars stay and how far ranks move under random weightings."""
    threshold = methodology.thresholds.star_stability
    level = threshold.classify(stability.mean_share_same_star)
    frame = stability.frame
    said = wording.text(
        "sentence.stability.mean",
        draws=wording.integer(stability.draws),
        weightings=tell_weightings(stability, wording),
        share=wording.percent(stability.mean_share_same_star, 1),
        error=wording.number(100 * stability.mean_share_same_star_se, 2),
        verdict=wording.text(f"level.star_stability.{level}"),
        shift=wording.number(stability.mean_abs_rank_shift),
        centres=wording.integer(len(frame)),
        always=wording.counted(int((frame["share_same_star"] >= 1).sum()), "centre_of"),
    )
    return f"{said} {_say_tau(stability, wording)}"


def _say_tau(stability: WeightStability, wording: Wording) -> str:
    """Say how alike the orders are; orders of centres with one index for all are not comparable."""
    if math.isnan(stability.mean_kendall_tau):
        return wording.text("sentence.stability.no_tau")
    return wording.text("sentence.stability.tau", tau=wording.number(stability.mean_kendall_tau, 2))


def _build(bundle: Bundle, wording: Wording) -> str:
    stability = take(bundle, "weight_stability", WeightStability)
    return say_stability(stability, methodology=bundle.methodology, wording=wording)


RECIPES = (ParagraphRecipe(name="stability", needs=("weight_stability",), build=_build),)
