"""Changes of the set of indicators in every part of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.reliability.sets.evaluate import STATISTICS, Evaluator
from clientindex.reliability.sets.plan import change_set, list_sets
from clientindex.reliability.sets.subsets import find_best
from clientindex.results import INDEX, IndicatorSets

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from clientindex.methodology import Methodology
    from clientindex.reliability.scopes import Scope
    from clientindex.reliability.sets.plan import IndicatorSet

Rows = list[dict[str, Any]]

DIFFERENCE = ("group", "statistic", "before", "after", "estimate", "ci_low", "ci_high")
CHANGES = ("kind", "part", "change", "indicator", "target", *DIFFERENCE)
SUBSETS = (
    *("kind", "part", "group", "size", "best_by", "indicators"),
    *("statistic", "estimate", "ci_low", "ci_high"),
)
LEFT_OUT = ("kind", "part", "group", "reason", "detail")


def assess_sets(scopes: Sequence[Scope], methodology: Methodology) -> IndicatorSets:
    """Compute what dropping and moving each indicator does, and the best subsets of the groups.

    Respondents of all segments count alike. Intervals are from leaving out each centre in turn, in
    strata of regions.

    Missing answers: covariances are pairwise.

    What is not defined stands in ``left_out``: ``one_centre``, ``one_indicator`` (a group that
    cannot be shortened) and ``not_defined`` (an indicator without variance or with too few answers
    leaves the group without alpha and omega; detail names it).

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
    for scope in scopes:
        label = {"kind": scope.kind, "part": scope.part}
        if len(scope.regions) < 2:
            left_out.append({**label, "group": "", "reason": "one_centre", "detail": ""})
            continue
        evaluator = Evaluator(scope, methodology)
        moves = scope.kind in {"all", "segment"}
        changes += [{**label, **row} for row in _list_changes(evaluator, methodology, moves=moves)]
        for group, own in list_sets(methodology).items():
            if group == INDEX:
                continue  # what is shortened is a group
            rows, complete = _list_subsets(group, own, evaluator, methodology)
            exhaustive = exhaustive and complete
            subsets += [{**label, **row} for row in rows]
            left_out += [{**label, **row} for row in _explain(group, own, evaluator, scope)]
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
        ``after``, ``estimate`` (after less before), ``ci_low``, ``ci_high``; NaN where not defined.

    Raises
    ------
    StatisticsError
        For unknown names, see :func:`~clientindex.reliability.sets.plan.change_set`.
    """
    changed = change_set(methodology, drop=drop, move=move)
    rows = _compare(Evaluator(scope, methodology), list_sets(methodology), changed, whole=True)
    return pd.DataFrame(rows, columns=list(DIFFERENCE))


def _list_changes(evaluator: Evaluator, methodology: Methodology, *, moves: bool) -> Rows:
    """Return what every drop does and, with `moves`, every move, to the index too."""
    before = list_sets(methodology)
    if not moves:
        before.pop(INDEX)
    rows: Rows = []
    if len(methodology.indicator_keys) < 2:
        return rows
    for indicator in methodology.indicator_keys:
        label = {"change": "drop", "indicator": indicator, "target": ""}
        after = change_set(methodology, drop=[indicator])
        rows += [{**label, **row} for row in _compare(evaluator, before, after)]
        for target in methodology.group_keys:
            if moves and target != methodology.group_of(indicator):
                label = {"change": "move", "indicator": indicator, "target": target}
                after = change_set(methodology, move={indicator: target})
                rows += [{**label, **row} for row in _compare(evaluator, before, after)]
    return rows


def _compare(
    evaluator: Evaluator,
    before: Mapping[str, IndicatorSet],
    after: Mapping[str, IndicatorSet],
    *,
    whole: bool = False,
) -> Rows:
    """Return the differences of the groups that a change touches; undefined ones with `whole`."""
    rows: Rows = []
    for group, old in before.items():
        new = after.get(group)
        if new is not None and new.key == old.key:
            continue
        values = evaluator.resample(old)
        others = None if new is None else evaluator.resample(new)
        for name in STATISTICS:
            nothing = np.full_like(values[name], np.nan)
            other = nothing if others is None else others[name]
            difference = other - values[name]
            if not whole and np.isnan(difference[0]):
                continue
            low, high = evaluator.bound_difference(difference)
            rows.append(
                {
                    "group": group,
                    "statistic": name,
                    "before": float(values[name][0]),
                    "after": float(other[0]),
                    "estimate": float(difference[0]),
                    "ci_low": low,
                    "ci_high": high,
                }
            )
    return rows


def _list_subsets(
    group: str, own: IndicatorSet, evaluator: Evaluator, methodology: Methodology
) -> tuple[Rows, bool]:
    """Return the statistics of the best subsets of one group."""
    if len(own.items) < 2:
        return [], True
    best, exhaustive = find_best(own, evaluator)
    rows: Rows = []
    for (best_by, size), chosen in best.items():
        names = ", ".join(methodology.indicator_keys[item] for item in chosen.items)
        for statistic, values in evaluator.resample(chosen).items():
            if np.isnan(values[0]):
                continue
            low, high = evaluator.bound(values)
            rows.append(
                {
                    "group": group,
                    "size": size,
                    "best_by": best_by,
                    "indicators": names,
                    "statistic": statistic,
                    "estimate": float(values[0]),
                    "ci_low": low,
                    "ci_high": high,
                }
            )
    return rows, exhaustive


def _explain(group: str, own: IndicatorSet, evaluator: Evaluator, scope: Scope) -> Rows:
    """Return why a group has no best subsets, if so."""
    if len(own.items) < 2:
        names = scope.counts.indicators
        return [{"group": group, "reason": "one_indicator", "detail": names[own.items[0]]}]
    if np.isnan(evaluator.estimate(own)["alpha"]):
        return [{"group": group, "reason": "not_defined", "detail": group}]
    return []
