"""Every source of weights by its name: what it takes of the material, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from clientindex.intake.expert_answers import WHOLE
from clientindex.sensitivity.weight_sources.benefit import compute_benefit
from clientindex.sensitivity.weight_sources.components import weigh_components, weigh_loadings
from clientindex.sensitivity.weight_sources.critic import compute_critic_weights
from clientindex.sensitivity.weight_sources.entropy import compute_entropy_weights
from clientindex.sensitivity.weight_sources.equal import (
    weigh_groups_equally,
    weigh_indicators_equally,
)
from clientindex.sensitivity.weight_sources.judged import (
    Judged,
    judge_pairs,
    judge_points,
    list_unasked,
    tell_concordance,
    tell_consistency,
    tell_experts,
    tell_judgements,
    weigh_judged,
)
from clientindex.sensitivity.weight_sources.regressed import regress_outcome
from clientindex.sensitivity.weight_sources.reliability import weigh_reliabilities
from clientindex.sensitivity.weight_sources.tree import WeightTree
from clientindex.sensitivity.weight_sources.values import check_values, weigh_levels
from clientindex.sensitivity.weight_sources.weighting import Weighting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from clientindex.intake.expert_answers import ExpertTable
    from clientindex.sensitivity.weight_sources.material import SourceMaterial

    Ends = tuple[NDArray[np.float64], NDArray[np.float64]]
    Rows = dict[str, list[dict[str, Any]]]


NO_EXPERTS, NO_OUTCOME, NO_ANSWERS = "no_experts", "no_outcome", "no_answers"
NO_LOADINGS, NO_RELIABILITY = "no_loadings", "no_reliability"
"""Reasons why a source is left out."""


class AbsentError(Exception):
    """What a source needs is not there."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """Weights from a source.

    Attributes
    ----------
    weighting : Weighting
        Of all indicators of the methodology.
    evidence : dict
        Rows by frame of the result.
    n_used : int or None
        Centres or experts behind the weights.
    unasked : tuple of str
        Parents about which no expert answered.
    inner_ends, outer_ends : pair of ndarray or None
        Interval of each weight.
    """

    weighting: Weighting
    evidence: Rows = field(default_factory=dict)
    n_used: int | None = None
    unasked: tuple[str, ...] = ()
    inner_ends: Ends | None = None
    outer_ends: Ends | None = None


def _keep(material: SourceMaterial) -> Found:
    return Found(weighting=material.current)


def _weigh_groups(material: SourceMaterial) -> Found:
    tree = material.tree
    return Found(weighting=tree.place(weigh_groups_equally(tree.group_of)))


def _weigh_indicators(material: SourceMaterial) -> Found:
    tree = material.tree
    return Found(weighting=tree.place(weigh_indicators_equally(tree.group_of)))


def _take_tables(material: SourceMaterial, kind: str) -> Mapping[str, ExpertTable]:
    found = getattr(material.experts, kind, {})
    answered = {parent: table for parent, table in found.items() if len(table.experts)}
    if not answered:
        raise AbsentError(NO_EXPERTS)
    return answered


def _place_judged(
    material: SourceMaterial,
    tables: Mapping[str, ExpertTable],
    judged: Mapping[str, Judged],
    evidence: Rows,
) -> Found:
    tree = material.tree
    keys = [material.methodology.group_keys[place] for place in tree.groups]
    inner, outer = weigh_judged(
        judged, keys, group_of=tree.group_of, inner=tree.inner, outer=tree.outer
    )
    sizes = np.bincount(tree.group_of)
    parents = [WHOLE] * (len(keys) > 1) + [k for k, n in zip(keys, sizes, strict=True) if n > 1]
    return Found(
        weighting=tree.place(Weighting.of_raw(inner, outer, group_of=tree.group_of)),
        evidence=evidence,
        n_used=max(len(table.experts) for table in tables.values()),
        unasked=tuple(list_unasked(tables, parents)),
    )


def _ask_budget(material: SourceMaterial) -> Found:
    tables = _take_tables(material, "points")
    judged = {parent: judge_points(table) for parent, table in tables.items()}
    return _place_judged(material, tables, judged, _tell("budget", tables, judged))


def _ask_pairs(material: SourceMaterial) -> Found:
    tables = _take_tables(material, "judgements")
    settings = material.settings
    judged = {
        parent: judge_pairs(table, by=settings.prioritisation) for parent, table in tables.items()
    }
    evidence = _tell("ahp", tables, judged)
    limit = settings.consistency_limit
    evidence["consistency"] = [
        row for table in tables.values() for row in tell_consistency(table, limit=limit)
    ]
    evidence["judgements"] = [
        row for table in tables.values() for row in tell_judgements(table, limit=limit)
    ]
    return _place_judged(material, tables, judged, evidence)


def _tell(source: str, tables: Mapping[str, ExpertTable], judged: Mapping[str, Judged]) -> Rows:
    return {
        "experts": [
            row for p, table in tables.items() for row in tell_experts(source, table, judged[p])
        ],
        "concordance": [tell_concordance(source, table, judged[p]) for p, table in tables.items()],
    }


def _look_at_spread(
    material: SourceMaterial, *, weigh: Callable[[NDArray[np.float64]], NDArray[np.float64]]
) -> Found:
    tree, values = material.tree, check_values(material.take_scores("indicator"))
    own = weigh_levels(weigh, values, group_of=tree.group_of)
    return Found(weighting=tree.place(own), n_used=len(values))


def _analyse_components(material: SourceMaterial) -> Found:
    tree, values = material.tree, check_values(material.take_scores("indicator"))
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = np.atleast_2d(np.corrcoef(values, rowvar=False))
    found = weigh_components(
        (correlation + correlation.T) / 2,
        smallest_eigenvalue=material.settings.smallest_eigenvalue,
    )
    own = Weighting.of_effective(found.weights, group_of=tree.group_of)
    return Found(weighting=tree.place(own), n_used=len(values))


def _take_loadings(material: SourceMaterial) -> Found:
    model = material.exploratory
    if model is None:
        raise AbsentError(NO_LOADINGS)
    tree = material.tree
    keys = [material.methodology.indicator_keys[place] for place in tree.at]
    table = model.loadings.query("factor != 'general'").pivot(
        index="indicator", columns="factor", values="estimate"
    )
    lost = [key for key in keys if key not in table.index]
    if lost:
        raise AbsentError(NO_LOADINGS, ", ".join(lost))
    found = weigh_loadings(table.reindex(keys).to_numpy(np.float64))
    own = Weighting.of_effective(found.weights, group_of=tree.group_of)
    return Found(weighting=tree.place(own))


def _regress(material: SourceMaterial) -> Found:
    outcome = material.settings.outcome
    if outcome is None:
        raise AbsentError(NO_OUTCOME)
    if material.counts is None:
        raise AbsentError(NO_ANSWERS)
    keys = material.methodology.indicator_keys
    if outcome not in material.methodology.answer_keys:
        raise AbsentError(NO_OUTCOME, outcome)
    tree = WeightTree.of(material.current, without=keys.index(outcome))
    predictors = [keys[place] for place in tree.at]
    measures = [key for key in predictors if key not in material.methodology.answer_keys]
    if measures:
        raise AbsentError(NO_ANSWERS, ", ".join(measures))
    found = regress_outcome(
        material.counts,
        material.methodology.of_answers or material.methodology,
        predictors=predictors,
        outcome=outcome,
        group_of=tree.group_of,
        regions=material.regions,
        seed=material.seed,
    )
    groups = [material.methodology.group_keys[place] for place in tree.groups]
    own = Weighting.of_effective(found.importance[0], group_of=tree.group_of)
    inner_ends, outer_ends = found.find_ends(material.methodology.intervals.level)
    return Found(
        weighting=tree.place(own),
        evidence={
            "importance": found.tell(groups, predictors, level=material.methodology.intervals.level)
        },
        n_used=found.n_centres,
        inner_ends=_spread(inner_ends, tree.at, len(keys)),
        outer_ends=_spread(outer_ends, tree.groups, len(material.methodology.group_keys)),
    )


def _spread(ends: Ends, at: NDArray[np.intp], size: int) -> Ends:
    placed = np.full((2, size), np.nan)
    placed[:, at] = ends
    return placed[0], placed[1]


def _trust_reliable(material: SourceMaterial) -> Found:
    if material.consistency is None:
        raise AbsentError(NO_RELIABILITY)
    tree, settings = material.tree, material.settings
    keys = [material.methodology.group_keys[place] for place in tree.groups]
    frame = material.consistency.frame
    own = frame[(frame["kind"] == "all") & (frame["statistic"] == settings.reliability_statistic)]
    rho = own.drop_duplicates("group").set_index("group")["estimate"].reindex(keys)
    lost = rho.index[rho.isna()].tolist()
    if lost:
        detail = f"{settings.reliability_statistic}: {', '.join(lost)}"
        raise AbsentError(NO_RELIABILITY, detail)
    variance = None
    if settings.reliability_form == "precision":
        variance = np.nanvar(material.take_scores("group"), axis=0, ddof=1)
    outer = weigh_reliabilities(
        rho.to_numpy(np.float64), form=settings.reliability_form, variance=variance
    )
    weights = Weighting.of_raw(tree.inner, outer, group_of=tree.group_of)
    return Found(weighting=tree.place(weights))


def _give_benefit(material: SourceMaterial) -> Found:
    tree, settings = material.tree, material.settings
    values = material.take_scores("group")
    kept = np.flatnonzero(~np.isnan(values).any(axis=1))
    outer = tree.outer / tree.outer.sum()
    found = compute_benefit(
        check_values(values),
        lowest=settings.lowest_share * outer,
        highest=np.minimum(settings.highest_share * outer, 1.0),
        reference=outer,
    )
    named = material.centres
    centres = [named[row] for row in kept]
    keys = [material.methodology.group_keys[place] for place in tree.groups]
    rows = [
        {
            "centre": centre,
            "group": key,
            "score": found.score[row],
            "share": found.shares[row, place],
            "weight": found.weights[row, place],
        }
        for row, centre in enumerate(centres)
        for place, key in enumerate(keys)
    ]
    own = Weighting.of_raw(tree.inner, found.weights.mean(axis=0), group_of=tree.group_of)
    return Found(weighting=tree.place(own), evidence={"benefit": rows}, n_used=len(centres))


SOURCES: dict[str, Callable[[SourceMaterial], Found]] = {
    "current": _keep,
    "equal_groups": _weigh_groups,
    "equal_indicators": _weigh_indicators,
    "budget": _ask_budget,
    "ahp": _ask_pairs,
    "entropy": partial(_look_at_spread, weigh=compute_entropy_weights),
    "critic": partial(_look_at_spread, weigh=compute_critic_weights),
    "components": _analyse_components,
    "loadings": _take_loadings,
    "regression": _regress,
    "reliability": _trust_reliable,
    "benefit": _give_benefit,
}
"""Name -> function."""
