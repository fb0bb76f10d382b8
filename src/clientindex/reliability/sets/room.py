"""Changes of the set of indicators in every part of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from clientindex.reliability.sets.evaluate import (
    FEWEST_FOR_ALPHA,
    FEWEST_FOR_OMEGA,
    STATISTICS,
    Evaluator,
)
from clientindex.reliability.sets.gaps import Gaps
from clientindex.reliability.sets.plan import change_set, list_sets
from clientindex.reliability.sets.subsets import find_best
from clientindex.results import INDEX, IndicatorSets

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from clientindex.methodology import Methodology
    from clientindex.reliability.scopes import Scope
    from clientindex.reliability.sets.plan import IndicatorSet

Rows = list[dict[str, Any]]

NOWHERE = (float("nan"), float("nan"))

DIFFERENCE = (
    *("group", "statistic", "before", "after", "estimate", "ci_low", "ci_high"),
    *("before_low", "before_high", "after_low", "after_high"),
)
CHANGES = ("kind", "part", "change", "indicator", "target", *DIFFERENCE)
SUBSETS = (
    *("kind", "part", "group", "size", "best_by", "indicators"),
    *("statistic", "estimate", "ci_low", "ci_high"),
)
LEFT_OUT = ("kind", "part", "group", "statistic", "reason", "detail")


class _Plan(NamedTuple):
    """An indicator, the group that it joins or nothing where it is dropped, and the sets after."""

    indicator: str
    target: str
    after: Mapping[str, IndicatorSet]


def assess_sets(scopes: Sequence[Scope], methodology: Methodology) -> IndicatorSets:
    """Compute what dropping and moving each indicator does, and the best subsets of the groups.

    Respondents of all segments count alike. Intervals are from leaving out each centre in turn, in
    strata of regions.

    Missing answers: covariances are pairwise.

    What is not defined stands in ``left_out``: ``one_centre``; ``one_indicator`` (of a group that
    cannot be shortened, or that a change leaves with one) and ``two_indicators`` (no omega; subsets
    of two never have one, which is not told); ``singular`` (no omega: an indicator follows from the
    others), ``not_defined`` (an indicator has no variance, inside centres or at all, or too few
    answers) and ``unstable_resampling`` (the interval only); detail names the indicators that are
    dropped, moved or chosen.

    Parameters
    ----------
    scopes : sequence of Scope
        Parts of the data, see :func:`~clientindex.reliability.scopes.list_scopes`.
    methodology : Methodology

    Returns
    -------
    IndicatorSets
    """
    changes: Rows = []
    subsets: Rows = []
    left_out: Rows = []
    exhaustive = True
    before, plans = list_sets(methodology), _list_plans(methodology)
    for scope in scopes:
        label = {"kind": scope.kind, "part": scope.part}
        if len(scope.regions) < 2:
            nothing = {"group": "", "statistic": "", "reason": "one_centre", "detail": ""}
            left_out.append({**label, **nothing})
            continue
        evaluator = Evaluator(scope, methodology)
        gaps = Gaps()
        moves = scope.kind in {"all", "segment"}
        rows = _list_changes(evaluator, before, plans, gaps, moves=moves)
        changes += [{**label, **row} for row in rows]
        for group, own in before.items():
            if group == INDEX:
                continue  # what is shortened is a group
            rows, complete = _list_subsets(group, own, evaluator, methodology, gaps)
            exhaustive = exhaustive and complete
            subsets += [{**label, **row} for row in rows]
        left_out += [{**label, **row} for row in gaps.list_rows()]
    return IndicatorSets(
        changes=pd.DataFrame(changes, columns=list(CHANGES)),
        subsets=pd.DataFrame(subsets, columns=list(SUBSETS)),
        left_out=pd.DataFrame(left_out, columns=list(LEFT_OUT)),
        exhaustive=exhaustive,
        level=methodology.intervals.level,
    )


def compare_sets(
    scope: Scope,
    methodology: Methodology,
    *,
    drop: Collection[str] = (),
    move: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Compare the groups of a methodology with those after a change of one's own.

    Parameters
    ----------
    scope : Scope
        Part of the data, of two or more centres.
    methodology : Methodology
    drop : collection of str
        Indicators to leave out.
    move : mapping, optional
        Indicator -> the group that it joins.

    Returns
    -------
    DataFrame
        ``group`` (those that the change touches, and "index"), ``statistic``, ``before``,
        ``after``, ``estimate`` (after less before), ``ci_low``, ``ci_high``, and the intervals of
        ``before`` and ``after``; NaN where not defined.

    Raises
    ------
    StatisticsError
        For unknown names, see :func:`~clientindex.reliability.sets.plan.change_set`.
    """
    changed = change_set(methodology, drop=drop, move=move)
    rows = _compare(Evaluator(scope, methodology), list_sets(methodology), changed)
    return pd.DataFrame(rows, columns=list(DIFFERENCE))


