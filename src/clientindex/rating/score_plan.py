"""Weights and rules of the general road as arrays, with what they leave out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clientindex.errors import StatisticsError
from clientindex.rating.levels import LevelRules, make_mean
from clientindex.rating.weighting import make_weight_plan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from clientindex.methodology import Methodology
    from clientindex.rating.measures import MeasureScores
    from clientindex.rating.weighting import WeightPlan

NO_INDICATORS = "no_indicators"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScorePlan:
    """Weights and rules as arrays, what is left out having weight 0."""

    inner: NDArray[np.float64]
    outer: NDArray[np.float64]
    segment: NDArray[np.float64]
    rules: LevelRules
    left_out: tuple[dict[str, str], ...]


def weigh_scored(methodology: Methodology, measures: MeasureScores | None) -> WeightPlan:
    """Read weights; measures that are left out, and groups of nothing else, weigh 0."""
    plan = make_weight_plan(methodology)
    dropped = frozenset[str]() if measures is None else measures.dropped
    inner = np.where([key in dropped for key in methodology.indicator_keys], 0.0, plan.inner)
    return replace(plan, inner=inner, outer=np.where(_find_lost(plan, inner), 0.0, plan.outer))


def _find_lost(stated: WeightPlan, inner: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return groups of which only measures that are left out had weight, shape (G,)."""
    had = np.add.reduceat(stated.inner, stated.starts) > 0
    lost: NDArray[np.bool_] = had & (np.add.reduceat(inner, stated.starts) == 0)
    return lost


def make_score_plan(
    methodology: Methodology,
    *,
    measures: MeasureScores | None,
    centres: Sequence[str],
    regions: Mapping[str, str] | None,
) -> ScorePlan:
    """Read weights, see :func:`weigh_scored`, and rules.

    Raises
    ------
    StatisticsError
        If values are imputed from regions and a centre's region is not given.
    """
    plan = weigh_scored(methodology, measures)
    lost = _find_lost(make_weight_plan(methodology), plan.inner)
    keys = np.array(methodology.group_keys, dtype=object)[lost]
    return ScorePlan(
        inner=plan.inner,
        outer=plan.outer,
        segment=plan.segment if len(plan.segment) else np.ones(1),
        rules=LevelRules(
            group=make_mean(methodology, "group"),
            index=make_mean(methodology, "index"),
            segments=make_mean(methodology, "segments"),
            missing_indicator=methodology.scoring.missing_indicator,
            missing_group=methodology.scoring.missing_group,
            normalises=methodology.scoring.normalise_groups == "z",
            group_of=plan.group_of,
            region_of=_number_regions(methodology, centres, regions),
        ),
        left_out=tuple(
            {"kind": "group", "key": key, "reason": NO_INDICATORS, "detail": ""} for key in keys
        ),
    )


def _number_regions(
    methodology: Methodology, centres: Sequence[str], regions: Mapping[str, str] | None
) -> NDArray[np.intp] | None:
    if not methodology.scoring.imputes_from_regions:
        return None
    known = regions or {}
    lost = [centre for centre in centres if centre not in known]
    if lost:
        msg = f"means of regions stand in for missing values, but no region of {', '.join(lost)}"
        raise StatisticsError(msg)
    codes, _ = pd.factorize(pd.Index([known[centre] for centre in centres]))
    return np.asarray(codes, dtype=np.intp)
