"""Cut points of a methodology's star rule: stated, or found inside each peer group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from clientindex.errors import StatisticsError
from clientindex.methodology.star_settings import ALL_PEERS
from clientindex.rating.bands import settle
from clientindex.rating.star_rules import (
    FixedCuts,
    GuardedRule,
    Guardrail,
    Hierarchical,
    KMeans,
    OptimalKMeans,
    QuantileCuts,
)
from clientindex.results.rating import CUT_COLUMNS, STAR_LEFT_OUT_COLUMNS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from clientindex.methodology import StarRule as StarSettings
    from clientindex.rating.star_rules import StarRule

FEW_CENTRES, FEW_DISTINCT, NO_CUTS = "few_centres", "few_distinct_scores", "no_cut_points"
NO_PREVIOUS = "no_previous_cuts"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CutPoints:
    """Cut points of C centres.

    Attributes
    ----------
    cuts : ndarray of shape (C, K - 1)
        NaN rows where there are none.
    reason : str ndarray of shape (C,)
        Why there are none, else "".
    table, left_out : DataFrame
        ``cuts`` and ``left_out`` of :class:`clientindex.results.Stars`.
    """

    cuts: NDArray[np.float64]
    reason: NDArray[np.str_]
    table: pd.DataFrame
    left_out: pd.DataFrame


def make_rule(settings: StarSettings) -> StarRule:
    """Make the rule that the methodology states, without peer groups, guardrail and caps.

    Raises
    ------
    StatisticsError
        If its settings contradict each other; checks of the methodology refuse such files before.
    """
    n_stars, k_means = settings.n_levels, settings.k_means
    if settings.rule == "fixed":
        return FixedCuts(cuts=tuple(band.lower for band in settings.bands[1:]))
    if settings.rule == "quantiles":
        kind, shares = settings.quantiles.quantile_type, settings.quantiles.shares
        if not shares:
            return QuantileCuts.of_equal_shares(n_stars, quantile_type=kind)
        return QuantileCuts(shares=shares, quantile_type=kind)
    if settings.rule == "k_means":
        return KMeans(
            n_stars=n_stars,
            start=k_means.start,
            quantile_type=k_means.quantile_type,
            limit=k_means.outlier_limit,
        )
    if settings.rule == "optimal_k_means":
        return OptimalKMeans(n_stars=n_stars)
    return Hierarchical(n_stars=n_stars, linkage=settings.linkage)


def make_guarded_rule(settings: StarSettings, name: str) -> StarRule:
    """Make the rule of a peer group, held near the previous cut points where there are any.

    Parameters
    ----------
    settings : StarRule
        Of the methodology.
    name : str
        Of the peer group; "all" where there are none.
    """
    rule, guard = make_rule(settings), settings.guardrail
    if settings.is_stated or guard is None or name not in guard.previous:
        return rule
    limits = Guardrail(absolute=guard.absolute, relative=guard.relative, span=guard.span)
    return GuardedRule(rule=rule, previous=np.array(guard.previous[name]), guardrail=limits)


def find_cut_points(
    scores: NDArray[np.float64], peers: NDArray[np.object_], settings: StarSettings
) -> CutPoints:
    """Find the cut points of each centre's peer group.

    Parameters
    ----------
    scores : ndarray of shape (C,)
        Of the centres that may have a star, without NaN: others would move the cut points.
    peers : object ndarray of shape (C,)
        Name of each centre's peer group; "all" where there are none.
    settings : StarRule
        Of the methodology.

    Returns
    -------
    CutPoints
        A peer group in which the rule cannot be applied has its reason and no cut points.
    """
    cuts = np.full((len(scores), settings.n_levels - 1), np.nan)
    reason = np.full(len(scores), "", dtype=object)
    tables: list[dict[str, Any]] = []
    left_out: list[dict[str, str]] = []
    for name in _order(peers):
        at = peers == name
        try:
            found = _find_one(scores[at], name, settings, left_out)
        except _NoCutsError as error:
            reason[at] = error.reason
            left_out.append({"peer_group": name, "reason": error.reason, "detail": str(error)})
            continue
        cuts[at] = [row["cut"] for row in found]
        tables += found
    return CutPoints(
        cuts=cuts,
        reason=reason.astype(str),
        table=_frame(tables),
        left_out=pd.DataFrame(left_out, columns=list(STAR_LEFT_OUT_COLUMNS), dtype="str"),
    )


class _NoCutsError(Exception):
    """The rule cannot be applied in a peer group."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def _order(peers: NDArray[np.object_]) -> list[str]:
    """Return the names of peer groups, numbers by size and others as texts."""
    names = {str(name) for name in peers}
    return sorted(names, key=lambda name: (not name.isdigit(), len(name) * name.isdigit(), name))


def _find_one(
    scores: NDArray[np.float64],
    name: str,
    settings: StarSettings,
    left_out: list[dict[str, str]],
) -> list[dict[str, Any]]:
    """Return the rows of the table of cut points of one peer group."""
    rule = make_guarded_rule(settings, name)
    previous = np.full(settings.n_levels - 1, np.nan)
    held: tuple[str, ...] = ("",) * len(previous)
    if settings.is_stated:
        wanted = cuts = rule.find_cuts(scores)
    else:
        _check_enough(scores, name, settings)
        try:
            if isinstance(rule, GuardedRule):
                guarded = rule.guard(scores)
                wanted, cuts, held = guarded.wanted, guarded.cuts, guarded.bit
                previous = guarded.previous
            else:
                wanted = cuts = rule.find_cuts(scores)
                if settings.guardrail is not None:
                    left_out.append({"peer_group": name, "reason": NO_PREVIOUS, "detail": ""})
        except StatisticsError as error:
            raise _NoCutsError(NO_CUTS, str(error)) from error
    stars = settings.star_values[1:]
    return [
        dict(zip(CUT_COLUMNS, (name, *row), strict=True))
        for row in zip(stars, cuts, wanted, previous, held, strict=True)
    ]


def _check_enough(scores: NDArray[np.float64], name: str, settings: StarSettings) -> None:
    groups = settings.peer_groups
    if groups is not None and len(scores) < groups.minimum_centres:
        raise _NoCutsError(FEW_CENTRES, str(len(scores)))
    n_distinct = len(np.unique(settle(scores)))
    if n_distinct < settings.n_levels:
        raise _NoCutsError(FEW_DISTINCT, str(n_distinct))


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    columns: dict[str, Any] = {name: [row[name] for row in rows] for name in CUT_COLUMNS}
    for name, values in columns.items():
        is_text = name in ("peer_group", "held_by")
        columns[name] = pd.array(values, dtype="str") if is_text else np.array(values, np.float64)
    return pd.DataFrame(columns)


def name_all(n: int) -> NDArray[np.object_]:
    """Return the peer groups of centres that are all compared with each other, shape (n,)."""
    return np.full(n, ALL_PEERS, dtype=object)