def _list_plans(methodology: Methodology) -> list[_Plan]:
    """Return every drop and every move, by indicator."""
    if len(methodology.indicator_keys) < 2:
        return []
    plans = []
    for indicator in methodology.indicator_keys:
        plans.append(_Plan(indicator, "", change_set(methodology, drop=[indicator])))
        plans += [
            _Plan(indicator, target, change_set(methodology, move={indicator: target}))
            for target in methodology.group_keys
            if target != methodology.group_of(indicator)
        ]
    return plans


def _list_changes(
    evaluator: Evaluator,
    before: Mapping[str, IndicatorSet],
    plans: Sequence[_Plan],
    gaps: Gaps,
    *,
    moves: bool,
) -> Rows:
    """Return what every drop does and, with `moves`, every move, to the index too."""
    told = dict(before)
    if not moves:
        told.pop(INDEX)
    rows: Rows = []
    for plan in plans:
        if plan.target and not moves:
            continue
        label = {"change": "move" if plan.target else "drop", "indicator": plan.indicator}
        found = _compare(evaluator, told, plan.after)
        coherent = {row["group"] for row in found if row["statistic"] == "alpha" and _told(row)}
        for row in found:
            reason = _explain(row, told, plan.after, coherent)
            if reason:
                gaps.add(row["group"], row["statistic"], reason, [plan.indicator])
            if _told(row):
                rows.append({**label, "target": plan.target, **row})
    return rows


def _told(row: Mapping[str, Any]) -> bool:
    return bool(np.isfinite(row["estimate"]))


def _explain(
    row: Mapping[str, Any],
    before: Mapping[str, IndicatorSet],
    after: Mapping[str, IndicatorSet],
    coherent: Collection[str],
) -> str:
    """Return why a difference or its interval is not defined, or nothing."""
    if _told(row):
        ends = [value for name, value in row.items() if name.endswith(("_low", "_high"))]
        return "" if np.isfinite(ends).all() else "unstable_resampling"
    sides = [side[row["group"]] for side in (before, after) if row["group"] in side]
    size = min(len(own.items) for own in sides) if len(sides) == 2 else 0
    if row["statistic"] != "centre_reliability" and size < FEWEST_FOR_ALPHA:
        return "one_indicator"
    if row["statistic"] == "omega_total" and size < FEWEST_FOR_OMEGA:
        return "two_indicators"
    if row["statistic"] == "omega_total" and row["group"] in coherent:
        return "singular"
    return "not_defined" if size else "one_indicator"


def _compare(
    evaluator: Evaluator,
    before: Mapping[str, IndicatorSet],
    after: Mapping[str, IndicatorSet],
) -> Rows:
    """Return the differences of the groups that a change touches, NaN where not defined."""
    rows: Rows = []
    for group, old in before.items():
        new = after.get(group)
        if new is not None and new.key == old.key:
            continue
        values = evaluator.resample(old)
        others = None if new is None else evaluator.resample(new)
        for name in STATISTICS:
            other = np.full_like(values[name], np.nan) if others is None else others[name]
            difference = other - values[name]
            low, high = evaluator.bound_difference(difference)
            before_ends = evaluator.bound(old, name)
            after_ends = NOWHERE if new is None else evaluator.bound(new, name)
            rows.append(
                {
                    "group": group,
                    "statistic": name,
                    "before": float(values[name][0]),
                    "after": float(other[0]),
                    "estimate": float(difference[0]),
                    "ci_low": low,
                    "ci_high": high,
                    "before_low": before_ends[0],
                    "before_high": before_ends[1],
                    "after_low": after_ends[0],
                    "after_high": after_ends[1],
                }
            )
    return rows


def _list_subsets(
    group: str,
    own: IndicatorSet,
    evaluator: Evaluator,
    methodology: Methodology,
    gaps: Gaps,
) -> tuple[Rows, bool]:
    """Return the statistics of the best subsets of one group."""
    keys = methodology.indicator_keys
    if len(own.items) < 2:
        gaps.add(group, "", "one_indicator", [keys[own.items[0]]])
        return [], True
    best, exhaustive = find_best(own, evaluator)
    whole = evaluator.estimate(own)
    for statistic, value in whole.items():
        of_omega = statistic == "omega_total"
        if np.isnan(value) and not (of_omega and len(own.items) < FEWEST_FOR_OMEGA):
            reason = "singular" if of_omega and np.isfinite(whole["alpha"]) else "not_defined"
            gaps.add(group, statistic, reason, [keys[item] for item in own.items])
    rows: Rows = []
    for (best_by, size), chosen in best.items():
        names = [keys[item] for item in chosen.items]
        for statistic, values in evaluator.resample(chosen).items():
            if np.isnan(values[0]):
                continue
            low, high = evaluator.bound(chosen, statistic)
            if np.isnan(low):
                gaps.add(group, statistic, "unstable_resampling", names)
            rows.append(
                {
                    "group": group,
                    "size": size,
                    "best_by": best_by,
                    "indicators": ", ".join(names),
                    "statistic": statistic,
                    "estimate": float(values[0]),
                    "ci_low": low,
                    "ci_high": high,
                }
            )
    return rows, exhaustive
